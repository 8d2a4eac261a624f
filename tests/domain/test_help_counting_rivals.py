"""Two devices, two people, one line of hours: on both databases, by real threads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Thanks
from incubator.kernel.db import db
from tests import factories_help as h
from tests.factories_commitments import lines as ledger_of
from tests.factories_counting import Helping, count, helping, line, thank
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account

RIVALS = 8


@pytest.fixture
def case(rivals: Rivals) -> Helping:
    with rivals.inside():
        made = helping(rivals.make)
        made.accept()
        rested(made.asker, made.helper, made.given, made.asked)
    return made


def told_by(case: Helping, who: Account) -> partial[None]:
    return partial(count, case.make, who, case.given)


def test_a_double_tap_is_one_line(rivals: Rivals, case: Helping) -> None:
    rivals.all_at_once([told_by(case, case.helper)] * RIVALS)
    with rivals.inside():
        assert (line().minutes, line().state) == (45, "declared")


def test_offered_and_proposed_at_once_is_one_line_that_both_have_agreed_to(
    rivals: Rivals, case: Helping
) -> None:
    acts = [told_by(case, who) for who in (case.helper, case.asker)] * (RIVALS // 2)
    rivals.all_at_once(acts)
    with rivals.inside():
        assert line().state == "confirmed"
        assert ledger_of(case.helper) == [("HELP", 45)]


def test_confirmed_and_told_again_at_once_counts_once(rivals: Rivals, case: Helping) -> None:
    with rivals.inside():
        case.count(case.helper)
    acts = [partial(case.confirm, case.asker), told_by(case, case.asker)] * (RIVALS // 2)
    rivals.all_at_once(acts)
    with rivals.inside():
        assert line().state == "confirmed"
        assert ledger_of(case.helper) == [("HELP", 45)]


def test_two_threads_at_once_stay_within_the_week(rivals: Rivals, case: Helping) -> None:
    with rivals.inside():
        again = h.question(case.make, case.asker)
        given = h.answer(case.make, case.helper, again)
        h.accept(case.make, case.asker, given)
        rested(given)
    acts = [partial(count, case.make, case.helper, each, 400) for each in (case.given, given)]
    assert rivals.at_once(acts) == {DONE: 1, "commitments.week_full": 1}


def test_thanks_sent_twice_are_one(rivals: Rivals, case: Helping) -> None:
    rivals.all_at_once([partial(thank, case.make, case.asker, case.given)] * RIVALS)
    with rivals.inside():
        assert db.session.query(Thanks).count() == 1
        assert db.session.get_one(Answer, case.given.id).thanks == 1
