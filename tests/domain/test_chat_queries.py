"""What can be read of the chat, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.chat import queries, who
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make


def test_unread_counts_what_others_said_since_the_marker(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    for by in (hugo, hugo, fatou, hugo):
        chat.say(make, by, room)
    chat.read(make, fatou, room, no=1)
    actor = make.actor(fatou)
    assert queries.visible_to(actor, room).unread == 2
    assert queries.UNREAD.of(actor) == 2
    chat.read(make, fatou, room, no=4)
    assert queries.UNREAD.of(actor) == 0


def test_history_goes_back_by_pages_without_skipping(make: Make) -> None:
    lyon = make.site("Lyon")
    people = [make.member(lyon) for _ in range(3)]
    chat.sit(make, *people)
    room = chat.room_of(lyon)
    for n in range(30):
        chat.say(make, people[n % 3], room, f"Message {n}")
    seen: list[int] = []
    before, more = None, True
    while more:
        page = queries.history(chat.whole(room), before_no=before, limit=7)
        seen = [message.no for message in page.messages] + seen
        before, more = seen[0], page.more
    assert seen == list(range(1, 31))


def test_the_log_is_replayed_from_where_a_client_stands(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room = chat.room_of(lyon)
    for n in range(5):
        chat.say(make, fatou, room, f"Message {n}")
    assert [entry.seq for entry in queries.events_after(room, 2)] == [3, 4, 5]
    assert [entry.seq for entry in queries.events_after(room, 2, limit=1)] == [3]
    first = queries.events_after(room, 0)[0]
    assert first.message
    assert first.message.author.name


def test_reading_costs_the_same_whatever_there_is(
    make: Make, count_queries: Callable[[], Any]
) -> None:
    lyon = make.site("Lyon")
    people = [make.member(lyon) for _ in range(4)]
    chat.sit(make, *people)
    actor = make.actor(people[0])
    for _ in range(6):
        chat.say(make, people[0], chat.topic(make, people[0], chat.cid()).id)
    room = chat.room_of(lyon)
    for by in people * 5:
        chat.say(make, by, room)
    with count_queries() as seen:
        queries.rooms_of(actor)
        queries.open_to(actor)
        queries.UNREAD.of(actor)
        queries.history(chat.whole(room))
        who.seated(room)
        who.size(room)
    assert len(seen) == 6


def test_people_are_listed_with_their_sites(make: Make) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    fatou, hugo = make.member(lyon), make.member(nantes)
    chat.sit(make, fatou, hugo)
    found = {(member.id, site.id if site else 0) for member, site in who.seated(chat.room_of(None))}
    assert found == {(fatou.id, lyon.id), (hugo.id, nantes.id)}
    assert who.size(chat.room_of(None)) == 2
