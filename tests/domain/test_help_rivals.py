"""Rivals on one thread, with real threads on both databases."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from incubator.domain.help import commands, rules
from incubator.domain.help.care import locking
from incubator.domain.help.care import rules as care_rules
from incubator.domain.help.care_models import Case, Measure, Report
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.post_models import Vote
from incubator.kernel.db import db, transaction
from tests import factories_care as c
from tests import factories_help as h
from tests.conftest import NOW
from tests.rivals import DONE, Rivals, rested

RIVALS = 8
CROWD = 50


def test_a_double_send_makes_one_question_and_one_answer(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker = make.member(make.site())
        term = h.skill(make)
        rested(asker)
    rivals.all_at_once([lambda: h.question(make, asker, term, once="q")] * RIVALS)
    with rivals.inside():
        asked = db.session.scalars(select(Question)).one()
        rested(asked)
    rivals.all_at_once([lambda: h.answer(make, asker, asked, once="a")] * RIVALS)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Answer)) == 1
        assert db.session.scalars(select(Question.answer_count)).one() == 1


def test_fifty_acceptances_at_once_stay_within_the_limit(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker = make.member(make.site())
        asked = h.question(make, asker)
        given = [h.answer(make, asker, asked) for _ in range(CROWD)]
        rested(asker, *given)
    ends = rivals.at_once([partial(h.accept, make, asker, each) for each in given])
    most = rules.ACCEPTED_MOST
    assert ends == {DONE: most, "help.accepted_too_many": CROWD - most}
    with rivals.inside():
        assert len(set(db.session.scalars(select(Acceptance.answer_id)))) == most
        assert db.session.scalars(select(Question.state)).one() == "solved"


def test_fifty_acceptances_of_one_answer_are_one_record(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker = make.member(make.site())
        given = h.answer(make, asker, h.question(make, asker))
        rested(asker, given)
    rivals.all_at_once([lambda: h.accept(make, asker, given)] * CROWD)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Acceptance)) == 1


def test_fifty_votes_at_once_are_counted_once_each(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        asker = make.member(site)
        given = h.answer(make, asker, h.question(make, asker))
        voters = [make.member(site) for _ in range(CROWD // 2)]
        rested(given, *voters)
    # Everybody presses twice.
    rivals.all_at_once([partial(h.vote, make, each, given) for each in voters * 2])
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Vote)) == len(voters)
        assert db.session.scalars(select(Answer.votes)).one() == len(voters)


def test_votes_given_and_taken_back_at_once_leave_the_count_true(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        asker, voter = make.member(site), make.member(site)
        asked = h.question(make, asker)
        rested(asked, voter)
    acts = [partial(h.vote, make, voter, asked, given=bool(turn % 2)) for turn in range(CROWD)]
    rivals.all_at_once(acts)
    with rivals.inside():
        left = db.session.scalar(select(func.count()).select_from(Vote))
        assert left in {0, 1}
        assert db.session.scalars(select(Question.votes)).one() == left


def test_two_threads_that_repeat_each_other_at_once_leave_one_original(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        boss = make.member(make.site(), role="manager")
        one, other = (h.question(make, boss) for _ in range(2))
        rested(boss, one, other)
    ends = rivals.at_once(
        [partial(h.repeats, make, boss, one, other), partial(h.repeats, make, boss, other, one)]
    )
    assert ends == {DONE: 1, "help.repeats_itself": 1}


def test_an_answer_and_a_lock_at_once_leave_no_answer_after_the_lock(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        boss, helper = make.member(site, role="manager"), make.member(site)
        asked = h.question(make, boss)
        rested(boss, helper, asked)

    def lock() -> None:
        with transaction():
            locking.lock(make.actor(boss), asked.id, now=NOW)

    ends = rivals.at_once([lock, partial(h.answer, make, helper, asked)])
    assert ends in ({DONE: 2}, {DONE: 1, "help.locked": 1})
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Answer)) == ends[DONE] - 1


def test_rival_answers_are_all_counted(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker = make.member(make.site())
        asked = h.question(make, asker)
    rivals.all_at_once([lambda: h.answer(make, asker, asked)] * RIVALS)
    with rivals.inside():
        assert db.session.scalars(select(Question.answer_count)).one() == RIVALS


def test_an_acceptance_and_a_removal_leave_no_solved_thread_without_its_answer(
    rivals: Rivals,
) -> None:
    make = rivals.make
    with rivals.inside():
        boss = make.member(make.site(), role="manager")
        asked = h.question(make, boss)
        given = h.answer(make, boss, asked)

    def remove() -> None:
        with transaction():
            commands.remove_answer(make.actor(boss), given.id, now=NOW)

    # Coming second, an acceptance finds no answer any more.
    ends = rivals.at_once([remove, partial(h.accept, make, boss, given)])
    assert ends in ({DONE: 2}, {DONE: 1, "help.answer": 1})
    with rivals.inside():
        assert db.session.scalars(select(Question.state)).one() == "open"
        assert not db.session.scalars(select(Acceptance)).all()


def test_of_two_managers_at_once_one_decides_and_the_other_is_told(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        asker, helper = make.member(site), make.member(site)
        bosses = [make.member(site, role="manager") for _ in range(RIVALS)]
        case = c.report(make, asker, h.answer(make, helper, h.question(make, asker)))
        rested(case, *bosses)
    acts = ["hide", "dismiss", "warn", "lock"] * (RIVALS // 4)
    ends = rivals.at_once(
        [
            partial(c.decide, make, boss, case, act, seen=case.version)
            for boss, act in zip(bosses, acts, strict=True)
        ]
    )
    assert ends == {DONE: 1, "care.meanwhile": RIVALS - 1}
    with rivals.inside():
        assert len(db.session.scalars(select(Measure)).all()) == 1


def test_a_measure_is_undone_once_however_many_undo_it(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        helper, asked = make.member(site), h.question(make, make.member(site))
        given = h.answer(make, helper, asked)
        bosses = [make.member(site, role="manager") for _ in range(RIVALS)]
        c.hide(make, bosses[0], given)
        measure = c.last("hide")
        rested(measure, *bosses)
    ends = rivals.at_once([partial(c.undo, make, boss, measure) for boss in bosses])
    assert ends == {DONE: 1, "care.undone": RIVALS - 1}
    with rivals.inside():
        assert db.session.scalars(select(Question.answer_count)).one() == 1
        assert not db.session.scalars(select(Answer.removed)).one()


def test_reports_at_once_are_one_case_and_one_report_a_member(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        given = h.answer(make, make.member(site), h.question(make, make.member(site)))
        people = [make.member(site) for _ in range(RIVALS)]
        rested(given, *people)
    # Everybody presses twice.
    rivals.all_at_once([partial(c.report, make, each, given) for each in people * 2])
    with rivals.inside():
        case = db.session.scalars(select(Case)).one()
        assert case.version == RIVALS
        assert len(db.session.scalars(select(Report)).all()) == RIVALS


def test_an_answer_and_the_hiding_of_its_question_at_once_leave_nothing_to_read(
    rivals: Rivals,
) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        boss, helper = make.member(site, role="manager"), make.member(site)
        asked = h.question(make, make.member(site))
        rested(boss, helper, asked)
    acts = [partial(c.hide, make, boss, asked), partial(h.answer, make, helper, asked)]
    ends = rivals.at_once(acts)
    assert ends in ({DONE: 2}, {DONE: 1, "help.question": 1})
    with rivals.inside():
        assert db.session.scalars(select(Question.state)).one() == "removed"


def test_pins_at_once_stay_within_the_limit(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        boss = make.member(site, role="manager")
        asked = [h.question(make, boss) for _ in range(RIVALS)]
        rested(boss, site, *asked)
    ends = rivals.at_once([partial(c.pin, make, boss, each, site) for each in asked])
    most = care_rules.PINS_MOST
    assert ends == {DONE: most, "help.care_pins_enough": RIVALS - most}
