"""Sockets without a network: the test client of Flask-SocketIO over the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from itsdangerous import URLSafeTimedSerializer

from incubator.reactions.live import service
from incubator.reactions.live.presence import Presence
from incubator.reactions.live.tailer import Tailer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from flask_socketio import SocketIOTestClient

    from incubator.network.accounts.models import Account

SPACE = "/chat"
RAW = "a" * 40


@dataclass
class Socket:
    """One browser's socket."""

    peer: SocketIOTestClient

    def ask(self, event: str, payload: object = None) -> dict[str, Any]:
        """The acknowledgement of an event."""
        answer = self.peer.emit(
            event, {} if payload is None else payload, callback=True, namespace=SPACE
        )
        assert isinstance(answer, dict)
        return answer

    def heard(self, name: str = "") -> list[Any]:
        """What came since the last time: the payloads of one name, or pairs with the name."""
        got = [(one["name"], one["args"][0]) for one in self.peer.get_received(SPACE)]
        return [payload for event, payload in got if event == name] if name else got

    @property
    def connected(self) -> bool:
        return self.peer.is_connected(SPACE)


def token_in(app: Flask, browser: FlaskClient) -> str:
    """The CSRF token of a page of this browser."""
    with browser.session_transaction() as cookie:
        cookie["csrf_token"] = RAW
    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(RAW))


@pytest.fixture
def live(app: Flask, session: object) -> Iterator[service.Live]:
    """The live part of the application; ``live.tailer.turn()`` is one look at the log."""
    found = service.of(app)
    found.doorbell.wait(0)
    found.presence, found.tailer = Presence(), Tailer(found)
    yield found
    for conn in found.conns.all():
        found.hang_up(conn, "over")


@pytest.fixture
def connect(
    app: Flask, live: service.Live, sign_in: Callable[[Account], FlaskClient]
) -> Callable[..., Socket]:
    """The socket of a member, signed in on a device of its own."""

    def enter(account: Account | None, **auth: Any) -> Socket:
        browser = sign_in(account) if account else app.test_client()
        auth = {"v": 1, "token": token_in(app, browser)} | auth
        peer = live.socketio.test_client(app, namespace=SPACE, auth=auth, flask_test_client=browser)
        return Socket(peer)

    return enter


@pytest.fixture
def look(app: Flask, live: service.Live) -> Callable[[], None]:
    """What the tailer does when the bell rings."""

    def turn() -> None:
        notes = live.doorbell.wait(0)
        with app.app_context():
            live.tailer.turn(notes)

    return turn
