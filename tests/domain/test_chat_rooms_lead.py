"""Who looks after a room, and who comes after them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import (
    membership,
    queries,
    rooms,
    succession,
)
from incubator.domain.chat.models import Entry, Seat
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.network.accounts import rights
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


def moderators(room_id: int) -> set[int]:
    query = select(Seat.member_id).where(
        Seat.room_id == room_id, Seat.left_at.is_(None), Seat.moderator
    )
    return set(db.session.scalars(query))


def acts(room_id: int) -> list[str]:
    query = select(Entry).where(Entry.room_id == room_id, Entry.kind != "msg").order_by(Entry.seq)
    return [entry.data["act"] for entry in db.session.scalars(query)]


def test_managers_take_visitors_out_of_their_room_and_nobody_who_lives_there(make: Make) -> None:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    sophie, visitor, other = (
        make.member(lyon, role="manager"),
        make.member(lille),
        make.member(lille, role="manager"),
    )
    resident = make.member(lyon)
    chat.sit(make, sophie, resident, other)
    room = chat.room_of(lyon)
    for who in (visitor, other):
        with transaction():
            membership.join(make.actor(who), room, now=make.now)
    with pytest.raises(Refusal, match="home_room_theirs"):
        fr.remove(make, sophie, room, resident)
    with pytest.raises(NotAllowed, match="not_yours"):
        fr.remove(make, other, room, visitor)
    assert fr.remove(make, sophie, room, visitor)
    with transaction():
        rooms.describe(make.actor(sophie), room, name="Autre", purpose="La cour", now=make.now)
    seen = queries.visible_to(make.actor(sophie), room)
    assert (seen.name, seen.purpose) == ("Lyon", "La cour")


def test_the_last_who_looks_after_a_room_hands_it_to_the_longest_there(
    make: Make, people: list[Account]
) -> None:
    ana, bea, cleo, *_ = people
    room = fr.private(make, ana, cleo, bea).id
    with transaction():
        db.session.get_one(Seat, (room, cleo.id)).joined_at = make.now + timedelta(hours=1)
    with pytest.raises(Refusal, match="last_moderator"), transaction():
        succession.name_moderator(make.actor(ana), room, ana.id, on=False, now=make.now)
    fr.leave(make, ana, room)
    assert moderators(room) == {bea.id}
    assert acts(room)[-2:] == ["left", "moderator"]
    with transaction():
        succession.name_moderator(make.actor(bea), room, cleo.id, on=True, now=make.now)
        succession.name_moderator(make.actor(bea), room, bea.id, on=False, now=make.now)
    assert moderators(room) == {cleo.id}


def test_a_deactivated_moderator_is_succeeded(make: Make, people: list[Account]) -> None:
    ana, bea, cleo, *_ = people
    room = fr.private(make, ana, bea).id
    boss = make.actor(make.member(role="administrator"))
    with transaction():
        rights.deactivate(boss, member_id=ana.id, now=make.now)
    assert moderators(room) == {ana.id, bea.id}
    with pytest.raises(NotAllowed, match="not_to_them"):
        fr.group(make, bea, cleo, ana)


def test_what_rights_no_longer_give_is_left_and_told(make: Make, people: list[Account]) -> None:
    ana, bea, *_ = people
    room = fr.private(make, ana, bea).id
    with transaction():
        ana.deactivated_at = make.now
        db.session.flush()
        succession.settle_seats(ana.id, now=make.now)
        succession.settle_seats(ana.id, now=make.now)
    assert acts(room) == ["added", "left", "moderator"]
    assert moderators(room) == {bea.id}
