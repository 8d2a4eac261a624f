"""Somebody writes: told to those who read the room, seldom, never in large rooms."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.blueprints.chat import lively
from incubator.domain.chat import liveliness, membership
from incubator.kernel.db import transaction
from incubator.reactions.live import ephemeral
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]

GONE = {"err": "gone", "retry": False}


def written(socket: Socket) -> list[dict[str, Any]]:
    return [told["typing"] for told in socket.heard("eph") if "typing" in told]


def inside(connect: Connect, account: object, room: int) -> Socket:
    socket = connect(account)
    assert "seq" in socket.ask("join", {"room": room})
    return socket


@given(st.lists(st.floats(0, 100), max_size=30))
def test_it_is_told_at_most_every_five_seconds(instants: list[float]) -> None:
    told: list[float] = []
    for at in sorted(instants):
        if not liveliness.too_soon(told[-1] if told else None, at):
            told.append(at)
    assert all(later - earlier >= 5 for earlier, later in pairwise(told))
    assert bool(told) == bool(instants)


def test_the_others_of_the_room_are_told_who_writes(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    nadia, hugo = make.member(lyon, name="Nadia Benali"), make.member(lyon)
    chat.sit(make, nadia, hugo)
    room = chat.room_of(lyon)
    hers, phone, his = (inside(connect, who, room) for who in (nadia, nadia, hugo))
    elsewhere = connect(hugo)
    assert hers.ask("typing", {"room": room, "on": True}) == {"ok": True}
    look()
    assert written(his) == [{"room": room, "by": nadia.id, "name": "Nadia Benali", "on": True}]
    # Not to one's own other screens, nor to a page that shows another room.
    assert written(hers) == written(phone) == written(elsewhere) == []


def test_it_is_told_seldom_and_its_end_once(
    make: Make, connect: Connect, look: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lyon = make.site("Lyon")
    nadia, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, nadia, hugo)
    room = chat.room_of(lyon)
    hers, his = (inside(connect, who, room) for who in (nadia, hugo))
    clock = [100.0]
    monkeypatch.setattr(lively, "time", type("Clock", (), {"monotonic": lambda: clock[0]}))

    def types(on: bool = True) -> list[bool]:
        hers.ask("typing", {"room": room, "on": on})
        look()
        return [told["on"] for told in written(his)]

    assert types() == [True]
    clock[0] += 4.9
    assert types() == []
    clock[0] += 0.1
    assert types() == [True]
    assert types(on=False) == [False]
    assert types(on=False) == []
    assert types() == [True]


def test_in_a_large_room_nobody_is_told(
    make: Make, connect: Connect, look: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lyon = make.site("Lyon")
    people = [make.member(lyon) for _ in range(4)]
    chat.sit(make, *people)
    room = chat.room_of(lyon)
    his = inside(connect, people[1], room)
    for most, told in ((3, []), (4, [True])):
        hers = inside(connect, people[0], room)
        monkeypatch.setattr(ephemeral, "company", partial(liveliness.company, most=most))
        hers.ask("typing", {"room": room, "on": True})
        look()
        assert [each["on"] for each in written(his)] == told


def test_only_who_may_write_there_is_told_as_writing(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    nadia, hugo, ada = (make.member(lyon) for _ in range(3))
    topic, pair = chat.topic(make, nadia), chat.direct(make, nadia, hugo)
    stranger, reads = connect(ada), inside(connect, hugo, pair.id)
    on = {"on": True}
    assert stranger.ask("typing", {"room": topic.id, **on})["err"] == "not_member"
    assert stranger.ask("typing", {"room": pair.id, **on}) == GONE
    assert stranger.ask("join", {"room": pair.id}) == GONE
    look()
    assert written(reads) == []
    inside(connect, nadia, pair.id).ask("typing", {"room": pair.id, **on})
    look()
    assert len(written(reads)) == 1
    assert written(stranger) == []


def test_who_gave_up_their_seat_is_told_no_more(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    nadia, hugo = make.member(lyon), make.member(lyon)
    topic = chat.topic(make, nadia).id
    with transaction():
        membership.join(make.actor(hugo), topic, now=make.now)
    hers, his = (inside(connect, who, topic) for who in (nadia, hugo))
    with transaction():
        membership.leave(make.actor(hugo), topic, now=make.now)
    hers.ask("typing", {"room": topic, "on": True})
    look()
    assert written(his) == []
    # Their page stays open: it is an open room, which they read from the doorstep.
    assert his.ask("sync", {"rooms": {str(topic): 0}})["rooms"]
