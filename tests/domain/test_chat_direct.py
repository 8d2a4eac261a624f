"""Two members talk with each other: one conversation, read by nobody else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.chat import directs, handing, membership, queries
from incubator.domain.chat.models import Pair, Room
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members.tombstone import tombstone
from incubator.reactions.audit.models import AuditEntry
from tests import factories_chat as chat
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from tests.factories import Make


def test_each_sees_the_conversation_under_the_others_name(make: Make) -> None:
    camille, guillaume = (
        make.member(make.site(), name="Camille"),
        make.member(make.site(), name="Guillaume"),
    )
    room = chat.direct(make, camille, guillaume)
    assert chat.direct(make, guillaume, camille).id == room.id
    chat.say(make, camille, room.id, "Tu as dix minutes ?")
    hers, his = (queries.visible_to(make.actor(who), room.id) for who in (camille, guillaume))
    assert (hers.name, his.name) == ("Guillaume", "Camille")
    assert (hers.unread, his.unread) == (0, 1)
    assert queries.UNREAD.of(make.actor(guillaume)) == 1
    assert room.id in {each.id for each in queries.rooms_of(make.actor(guillaume))}


@pytest.mark.parametrize("role", ["resident", "manager", "administrator", "guest"])
def test_nobody_else_reads_it_whatever_their_role(make: Make, role: str) -> None:
    lyon = make.site("Lyon")
    camille, ines, other = make.member(lyon), make.member(lyon), make.member(lyon, role=role)
    room = chat.direct(make, camille, ines).id
    chat.say(make, camille, room, "Entre nous")
    actor = make.actor(other)
    with pytest.raises(NotFound):
        queries.visible_to(actor, room)
    with pytest.raises(NotFound), transaction():
        membership.join(actor, room, now=make.now)
    with pytest.raises(NotFound):
        chat.say(make, other, room)
    assert room not in {each.id for each in (*queries.open_to(actor), *queries.rooms_of(actor))}


def test_the_log_of_the_house_does_not_tell_who_talks_with_whom(make: Make) -> None:
    camille, ines = make.member(make.site()), make.member(make.site())
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    chat.say(make, camille, chat.direct(make, camille, ines).id)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before


def test_guests_and_those_who_left_are_not_written_to(make: Make) -> None:
    lyon = make.site("Lyon")
    camille, guest, gone = make.member(lyon), make.member(lyon, role="guest"), make.member(lyon)
    with transaction():
        gone.deactivated_at = make.now
    for by, to in ((camille, guest), (guest, camille), (camille, gone), (camille, camille)):
        with pytest.raises(NotAllowed, match="not_to_them"):
            chat.direct(make, by, to)
    with pytest.raises(NotFound, match="nobody"), transaction():
        directs.open_with(make.actor(camille), 10_000, now=make.now)


def test_what_would_not_be_read_is_refused(make: Make) -> None:
    camille, ines = make.member(make.site()), make.member(make.site())
    room = chat.direct(make, camille, ines).id
    with transaction():
        ines.deactivated_at = make.now
    with pytest.raises(Refusal, match=r"chat\.gone"):
        chat.say(make, camille, room)


def test_a_conversation_is_not_left(make: Make) -> None:
    camille, ines = make.member(make.site()), make.member(make.site())
    room = chat.direct(make, camille, ines).id
    with pytest.raises(NotAllowed, match="home_room"), transaction():
        membership.leave(make.actor(camille), room, now=make.now)


def test_a_merge_of_members_keeps_every_word_and_one_current_conversation(make: Make) -> None:
    camille, ines, double = (
        make.member(make.site(), name=name) for name in ("Camille", "Inès", "Bis")
    )
    first, second = chat.direct(make, camille, ines), chat.direct(make, camille, double)
    between = chat.direct(make, ines, double)
    for room, text in ((first, "Un"), (second, "Deux"), (between, "Trois")):
        chat.say(make, ines if room is between else camille, room.id, text)
    with transaction():
        handing.hand_over(from_id=double.id, to_id=ines.id, by_id=None, now=make.now)
        handing.merge_seats(from_id=double.id, to_id=ines.id)
    actor = make.actor(camille)
    assert directs.current(actor, ines.id) == first.slug
    assert {each.name for each in queries.rooms_of(actor) if each.kind == "direct"} == {"Inès"}
    assert {queries.visible_to(actor, each.id).pair for each in (first, second)} == {
        tuple(sorted((camille.id, ines.id)))
    }
    assert queries.visible_to(make.actor(ines), between.id).pair == (ines.id, ines.id)


def test_who_takes_their_name_away_takes_it_from_conversations_too(make: Make) -> None:
    camille, ines = make.member(make.site()), make.member(make.site(), name="Inès")
    room = chat.direct(make, camille, ines).id
    with transaction():
        handing.hand_over(from_id=ines.id, to_id=tombstone(now=make.now), by_id=None, now=make.now)
    assert queries.visible_to(make.actor(camille), room).name != "Inès"


def test_two_who_write_at_the_same_instant_have_one_conversation(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, other = make.member(make.site()), make.member(make.site())
        rested(one, other)
    acts = [partial(chat.direct, make, *pair) for pair in ((one, other), (other, one)) * 4]
    rooms = rivals.answers(acts)
    assert len({room.id for room in rooms}) == 1
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Pair)) == 1
        direct = select(func.count()).where(Room.kind == "direct")
        assert db.session.scalar(direct) == 1
