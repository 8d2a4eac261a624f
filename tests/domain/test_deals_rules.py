"""States that all are reached and ends that are ends; terms, their hash, and what makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.deals import rules, terms
from incubator.domain.exchanges.deals.terms import LegTerms, SoulteTerms, Terms
from incubator.kernel.errors import Refusal

TODAY = date(2026, 11, 27)
THEN = datetime(2026, 12, 1, tzinfo=UTC)
ENDS = {
    # What was closed or compensated is open again when its posting is taken back.
    "DEAL": {"part_settled", "cancelled", "declined", "expired", "withdrawn"},
    "LEG": {"refused", "released"},
    "DISPUTE": {"resolved", "withdrawn"},
}


@pytest.mark.parametrize(
    ("name", "first"), [("DEAL", "draft"), ("LEG", "committed"), ("DISPUTE", "opened")]
)
def test_every_state_is_reached_and_ends_have_no_exit(name: str, first: str) -> None:
    exits = getattr(rules, name)
    reached, todo = {first}, [first]
    while todo:
        for state in exits[todo.pop()].values():
            if state not in reached:
                reached.add(state)
                todo.append(state)
    assert reached == set(exits)
    assert {state for state, ways in exits.items() if not ways} == ENDS[name]


def test_an_act_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Refusal, match=r"deals\.state"):
        rules.after(rules.DEAL, "closed", "bind")


@pytest.mark.parametrize(
    ("states", "soulte_open", "act"),
    [
        (["accepted", "accepted"], False, "fulfil"),
        (["accepted", "accepted"], True, None),
        (["accepted", "part_accepted"], False, "part"),
        (["accepted", "refused"], True, "part"),
        (["refused", "released"], False, "cancel"),
        (["accepted", "contested"], False, None),
        (["accepted", "delivered"], False, None),
    ],
)
def test_a_deal_ends_as_its_legs_ended(
    states: list[str], soulte_open: bool, act: str | None
) -> None:
    assert rules.ending(states, soulte_open=soulte_open) == act


@given(st.integers(1, 10**6), st.data())
def test_part_accepted_and_let_go_make_the_whole(ttc: int, data: st.DataObject) -> None:
    cents = data.draw(st.integers(0, ttc))
    outcome, act = rules.outcome(cents, ttc)
    assert (outcome, act) == (
        ("full", "accept") if cents == ttc else ("partial", "part") if cents else ("void", "refuse")
    )
    with pytest.raises(Refusal, match=r"deals\.too_much"):
        rules.outcome(ttc + 1, ttc)


def leg(giver: int = 1, receiver: int = 2, **more: Any) -> LegTerms:
    told: dict[str, Any] = {"title": "Buffet", "ht_cents": 100_00} | more
    return LegTerms(giver_id=giver, receiver_id=receiver, **told)


def hashed(found: Terms, *, deal_id: int = 1, revision: int = 1) -> str:
    return terms.hash_of(found, deal_id=deal_id, revision=revision, expires_at=THEN)


@pytest.mark.parametrize(
    "change",
    [
        {"giver_id": 2, "receiver_id": 1},
        {"title": "Autre"},
        {"mode": "cash"},
        {"details": "x"},
        {"quantity": 2},
        {"unit": "h"},
        {"skill_id": 3},
        {"listing_id": 3},
        {"ht_cents": 100_01},
        {"vat_bp": 1000},
        {"vat_bp": None},
        {"due_on": TODAY},
    ],
)
def test_whatever_changes_in_a_leg_changes_the_hash(change: dict[str, Any]) -> None:
    assert hashed(Terms(legs=(replace(leg(), **change),))) != hashed(Terms(legs=(leg(),)))


def test_terms_that_come_back_are_not_the_ones_that_were_signed() -> None:
    same = Terms(legs=(leg(),))
    assert hashed(same) == hashed(Terms(legs=(leg(slot="give1"),)))
    assert hashed(same) != hashed(same, revision=3)
    assert hashed(same) != hashed(same, deal_id=2)
    assert hashed(same) != hashed(replace(same, soulte=SoulteTerms(1, 2, 5)))


@pytest.mark.parametrize(
    ("code", "field", "change"),
    [
        ("deals.title", "give1_title", {"title": "  \0 "}),
        ("deals.same_firm", "give1_title", {"receiver_id": 1}),
        ("deals.mode", "give1_mode", {"mode": "credit"}),
        ("deals.quantity", "give1_quantity", {"quantity": 0}),
        ("deals.cents", "give1_ht", {"ht_cents": 1.5}),
        ("deals.rate", "give1_vat", {"vat_bp": 1234}),
        ("deals.gift", "give1_ht", {"mode": "gift"}),
        ("deals.price", "give1_ht", {"ht_cents": 0}),
        ("deals.past", "give1_due", {"due_on": date(2026, 11, 26)}),
        ("deals.details", "give1_details", {"details": "x" * 501}),
    ],
)
def test_what_cannot_be_a_term_is_said_beside_its_field(
    code: str, field: str, change: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match=code) as refused:
        terms.checked(
            Terms(legs=(leg(slot="give1", **change),))
            if "receiver_id" not in change
            else Terms(legs=(leg(receiver=1, slot="give1"),)),
            today=TODAY,
        )
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("code", "wish"),
    [
        ("deals.legs", Terms(legs=())),
        ("deals.legs", Terms(legs=(leg(),) * 13)),
        ("deals.legs", Terms(legs=(leg(),), kind="loan")),
        ("deals.two_firms", Terms(legs=(leg(), leg(3, 1)))),
        ("deals.regimes", Terms(legs=(leg(), leg(vat_bp=None)))),
        ("deals.soulte", Terms(legs=(leg(),), soulte=SoulteTerms(1, 3, 5))),
        ("deals.soulte", Terms(legs=(leg(),), soulte=SoulteTerms(1, 1, 5))),
        ("deals.soulte", Terms(legs=(leg(),), soulte=SoulteTerms(1, 2, 0))),
        ("deals.ring", Terms(legs=(leg(), leg(2, 1), leg(3, 4), leg(4, 3)), kind="ring")),
        ("deals.ring", Terms(legs=(leg(), leg(1, 3), leg(2, 1)), kind="ring")),
    ],
)
def test_terms_that_do_not_hold_together_are_refused(code: str, wish: Terms) -> None:
    with pytest.raises(Refusal, match=code):
        terms.checked(wish, today=TODAY)


def test_a_firm_abroad_charges_no_french_vat() -> None:
    with pytest.raises(Refusal, match=r"deals\.vat_abroad") as refused:
        terms.checked(Terms(legs=(leg(slot="give2"),)), today=TODAY, abroad={1})
    assert refused.value.field == "give2_vat"
    for rate in (0, None):
        terms.checked(Terms(legs=(leg(vat_bp=rate),)), today=TODAY, abroad={1})
    terms.checked(Terms(legs=(leg(),)), today=TODAY, abroad={2})


def test_a_ring_gives_and_receives_once_each() -> None:
    ring = Terms(legs=(leg(1, 2), leg(2, 3), leg(3, 1)), kind="ring")
    assert terms.checked(ring, today=TODAY) == ring
    assert terms.difference(ring) == 0


@given(st.integers(1, 10**8), st.integers(1, 10**8), st.sampled_from([2000, 550, None]))
def test_a_covering_soulte_makes_the_sides_equal(mine: int, theirs: int, rate: int | None) -> None:
    wish = Terms(legs=(leg(1, 2, ht_cents=mine), leg(2, 1, ht_cents=theirs, vat_bp=rate)))
    soulte = terms.covering(wish)
    apart = abs(wish.legs[0].amounts.ttc - wish.legs[1].amounts.ttc)
    assert terms.difference(wish) == apart
    assert (soulte.cents if soulte else 0) == apart
    assert terms.difference(replace(wish, soulte=soulte)) == 0


def test_gifts_and_cash_need_no_counterpart() -> None:
    legs = (leg(mode="cash"), leg(2, 1, mode="gift", ht_cents=0))
    assert terms.difference(Terms(legs=legs)) == 0


def test_what_changed_is_told_leg_by_leg() -> None:
    before = terms.plain(Terms(legs=(leg(), leg(2, 1))))
    now = terms.plain(Terms(legs=(leg(ht_cents=90_00),), soulte=SoulteTerms(1, 2, 7)))
    told = [(each.leg, each.name, each.before, each.after) for each in terms.changes(before, now)]
    assert told == [
        (1, "ht_cents", 100_00, 90_00),
        (2, "gone", "Buffet", None),
        (0, "soulte", 0, 7),
    ]
    assert terms.changes(now, before)[1].name == "added"


def test_what_was_signed_once_has_the_same_hash_for_ever() -> None:
    """Signatures are kept with it: another way of writing the terms would void them all."""
    swap = Terms(
        legs=(leg(details="Pour « vingt »", quantity=2), leg(2, 1, vat_bp=None, due_on=TODAY)),
        soulte=SoulteTerms(2, 1, 20_00),
    )
    kept = "a9ad150454d33148daa2240362d8445f66edd42c0bc7c017a3e055737023fa05"
    assert hashed(swap, deal_id=7, revision=2) == kept


def test_a_soulte_that_does_not_fit_is_refused_beside_its_field() -> None:
    even = (leg(), leg(2, 1))
    for soulte in (SoulteTerms(1, 3, 20_00), SoulteTerms(1, 1, 20_00), SoulteTerms(1, 2, 0)):
        with pytest.raises(Refusal) as caught:
            terms.checked(Terms(legs=even, soulte=soulte), today=TODAY)
        assert caught.value.field == "soulte"


def test_a_gift_says_nothing_of_the_regime_of_who_gives_it() -> None:
    legs = (leg(mode="gift", ht_cents=0, vat_bp=None), leg(), leg(2, 1))
    assert terms.checked(Terms(legs=legs), today=TODAY)
    with pytest.raises(Refusal) as caught:
        both = (leg(), leg(vat_bp=None, slot="give2"), leg(2, 1))
        terms.checked(Terms(legs=both), today=TODAY)
    assert (caught.value.code, caught.value.field) == ("deals.regimes", "give2_vat")


def test_a_soulte_evens_out_what_each_firm_is_left_with() -> None:
    uneven = Terms(legs=(leg(ht_cents=200_00), leg(2, 1, ht_cents=180_00)))
    covered = replace(uneven, soulte=terms.covering(uneven))
    assert dict(terms.balances(uneven)) == {1: 24_00, 2: -24_00}
    assert not any(terms.balances(covered).values())
