"""What counts as new: no replies, and what is followed; calls bring hidden rooms back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.domain.chat import involvement, mentions, queries
from incubator.kernel.db import transaction
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def people(make: Make) -> list[Account]:
    lyon = make.site("Lyon")
    return [make.member(lyon, name=name) for name in ("Ana Petit", "Béa Grand")]


def seen(make: Make, who: Account, room_id: int) -> queries.RoomView:
    return queries.visible_to(make.actor(who), room_id)


def follow(make: Make, who: Account, room_id: int, wish: str) -> None:
    with transaction():
        involvement.choose(make.actor(who), room_id, wish)


def badge(make: Make, who: Account) -> int:
    """What the menu counts."""
    return queries.UNREAD.of(make.actor(who))


def test_replies_are_read_where_they_are_and_are_no_news(make: Make, people: list[Account]) -> None:
    ana, bea = people
    room = fr.private(make, ana, bea)
    said = chat.say(make, ana, room.id)
    for text in ("une", "deux"):
        with transaction():
            chat.reply(
                *(make.actor(ana), room.id), cid=chat.cid(), text=text, root=said.no, now=make.now
            )
    assert seen(make, bea, room.id).unread == 1
    assert mentions.beacons([room.id])[room.id][3] == 2


@pytest.mark.parametrize(
    ("wish", "news", "menu"), [("all", 3, 3), ("mentions", 0, 1), ("none", 0, 0)]
)
def test_a_list_counts_what_is_followed(
    make: Make, people: list[Account], wish: str, news: int, menu: int
) -> None:
    ana, bea = people
    room = fr.private(make, ana, bea)
    follow(make, bea, room.id, wish)
    for text in ("un", "deux", "@bea-grand trois"):
        chat.say(make, ana, room.id, text)
    assert (seen(make, bea, room.id).news, badge(make, bea)) == (news, menu)


def test_a_call_by_name_brings_a_hidden_room_back(make: Make, people: list[Account]) -> None:
    ana, bea = people
    room = fr.private(make, ana, bea)
    follow(make, bea, room.id, "hidden")
    chat.say(make, ana, room.id, "sans elle")
    assert room.id not in {each.id for each in queries.rooms_of(make.actor(bea))}
    chat.say(make, ana, room.id, "@bea-grand tu viens ?")
    back = {each.id: each.involvement for each in queries.rooms_of(make.actor(bea))}
    assert back[room.id] == "mentions"
    assert badge(make, bea) == 1
