"""Rivals on one thread, with real threads on both databases."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from incubator.domain.help import commands
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.kernel.db import db, transaction
from tests import factories_help as h
from tests.conftest import NOW
from tests.rivals import DONE, Rivals, rested

RIVALS = 8


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


def test_rival_acceptances_leave_one_accepted_answer(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker = make.member(make.site())
        asked = h.question(make, asker)
        given = [h.answer(make, asker, asked) for _ in range(RIVALS)]
        rested(asker, *given)
    rivals.all_at_once([partial(h.accept, make, asker, each) for each in given])
    with rivals.inside():
        accepted = db.session.scalars(select(Acceptance.answer_id)).all()
        assert len(accepted) == 1
        assert accepted[0] in {each.id for each in given}
        assert db.session.scalars(select(Question.state)).one() == "solved"


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
