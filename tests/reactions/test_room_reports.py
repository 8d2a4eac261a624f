"""Letters about reported messages of rooms: who decides hears, gathered; nobody else does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import queries
from incubator.domain.chat.care import deciding, reporting
from incubator.domain.chat.care.models import ChatCase
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.jobs import Job
from incubator.reactions.mail.room_reports_waiting import tell
from tests import factories_chat as chat

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SOON = timedelta(minutes=31)


@pytest.fixture
def house(make: Make) -> dict[str, Account]:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    people = {
        "ada": make.member(lyon, name="Ada"),
        "leo": make.member(lyon, name="Léo"),
        "carer": make.member(lille, name="Camille"),
        "boss": make.member(lyon, role="manager"),
        "other": make.member(lille, role="manager"),
        "admin": make.member(lille, role="administrator"),
    }
    chat.sit(make, *people.values())
    return people


def site_room(make: Make, who: Account) -> int:
    return queries.rooms_of(make.actor(who))[1].id


def report(make: Make, by: Account, room: int, no: int) -> None:
    slug = queries.visible_to(make.actor(by), room).slug
    with transaction():
        reporting.report(make.actor(by), slug, no, reason="unkind", now=utcnow())


def told(*, after: timedelta = SOON) -> dict[str, dict[str, object]]:
    """What the letters about reports say, by address, once their half hour is over."""
    for job in db.session.scalars(select(Job).where(Job.kind == "chat.reports")):
        if job.due_at <= utcnow() + after:
            tell(job.payload)
    jobs = db.session.scalars(select(Job).where(Job.kind == "mail.deliver"))
    letters = [job.payload for job in jobs if job.payload["kind"] == "room_reports"]
    assert len({letter["to"] for letter in letters}) == len(letters)
    return {letter["to"]: letter["values"] for letter in letters}


def test_managers_hear_once_of_all_that_is_reported_in_half_an_hour(
    make: Make, house: dict[str, Account]
) -> None:
    room = site_room(make, house["ada"])
    for text in ("Un mot de trop", "Un autre"):
        report(make, house["ada"], room, chat.say(make, house["leo"], room, text).no)
    assert told(after=timedelta()) == {}
    heard = told()
    assert set(heard) == {house["boss"].email}
    assert heard[house["boss"].email]["number"] == 2
    assert "mot" not in str(heard)


def test_who_looks_after_a_room_hears_and_reads_its_name(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.topic(make, house["carer"], "Atelier bois")
    for guest in ("ada", "leo"):
        chat.join(make, house[guest], room.id)
    report(make, house["ada"], room.id, chat.say(make, house["leo"], room.id, "Oh").no)
    heard = told()
    assert heard[house["carer"].email] == {"number": 1, "rooms": ["Atelier bois"]}
    assert not {house["ada"].email, house["leo"].email} & set(heard)


def test_what_was_decided_meanwhile_is_not_told(make: Make, house: dict[str, Account]) -> None:
    room = site_room(make, house["ada"])
    report(make, house["ada"], room, chat.say(make, house["leo"], room, "Oh").no)
    case = db.session.scalars(select(ChatCase)).one()
    with transaction():
        deciding.decide(
            make.actor(house["boss"]),
            case.id,
            what="dismiss",
            note="Rien de grave",
            seen=case.version,
            now=utcnow(),
            hours=None,
        )
    assert told() == {}


def test_who_is_reported_hears_nothing_even_as_a_manager(
    make: Make, house: dict[str, Account]
) -> None:
    room = site_room(make, house["ada"])
    report(make, house["ada"], room, chat.say(make, house["boss"], room, "Oh").no)
    assert told() == {}


def test_the_room_of_a_conversation_is_not_named(make: Make, house: dict[str, Account]) -> None:
    room = chat.direct(make, house["ada"], house["leo"]).id
    report(make, house["ada"], room, chat.say(make, house["leo"], room, "Oh").no)
    assert told() == {house["boss"].email: {"number": 1, "rooms": []}}
