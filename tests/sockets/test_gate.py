"""Whose pages may knock: those of this very host, as the trusted proxies name it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from incubator.reactions.live.conns import Conns
from incubator.reactions.live.gate import Gate, origin_of

if TYPE_CHECKING:
    from flask import Flask

    from incubator.kernel.settings import Settings

PUBLIC = {"X-Forwarded-Host": "intranet.example", "X-Forwarded-Proto": "https"}
HERE = "http://127.0.0.1:8001"


def knock(app: Flask, settings: Settings, origin: str, proxies: int, **headers: str) -> int:
    gate = Gate(app, replace(settings, trusted_proxies=proxies), Conns())
    sent = {"Upgrade": "websocket", "Origin": origin, **headers}
    environ = EnvironBuilder("/socket.io/", HERE, headers=sent).get_environ()
    status: Any = run_wsgi_app(gate, environ)[1]
    return int(status.split()[0])


# Nobody is signed in here: who gets past the question of the origin is asked for a session.
@pytest.mark.parametrize(
    ("origin", "proxies", "status"),
    [
        ("https://intranet.example", 1, 401),
        ("https://intranet.example:443", 1, 401),
        ("http://intranet.example", 1, 403),
        ("https://evil.example", 1, 403),
        ("https://intranet.example", 0, 403),
        (HERE, 0, 401),
        (HERE, 1, 403),
    ],
)
def test_the_host_is_what_trusted_proxies_say(
    app: Flask, settings: Settings, session: object, origin: str, proxies: int, status: int
) -> None:
    assert knock(app, settings, origin, proxies, **PUBLIC) == status


def test_the_configured_address_is_ours_under_any_host(
    app: Flask, settings: Settings, session: object
) -> None:
    assert knock(app, settings, settings.base_url, 0) == 401


@pytest.mark.parametrize("origin", ["", "null", "http://", "http://[", "http://a:99999", "file://"])
def test_what_is_no_origin_is_nobodys(origin: str) -> None:
    assert origin_of(origin) is None


def test_while_the_database_is_away_nobody_is_let_in_and_nothing_breaks(
    app: Flask, settings: Settings, session: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_named: object) -> None:
        raise OperationalError("SELECT", {}, Exception("starting up"))

    monkeypatch.setattr("incubator.reactions.live.gate.person_of", away)
    assert knock(app, settings, settings.base_url, 0) == 503
