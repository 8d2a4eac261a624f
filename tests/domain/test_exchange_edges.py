"""Edges of the rules of deals and of the ledger, to the cent: each was once a surviving mutant."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from incubator.domain.exchanges.deals import money, rules
from incubator.domain.exchanges.deals import policy as deal_policy
from incubator.domain.exchanges.deals.terms import (
    Change,
    LegTerms,
    SoulteTerms,
    Terms,
    changes,
    checked,
    covering,
    plain,
)
from incubator.domain.exchanges.ledger import health_rules
from incubator.domain.exchanges.ledger.policy import Seat, may_post
from incubator.domain.exchanges.ledger.rules import Policy, limits_of, line_for
from incubator.domain.exchanges.listings import rules as listing_rules
from incubator.domain.exchanges.rings import rules as ring_rules
from incubator.kernel.errors import Refusal
from incubator.network.members.actor import Actor
from tests.conftest import NOW

WORKER = Seat(site_id=1, works_there=True)
STRANGER = Seat(site_id=2)


def leg(giver: int = 1, receiver: int = 2, **more: Any) -> LegTerms:
    told: dict[str, Any] = {"title": "Affiche", "ht_cents": 100_00} | more
    return LegTerms(giver_id=giver, receiver_id=receiver, **told)


def refused(act: Any, *arguments: Any, **more: Any) -> tuple[str, str | None, dict[str, Any]]:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **more)
    return caught.value.code, caught.value.field, caught.value.details


# ----------------------------------------------------------------------- listings and rings


def test_people_do_all_that_fits_a_listing_but_let_it_expire() -> None:
    assert listing_rules.acts_from("published") == ("pause", "part", "fill", "renew", "withdraw")
    assert listing_rules.acts_from("expired") == ("renew", "withdraw")
    assert listing_rules.acts_from("filled") == ()


def test_why_not_is_kept_in_one_kind_of_line_and_within_measure() -> None:
    assert ring_rules.reason(" no\0t\r\nnow ") == "not\nnow"
    assert ring_rules.reason("x" * ring_rules.REASON_MOST) == "x" * ring_rules.REASON_MOST
    said = ("rings.reason", "reason", {"most": ring_rules.REASON_MOST})
    assert refused(ring_rules.reason, "x" * (ring_rules.REASON_MOST + 1)) == said
    assert refused(ring_rules.after, "lapsed", "open") == ("rings.state", None, {})


def test_a_ring_is_named_by_what_it_was_made_of_however_it_is_told() -> None:
    told = ring_rules.hash_of({"b": [1, 2], "a": "é"})
    assert told == ring_rules.hash_of({"a": "é", "b": [1, 2]})
    assert told == "e72bd1bfe08db42c7cb48a01fcbbe441a57d28e5e64fcb08dcfab2cffe99f7a2"


# ------------------------------------------------------------------------------- the ledger


def test_a_soft_limit_is_whole_cents_whatever_the_line() -> None:
    soft = limits_of(99, upper=None).soft
    assert (soft, type(soft)) == (-79, int)


def test_the_first_cent_given_lengthens_no_line() -> None:
    steep = Policy(start_cents=500_00, growth_pct=100)
    assert [line_for(steep, given) for given in (-1, 0, 1, 49_99, 50_00)] == [
        500_00,
        500_00,
        500_00,
        500_00,
        550_00,
    ]


def test_credit_of_before_is_spent_first_and_told_of_nobody() -> None:
    assert health_rules.waits([(3, 100), (9, -150)], before=100) == [(6, 50)]
    assert health_rules.waits([(3, 100), (9, -100)], before=0) == [(6, 100)]
    assert health_rules.waits([(3, 100), (9, -2)], before=1) == [(6, 1)]


def test_a_debt_is_paid_back_bit_by_bit_and_only_the_rest_waits() -> None:
    told = health_rules.waits([(1, 30), (2, 30), (3, 50), (8, -50)], before=-70)
    assert told == [(0.0, 30), (0.0, 30), (0.0, 10), (5, 40)]


def test_what_is_received_on_credit_adds_to_the_debt() -> None:
    told = health_rules.waits([(1, -30), (2, -20), (3, 60), (9, -10)])
    assert told == [(0.0, 50), (6, 10)]


def test_what_is_left_of_a_delivery_is_spent_later() -> None:
    assert health_rules.waits([(0, 100), (2, -30), (5, -70)]) == [(2, 30), (5, 70)]
    assert health_rules.waits([(0, 1), (4, -1)]) == [(4, 1)]


def test_what_was_no_trade_moves_the_balance_and_tells_nothing() -> None:
    assert health_rules.waits([(0, 100), (None, -30), (5, -70)]) == [(5, 70)]
    assert health_rules.waits([(None, 100), (5, -70), (6, 10), (8, -40)]) == [(2, 10)]
    assert health_rules.waits([(0, -50), (None, 30), (4, 30), (5, -10)]) == [(0.0, 20), (1, 10)]


def test_the_median_is_where_half_is_reached_exactly() -> None:
    assert health_rules.median_weighted([(1, 1), (2, 1)]) == 1
    assert health_rules.median_weighted([(1, 1), (2, 2), (3, 3)]) == 2
    assert health_rules.median_weighted([(1, 10), (2, 11)]) == 2


def test_the_top_twentieth_is_rounded_up_and_counts_single_cents() -> None:
    assert health_rules.concentration([1, 1, -2]) == 0.5
    assert health_rules.concentration([10] * 20) == 0.05
    assert health_rules.concentration([10] * 21) == 2 / 21
    # A hundred and one are six: a twentieth of a hundred and one is a little more than five.
    assert health_rules.concentration([10] * 101) == 6 / 101
    assert health_rules.concentration([10] * 100) == 0.05


def test_the_machine_posts_what_follows_from_signatures_and_no_adjustment() -> None:
    seats: dict[str, Any] = {"receivers": [STRANGER], "all_of": [STRANGER]}
    assert may_post(None, "settle", **seats)
    assert may_post(None, "clearing", **seats)
    assert not may_post(None, "adjustment", **seats)


def test_people_of_the_firm_that_receives_take_on_a_fee_too() -> None:
    member = Actor(
        id=7,
        name="Ada",
        slug="ada",
        role="member",
        home_site_id=1,
        managed_site_ids=frozenset(),
        language="fr",
        time_zone="Europe/Paris",
    )
    for kind, allowed in (("settle", True), ("fee", True), ("opening", False)):
        assert may_post(member, kind, receivers=[WORKER], all_of=[WORKER, STRANGER]) is allowed


# ------------------------------------------------------------------------------- deals


def test_an_amount_beyond_the_leg_is_said_beside_its_field() -> None:
    for cents in (-1, 101):
        assert refused(rules.outcome, cents, 100) == ("deals.too_much", "cents", {})
    assert rules.outcome(0, 100) == ("void", "refuse")


def test_words_lose_what_no_page_shows_and_keep_their_lines() -> None:
    assert rules.words("  un\0e\r\nligne ", "words") == "une\nligne"
    assert rules.words("a", "words") == "a"
    for text in ("", " \0 ", "b" * (rules.WORDS_MOST + 1)):
        told = refused(rules.words, text, "reason")
        assert told == ("deals.words", "reason", {"most": rules.WORDS_MOST})


def test_details_that_are_too_long_say_how_long_they_may_be() -> None:
    long = Terms(legs=(leg(details="x" * (rules.DETAILS_MOST + 1)),))
    told = refused(checked, long, today=NOW.date())
    assert told == ("deals.details", "details", {"most": rules.DETAILS_MOST})
    from_form = Terms(legs=(leg(title=" ", slot="give1"),))
    assert refused(checked, from_form, today=NOW.date())[:2] == ("deals.title", "give1_title")


def test_what_is_no_ring_is_called_so() -> None:
    broken = Terms(kind="ring", legs=(leg(1, 2), leg(2, 3), leg(3, 2)))
    assert refused(checked, broken, today=NOW.date()) == ("deals.ring", None, {})


def test_a_covering_soulte_is_reckoned_anew_and_not_on_top_of_the_last() -> None:
    legs = (leg(1, 2, vat_bp=0), leg(2, 1, ht_cents=40_00, vat_bp=0))
    once = Terms(legs=legs, soulte=SoulteTerms(2, 1, 10_00))
    assert covering(once) == SoulteTerms(2, 1, 60_00)


def test_what_is_new_or_gone_is_numbered_and_named() -> None:
    short, long = Terms(legs=(leg(),)), Terms(legs=(leg(), leg(2, 1, title="Buffet")))
    assert changes(plain(short), plain(long)) == [Change(2, "added", None, "Buffet")]
    assert changes(plain(long), plain(short)) == [Change(2, "gone", "Buffet", None)]


def test_that_a_deal_is_of_another_kind_is_told() -> None:
    before = plain(Terms(kind="swap", legs=(leg(),)))
    assert changes(before, before | {"kind": "credit"}) == [Change(0, "kind", "swap", "credit")]


def test_an_amount_at_the_edge_is_the_last_that_is_read() -> None:
    assert money.cents_of("100000000", "ht") == money.MOST
    assert money.cents_of("12,00", "ht") == 12_00
    assert money.cents_of("12", "ht") == 12_00
    for typed in ("100000000,01", "1" * 30, "douze"):
        assert refused(money.cents_of, typed, "ht") == ("deals.amount", "ht", {})


def test_an_amount_is_shown_as_short_as_it_was() -> None:
    assert [money.typed_of(cents) for cents in (None, 0, 12_00, 12_05)] == ["", "0", "12", "12,05"]


@pytest.mark.parametrize(
    ("state", "days", "may"),
    [("answered", 0, True), ("mediated", 0, True), ("opened", 6, False), ("opened", 7, True)],
)
def test_a_mediator_proposes_once_both_spoke_or_a_week_went_by(
    state: str, days: int, *, may: bool
) -> None:
    dispute: Any = SimpleNamespace(state=state, opened_at=NOW)
    assert deal_policy.may_advise(dispute, NOW + timedelta(days=days)) is may
