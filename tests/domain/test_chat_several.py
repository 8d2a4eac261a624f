"""Conversations of several: who is in one, and that the same people have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.domain.chat import (
    involvement,
    queries,
)
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def people(make: Make) -> list[Account]:
    """Five of one site."""
    lyon = make.site("Lyon")
    return [make.member(lyon, name=name) for name in ("Ana", "Bea", "Cléo", "Dia", "Eva")]


def test_a_hidden_conversation_comes_back_when_written_to(
    make: Make, people: list[Account]
) -> None:
    ana, bea, cleo, *_ = people
    for room in (chat.direct(make, ana, bea).id, fr.group(make, ana, bea, cleo).id):
        with transaction():
            involvement.choose(make.actor(bea), room, "hidden")
        assert room not in {each.id for each in queries.rooms_of(make.actor(bea))}
        chat.say(make, ana, room)
        assert room in {each.id for each in queries.rooms_of(make.actor(bea))}
    topic = fr.private(make, ana, bea).id
    with transaction():
        involvement.choose(make.actor(bea), topic, "hidden")
    chat.say(make, ana, topic)
    assert topic not in {each.id for each in queries.rooms_of(make.actor(bea))}
    assert queries.UNREAD.of(make.actor(bea)) == 2


def test_the_same_people_have_one_conversation_until_somebody_comes_or_leaves(
    make: Make, people: list[Account]
) -> None:
    ana, bea, cleo, dia, _ = people
    room = fr.group(make, ana, bea, cleo)
    assert fr.group(make, cleo, ana, bea).id == room.id
    assert queries.visible_to(make.actor(bea), room.id).name == "Ana, Cléo"
    chat.say(make, ana, room.id, "à trois")
    fr.invite(make, bea, room.id, dia)
    chat.say(make, ana, room.id, "à quatre")
    assert fr.words(make, dia, room.id) == ["à quatre"]
    assert fr.group(make, ana, bea, cleo).id != room.id
    fr.leave(make, dia, room.id)
    assert queries.visible_to(make.actor(dia), room.id).name == "Ana, Bea, Cléo"


def test_adding_somebody_to_two_makes_another_conversation(
    make: Make, people: list[Account]
) -> None:
    ana, bea, cleo, *_ = people
    two = chat.direct(make, ana, bea).id
    chat.say(make, ana, two, "entre nous")
    assert fr.group(make, ana, bea).id == two
    room = fr.group(make, ana, bea, cleo).id
    assert room != two
    assert fr.words(make, cleo, room) == []
    for who in (ana, bea, cleo):
        with pytest.raises((NotAllowed, NotFound)):
            fr.invite(make, who, two, cleo)


def test_guests_and_crowds_have_no_conversation(make: Make, people: list[Account]) -> None:
    ana, bea, *_ = people
    guest = make.member(make.site(), role="guest")
    crowd = [make.member(make.site()) for _ in range(12)]
    with pytest.raises(NotAllowed, match="not_to_them"):
        fr.group(make, ana, bea, guest)
    with pytest.raises(NotAllowed, match="not_to_them"):
        fr.group(make, guest, ana, bea)
    with pytest.raises(Refusal, match="group_size"):
        fr.group(make, ana, *crowd)
    with pytest.raises(Refusal, match="not_to_them"):
        fr.invite(make, ana, fr.private(make, ana).id, guest)
