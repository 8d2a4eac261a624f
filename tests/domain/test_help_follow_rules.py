"""What is typed, when letters may go, and links that stop them: pure rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from incubator.domain.help.bump_rules import BETWEEN, GATHERED, due_at
from incubator.domain.help.search_terms import KEYS, Typed, parse
from incubator.domain.help.stop_links import Stop, stop_of
from incubator.kernel.errors import NotFound
from incubator.network.letters.quiet_rules import Hours, Quiet

ZONES = ("Europe/Paris", "America/Toronto", "Africa/Dakar")
NIGHTS = Quiet(Hours(), "Europe/Paris")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("facture impayée", Typed(words="facture impayée")),
        ("site:lyon facture", Typed(words="facture", site="lyon")),
        ("LIEU:Lyon", Typed(site="Lyon")),
        ('compétence:"droit du travail" bail', Typed(words="bail", skill="droit du travail")),
        ("skill:«droit du travail»", Typed(skill="droit du travail")),
        ("est:résolue is:open", Typed(state="open")),
        ('is:"sans réponse"', Typed(state="unanswered")),
        ("de:nadia par:moi", Typed(author="moi")),
        ("heure:12 est:chaud", Typed(words="heure:12 est:chaud")),
        ("site: https://exemple.fr", Typed(words="site: https://exemple.fr")),
        ("", Typed()),
    ],
)
def test_a_search_is_taken_apart(text: str, told: Typed) -> None:
    assert parse(text) == told


@given(some.text(), some.sampled_from(sorted(KEYS)), some.text())
def test_whatever_is_typed_is_taken_apart(before: str, key: str, after: str) -> None:
    told = parse(f"{before} {key}:{after}")
    assert all(isinstance(value, str) for value in vars(told).values())


def at(text: str, zone: str = "Europe/Paris") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("happened", "goes"),
    [
        ("2026-11-12 10:00", "2026-11-12 10:02"),
        ("2026-11-12 19:57", "2026-11-12 19:59"),
        ("2026-11-12 19:58", "2026-11-13 08:00"),
        ("2026-11-12 23:59", "2026-11-13 08:00"),
        ("2026-11-13 03:00", "2026-11-13 08:00"),
    ],
)
def test_letters_wait_a_little_and_keep_the_night(happened: str, goes: str) -> None:
    assert due_at(at(happened), NIGHTS) == at(goes)


def test_a_thread_is_silent_for_an_hour_after_a_letter() -> None:
    now = at("2026-11-12 10:00")
    assert due_at(now, NIGHTS, told_at=now - timedelta(minutes=5)) == at("2026-11-12 10:55")
    assert due_at(now, NIGHTS, told_at=now - timedelta(days=5)) == now + GATHERED


@given(
    some.integers(0, 365 * 24 * 60),
    some.sampled_from(ZONES),
)
def test_no_letter_goes_by_night_nor_too_early_nor_a_day_late(minute: int, zone: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    goes = due_at(now, Quiet(Hours(), zone), told_at=now)
    assert 8 <= goes.astimezone(ZoneInfo(zone)).hour < 20
    assert now + BETWEEN <= goes <= now + timedelta(days=1)


def test_a_link_that_stops_letters_says_what_and_cannot_be_forged() -> None:
    stop = Stop(12, "skill", 7)
    token = stop.token("s" * 40)
    assert stop_of(token, "s" * 40) == stop
    for wrong in (token[:-1], token.replace("12-", "13-", 1), "", "x", token + "0"):
        with pytest.raises(NotFound):
            stop_of(wrong, "s" * 40)
    with pytest.raises(NotFound):
        stop_of(token, "t" * 40)
