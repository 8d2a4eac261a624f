"""Closed rooms over sockets: nothing from before one came, nothing after one went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.domain.chat import involvement, muting, rooms
from incubator.kernel.db import transaction, utcnow
from incubator.reactions.live import tailer
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.reactions.live.service import Live
    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]
    Look = Callable[[], None]


def said(socket: Socket) -> list[str]:
    return [event["html"].strip() for event in socket.heard("ev") if event["kind"] == "msg"]


def test_a_tailer_that_is_late_tells_newcomers_nothing_from_before(
    make: Make, connect: Connect, look: Look
) -> None:
    lyon = make.site("Lyon")
    ana, bea = make.member(lyon), make.member(lyon)
    room = fr.private(make, ana).id
    hers = connect(ana)
    hers.ask("join", {"room": room})
    look()
    chat.say(make, ana, room, "avant")
    fr.invite(make, ana, room, bea)
    theirs = connect(bea)
    assert "seq" in theirs.ask("join", {"room": room})
    chat.say(make, ana, room, "ensuite")
    look()
    assert said(hers) == ["<p>avant</p>", "<p>ensuite</p>"]
    assert said(theirs) == ["<p>ensuite</p>"]


@pytest.mark.parametrize("bell", [True, False])
def test_who_goes_out_hears_nothing_later_even_when_no_bell_rings(
    make: Make,
    connect: Connect,
    look: Look,
    live: Live,
    monkeypatch: pytest.MonkeyPatch,
    *,
    bell: bool,
) -> None:
    lyon = make.site("Lyon")
    ana, bea = make.member(lyon), make.member(lyon)
    room = fr.private(make, ana, bea).id
    hers, theirs = connect(ana), connect(bea)
    for socket in (hers, theirs):
        socket.ask("hello")
        socket.ask("join", {"room": room})
    chat.say(make, ana, room, "à deux")
    fr.remove(make, ana, room, bea)
    chat.say(make, ana, room, "sans elle")
    if not bell:
        live.doorbell.wait(0)
    look()
    assert said(hers) == ["<p>à deux</p>", "<p>sans elle</p>"]
    heard = theirs.heard()
    assert ("me", {"room": room, "seated": False}) in heard
    assert "sans elle" not in str(heard)
    monkeypatch.setattr(tailer, "BEACON_SECONDS", 0)
    look()
    assert str(room) not in {key for heads in theirs.heard("heads") for key in heads}
    for event, more in (("join", {}), ("send", {"cid": chat.cid(), "md": "x"})):
        assert theirs.ask(event, {"room": room, **more})["err"] in {"gone", "not_member"}
    told = theirs.ask("sync", {"rooms": {str(room): 0}})["rooms"][str(room)]
    past = theirs.ask("history", {"room": room})
    assert "sans elle" not in f"{told}{past}"
    assert "à deux" in str(past)


def test_a_seat_lost_without_a_bell_is_noticed_by_the_sweep(
    make: Make, connect: Connect, look: Look, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    lyon = make.site("Lyon")
    ana, bea = make.member(lyon), make.member(lyon)
    room = fr.private(make, ana, bea).id
    theirs = connect(bea)
    theirs.ask("hello")
    fr.remove(make, ana, room, bea)
    live.doorbell.wait(0)
    monkeypatch.setattr(tailer, "SWEEP_SECONDS", 0)
    look()
    assert {"room": room, "seated": False} in theirs.heard("me")


def test_lists_of_rooms_change_at_once(make: Make, connect: Connect, look: Look) -> None:
    lyon = make.site("Lyon")
    ana, bea, cleo = (make.member(lyon) for _ in range(3))
    boss, hers = make.actor(ana), make.actor(bea)
    theirs = connect(bea)

    def told(room: int, *, seated: bool = True) -> bool:
        look()
        found = {"room": room, "seated": seated} in theirs.heard("me")
        theirs.ask("hello")
        return found

    theirs.ask("hello")
    room = fr.private(make, ana, bea).id
    assert told(room)
    changes = (
        lambda: rooms.describe(boss, room, name="Autre nom", purpose="", now=make.now),
        lambda: rooms.archive(boss, room, on=True, now=make.now),
    )
    for change in changes:
        with transaction():
            change()
        assert told(room)
    group = fr.group(make, ana, bea, cleo).id
    assert told(group)
    with transaction():
        involvement.choose(hers, group, "hidden")
    assert told(group)
    chat.say(make, ana, group)
    assert told(group)
    fr.leave(make, bea, group)
    assert told(group, seated=False)


def test_who_is_muted_is_told_until_when(make: Make, connect: Connect) -> None:
    lyon = make.site("Lyon")
    ana, bea = make.member(lyon), make.member(lyon)
    room = fr.private(make, ana, bea).id
    with transaction():
        muting.mute(make.actor(ana), room, bea.id, hours=1, now=utcnow())
    answer = connect(bea).ask("send", {"room": room, "cid": chat.cid(), "md": "x"})
    assert (answer["err"], answer["retry"]) == ("muted", False)
    assert "T" in answer["until"]
