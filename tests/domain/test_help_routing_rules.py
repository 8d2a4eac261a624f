"""Who is asked first, how fast a question widens, how often one wants to be asked: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.help.routing import pace_rules as pace
from incubator.domain.help.routing import rules
from incubator.domain.help.routing.asking_rules import CAP_MOST, Wishes, check
from incubator.domain.help.routing.rules import Facts, Match
from incubator.kernel.errors import Refusal
from incubator.network.sites.rules import Timetable

DAY = date(2026, 11, 12)  # a Thursday
EXPERT = Match(skill_id=1, asked_id=1, level=3)
OPEN_NINE_TO_SIX = Timetable(time_zone="UTC", week={day: [(540, 1080)] for day in range(5)})


def at(hour: int, minute: int = 0, *, day: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def facts(*matches: Match, **more: object) -> Facts:
    return Facts(matches=matches or (EXPERT,), **more)  # type: ignore[arg-type]


BETTER = [
    ("a level", facts(replace(EXPERT, level=2)), facts()),
    ("the skill itself", facts(replace(EXPERT, relation=rules.BELOW)), facts()),
    (
        "one that belongs to it",
        facts(replace(EXPERT, relation=rules.ABOVE)),
        facts(replace(EXPERT, relation=rules.BELOW)),
    ),
    ("being asked for", facts(replace(EXPERT, relation=rules.NAMED)), facts()),
    ("confirmed help", facts(), facts(replace(EXPERT, helped=1, since=timedelta(days=400)))),
    (
        "help of late",
        facts(replace(EXPERT, helped=2, since=timedelta(days=200))),
        facts(replace(EXPERT, helped=2, since=timedelta(days=3))),
    ),
    ("both skills", facts(), facts(EXPERT, Match(skill_id=2, asked_id=2, level=1))),
    ("the same site", facts(country=True), facts(site=True)),
    ("the same country", facts(), facts(country=True)),
    ("being on site", facts(), facts(here=True)),
    ("the language", facts(speaks=False), facts()),
    ("being awake", facts(awake=False), facts()),
    ("being available", facts(state="limited"), facts()),
    ("a free desk", facts(open=1), facts(open=0)),
]


@pytest.mark.parametrize(("what", "less", "more"), BETTER, ids=[each[0] for each in BETTER])
def test_what_makes_somebody_come_first(what: str, less: Facts, more: Facts) -> None:
    assert rules.score(less) < rules.score(more), what


def test_who_is_away_or_offers_nothing_is_worth_nothing() -> None:
    assert rules.score(facts(state="away")) == 0
    assert rules.score(Facts(site=True, here=True)) == 0


@given(
    level=st.integers(0, 3),
    helped=st.integers(0, 50),
    days=st.integers(0, 2000),
    opened=st.integers(0, 10),
)
def test_more_help_is_never_less_and_more_work_never_more(
    level: int, helped: int, days: int, opened: int
) -> None:
    since = timedelta(days=days)
    match = Match(skill_id=1, asked_id=1, level=level, helped=helped, since=since)
    one = facts(match, open=opened)
    assert rules.score(one) <= rules.score(facts(replace(match, helped=helped + 1), open=opened))
    assert rules.score(one) >= rules.score(facts(match, open=opened + 1)) > 0


def test_several_offers_that_answer_one_skill_count_once() -> None:
    near = Match(skill_id=7, asked_id=1, level=3, relation=rules.BELOW)
    assert rules.score(facts(EXPERT, near)) == rules.score(facts())


def test_the_reasons_say_what_counted_in_codes_and_numbers() -> None:
    helped = replace(EXPERT, helped=2, since=timedelta(days=3))
    near = Match(skill_id=7, asked_id=2, level=1, relation=rules.BELOW)
    named = Match(skill_id=8, asked_id=8, level=2, relation=rules.NAMED)
    only_helped = Match(skill_id=9, asked_id=9, level=0, helped=1, since=timedelta(days=3))
    told = rules.reasons(facts(near, named, helped, only_helped, site=True, here=True))
    assert told == [
        {"code": "offers", "skill": 1, "level": 3},
        {"code": "helped", "skill": 1, "times": 2},
        {"code": "helped", "skill": 9, "times": 1},
        {"code": "named", "skill": 8, "level": 2},
        {"code": "close", "skill": 7, "level": 1, "asked": 2},
        {"code": "site"},
        {"code": "here"},
    ]


def test_ties_are_broken_otherwise_for_each_question() -> None:
    firsts = {min(range(50), key=lambda who: rules.turn(question, who)) for question in range(40)}
    assert len(firsts) > 15


HURRY = [
    (None, pace.USUAL),
    (DAY + timedelta(days=4), pace.USUAL),
    (DAY + timedelta(days=3), pace.SOON),
    (DAY + timedelta(days=2), pace.SOON),
    (DAY + timedelta(days=1), pace.URGENT),
    (DAY, pace.URGENT),
]


@pytest.mark.parametrize(("needed_on", "expected"), HURRY)
def test_what_is_needed_soon_widens_faster(needed_on: date | None, expected: pace.Pace) -> None:
    assert pace.pace_of(needed_on, DAY) == expected


WORKED = [
    (at(9), 240, at(13)),
    (at(16), 240, at(11, day=13)),
    (at(3), 60, at(10)),
    (at(17, day=13), 120, at(10, day=16)),
    (at(12, day=14), 0, at(9, day=16)),
    (at(12), 0, at(12)),
    (at(14), 240, at(18)),
]


@pytest.mark.parametrize(("since", "minutes", "until"), WORKED)
def test_hours_count_while_the_site_is_open(since: datetime, minutes: int, until: datetime) -> None:
    assert pace.worked(OPEN_NINE_TO_SIX, since, minutes) == until


def test_closures_and_holidays_do_not_count() -> None:
    shut = replace(
        OPEN_NINE_TO_SIX,
        closures=[(date(2026, 11, 13), date(2026, 11, 14))],
        holidays=frozenset({date(2026, 11, 16)}),
    )
    assert pace.worked(shut, at(16), 240) == at(11, day=17)


def test_a_place_that_never_opens_waits_for_ever_and_still_goes_on() -> None:
    never = Timetable(time_zone="UTC", week={})
    assert pace.worked(never, at(9), 60) == at(9) + timedelta(days=60)


def course(step: int, found: int, now: datetime) -> pace.Course:
    return pace.Course(step=step, found=found, asked_at=at(9), now=now)


FOLLOWING = [
    (course(1, 5, at(9)), (1, at(13))),
    (course(2, 5, at(13)), (2, at(9, day=13))),
    (course(2, 2, at(17)), (2, at(12, day=13))),
    # Nobody is left for another wave: the managers come next, the sooner if nobody was found.
    (course(1, 3, at(9)), (2, at(9, day=13))),
    (course(1, 0, at(9)), (2, at(13))),
    (course(2, 0, at(13)), (2, at(17))),
    (course(3, 1, at(9)), (3, None)),
]


@pytest.mark.parametrize(("where", "expected"), FOLLOWING)
def test_five_then_five_then_the_managers(
    where: pace.Course, expected: tuple[int, datetime | None]
) -> None:
    assert pace.following(where, pace.USUAL, OPEN_NINE_TO_SIX) == expected


def test_a_pause_ends_by_itself_and_the_cap_is_of_the_week() -> None:
    until = Wishes(paused=True, paused_until=DAY)
    assert (until.pauses(DAY), until.pauses(DAY + timedelta(days=1))) == (True, False)
    assert Wishes(paused=True).pauses(DAY + timedelta(days=900))
    assert Wishes(2).welcomes(1, DAY)
    assert not Wishes(2).welcomes(2, DAY)
    assert not Wishes(0).welcomes(0, DAY)
    assert not until.welcomes(0, DAY)


def test_who_does_not_pause_has_no_end_of_it() -> None:
    assert check(Wishes(4, paused_until=DAY), DAY) == Wishes(4)
    kept = Wishes(CAP_MOST, paused=True, paused_until=DAY)
    assert check(kept, DAY) == kept


BAD = [
    (Wishes(-1), "help.cap"),
    (Wishes(CAP_MOST + 1), "help.cap"),
    (Wishes(paused=True, paused_until=DAY - timedelta(days=1)), "help.pause_past"),
    (Wishes(paused=True, paused_until=DAY + timedelta(days=800)), "help.pause_far"),
]


@pytest.mark.parametrize(("wishes", "code"), BAD)
def test_wishes_that_make_no_sense_are_refused(wishes: Wishes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check(wishes, DAY)
    assert refused.value.code == code
