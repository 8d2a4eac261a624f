"""Rooms when several act at once: somebody looks after them, each sits once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.chat import (
    links,
    rooms,
    succession,
)
from incubator.domain.chat.models import Entry, Room, Seat
from incubator.domain.help.models import Question
from incubator.kernel.db import db, transaction
from tests import factories_chat as chat
from tests import factories_rooms as fr
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def people(make: Make) -> list[Account]:
    """Five of one site."""
    lyon = make.site("Lyon")
    return [make.member(lyon, name=name) for name in ("Ana", "Bea", "Cléo", "Dia", "Eva")]


def moderators(room_id: int) -> set[int]:
    query = select(Seat.member_id).where(
        Seat.room_id == room_id, Seat.left_at.is_(None), Seat.moderator
    )
    return set(db.session.scalars(query))


def acts(room_id: int) -> list[str]:
    query = select(Entry).where(Entry.room_id == room_id, Entry.kind != "msg").order_by(Entry.seq)
    return [entry.data["act"] for entry in db.session.scalars(query)]


def test_two_moderators_who_leave_at_once_leave_somebody_in_charge(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        # The ids of rooms are not those of people.
        db.session.execute(select(Question.id))
        lyon = make.site("Lyon")
        people = [make.member(lyon) for _ in range(4)]
        ana, bea, cleo, _ = people
        room = fr.private(make, ana, *people[1:]).id
        with transaction():
            succession.name_moderator(make.actor(ana), room, bea.id, on=True, now=make.now)
        rested(*people)
    rivals.all_at_once([partial(fr.leave, make, who, room) for who in (ana, bea, ana, bea)])
    with rivals.inside():
        assert moderators(room) == {cleo.id}
        assert acts(room).count("left") == 2
        assert acts(room).count("moderator") == 2


def test_two_moderators_who_remove_each_other_leave_one(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        lyon = make.site("Lyon")
        ana, bea = make.member(lyon), make.member(lyon)
        room = fr.private(make, ana, bea).id
        with transaction():
            succession.name_moderator(make.actor(ana), room, bea.id, on=True, now=make.now)
        rested(ana, bea)
    pairs = ((ana, bea), (bea, ana))
    ends = rivals.at_once([partial(fr.remove, make, by, room, other) for by, other in pairs])
    assert ends == {DONE: 1, "chat.room": 1}
    with rivals.inside():
        assert len(moderators(room)) == 1


def test_many_who_come_at_once_each_sit_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        lyon = make.site("Lyon")
        people = [make.member(lyon) for _ in range(4)]
        ana, *others = people
        room = fr.private(make, ana).id
        with transaction():
            token = links.make(make.actor(ana), room, days=1, now=make.now)
        rested(*people)

    def enter(who: Account) -> None:
        with transaction():
            links.enter(make.actor(who), token, now=make.now)

    invitations = [partial(fr.invite, make, ana, room, who) for who in others]
    rivals.all_at_once([*[partial(enter, who) for who in others], *invitations])
    with rivals.inside():
        assert len(acts(room)) == 3
        seq = db.session.scalar(select(Room.seq).where(Room.id == room))
        seqs = db.session.scalars(select(Entry.seq).where(Entry.room_id == room)).all()
        assert sorted(seqs) == list(range(1, (seq or 0) + 1))


def test_the_same_people_who_open_at_once_have_one_conversation(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        lyon = make.site("Lyon")
        people = [make.member(lyon) for _ in range(3)]
        rested(*people)
    acts_ = [partial(fr.group, make, *people[n:], *people[:n]) for n in range(3)] * 2
    assert len({room.id for room in rivals.answers(acts_)}) == 1
    with rivals.inside():
        assert db.session.scalar(select(func.count()).where(Room.kind == "group")) == 1


def test_two_who_take_one_name_at_once_are_told_apart(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        lyon = make.site("Lyon")
        ana, bea = make.member(lyon), make.member(lyon)
        first, second = chat.topic(make, ana, "Un").id, chat.topic(make, bea, "Deux").id
        rested(ana, bea)

    def rename(who: Account, room: int) -> None:
        with transaction():
            rooms.describe(make.actor(who), room, name="Trois", purpose="", now=make.now)

    ends = rivals.at_once(
        [partial(rename, ana, first), partial(rename, bea, second)]
        + [partial(chat.topic, make, who, "Quatre") for who in (ana, bea)]
    )
    assert ends == {DONE: 2, "chat.name_taken": 2}
