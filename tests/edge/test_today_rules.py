"""The sentence of the day: each rule, when it holds and when not, and which comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from incubator.edge.today_rules import RULES, Fact, chosen

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)


def at(**gap: float) -> datetime:
    return NOW + timedelta(**gap)


# By rule: a fact for which it holds, and the same kind of fact for which it does not.
CASES = {
    "due": (Fact(key="duty", at=at(minutes=40)), Fact(key="duty", at=at(minutes=91))),
    "on_duty": (
        Fact(key="duty", at=at(hours=-1), until=at(minutes=1)),
        Fact(key="duty", at=at(hours=-1), until=NOW),
    ),
    "duty": (Fact(key="duty", at=at(hours=4)), Fact(key="duty", at=NOW, until=NOW)),
    "charter": (Fact(key="charter"), None),
    "stuck": (Fact(key="stuck"), None),
    "confirm": (Fact(key="confirm"), None),
    "asked": (Fact(key="asked"), None),
    "deal": (Fact(key="deal"), None),
    "uncovered": (Fact(key="uncovered", at=at(hours=2)), Fact(key="uncovered", at=NOW)),
    "forgotten": (Fact(key="forgotten"), None),
    "behind": (Fact(key="behind", minutes=5, days=10), Fact(key="behind", minutes=5, days=11)),
    "answered": (Fact(key="answered", at=at(days=-14)), Fact(key="answered", at=at(days=-15))),
    "steer": (Fact(key="steer"), None),
    "unread": (Fact(key="unread"), None),
    "wanted": (Fact(key="wanted"), None),
    "newcomer": (Fact(key="newcomer", at=at(days=-1)), Fact(key="newcomer", at=at(days=-15))),
}


def said(*facts: Fact) -> str | None:
    found = chosen(facts, NOW)
    return found.rule if found else None


def test_every_rule_has_its_case():
    assert {rule.name for rule in RULES} == CASES.keys()


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_holds_for_its_fact_and_for_no_other(rule):
    holds, not_now = CASES[rule]
    assert said(holds) == rule
    if not_now:
        assert said(not_now) != rule


def test_nothing_known_is_a_kind_word():
    assert said() is None
    assert said(Fact(key="behind", minutes=0, days=1)) is None


@pytest.mark.parametrize(("first", "second"), list(pairwise(RULES)))
def test_the_first_rule_wins_whatever_the_order_of_the_facts(first, second):
    two = [CASES[first.name][0], CASES[second.name][0]]
    assert said(*two) == said(*reversed(two)) == first.name


def test_of_two_duties_the_earlier_is_said():
    late, soon = at(minutes=80), at(minutes=40)
    found = chosen([Fact(key="duty", at=late), Fact(key="duty", at=soon)], NOW)
    assert found
    assert found.fact.at == soon


def test_who_keeps_somebody_waiting_hears_it_before_what_is_for_themselves():
    assert said(CASES["answered"][0], CASES["behind"][0], CASES["confirm"][0]) == "confirm"
    assert said(CASES["confirm"][0], CASES["due"][0]) == "due"
