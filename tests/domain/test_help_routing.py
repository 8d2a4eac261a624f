"""Routing: in waves, once, its letters, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.help import commands, resolving
from incubator.domain.help.care import locking
from incubator.domain.help.follow_models import Bump, SkillFollow
from incubator.domain.help.routing import keeping, letters, queries, waves
from incubator.domain.help.routing.events import HelpersAsked, RequestTold
from incubator.domain.help.routing.models import Asking, Route
from incubator.kernel import events
from incubator.kernel.db import db, transaction
from incubator.kernel.jobs import Job
from incubator.network.accounts import rights
from incubator.network.members.models import Skill
from incubator.network.members.skills import merge_skills
from incubator.network.sites.models import Closure, SiteHours
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW
from tests.factories_letters import off

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")
# NOW is a Thursday, 10:41 in Lyon, which is open from 9 to 18 where nothing else is said.
FOUR_HOURS = NOW + timedelta(hours=4)
A_DAY = NOW + timedelta(hours=24)


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def term(make: Make) -> Skill:
    return h.skill(make, "Comptabilité")


@pytest.fixture
def helpers(make: Make, term: Skill) -> list[Account]:
    """Twelve members of another site, whom nothing tells apart."""
    nantes = make.site("Nantes")
    return [r.offers(make.member(nantes), term) for _ in range(12)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """Whom which step asked, and whose letters went."""
    heard: list[events.Event] = []
    joining = events._joining  # noqa: SLF001 - as the tests of following do
    for kind in (HelpersAsked, RequestTold):
        monkeypatch.setitem(joining, kind, joining.get(kind, {}) | {"test": heard.extend})
    return heard


def route(question: Question) -> Route:
    return db.session.get_one(Route, question.id, populate_existing=True)


def test_five_are_asked_at_once_then_five_then_the_managers_of_the_site(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    boss, other = make.member(lyon, role="manager"), make.member(make.site(), role="manager")
    question = h.question(make, asker, term)
    assert len(r.asked(question)) == 5
    assert set(r.asked(question)) < {each.id for each in helpers}
    assert route(question).next_at == FOUR_HOURS
    assert r.advance(question, FOUR_HOURS - timedelta(seconds=1)) == 0
    assert r.advance(question, FOUR_HOURS) == 5
    assert route(question).next_at == A_DAY
    assert r.advance(question, A_DAY) == 1
    assert (r.row(question, boss).source, other.id in r.asked(question)) == ("manager", False)
    assert route(question).next_at is None
    assert r.advance(question, A_DAY + timedelta(days=30)) == 0


def test_the_hours_that_count_are_those_of_the_askers_site(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    with transaction():
        db.session.add(SiteHours(site_id=lyon.id, weekday=3, opens_at=600, closes_at=720))
        db.session.add(SiteHours(site_id=lyon.id, weekday=4, opens_at=600, closes_at=1080))
    question = h.question(make, asker, term)
    # 79 minutes until noon, the other 161 on Friday from 10:00 on.
    friday = NOW.replace(day=13, hour=9, minute=0) + timedelta(minutes=161)
    assert route(question).next_at == friday
    assert helpers


def test_days_on_which_the_askers_site_is_shut_do_not_count(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    assert helpers
    with transaction():
        for weekday in range(7):
            row = SiteHours(site_id=lyon.id, weekday=weekday, opens_at=600, closes_at=720)
            db.session.add(row)
        shut = {"starts_on": date(2026, 11, 13), "ends_on": date(2026, 11, 15)}
        db.session.add(Closure(site_id=lyon.id, kind="works", **shut))
    question = h.question(make, asker, term)
    # 79 minutes on Thursday; Friday and Saturday are shut, Sunday gives 120, Monday the other 41.
    monday = NOW.replace(day=16, hour=9, minute=0) + timedelta(minutes=41)
    assert route(question).next_at == monday


def test_what_is_needed_tomorrow_widens_after_an_hour(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    soon = commands.rules.Wish(needed_on=date(2026, 11, 13))
    question = h.question(make, asker, term, wish=soon)
    assert route(question).next_at == NOW + timedelta(hours=1)
    r.advance(question, NOW + timedelta(hours=1))
    assert route(question).next_at == NOW + timedelta(hours=4)
    assert len(r.asked(question)) == 10 < len(helpers)


def test_nobody_offers_it_so_the_managers_come_next(
    make: Make, asker: Account, term: Skill, lyon: Site, told: list[events.Event]
) -> None:
    boss = make.member(lyon, role="manager")
    question = h.question(make, asker, term)
    assert (r.asked(question), told, route(question).next_at) == ({}, [], FOUR_HOURS)
    r.advance(question, FOUR_HOURS)
    assert r.asked(question) == {boss.id: "open"}


def test_an_answer_ends_it_and_the_others_are_no_longer_counted_on(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    first, *rest = [each for each in helpers if each.id in r.asked(question)]
    h.answer(make, asker, question)
    assert set(r.asked(question).values()) == {"open"}
    given = h.answer(make, first, question)
    assert r.asked(question) == {first.id: "answered"} | {each.id: "covered" for each in rest}
    assert route(question).next_at is None
    with transaction():
        commands.remove_answer(make.actor(first), given.id, now=NOW)
    assert r.asked(question) == {first.id: "answered"} | {each.id: "open" for each in rest}
    assert route(question).next_at == FOUR_HOURS
    with transaction():
        resolving.close(make.actor(asker), question.id, how="Seule.", now=NOW)
    assert r.asked(question)[rest[0].id] == "covered"
    with transaction():
        resolving.reopen(make.actor(asker), question.id)
    assert r.asked(question)[rest[0].id] == "open"


def test_a_lock_stops_it_and_its_end_lets_it_go_on(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    boss = make.actor(make.member(lyon, role="manager"))
    question = h.question(make, asker, term)
    with transaction():
        locking.lock(boss, question.id, now=NOW)
    assert (route(question).next_at, set(r.asked(question).values())) == (None, {"covered"})
    assert r.advance(question, A_DAY) == 0
    with transaction():
        locking.unlock(boss, question.id, now=NOW)
    assert (route(question).next_at, set(r.asked(question).values())) == (FOUR_HOURS, {"open"})
    assert helpers


def write(question: Question, now: datetime) -> None:
    with transaction():
        letters.write_due(question.id, now=now)


@pytest.mark.usefixtures("nights")
def test_each_letter_goes_once_and_not_at_night(
    make: Make, asker: Account, term: Skill, told: list[events.Event]
) -> None:
    here = r.offers(make.member(make.site()), term)
    far = r.offers(make.member(make.site(), time_zone="America/Montreal"), term)
    silent = r.offers(make.member(make.site()), term)
    off(silent, "help_asked")
    question = h.question(make, asker, term)
    at_eight = NOW.replace(hour=13, minute=0)
    assert (r.row(question, far).due_at, r.row(question, silent).due_at) == (at_eight, None)
    for _ in range(2):
        write(question, NOW + timedelta(minutes=3))
    write(question, at_eight)
    letters_told = [each.member_id for each in told if isinstance(each, RequestTold)]
    assert letters_told == [here.id, far.id]
    jobs = db.session.scalars(select(Job.due_at).where(Job.kind == "help.asked")).all()
    assert sorted(jobs) == [NOW + timedelta(minutes=2), at_eight]


def test_who_is_needed_no_more_gets_no_letter(
    make: Make, asker: Account, term: Skill, told: list[events.Event]
) -> None:
    here = r.offers(make.member(make.site()), term)
    question = h.question(make, asker, term)
    r.decline(make, here, question)
    write(question, A_DAY)
    assert not [each for each in told if isinstance(each, RequestTold)]


def test_who_follows_the_skill_gets_one_letter_and_not_two(
    make: Make, asker: Account, term: Skill
) -> None:
    here = r.offers(make.member(make.site()), term)
    with transaction():
        db.session.add(SkillFollow(skill_id=term.id, member_id=here.id, since=NOW))
    question = h.question(make, asker, term)
    bump = db.session.get_one(Bump, (question.id, here.id))
    assert (bump.due_at, bump.read_at, r.row(question, here).due_at is None) == (None, None, False)


def test_who_leaves_is_asked_no_more_and_others_are_at_once(
    make: Make, asker: Account, term: Skill, lyon: Site
) -> None:
    boss = make.member(lyon, role="manager")
    only = r.offers(make.member(lyon), term)
    question = h.question(make, asker, term)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=only.id, now=NOW)
    assert r.asked(question) == {only.id: "over", boss.id: "open"}


def test_terms_that_are_merged_are_told_by_the_name_that_stays(
    make: Make, asker: Account, term: Skill
) -> None:
    admin = make.actor(make.member(None, role="administrator"))
    kept = h.skill(make, "Tenue de comptes")
    here = r.offers(make.member(make.site()), term)
    h.question(make, asker, term)
    with transaction():
        merge_skills(admin, gone_id=term.id, kept_id=kept.id)
    (request,) = queries.asked_of(make.actor(here))
    assert request.reasons[0].skill == "Tenue de comptes"


def test_what_was_asked_of_somebody_is_forgotten(
    make: Make, asker: Account, term: Skill, lyon: Site
) -> None:
    one, two = r.offers(make.member(lyon), term), make.member(lyon)
    r.wishes(make, one, weekly_cap=2)
    question = h.question(make, asker, term)
    r.pass_on(make, one, question, two)
    with transaction():
        keeping.forget(one.id)
    assert r.asked(question) == {two.id: "open"}
    assert (r.row(question, two).by_id, db.session.get(Asking, one.id)) == (None, None)


def test_the_hour_catches_up_with_all_that_is_due(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    assert waves.due(NOW) == []
    assert waves.due(A_DAY) == [question.id]
    assert helpers
