"""Check-ins, check-outs and forgotten ones never give more than doing it right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.commitments.checkin_rules import (
    Decision,
    Ending,
    OpenSession,
    Place,
    Punch,
    asks_leaving_time,
    check_in,
    check_out,
    clock_offset,
    clock_suspect,
    cut_off,
    forgotten,
    may_answer_alone,
    may_change_alone,
    needs_note,
    unanswered_end,
)

NINE = datetime(2026, 11, 12, 9, 2, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PARIS = Place("Europe/Paris")
LYON, LILLE = 1, 2
OPEN = OpenSession(LYON, NINE)
moments = st.integers(-2000, 2000).map(lambda m: NINE + m * MINUTE)
proofs = st.none() | moments


def press(site: int, at: datetime, *, after: timedelta = timedelta()) -> Punch:
    return Punch(site, at, at + after)


def paris(*clock: int) -> datetime:
    return datetime(*clock, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


def test_a_first_check_in_opens() -> None:
    assert check_in(press(LYON, NINE), None) == Decision("opened", NINE)


@given(st.integers(0, 600))
def test_a_second_check_in_at_the_same_site_changes_nothing(later: int) -> None:
    again = check_in(press(LYON, NINE + later * MINUTE), OPEN)
    assert again == Decision("already", NINE)


def test_a_check_in_at_another_site_ends_the_first_as_presumed() -> None:
    noon = NINE + 3 * HOUR
    ending = Ending(noon, "presumed", "next_checkin")
    assert check_in(press(LILLE, noon), OPEN) == Decision("opened", noon, ending)


@given(st.integers(1, 600), st.booleans())
def test_two_check_ins_give_the_same_sessions_in_either_order(minutes: int, same: bool) -> None:
    first, second = press(LYON, NINE), press(LYON if same else LILLE, NINE + minutes * MINUTE)

    def sessions(*punches: Punch) -> set[tuple[datetime, datetime | None]]:
        kept, current = set(), None
        for punch in punches:
            seen = check_in(punch, current)
            if seen.outcome == "before":
                kept.add((seen.start, seen.ending.at))
                continue
            if seen.ending and current:
                kept.add((current.start, seen.ending.at))
            current = OpenSession(
                current.site_id if seen.outcome == "already" else punch.site_id, seen.start
            )
        return kept | {(current.start, None)}

    assert sessions(first, second) == sessions(second, first)


def test_a_site_that_is_closed_keeps_the_punch_for_a_correction() -> None:
    seen = check_in(press(LYON, NINE), None, site_open=False)
    assert (seen.outcome, seen.by_correction) == ("refused", True)
    assert check_in(press(LYON, NINE), OPEN, site_open=False).outcome == "already"


def test_the_future_is_kept_but_not_applied() -> None:
    def ahead(minutes: int) -> Decision:
        return check_in(press(LYON, NINE, after=-minutes * MINUTE), None)

    assert ahead(6) == Decision("ahead")
    assert not ahead(6).by_correction
    # Up to five minutes it is a clock's error: the session begins when we heard of it.
    assert ahead(5) == Decision("opened", NINE - 5 * MINUTE)


def test_a_queue_is_accepted_for_72_hours_while_the_period_is_open() -> None:
    in_time, late = press(LYON, NINE, after=72 * HOUR), press(LYON, NINE, after=73 * HOUR)
    assert check_in(in_time, None) == Decision("opened", NINE)
    assert check_in(late, None) == Decision("late")
    assert check_out(late, OPEN).by_correction
    assert check_in(in_time, None, period_closed=True) == Decision("late")


def test_a_clock_more_than_five_minutes_off_flags_its_device() -> None:
    offsets = [clock_offset(NINE + timedelta(seconds=s), NINE) for s in (-301, -300, 0, 300, 301)]
    assert [clock_suspect(s) for s in offsets] == [True, False, False, False, True]


def test_a_check_out_closes_where_one_is_and_is_presumed_elsewhere() -> None:
    noon = NINE + 3 * HOUR
    assert check_out(press(LYON, noon), OPEN).ending == Ending(noon, "closed", "out")
    assert check_out(press(LILLE, noon), OPEN).ending == Ending(noon, "presumed", "next_checkin")


def test_a_check_out_without_a_session_is_kept_and_does_nothing() -> None:
    assert check_out(press(LYON, NINE), None) == Decision("not_in")
    assert check_out(press(LYON, NINE - MINUTE), OPEN) == Decision("not_in")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ((2026, 11, 12, 9, 0), (2026, 11, 12, 21, 0)),  # twelve hours
        ((2026, 11, 12, 14, 0), (2026, 11, 12, 23, 0)),  # the cut-off of the evening
        ((2026, 11, 12, 23, 0), (2026, 11, 13, 11, 0)),  # begun at the cut-off: twelve hours
        ((2026, 10, 24, 23, 30), (2026, 10, 25, 10, 30)),  # twelve hours of the long night
    ],
)
def test_an_open_session_has_a_cut_off(start, expected) -> None:
    assert cut_off(paris(*start), PARIS) == paris(*expected)


@given(moments, st.integers(1, 1440), st.integers(1, 1440))
def test_the_cut_off_comes_after_the_start_and_within_its_bound(
    start, clock: int, most: int
) -> None:
    for zone in ("Europe/Paris", "America/Montreal", "Africa/Dakar"):
        limit = cut_off(start, Place(zone, clock, most))
        assert start < limit <= start + most * MINUTE


def test_a_forgotten_check_out_is_presumed_at_its_proof_or_the_cut_off() -> None:
    late = NINE + 30 * HOUR
    planned = OpenSession(LYON, NINE, planned_end=NINE + 3 * HOUR)
    assert forgotten(OPEN, PARIS, now=NINE + 11 * HOUR) is None
    assert forgotten(OPEN, PARIS, now=late) == Ending(NINE + 12 * HOUR, "presumed", "auto")
    assert forgotten(planned, PARIS, now=late) == Ending(NINE + 3 * HOUR, "presumed", "auto")


def test_the_evening_cut_off_and_the_longest_stay_are_told_apart() -> None:
    afternoon = OpenSession(LYON, NINE + 6 * HOUR)
    assert forgotten(afternoon, PARIS, now=NINE + 48 * HOUR).source == "cutoff"
    midnight = Place("Europe/Paris", cutoff_at=1440)
    assert cut_off(paris(2026, 10, 24, 23, 30), midnight) == paris(2026, 10, 25, 0, 0)


def test_a_punch_keeps_a_word_for_what_it_did() -> None:
    def word(site: int, at: datetime, **other) -> str:
        return check_in(press(site, at), OPEN, **other).recorded

    assert [word(LYON, NINE), word(LILLE, NINE)] == ["repeated", "applied"]
    assert word(LILLE, NINE, site_open=False) == "refused"
    assert check_out(press(LYON, NINE), None).recorded == "repeated"


@given(proofs, proofs, st.integers(0, 5000))
def test_a_tick_run_late_gives_the_same_end(planned, ping, delay: int) -> None:
    session = OpenSession(LYON, NINE, planned, ping)
    limit = cut_off(NINE, PARIS)
    assert forgotten(session, PARIS, now=limit + delay * MINUTE) == forgotten(
        session, PARIS, now=limit
    )


@given(proofs, proofs, moments)
def test_nobody_answers_alone_beyond_a_proof_or_the_present(planned, ping, end) -> None:
    session = OpenSession(LYON, NINE, planned, ping)
    now = NINE + 12 * HOUR
    alone = may_answer_alone(session, end, now=now)
    proven = any(proof and end <= proof for proof in (planned, ping)) or end == NINE
    assert alone == (NINE <= end <= now and proven)


def test_one_seen_elsewhere_had_left() -> None:
    session = OpenSession(LYON, NINE, planned_end=NINE + 8 * HOUR)
    known = {"now": NINE + 24 * HOUR, "seen_elsewhere": NINE + 2 * HOUR}
    assert may_answer_alone(session, NINE + 2 * HOUR, **known)
    assert not may_answer_alone(session, NINE + 3 * HOUR, **known)


@given(moments, moments)
def test_shortening_needs_nobody_and_lengthening_somebody(start, end) -> None:
    old = (NINE, NINE + 8 * HOUR)
    alone = may_change_alone(old, (start, end))
    assert alone == (old[0] <= start <= end <= old[1])
    assert not alone or end - start <= old[1] - old[0]


def test_left_at_five_pressed_at_nine() -> None:
    pressed = (NINE, NINE + 12 * HOUR)
    assert may_change_alone(pressed, (NINE, NINE + 8 * HOUR))
    assert not may_change_alone((NINE, NINE + 8 * HOUR), pressed)


def test_a_session_nobody_answers_for_counts_what_is_proven() -> None:
    planned = OpenSession(LYON, NINE, planned_end=NINE + 3 * HOUR)
    assert unanswered_end(OPEN, provisional=NINE + 12 * HOUR) == NINE
    assert unanswered_end(planned, provisional=NINE + 12 * HOUR) == NINE + 3 * HOUR
    assert unanswered_end(planned, provisional=NINE + HOUR) == NINE + HOUR


@given(proofs, proofs)
def test_forgetting_never_gives_more_than_its_proof(planned, ping) -> None:
    session = OpenSession(LYON, NINE, planned, ping)
    ending = forgotten(session, PARIS, now=NINE + 48 * HOUR)
    counted = unanswered_end(session, provisional=ending.at)
    assert NINE <= counted <= min(session.proven_until, cut_off(NINE, PARIS))


def test_who_forgets_three_times_is_asked_beforehand_and_proposes_twice() -> None:
    assert [asks_leaving_time(n) for n in (2, 3)] == [False, True]
    assert [needs_note(n) for n in (1, 2)] == [False, True]
