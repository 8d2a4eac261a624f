"""Help counts outside presence only, once, whatever order it is told in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.domain.commitments.help_rules import (
    Help,
    HelpTerms,
    Kind,
    Line,
    Presence,
    Ring,
    count,
    rings,
)
from incubator.domain.commitments.presence_rules import Part

DAY = date(2026, 11, 12)
NINE = datetime(2026, 11, 12, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KINDS = {
    "thread": Kind("thread"),
    "fair": Kind("fair", counts_pct=50, cap=120),
    "paid_barter": Kind("paid_barter", counts_pct=0),
}
TERMS = HelpTerms()
minutes = st.integers(5, 300)


def clock(start: int, end: int) -> tuple[datetime, datetime]:
    """From and to so many minutes after nine."""
    return NINE + start * MINUTE, NINE + end * MINUTE


def present(*spans: tuple[int, int]) -> Presence:
    return Presence.of(Part(1, 1, DAY, *clock(*span)) for span in spans)


def timed(number: int, start: int, end: int, **other) -> Help:
    return Help(number, "thread", DAY, end - start, *clock(start, end), **other)


def untimed(number: int, amount: int, **other) -> Help:
    return Help(number, other.pop("kind", "thread"), other.pop("day", DAY), amount, **other)


def counted(*facts: Help, presence: Presence | None = None, due: int = 720, **terms) -> list[int]:
    told = count(facts, presence or Presence(), kinds=KINDS, terms=replace(TERMS, **terms), due=due)
    return [line.counted for line in told.lines]


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Help], Presence]:
    """Help and presence of two days, in minutes; help of every sort."""
    spans = st.lists(st.integers(0, 900), max_size=6, unique=True).map(sorted)
    edges = draw(spans)
    presence = present(*zip(edges[::2], edges[1::2], strict=False))
    facts = []
    for number, (start, amount, sort) in enumerate(
        draw(st.lists(st.tuples(st.integers(0, 900), minutes, st.integers(0, 3)), max_size=6))
    ):
        kind, day = ("thread", "fair")[number % 2], DAY + timedelta(days=number % 2)
        hours = clock(start, start + amount) if sort < 2 else (None, None)
        facts.append(Help(number, kind, day, amount, *hours, online=sort == 3))
    return facts, presence


@given(days(), st.randoms(), st.integers(0, 2000), st.sampled_from([0, 50, 100]))
@settings(max_examples=50)
def test_the_order_in_which_help_is_told_changes_nothing(told, random, due: int, pct: int) -> None:
    facts, presence = told
    terms = HelpTerms(cap_pct=pct)
    shuffled = random.sample(facts, len(facts))
    given_order = count(facts, presence, kinds=KINDS, terms=terms, due=due)
    assert count(shuffled, presence, kinds=KINDS, terms=terms, due=due) == given_order
    assert (
        given_order.total == sum(line.counted for line in given_order.lines) - given_order.trimmed
    )


@given(days())
@settings(max_examples=50)
def test_no_line_counts_more_than_was_given_and_no_day_more_than_it_has(told) -> None:
    facts, presence = told
    lines = count(facts, presence, kinds=KINDS, terms=TERMS, due=0).lines
    assert all(0 <= line.counted <= line.outside <= line.given for line in lines)
    for day in {fact.day for fact in facts}:
        outside = sum(line.outside for line in lines if line.day == day)
        assert outside + presence.minutes.get(day, 0) <= 1440
    assert sum(line.counted for line in lines if line.kind == "fair") <= 120


@given(days())
@settings(max_examples=40)
def test_help_with_hours_counts_the_minutes_outside_presence_once(told) -> None:
    facts, presence = told
    exact = [fact for fact in facts if fact.start and fact.end]

    def instants(spans) -> set[datetime]:
        return {s + k * MINUTE for s, e in spans for k in range((e - s) // MINUTE)}

    free = instants((f.start, f.end) for f in exact) - instants(presence.intervals)
    lines = count(exact, presence, kinds=KINDS, terms=TERMS, due=0).lines
    assert sum(line.outside for line in lines) == len(free)


@given(days(), st.integers(0, 600), minutes)
@settings(max_examples=40)
def test_more_presence_never_makes_help_count_more(told, start: int, length: int) -> None:
    facts, _ = told
    less, more = present((0, start)), present((0, start + length))
    sums = [
        sum(line.outside for line in count(facts, p, kinds=KINDS, terms=TERMS, due=0).lines)
        for p in (less, more)
    ]
    assert sums[1] <= sums[0]


@given(st.lists(st.tuples(st.integers(0, 60), minutes, st.booleans()), max_size=4), st.data())
@settings(max_examples=40)
def test_not_telling_the_hours_never_gives_more_than_telling_them(steps, data) -> None:
    """Help given one after the other; of some the hours are forgotten."""
    presence = present((data.draw(st.integers(0, 100)), data.draw(st.integers(100, 600))))
    here, right, forgotten = 0, [], []
    for number, (pause, length, forgets) in enumerate(steps):
        fact = timed(number, here + pause, here + pause + length)
        here += pause + length
        right.append(fact)
        forgotten.append(replace(fact, start=None, end=None) if forgets else fact)
    assert sum(counted(*forgotten, presence=presence)) <= sum(counted(*right, presence=presence))


def test_help_given_while_present_adds_nothing() -> None:
    assert counted(timed(1, 60, 120), presence=present((0, 180))) == [0]
    assert counted(timed(1, 150, 240), presence=present((0, 180))) == [60]
    assert counted(timed(1, 150, 240), presence=present((0, 180)), inside="extra") == [90]


def test_help_without_hours_loses_the_presence_of_its_day_once() -> None:
    morning = present((0, 60))
    assert counted(untimed(1, 90), presence=morning) == [30]
    assert counted(untimed(1, 45), untimed(2, 45), presence=morning) == [0, 30]
    assert counted(untimed(1, 90, day=date(2026, 11, 13)), presence=morning) == [90]
    assert counted(timed(1, 0, 60), untimed(2, 60), presence=morning) == [0, 60]


def test_ninety_minutes_online_by_chat_count_whole() -> None:
    assert counted(untimed(1, 90, online=True), presence=present((0, 480))) == [90]


def test_the_same_hour_given_to_two_people_counts_once() -> None:
    assert counted(timed(1, 0, 60), timed(2, 30, 90)) == [60, 30]
    assert counted(timed(2, 0, 60), timed(1, 0, 60)) == [60, 0]


def test_a_pause_within_the_hours_of_help_does_not_count() -> None:
    workshop = replace(timed(1, 0, 180), minutes=120)
    assert counted(workshop) == [120]


def test_thirty_hours_of_help_do_not_fit_in_a_day() -> None:
    facts = [untimed(n, 600, online=True) for n in range(3)]
    assert counted(*facts, presence=present((0, 240))) == [600, 600, 0]
    assert counted(*facts, max_day=720) == [600, 120, 0]


def test_a_kind_has_its_percentage_and_its_cap() -> None:
    fairs = [untimed(n, 101, kind="fair", online=True) for n in range(3)]
    assert counted(*fairs) == [50, 50, 20]
    told = count(fairs[:1], Presence(), kinds=KINDS, terms=TERMS, due=0)
    assert told.lines == (Line(0, "fair", DAY, 101, 101, 50),)


def test_a_barter_paid_in_credit_counts_nothing() -> None:
    assert counted(untimed(1, 60, kind="paid_barter")) == [0]


@pytest.mark.parametrize(
    ("pct", "due", "expected"),
    [(50, 720, 360), (100, 120, 400), (0, 720, 0), (50, 0, 400), (33, 100, 33)],
)
def test_the_share_of_help_is_of_the_sum_and_not_of_each_line(pct, due, expected) -> None:
    facts = [untimed(n, 100, online=True) for n in range(4)]
    told = count(facts, Presence(), kinds=KINDS, terms=HelpTerms(cap_pct=pct), due=due)
    assert [line.counted for line in told.lines] == [100] * 4
    assert (told.total, told.trimmed) == (expected, 400 - expected)


def test_two_who_confirm_each_other_are_a_ring() -> None:
    told = [(1, 2, 200), (1, 2, 100), (2, 1, 240), (1, 3, 900), (3, 4, 900)]
    assert rings(told, threshold=240) == [Ring((1, 2), 240, 540)]
    assert rings(told, threshold=241) == []


def test_three_in_a_circle_are_a_ring_and_four_are_life() -> None:
    three = [(3, 1, 300), (1, 2, 300), (2, 3, 250)]
    assert rings(three, threshold=240) == [Ring((1, 2, 3), 250, 850)]
    four = [(1, 2, 300), (2, 3, 300), (3, 4, 300), (4, 1, 300)]
    assert rings(four, threshold=240) == []


@pytest.mark.parametrize("turn", [1, -1])
def test_three_who_all_help_each_other_are_told_once(turn: int) -> None:
    told = [(a, b, 240 + turn * (b - a) % 3) for a in (1, 2, 3) for b in (1, 2, 3) if a != b]
    found = rings(told, threshold=240)
    assert found[0] == Ring((1, 2, 3), 242, 726)
    assert [ring.members for ring in found[1:]] == [(1, 2), (1, 3), (2, 3)]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), minutes), max_size=25), minutes)
@settings(max_examples=50)
def test_every_ring_is_closed_and_none_is_missed(told, threshold: int) -> None:
    links: dict[tuple[int, int], int] = {}
    for giver, receiver, amount in told:
        links[giver, receiver] = links.get((giver, receiver), 0) + amount

    def strong(*circle: int) -> bool:
        return all(links.get(p, 0) >= threshold for p in pairwise((*circle, circle[0])))

    people = range(1, 6)
    pairs = {(a, b) for a in people for b in people if a < b and strong(a, b)}
    threes = {
        tuple(sorted((a, b, c)))
        for a in people
        for b in people
        for c in people
        if len({a, b, c}) == 3 and strong(a, b, c)
    }
    found = rings(told, threshold=threshold)
    assert {ring.members for ring in found} == pairs | threes
    assert all(ring.weakest >= threshold for ring in found)
