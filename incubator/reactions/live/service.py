"""The live part of one application: its sockets, its doorbell, its tailer."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakSet

from flask import request
from flask_socketio import SocketIO, join_room, leave_room
from socketio.exceptions import ConnectionRefusedError as Refused

from incubator.kernel.db import DatabaseDown, utcnow
from incubator.kernel.errors import NotAllowed, Refusal, TooMany
from incubator.reactions.live.conns import Conn, Conns, Knock
from incubator.reactions.live.doorbell import Doorbell
from incubator.reactions.live.events import Call, Events, Rule
from incubator.reactions.live.fast import FanOut, install
from incubator.reactions.live.gate import Gate
from incubator.reactions.live.packets import StrictPacket
from incubator.reactions.live.people import Person, person_of, token_of
from incubator.reactions.live.presence import Presence
from incubator.reactions.live.tailer import MOST_QUEUED, Tailer, open_name, seat_name
from incubator.reactions.live.transport import (
    KNOCK,
    MAX_MESSAGE,
    PING_SECONDS,
    PONG_SECONDS,
    Upgrade,
    async_mode,
    check_environment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

    from incubator.kernel.settings import Settings

log = logging.getLogger(__name__)

KEY = "incubator.live"
TRUST_SECONDS = 5.0
RETRY_MS = 1_000
# Bytes that count as a packet.
PACKET = 4_096
# Half of what a stock socket may let wait: from there on it gets only what must not be lost.
LAGS = 128

_all: WeakSet[Live] = WeakSet()


class Live:
    """Sockets of one process. ``start`` begins the tailer; the first socket does it too."""

    def __init__(self, app: Flask, settings: Settings, tables: Iterable[Events]) -> None:
        check_environment()
        self.app = app
        self.settings = settings
        self.stopping = False
        self.conns = Conns()
        self.doorbell = Doorbell(settings.redis_url)
        self.presence = Presence()
        self.tailer = Tailer(self)
        self._namespace = "/"
        self._started = threading.Lock()
        tables = tuple(tables)
        fast = settings.fast_sockets and async_mode() == "gevent"
        self.socketio = SocketIO(
            app,
            client_manager=FanOut() if fast else None,
            async_handlers=False,
            # Origins are judged at the gate, which knows of proxies: nobody comes past it.
            cors_allowed_origins=[],
            manage_session=False,
            ping_interval=PING_SECONDS,
            ping_timeout=PONG_SECONDS,
            max_http_buffer_size=MAX_MESSAGE,
            **_engine_options([events.namespace for events in tables]),
        )
        # Hooks of pinned packages; tests/sockets/test_transport.py watches them.
        engine = self._server.eio
        vars(engine)["_async"] = {**vars(engine)["_async"], "websocket": Upgrade}
        if fast:
            install(self._server)
        gate = Gate(app, settings, self.conns)
        gate.before_first = self.start
        cast("Any", app).wsgi_app = gate
        app.extensions[KEY] = self
        _all.add(self)
        for events in tables:
            self._bind(events)

    @property
    def _server(self) -> Any:
        return cast("Any", self.socketio).server

    def start(self) -> None:
        """Begin to follow the log; a second time changes nothing."""
        if self._started.acquire(blocking=False):
            self.doorbell.start()
            threading.Thread(target=self.tailer.run, name="tailer", daemon=True).start()

    def stop(self) -> None:
        """Tell every socket to come back in a moment, and hang up."""
        self.stopping = True
        for conn in self.conns.all():
            self.hang_up(conn, "restart")
        self.doorbell.stop()

    def emit(self, event: str, payload: object, **where: Any) -> None:
        """Send to sockets of this process. Only the tailer and ``hang_up`` may call it."""
        self.socketio.emit(event, payload, namespace=self._namespace, **where)

    def hang_up(self, conn: Conn, why: str) -> None:
        """Say «bye» with the reason and close; never waits for the client."""
        self.conns.remove(conn.sid)
        self.emit("bye", {"why": why, "retry_in": RETRY_MS}, to=conn.sid)
        self._server.disconnect(conn.sid, namespace=self._namespace)
        line = self._server.eio.sockets.get(conn.eio_sid)
        if line:
            line.close(wait=False)

    def queued(self, conn: Conn) -> int:
        """How many packets wait for a socket that reads slowly; a large one counts for several."""
        line = self._server.eio.sockets.get(conn.eio_sid)
        # A fast line judges by itself what waits for it.
        waiting = tuple(line.queue.queue) if hasattr(line, "queue") else ()
        return sum(1 + len(pkt.data or "") // PACKET for pkt in waiting if pkt)

    def lags(self, conn: Conn) -> bool:
        """Whether so much waits for a socket that it is told nothing that may be lost."""
        line = self._server.eio.sockets.get(conn.eio_sid)
        waiting = line.held if hasattr(line, "held") else self.queued(conn)
        return bool(waiting >= LAGS)

    def open(self, conn: Conn, room_id: int, after: int = 0) -> None:
        """A socket follows a room: call before reading where the room stands.

        Entries up to ``after`` are not for its eyes.
        """
        self.conns.enter(conn, room_id, after)
        join_room(open_name(room_id), sid=conn.sid, namespace=self._namespace)

    def close(self, conn: Conn, room_id: int) -> None:
        """A socket follows a room no more."""
        self.conns.exit(conn, room_id)
        leave_room(open_name(room_id), sid=conn.sid, namespace=self._namespace)

    def seat(self, conn: Conn, room_ids: Iterable[int]) -> None:
        """The rooms whose heads a socket wants to know."""
        wanted = set(room_ids)
        for room in conn.seats - wanted:
            leave_room(seat_name(room), sid=conn.sid, namespace=self._namespace)
        for room in wanted - conn.seats:
            join_room(seat_name(room), sid=conn.sid, namespace=self._namespace)
        self.conns.sit(conn, wanted)

    def _bind(self, events: Events) -> None:
        on = self.socketio.on
        self._namespace = events.namespace

        @on("connect", namespace=events.namespace)
        def connect(auth: object = None) -> None:
            self._welcome(events, auth)

        @on("disconnect", namespace=events.namespace)
        def disconnect(*_reason: object) -> None:
            self.conns.remove(_sid())

        @on("*", namespace=events.namespace)
        def unknown(name: str, *_payload: object) -> dict[str, Any]:
            return self._answer(events, None, (name,))

        for name, rule in events.rules.items():
            self._bind_one(events, name, rule)

    def _bind_one(self, events: Events, name: str, rule: Rule) -> None:
        @self.socketio.on(name, namespace=events.namespace)
        def handle(*payload: object) -> dict[str, Any]:
            return self._answer(events, rule, payload)

    def _welcome(self, events: Events, auth: object) -> None:
        knock = request.environ.get(KNOCK)
        if knock and knock.joined:
            # Once a connection: who comes back on the same line would have fresh limits.
            raise Refused("bad_request", {"err": "bad_request"})
        person = self._at_the_door(knock)
        if person is None:
            raise Refused("auth_expired", {"err": "auth_expired"})
        if not events.welcome(auth):
            raise Refused("bad_token", {"err": "bad_token"})
        sid = _sid()
        conn = Conn(
            sid=sid,
            eio_sid=self._server.manager.eio_sid_from_sid(sid, events.namespace),
            person=person,
            # Rights are asked again at the first event, when revocations find this socket.
            checked=float("-inf"),
            knock=knock,
        )
        self.conns.add(conn)
        if knock:
            knock.joined = True

    def _at_the_door(self, knock: Knock | None) -> Person | None:
        """Who the gate let in a moment ago; asked anew when there was no gate, or long since."""
        if knock and knock.person and time.monotonic() - knock.since < TRUST_SECONDS:
            return knock.person
        return self._person(token_of(self.app, request.environ))

    def _person(self, token: str | None) -> Person | None:
        return person_of(token, days=self.settings.session_days, now=utcnow())

    def _answer(
        self, events: Events, rule: Rule | None, payload: tuple[object, ...]
    ) -> dict[str, Any]:
        try:
            conn = self._trusted()
            call = Call(self, conn, conn.person.actor, utcnow())
            return _allowed(rule, call).handler(call, _only_mapping(payload))
        except (Refusal, DatabaseDown) as error:
            return events.explain(error)
        except Exception as error:
            # The client is always answered.
            log.exception("unforeseen error of a socket")
            return events.explain(error)

    def _trusted(self) -> Conn:
        conn = self.conns.get(_sid())
        now = time.monotonic()
        if conn is None:
            raise NotAllowed("live.signed_out")
        if not conn.spend(now):
            raise TooMany("live.too_fast", retry_after=1)
        if self.queued(conn) > MOST_QUEUED and conn.knock and conn.knock.abort:
            # At once: until the tailer looks, each answer would add to what waits.
            conn.knock.abort()
            raise NotAllowed("live.signed_out")
        if now - conn.checked > TRUST_SECONDS:
            person = self._person(conn.person.token)
            if person is None:
                self.doorbell.ring(revoked(conn.account_id, conn.person.session_id))
                raise NotAllowed("live.signed_out")
            conn.person, conn.checked = person, now
        return conn


def _sid() -> str:
    # Flask-SocketIO adds it.
    return cast("str", cast("Any", request).sid)


def _engine_options(namespaces: list[str]) -> dict[str, Any]:
    """Said to Engine.IO through Flask-SocketIO, whose types do not know them."""
    return {
        "async_mode": async_mode(),
        # Named, since Socket.IO lets everybody into its main namespace as well otherwise.
        "namespaces": namespaces,
        "serializer": StrictPacket,
        "transports": ["websocket"],
        "allow_upgrades": False,
    }


def _allowed(rule: Rule | None, call: Call) -> Rule:
    if rule is None:
        raise Refusal("live.unknown_event")
    if not rule.may.allows(call.actor):
        raise NotAllowed("live.not_for_you")
    return rule


def _only_mapping(payload: tuple[object, ...]) -> Mapping[str, Any]:
    if len(payload) != 1 or not isinstance(payload[0], dict):
        raise Refusal("live.bad_payload")
    return payload[0]


def revoked(account_id: int, session_id: int | None) -> dict[str, Any]:
    """The note that closes the sockets of an account, or of one of its sessions."""
    return {"k": "revoke", "account": account_id, "session": session_id}


def of(app: Flask) -> Live:
    """The live part of an application."""
    return cast("Live", app.extensions[KEY])


def ring(note: Mapping[str, Any]) -> None:
    """Ring the bell of every application of this process."""
    for live in list(_all):
        live.doorbell.ring(note)
