"""The parts of the transport by themselves, and the hooks of pinned packages."""

from __future__ import annotations

import socket
import threading
from importlib.metadata import version
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from flask import has_request_context
from werkzeug.test import EnvironBuilder, run_wsgi_app

from incubator.reactions.live import transport
from incubator.reactions.live.conns import PER_ACCOUNT, Conn, Conns, Knock
from incubator.reactions.live.doorbell import BACKLOG, Doorbell
from incubator.serve import application

if TYPE_CHECKING:
    from flask import Flask

    from incubator.reactions.live.service import Live


def test_the_packages_are_those_whose_inside_was_read() -> None:
    """On an upgrade: read their socket.py and server.py again, then change these lines."""
    assert version("flask-socketio") == "5.7.0"
    assert version("python-socketio") == "5.18.1"
    assert version("python-engineio") == "4.15.1"
    assert version("simple-websocket") == "1.1.0"


def test_the_transport_is_ours(live: Live) -> None:
    engine: Any = live.socketio.server.eio
    assert vars(engine)["_async"]["websocket"] is transport.Upgrade
    assert engine.transports == ["websocket"]
    assert engine.async_handlers is False
    assert engine.max_http_buffer_size == transport.MAX_MESSAGE


def test_packages_that_change_the_transport_are_absent() -> None:
    transport.check_environment()


def test_a_forbidden_package_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "FORBIDDEN", ("json",))
    with pytest.raises(RuntimeError, match="uninstall json"):
        transport.check_environment()


def test_frames_leave_whole_and_one_at_a_time() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    line = transport.LockedSocket(ours)
    frames = [bytes([65 + n]) * 30_000 for n in range(8)]
    threads = [threading.Thread(target=line.send, args=(frame,)) for frame in frames]
    for thread in threads:
        thread.start()
    got = b""
    while len(got) < 8 * 30_000:
        got += theirs.recv(700)
    for thread in threads:
        thread.join()
    whole = {got[n : n + 30_000] for n in range(0, len(got), 30_000)}
    assert whole == set(frames)
    line.close()
    theirs.close()


def test_an_account_holds_six_places_and_gives_them_back() -> None:
    conns = Conns()
    first = Knock(1, "a", 0.0)
    assert conns.hold(first)
    others = [conns.hold(Knock(1, "a", 0.0)) for _ in range(PER_ACCOUNT)]
    assert others == [True] * (PER_ACCOUNT - 1) + [False]
    conns.release(first)
    conns.release(first)
    assert [conns.hold(Knock(1, "a", 0.0)) for _ in range(2)] == [True, False]


def test_who_spoke_while_nobody_listened_is_not_silent() -> None:
    """A process that is late must not hang up on who waits for it: they would come again, all."""
    served = False
    knock = Knock(1, "a", 0.0, waits=lambda: not served)
    assert [knock.is_silent(at, 5) for at in (4, 6, 7)] == [False, False, False]
    served = True
    # What came in meanwhile is read before the second look.
    assert [knock.is_silent(at, 5) for at in (8, 9)] == [False, True]
    assert not Knock(1, "a", 0.0, joined=True, quiet=True).is_silent(60, 5)


def test_a_request_is_over_before_others_run(
    app: Flask, session: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each of a crowd holds a connection to the database while it waits for its turn."""
    inside: list[bool] = []
    monkeypatch.setattr(application.gevent, "sleep", lambda _: inside.append(has_request_context()))
    answer: Any = run_wsgi_app(application.Serving(app), EnvironBuilder("/health").get_environ())
    assert answer[1].startswith("200")
    assert inside == [False]


def test_a_room_is_followed_from_where_the_first_reader_stood() -> None:
    conns = Conns()
    person: Any = SimpleNamespace(actor=SimpleNamespace(id=1))
    one, two = (Conn(sid=s, eio_sid=s, person=person, checked=0.0) for s in "ab")
    for conn, seq in ((one, 5), (two, 9)):
        conns.add(conn)
        conns.enter(conn, 7)
        conns.start_from(7, seq)
    assert conns.starts() == {7: 5}
    conns.remove("a")
    assert conns.starts() == {7: 5}
    conns.remove("b")
    assert conns.starts() == {}


def test_a_bell_that_nobody_hears_forgets_the_oldest_rings() -> None:
    bell = Doorbell("")
    for n in range(BACKLOG + 5):
        bell.ring({"n": n})
    notes = bell.wait(0)
    assert (len(notes), notes[0], notes[-1]) == (BACKLOG, {"n": 5}, {"n": BACKLOG + 4})
    assert bell.wait(0) == []


def test_a_dead_redis_does_not_hold_up_a_ring() -> None:
    bell = Doorbell("redis://127.0.0.1:1")
    bell.start()
    for n in range(BACKLOG * 2):
        bell.ring({"n": n})
    assert len(bell.wait(0)) == BACKLOG
    bell.stop()
