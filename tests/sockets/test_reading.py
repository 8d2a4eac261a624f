"""Who has read, live: between those who show it, never to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.kernel.db import transaction
from incubator.network.members.audiences import set_audience
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]


def read(socket: Socket) -> list[dict[str, Any]]:
    return [told["read"]["people"] for told in socket.heard("eph") if "read" in told]


def test_a_marker_that_moves_is_told_to_those_who_share_it(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    ada, bob, eve = (make.member(lyon) for _ in range(3))
    chat.sit(make, ada, bob, eve)
    room = chat.room_of(lyon)
    chat.say(make, ada, room)
    with transaction():
        for account in (ada, bob):
            set_audience(make.actor(account), name="reading", audience="network")
    hers, his, other = (connect(each) for each in (ada, bob, eve))
    for socket in (hers, his, other):
        socket.ask("join", {"room": room})
    look()
    his.ask("read", {"room": room, "no": 1})
    look()
    assert read(hers) == [{str(bob.id): 1}]
    # Not to oneself, not to who shows nothing; and what these read is told to nobody.
    assert read(his) == read(other) == []
    other.ask("read", {"room": room, "no": 1})
    look()
    assert read(hers) == []
