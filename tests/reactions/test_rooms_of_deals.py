"""One conversation a deal: who sits in it, what they read, and that there is one only."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import commands as chat
from incubator.domain.chat import queries as rooms
from incubator.domain.chat.models import Room, Seat
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.network.members import firm_people
from incubator.network.members.firm_models import Firm
from incubator.network.sites.models import Site
from incubator.reactions.bridges import rooms_of_deals
from tests import factories_deals as f
from tests.factories_members import works_at
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from incubator.domain.chat.queries import RoomView
    from incubator.domain.exchanges.deals.models import Deal
    from incubator.network.members.actor import Actor
    from tests.factories import Make

NOTE = "Ici : {path}"


@pytest.fixture
def one(make: Make) -> f.House:
    return f.house(make, "Dervaux")


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Ndiaye")


@pytest.fixture
def deal(make: Make, one: f.House, other: f.House) -> Deal:
    return f.proposed(make, one, other)


def enters(make: Make, who: Actor, deal: Deal) -> RoomView:
    with transaction():
        return rooms_of_deals.enter(who, deal.id, note=NOTE, now=make.now)


def seated(room: RoomView) -> set[int]:
    query = select(Seat.member_id).where(Seat.room_id == room.id, Seat.left_at.is_(None))
    return set(db.session.scalars(query))


def read_by(actor: Actor, room: RoomView) -> list[str]:
    found = rooms.history(rooms.visible_to(actor, room.id)).messages
    return [re.sub(r"<[^>]+>", "", message.html).strip() for message in found]


def test_both_firms_sit_in_one_private_room_that_names_the_deal(
    make: Make, one: f.House, other: f.House, deal: Deal
) -> None:
    first = enters(make, f.actor_of(make, one), deal)
    again = enters(make, f.actor_of(make, other), deal)
    assert (first.id, first.kind) == (again.id, "private")
    assert seated(first) == {one.account.id, other.account.id}
    assert read_by(f.actor_of(make, other), first) == [f"Ici : /accords/{deal.id}"]


def test_two_deals_have_two_rooms(make: Make, one: f.House, other: f.House, deal: Deal) -> None:
    second = f.proposed(make, other, one)
    who = f.actor_of(make, one)
    assert enters(make, who, deal).id != enters(make, who, second).id


def test_strangers_and_administrators_are_not_let_in(make: Make, deal: Deal) -> None:
    with pytest.raises(NotFound):
        enters(make, f.actor_of(make, f.house(make, "Tiers")), deal)
    with pytest.raises(NotAllowed):
        enters(make, make.actor(make.member(make.site(), role="administrator")), deal)
    assert db.session.scalars(select(Room.id).where(Room.kind == "private")).all() == []


def test_who_mediates_reads_from_when_they_came(make: Make, one: f.House, other: f.House) -> None:
    deal = f.bound(make, one, other)
    leg = next(each for each in deal.legs if each.giver_id == one.firm_id)
    f.delivers(make, one, deal, leg)
    f.contests(make, other, deal, leg)
    room = enters(make, f.actor_of(make, one), deal)
    site = db.session.get_one(Site, f.looked_at(deal).parties[0].firm.site_id)
    mediator = make.actor(make.member(site, role="manager"))
    enters(make, mediator, deal)
    with transaction():
        chat.send(f.actor_of(make, one), room.id, cid="z" * 16, text="Bienvenue", now=make.now)
    assert read_by(mediator, room) == ["Bienvenue"]


def test_who_leaves_the_firm_leaves_the_room_and_no_other(
    make: Make, one: f.House, other: f.House, deal: Deal
) -> None:
    room = enters(make, f.actor_of(make, one), deal)
    role = firm_people.lasting_role(other.firm_id, other.account.id)
    assert role
    with transaction():
        leaver = f.actor_of(make, other)
        firm_people.end_role(leaver, role_id=role.id, today=make.now.date(), unkept=True)
    assert seated(room) == {one.account.id}


def test_a_colleague_who_came_later_reads_what_was_said(
    make: Make, one: f.House, other: f.House, deal: Deal
) -> None:
    room = enters(make, f.actor_of(make, one), deal)
    newcomer = make.member(make.site())
    works_at(make, newcomer, db.session.get_one(Firm, other.firm_id))
    enters(make, make.actor(newcomer), deal)
    assert read_by(make.actor(newcomer), room) == [f"Ici : /accords/{deal.id}"]
    assert newcomer.id in seated(room)


def test_opened_by_all_at_once_it_is_one(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, other = f.house(make, "Dervaux"), f.house(make, "Ndiaye")
        rested(one.account, other.account)
        deal = f.proposed(make, one, other)
        number, actors = deal.id, [f.actor_of(make, each) for each in (one, other) * 4]

    def enter(who: Actor) -> int:
        with transaction():
            return rooms_of_deals.enter(who, number, note=NOTE, now=make.now).id

    assert len(set(rivals.answers([partial(enter, who) for who in actors]))) == 1
    with rivals.inside():
        assert len(db.session.scalars(select(Room.id).where(Room.kind == "private")).all()) == 1
