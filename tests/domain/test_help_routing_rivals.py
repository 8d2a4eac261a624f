"""Rivals in routing, with real threads on both databases: nobody is asked or told twice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from incubator.domain.help.routing import letters
from incubator.domain.help.routing.models import HelpRequest, Route
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import Job
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW
from tests.rivals import DONE, Rivals, rested

FOUR_HOURS = NOW + timedelta(hours=4)


def prepared(rivals: Rivals, helpers: int):
    make = rivals.make
    with rivals.inside(), as_of(NOW):
        term = h.skill(make)
        nantes = make.site("Nantes")
        people = [r.offers(make.member(nantes), term) for _ in range(helpers)]
        asker = make.member(make.site())
        asked = h.question(make, asker, term)
        first = [each for each in people if each.id in r.asked(asked)]
        rested(asked, asker, *people)
    return asked, first, people


def test_many_runners_at_once_take_one_step(rivals: Rivals) -> None:
    asked, _first, _people = prepared(rivals, 20)
    rivals.all_at_once([partial(r.advance, asked, FOUR_HOURS)] * 6)
    with rivals.inside():
        assert db.session.scalar(select(func.count(HelpRequest.member_id))) == 10
        assert db.session.scalars(select(Route.step)).one() == 2


def test_many_runners_at_once_write_each_letter_once(rivals: Rivals) -> None:
    asked, first, _people = prepared(rivals, 5)

    def write() -> None:
        with transaction(), as_of(FOUR_HOURS):
            letters.write_due(asked.id, now=FOUR_HOURS)

    rivals.all_at_once([write] * 6)
    with rivals.inside():
        number = select(func.count(Job.id)).where(Job.kind == "mail.deliver")
        assert db.session.scalar(number) == len(first)


def test_not_me_and_rather_you_at_once_are_one_of_them(rivals: Rivals) -> None:
    asked, first, people = prepared(rivals, 6)
    (other,) = set(people) - set(first)
    me = first[0]
    ends = rivals.at_once(
        [
            partial(r.decline, rivals.make, me, asked),
            partial(r.pass_on, rivals.make, me, asked, other),
        ]
    )
    with rivals.inside():
        state, there = r.row(asked, me).state, other.id in r.asked(asked)
    # Coming second, a pass finds that it waits no more; a decline has nothing left to do.
    assert (ends, state, there) in (
        ({DONE: 2}, "passed", True),
        ({DONE: 1, "help.asked_no_more": 1}, "declined", False),
    )


def test_two_who_pass_it_to_one_person_ask_them_once(rivals: Rivals) -> None:
    asked, first, people = prepared(rivals, 6)
    (other,) = set(people) - set(first)
    acts = [partial(r.pass_on, rivals.make, each, asked, other) for each in first[:2]]
    assert rivals.at_once(acts) == {DONE: 1, "help.pass_unavailable": 1}
    with rivals.inside():
        states = sorted(r.row(asked, each).state for each in first[:2])
        assert (states, r.row(asked, other).state) == (["open", "passed"], "open")


def test_all_who_decline_at_once_bring_the_next_once(rivals: Rivals) -> None:
    asked, first, _people = prepared(rivals, 20)
    rivals.all_at_once([partial(r.decline, rivals.make, each, asked) for each in first])
    with rivals.inside():
        states = list(r.asked(asked).values())
        assert (states.count("declined"), states.count("open")) == (5, 5)


def test_an_answer_and_a_step_at_once_leave_nobody_counted_on(rivals: Rivals) -> None:
    asked, first, _people = prepared(rivals, 20)
    rivals.all_at_once(
        [partial(h.answer, rivals.make, first[0], asked), partial(r.advance, asked, FOUR_HOURS)]
    )
    with rivals.inside():
        states = r.asked(asked)
        assert states.pop(first[0].id) == "answered"
        assert (set(states.values()), len(states) in {4, 9}) == ({"covered"}, True)
