"""Figures of help: medians, working hours, months that stay as they were told; nobody is ranked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.help import commands
from incubator.domain.help.learning import best, figures, measuring
from incubator.domain.help.learning.figure_rules import (
    Times,
    months_before,
    times,
    working_minutes,
)
from incubator.domain.help.learning.models import MonthFigures
from incubator.domain.help.rules import Wish
from incubator.kernel.db import db, transaction
from incubator.network.members.audiences import set_audience
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.proofs import Confirmed, set_proofs
from tests import factories_help as h
from tests.factories_counting import thank

if TYPE_CHECKING:
    from tests.factories import Make

PARIS = "Europe/Paris"
HOUR = timedelta(hours=1)
MONTH = date(2026, 11, 1)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """An instant of 2026 in UTC; Paris is an hour further in November."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# Thursday the 12th of November 2026; the 14th and 15th are a weekend.
@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at(12, 9), at(12, 10, 30), 90),
        (at(12, 16), at(13, 9), 120),
        (at(13, 16), at(16, 9), 120),
        (at(14, 9), at(15, 9), 0),
        (at(12, 2), at(12, 8), 0),
        (at(12, 9), at(19, 9), 5 * 540),
        (at(23, 16, month=10), at(26, 9, month=10), 120 - 60 + 0),
    ],
)
def test_working_minutes_are_those_of_the_week_by_the_clock_of_the_site(
    start: datetime, end: datetime, minutes: int
) -> None:
    assert working_minutes(start, end, PARIS) == minutes


def test_the_middle_and_nine_tenths() -> None:
    assert times([]) == Times(None, None)
    assert times([7]) == Times(7, 7)
    assert times([4, 1, 3, 2]) == Times(2, 4)
    assert times(range(1, 11)) == Times(5, 9)
    assert times(range(1, 12)) == Times(6, 10)


def test_months_before_cross_the_year() -> None:
    told = months_before(date(2026, 2, 1), 3)
    assert told == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def measured(now: datetime) -> None:
    for month in measuring.due_months(now):
        with transaction():
            measuring.measure(month, now=now)


