"""Suggestions: which may come on a day, how often one was shown, and what ends them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.suggestions import commands, personal
from incubator.domain.suggestions.queries import history_of
from incubator.domain.suggestions.rules import DAYS, NEVER, ORDER, Seen, candidates
from incubator.edge.state import state_of
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.members.actor import Actor
    from tests.factories import Make

TODAY = date(2026, 11, 12)
FIRST, SECOND, *_REST = ORDER
DAY = timedelta(days=1)


@pytest.fixture
def ada(make: Make) -> Actor:
    return make.actor(make.member(make.site()))


def shown(who: Actor, key: str, *days: date) -> None:
    for day in days:
        with transaction():
            commands.note_shown(who, key, day=day)


def test_every_key_has_one_source_and_every_source_a_place(app: Flask) -> None:
    keys = [key for source in state_of(app).suggestions for key in source.keys]
    assert sorted(keys) == sorted(ORDER)


def test_nothing_known_leaves_all_in_their_order() -> None:
    assert candidates({}, TODAY) == ORDER


@pytest.mark.parametrize(
    ("seen", "first"),
    [
        (Seen(1, TODAY - DAY, ended=False), FIRST),
        (Seen(2, TODAY - DAY, ended=False), SECOND),
        (Seen(1, TODAY - DAY, ended=True), SECOND),
    ],
)
def test_two_days_or_a_word_end_one(seen: Seen, first: str) -> None:
    assert candidates({FIRST: seen}, TODAY)[0] == first


def test_a_day_has_one_suggestion_also_when_it_was_ended_or_a_clock_goes_back() -> None:
    assert candidates({SECOND: Seen(2, TODAY, ended=False)}, TODAY) == (SECOND,)
    assert candidates({SECOND: Seen(1, TODAY, ended=True)}, TODAY) == ()
    assert candidates({SECOND: Seen(1, TODAY, ended=False)}, TODAY - DAY) == (SECOND,)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["look", "end", "do"])), max_size=60))
def test_none_is_ever_shown_on_a_third_day(acts: list[tuple[int, str]]) -> None:
    """Whatever somebody does, and however many days lie between."""
    seen: dict[str, Seen] = {}
    days: dict[str, set[date]] = {}
    done: set[str] = set()
    today = TODAY
    for gap, act in acts:
        today += gap * DAY
        key = next((each for each in candidates(seen, today) if each not in done), None)
        if key is None:
            continue
        before = seen.get(key, NEVER)
        days.setdefault(key, set()).add(today)
        if before.last_on != today:
            seen[key] = Seen(before.days + 1, today, before.ended)
        if act == "end":
            seen[key] = seen[key]._replace(ended=True)
        elif act == "do":
            done.add(key)
    assert all(len(some) <= DAYS for some in days.values())
    on_days = [day for some in days.values() for day in some]
    assert len(on_days) == len(set(on_days))


def test_a_day_counts_once_in_however_many_tabs(ada: Actor) -> None:
    shown(ada, FIRST, TODAY, TODAY, TODAY + DAY, TODAY)
    assert history_of(ada.id).seen == {FIRST: Seen(2, TODAY + DAY, ended=False)}


def test_what_is_ended_stays_ended_shown_or_not(ada: Actor) -> None:
    for _ in range(2):
        with transaction():
            commands.end(ada, SECOND, day=TODAY)
    assert history_of(ada.id).seen == {SECOND: Seen(0, TODAY, ended=True)}
    assert SECOND not in candidates(history_of(ada.id).seen, TODAY + DAY)


@pytest.mark.parametrize("act", [commands.note_shown, commands.end])
def test_what_nobody_suggests_is_not_there(ada: Actor, act: object) -> None:
    with pytest.raises(NotFound) as refused, transaction():
        act(ada, "dance", day=TODAY)  # type: ignore[operator]
    assert refused.value.code == "suggestions.key"


def test_what_was_suggested_is_told_and_forgotten(make: Make, ada: Actor) -> None:
    other = make.actor(make.member(make.site()))
    for each in (ada, other):
        shown(each, FIRST, TODAY)
    told = {name: list(rows) for name, rows in personal.personal_data(ada.id).items()}
    assert [row["key"] for row in told["suggested"]] == [FIRST]
    with transaction():
        personal.forget(ada.id)
    assert (history_of(ada.id).seen, list(history_of(other.id).seen)) == ({}, [FIRST])
