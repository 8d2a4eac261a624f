"""Rules of listings: amounts, moves, ends, distances, fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.listings import fitting, rules
from incubator.domain.exchanges.listings.amounts import MOST, cents_of, typed_of
from incubator.domain.exchanges.listings.fitting import Side, fit
from incubator.domain.exchanges.listings.places import City, kilometres
from incubator.domain.exchanges.listings.renew_links import (
    Renewal,
    instant_of,
    micros,
    renewal_of,
)
from incubator.domain.exchanges.listings.rules import Terms
from incubator.kernel.errors import NotFound, Refusal

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
LYON, GRENOBLE = City("Lyon", "FR"), City("Grenoble", "FR")
NEED = Side(
    firm_id=1,
    skill_ids=frozenset({5}),
    city=LYON,
    remote=False,
    radius_km=30,
    modes=frozenset({"barter"}),
    min_cents=90_000,
    max_cents=150_000,
)
OFFER = replace(NEED, firm_id=2, min_cents=100_000, max_cents=None)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("", None),
        ("  ", None),
        ("0", 0),
        ("1200", 120_000),
        ("1 200,50", 120_050),
        ("1\u202f200,5 €", 120_050),
        ("1,234.50", 123_450),
        ("1.234,50", 123_450),
        ("€12", 1_200),
        ("12 345 678,09", 1_234_567_809),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, cents: int | None) -> None:
    assert cents_of(typed, "min_euros") == cents


@pytest.mark.parametrize(
    "typed",
    ["-5", "1,200", "1.200", "12,345", "1,2,3", "douze", "1e9", "١٢", "9" * 12, "5 $", "1200.505"],
)
def test_what_is_no_amount_or_two_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        cents_of(typed, "max_euros")
    assert (refused.value.code, refused.value.field) == ("listings.amount", "max_euros")


@given(st.integers(min_value=0, max_value=MOST))
def test_an_amount_comes_back_from_its_own_writing(cents: int) -> None:
    assert cents_of(typed_of(cents), "x") == cents


def test_every_state_is_reached_and_the_last_ones_have_no_way_out() -> None:
    ways = {(state, to) for act in rules.MOVES.values() for state, to in act.items()}
    assert {to for _, to in ways} | {"draft"} == set(rules.STATES)
    assert {state for state in rules.STATES if not rules.acts_from(state)} == {
        "filled",
        "withdrawn",
    }


def test_a_way_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal, match=r"listings\.state"):
        rules.next_state("filled", "publish")


def test_needs_last_thirty_days_and_offers_for_ever_unless_they_say_so() -> None:
    assert rules.end_of("need", None, NOW) == NOW + timedelta(days=30)
    assert rules.end_of("offer", None, NOW) is None
    chosen = NOW + timedelta(days=3)
    assert rules.end_of("offer", chosen, NOW) == chosen
    for wrong in (NOW, NOW + timedelta(days=800)):
        with pytest.raises(Refusal, match=r"listings\.until"):
            rules.end_of("need", wrong, NOW)


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (timedelta(days=8), None),
        (timedelta(days=7), "week"),
        (timedelta(hours=25), "week"),
        (timedelta(hours=24), "day"),
        (timedelta(seconds=1), "day"),
        (timedelta(0), "end"),
        (timedelta(days=-3), "end"),
    ],
)
def test_the_nearest_notice_is_told(left: timedelta, stage: str | None) -> None:
    assert rules.due_notice(NOW + left, NOW) == stage
    assert rules.due_notice(None, NOW) is None


WHOLE = Terms(
    title="  Une   affiche ",
    body="Texte\r\n",
    skill_ids=(1,),
    site_id=1,
    modes=frozenset({"hours"}),
)


def test_what_may_be_published_is_tidied() -> None:
    checked = rules.check(WHOLE, whole=True)
    assert (checked.title, checked.body) == ("Une affiche", "Texte")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 6_001}, "body"),
        ({"skill_ids": ()}, "skills"),
        ({"skill_ids": tuple(range(6))}, "skills"),
        ({"modes": frozenset()}, "modes"),
        ({"modes": frozenset({"bitcoin"})}, "modes"),
        ({"radius_km": None}, "radius_km"),
        ({"radius_km": -1}, "radius_km"),
        ({"quantity": 0}, "quantity"),
        ({"unit": "x" * 41}, "unit"),
        ({"min_cents": 2, "max_cents": 1}, "max_euros"),
        ({"visibility": "moon"}, "visibility"),
        ({"language": "de"}, "language"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.check(replace(WHOLE, **change), whole=True)
    assert refused.value.field == field


def test_a_draft_needs_no_more_than_a_title() -> None:
    draft = Terms(title="Plus tard", site_id=1, radius_km=None)
    assert rules.check(draft, whole=False).title == "Plus tard"


def test_distances_are_those_of_a_map() -> None:
    assert kilometres(LYON, City("lyon", "FR")) == 0
    assert 90 < (kilometres(LYON, GRENOBLE) or 0) < 100
    assert 5700 < (kilometres(LYON, City("Montréal", "CA")) or 0) < 5900
    assert kilometres(LYON, City("Trifouilly", "FR")) is None
    assert kilometres(City("Trifouilly", "FR"), City("trifouilly", "FR")) == 0


def test_a_fit_says_why() -> None:
    found = fit(NEED, OFFER, {})
    assert found is not None
    assert (found.skill_ids, found.how, found.km) == ((5,), "city", 0)
    assert (found.modes, found.values) == (("barter",), True)


@pytest.mark.parametrize(
    "change",
    [
        {"firm_id": 1},
        {"skill_ids": frozenset({6})},
        {"modes": frozenset({"hours"})},
        {"city": GRENOBLE},
        {"min_cents": 150_001, "max_cents": None},
        {"min_cents": None, "max_cents": 89_999},
    ],
)
def test_what_does_not_meet_does_not_fit(change: dict[str, object]) -> None:
    assert fit(NEED, replace(OFFER, **change), {}) is None


def test_an_offer_at_a_distance_reaches_every_city() -> None:
    found = fit(NEED, replace(OFFER, city=City("Montréal", "CA"), remote=True), {})
    assert found is not None
    assert found.how == "remote"


def test_whoever_travels_exactly_so_far_is_near() -> None:
    far = kilometres(LYON, GRENOBLE)
    found = fit(replace(NEED, radius_km=far), replace(OFFER, city=GRENOBLE), {})
    assert found is not None
    assert (found.how, found.km) == ("near", far)


def test_whoever_travels_far_enough_is_near() -> None:
    found = fit(replace(NEED, radius_km=100), replace(OFFER, city=GRENOBLE), {})
    assert found is not None
    assert (found.how, found.km) == ("near", kilometres(LYON, GRENOBLE))


def test_a_gift_suits_any_need_and_amounts_count_for_barter_and_euros_only() -> None:
    gift = replace(OFFER, modes=frozenset({"gift"}), min_cents=900_000, max_cents=None)
    assert fit(NEED, gift, {}) is not None


def test_a_family_meets_its_terms() -> None:
    parents = {5: 50, 6: 50, 50: None}
    assert fitting.shared_skills({5}, {50}, parents) == (5,)
    assert fitting.shared_skills({50}, {6}, parents) == (50,)
    assert fitting.shared_skills({5}, {6}, parents) == ()


@given(st.integers(min_value=0, max_value=10**16))
def test_an_instant_in_a_link_comes_back_whole(number: int) -> None:
    assert micros(instant_of(number)) == number


def test_a_link_is_for_one_listing_one_end_and_one_house() -> None:
    told = Renewal(7, 8, NOW)
    token = told.token("secret")
    assert renewal_of(token, "secret") == told
    for wrong in (
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token.replace("7-", "9-", 1),
        "",
    ):
        with pytest.raises(NotFound):
            renewal_of(wrong, "secret")
    with pytest.raises(NotFound):
        renewal_of(token, "another")