def row(**which: Any) -> MonthFigures:
    query = select(MonthFigures).filter_by(
        month=MONTH, **{"site_id": None, "skill_id": None, **which}
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


@pytest.fixture
def month(make: Make) -> Any:
    """Three questions of Lyon and one of Lille: answered after 2, 30 and 60 hours, and never."""
    lyon, lille = make.site("Lyon"), make.site("Lille")
    asker, helper = make.member(lyon), make.member(lille)
    term = h.skill(make)
    asked = [h.question(make, asker, term) for _ in range(3)]
    asked.append(h.question(make, make.member(lille)))
    for question, hours in zip(asked, (2, 30, 60), strict=False):
        h.answer(make, helper, question, now=make.now + hours * HOUR)
    return make, lyon, lille, asker, helper, term, asked


def test_a_month_is_told_by_site_and_skill(month: Any) -> None:
    make, lyon, lille, _asker, _helper, term, asked = month
    make.now += 100 * HOUR
    h.accept(make, _asker, db.session.query(h.Answer).filter_by(question_id=asked[0].id).one())
    measured(make.now)
    all_of_it = row()
    counts = (all_of_it.asked, all_of_it.replied, all_of_it.within_24, all_of_it.within_48)
    assert counts == (4, 3, 1, 2)
    assert (all_of_it.within_72, all_of_it.solved, all_of_it.useful) == (3, 1, 1)
    assert (all_of_it.reply_median, all_of_it.reply_most) == (30 * 60, 60 * 60)
    assert (all_of_it.solved_median, all_of_it.settled) == (100 * 60, False)
    assert (row(site_id=lyon.id).asked, row(site_id=lille.id).replied) == (3, 0)
    assert row(site_id=lyon.id, skill_id=term.id).asked == 3
    assert row(skill_id=term.id).replied == 3


def test_figures_follow_what_is_undone(month: Any) -> None:
    make, lyon, _lille, _asker, _helper, _term, asked = month
    boss = make.member(lyon, role="manager")
    given = db.session.query(h.Answer).filter_by(question_id=asked[0].id).one()
    with transaction():
        commands.remove_answer(make.actor(boss), given.id, reason="", now=make.now + 3 * HOUR)
        commands.remove_question(make.actor(boss), asked[1].id, reason="", now=make.now + 3 * HOUR)
    measured(make.now + 100 * HOUR)
    assert (row().asked, row().replied, row().within_24) == (3, 1, 0)


def test_a_settled_month_stays_and_what_comes_late_changes_nothing(month: Any) -> None:
    make, _lyon, _lille, _asker, helper, _term, asked = month
    later = datetime(2027, 1, 2, tzinfo=UTC)
    measured(later)
    assert row().settled
    h.answer(make, helper, asked[3], now=later)
    assert MONTH not in measuring.due_months(later + HOUR)
    before = row().replied
    with transaction():
        measuring.measure(MONTH, now=later + HOUR)
    assert (row().replied, before) == (3, 3)


def test_months_without_questions_are_not_measured(make: Make) -> None:
    assert measuring.due_months(make.now) == []


def test_measuring_twice_gives_the_same(month: Any) -> None:
    make = month[0]
    for _ in range(2):
        measured(make.now + 100 * HOUR)
    assert row().asked == 4


# What managers look at


def test_unanswered_are_told_after_a_day_and_only_to_who_may_read_them(month: Any) -> None:
    make, lyon, lille, _asker, _helper, _term, asked = month
    boss = make.actor(make.member(role="administrator"))
    assert list(figures.unanswered(boss, None, now=make.now + 23 * HOUR)) == []
    found = figures.unanswered(boss, None, now=make.now + 25 * HOUR)
    assert [each.id for each in found] == [asked[3].id]
    assert list(figures.unanswered(boss, lyon.id, now=make.now + 25 * HOUR)) == []
    local = h.question(make, make.member(lille), audience="site")
    stranger = make.actor(make.member(lyon, role="manager"))
    seen = figures.unanswered(stranger, lille.id, now=make.now + 25 * HOUR)
    assert local.id not in {each.id for each in seen}


def test_a_skill_with_one_answerer_is_missing(month: Any) -> None:
    make, lyon, lille, _asker, _helper, term, asked = month
    now = make.now + 100 * HOUR
    told = {one.skill.id: one for one in figures.coverage(None, now=now)}
    assert (told[term.id].asked, told[term.id].in_vain, told[term.id].answerers) == (3, 0, 1)
    assert told[term.id].is_missing
    h.answer(make, make.member(lille), asked[0])
    told = {one.skill.id: one for one in figures.coverage(lyon.id, now=now)}
    assert (told[term.id].answerers, told[term.id].is_missing) == (2, False)
    assert list(told) == [term.id]
    assert figures.coverage(None, now=make.now + timedelta(days=120)) == []


def test_who_could_teach_is_told_to_those_who_see_what_they_offer(make: Make) -> None:
    lyon = make.site("Lyon")
    shown, few = make.member(lyon, name="Ada"), make.member(lyon, name="Bo")
    boss = make.actor(make.member(lyon, role="manager"))
    term = h.skill(make, offered_by=(shown, few))
    with transaction():
        set_proofs(shown.id, {term.id: Confirmed(3, make.now)})
        set_proofs(few.id, {term.id: Confirmed(2, make.now)})
    assert [one.name for one in figures.mentors(boss, lyon.id, now=make.now)] == ["Ada"]
    assert figures.mentors(boss, None, now=make.now + timedelta(days=400)) == []
    far = make.actor(make.member(make.site("Lille"), role="manager"))
    assert [one.name for one in figures.mentors(far, lyon.id, now=make.now)] == ["Ada"]
    for audience in ("site", "managers"):
        with transaction():
            set_audience(make.actor(shown), name="offers", audience=audience)
        assert [one.name for one in figures.mentors(boss, lyon.id, now=make.now)] == ["Ada"]
        assert figures.mentors(far, lyon.id, now=make.now) == []


def test_who_offers_a_skill_no_more_does_not_teach_it(make: Make) -> None:
    lyon = make.site("Lyon")
    one = make.member(lyon, name="Ada")
    boss, term = make.actor(make.member(lyon, role="manager")), h.skill(make, offered_by=(one,))
    with transaction():
        set_proofs(one.id, {term.id: Confirmed(3, make.now)})
    assert [each.name for each in figures.mentors(boss, lyon.id, now=make.now)] == ["Ada"]
    with transaction():
        db.session.query(MemberSkill).filter_by(member_id=one.id).delete()
    assert figures.mentors(boss, lyon.id, now=make.now) == []


def test_own_numbers_are_of_oneself(month: Any) -> None:
    make, _lyon, _lille, asker, helper, _term, asked = month
    given = db.session.query(h.Answer).filter_by(question_id=asked[0].id).one()
    h.accept(make, asker, given)
    thank(make, asker, given)
    mine = figures.own(make.actor(asker), now=make.now)
    assert (mine.asked, mine.replied, mine.solved, mine.answered) == (3, 3, 1, 0)
    theirs = figures.own(make.actor(helper), now=make.now)
    assert (theirs.asked, theirs.answered, theirs.accepted, theirs.thanked) == (0, 3, 1, 1)


# The best answers


def test_the_best_answers_are_those_of_most_use_that_one_may_read(make: Make) -> None:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    asker, helper = make.member(lyon), make.member(lyon)
    open_to_all, local = h.question(make, asker), h.question(make, asker, audience="site")
    given = [h.answer(make, helper, open_to_all) for _ in range(3)]
    secret = h.answer(make, helper, local)
    h.vote(make, make.member(lyon), given[1])
    h.accept(make, asker, given[2])
    for who in (asker, make.member(lyon)):
        thank(make, who, secret)
    near, far = make.actor(make.member(lyon)), make.actor(make.member(lille))
    assert [one.id for one in best.best_of(near, MONTH)] == [secret.id, given[2].id, given[1].id]
    assert [one.id for one in best.best_of(far, MONTH)] == [given[2].id, given[1].id]
    assert best.best_of(near, date(2026, 10, 1)) == []
    boss = make.member(lyon, role="manager")
    with transaction():
        commands.remove_answer(make.actor(boss), secret.id, reason="", now=make.now)
    assert secret.id not in {one.id for one in best.best_of(near, MONTH)}


def test_the_best_answers_do_not_name_who_asked_without_a_name(make: Make) -> None:
    lyon = make.site("Lyon")
    asker, reader = make.member(lyon, name="Nadia"), make.member(lyon)
    with transaction():
        db.session.get_one(type(lyon), lyon.id).hidden_askers = True
    asked = h.question(make, asker, wish=Wish(anonymous=True))
    h.vote(make, reader, h.answer(make, asker, asked))
    (found,) = best.best_of(make.actor(reader), MONTH)
    assert found.author.name == ""
    (own,) = best.best_of(make.actor(asker), MONTH)
    assert own.author.name == db.session.get_one(Member, asker.id).name
