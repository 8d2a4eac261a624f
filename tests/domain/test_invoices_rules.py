"""Rules of invoices: cents that add up, circles that balance, entries, and what firms may type."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.exchanges.deals import money
from incubator.domain.exchanges.invoices import abroad, entries, identity_rules, rules
from incubator.domain.exchanges.invoices.identity_rules import Details
from incubator.kernel.errors import Refusal

RATES = st.sampled_from([None, *money.RATES])
CLAIMS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 10**7)).filter(
        lambda told: told[0] != told[1]
    ),
    max_size=10,
).map(lambda told: [rules.Claim(number, *each) for number, each in enumerate(told, 1)])
USUAL = Details(
    legal_name="Bois & Cie",
    legal_form="SARL",
    street="12 rue des Tables",
    postcode="69001",
    city="Lyon",
    siren="732 829 320",
    vat_number="FR 44 732829320",
)


@given(st.integers(0, money.MOST), RATES)
def test_what_is_split_adds_up_and_its_tax_is_off_by_a_cent_at_most(ttc: int, bp) -> None:
    part = money.split(ttc, bp)
    assert part.ht + part.vat == part.ttc == ttc
    assert min(part) >= 0
    assert abs(part.vat - money.amounts(part.ht, bp).vat) <= 1


@given(st.integers(0, money.MOST // 2), RATES)
def test_a_whole_line_is_split_into_what_it_was(ht: int, bp) -> None:
    line = money.amounts(ht, bp)
    assert money.split(line.ttc, bp) == line


@given(CLAIMS)
def test_circles_balance_and_never_pass_a_claim(claims) -> None:
    found = rules.circular(claims)
    by_number = {claim.invoice_id: claim for claim in claims}
    assert all(0 < cents <= by_number[number].cents for number, cents in found.items())
    set_off = [by_number[number]._replace(cents=cents) for number, cents in found.items()]
    assert not any(rules.balances(set_off).values())


@given(CLAIMS)
def test_circles_leave_no_circle(claims) -> None:
    found = rules.circular(claims)
    left = [claim for claim in claims if claim.cents > found.get(claim.invoice_id, 0)]
    # Whoever has nothing to pay, or nothing to get, is in no circle; in the end that is everybody.
    while left:
        both = {each.issuer_id for each in left} & {each.recipient_id for each in left}
        kept = [each for each in left if {each.issuer_id, each.recipient_id} <= both]
        assert len(kept) < len(left)
        left = kept


def test_a_circle_is_found_behind_ways_that_lead_nowhere() -> None:
    owed = [(7, 8), (8, 9), (8, 10), (10, 11), (10, 12), (12, 13), (12, 7), (7, 14)]
    claims = [rules.Claim(number, *firms, 1) for number, firms in enumerate(owed, 1)]
    assert rules.circular(claims) == {1: 1, 3: 1, 5: 1, 7: 1}


def test_the_shortest_circle_comes_first() -> None:
    owed = [(7, 8), (8, 9), (9, 7), (9, 8)]
    claims = [rules.Claim(number, *firms, 1) for number, firms in enumerate(owed, 1)]
    assert rules.circular(claims) == {2: 1, 4: 1}


def test_two_firms_set_off_the_smaller_side() -> None:
    claims = [rules.Claim(1, 7, 8, 100), rules.Claim(2, 8, 7, 60), rules.Claim(3, 8, 7, 30)]
    assert rules.circular(claims) == {1: 90, 2: 60, 3: 30}


def test_every_status_is_reached_and_ends_have_no_exit() -> None:
    for exits, first in ((rules.INVOICE, "draft"), (rules.SETOFF, "draft")):
        reached = {first} | {state for acts in exits.values() for state in acts.values()}
        assert reached == set(exits)
    for end in ("compensated", "paid", "credited"):
        assert not rules.INVOICE[end]
    with pytest.raises(Refusal, match=r"invoices\.state"):
        rules.after(rules.INVOICE, "credited", "receive")


@pytest.mark.parametrize("cents", [0, -1, 1.0, "1", True, None])
def test_only_whole_cents_are_set_off(cents) -> None:
    with pytest.raises(Refusal, match=r"invoices\.cents"):
        rules.whole(cents)


def test_details_are_kept_tidy() -> None:
    told = identity_rules.checked(replace(USUAL, legal_name="  Bois \n & Cie ", prefix=" a- "))
    assert (told.legal_name, told.siren, told.vat_number) == (
        "Bois & Cie",
        "732829320",
        "FR44732829320",
    )
    assert told.prefix == "A-"
    assert identity_rules.checked(replace(USUAL, siren="732 829 320 00074")).siren == "732829320"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"street": " "}, "missing", "street"),
        ({"city": "x" * 81}, "missing", "city"),
        ({"siren": "732829321"}, "siren", "siren"),
        ({"siren": ""}, "siren", "siren"),
        ({"vat_number": ""}, "vat_number", "vat_number"),
        ({"vat_number": "FR00732829320"}, "vat_number", "vat_number"),
        ({"vat_number": "FR96552100554"}, "vat_of_another", "vat_number"),
        ({"country": "France"}, "country", "country"),
        ({"country": "CA", "siren": "123"}, "regime_abroad", "regime"),
        ({"regime": "foreign"}, "regime_abroad", "regime"),
        ({"regime": "reverse_charge"}, "choose", "regime"),
        ({"vat_on": "moon"}, "choose", "vat_on"),
        ({"prefix": "=A"}, "prefix", "prefix"),
    ],
)
def test_what_cannot_stand_on_an_invoice_is_refused_beside_its_field(change, code, field) -> None:
    with pytest.raises(Refusal) as told:
        identity_rules.checked(replace(USUAL, **change))
    assert (told.value.code, told.value.field) == (f"invoices.{code}", field)


def paper(**more):
    told = {
        "kind": "invoice",
        "issuer_id": 1,
        "recipient_id": 2,
        "number": "2026-0001",
        "issued_on": date(2026, 11, 12),
        "booked_on": None,
        "title": "Table",
        "operation": "goods",
        "in_cash": False,
        "ttc_cents": 120_00,
        "vat_cents": 20_00,
        "seller": {"legal_name": "Bois", "regime": "normal"},
        "buyer": party("normal"),
    }
    return SimpleNamespace(**(told | more))


def party(regime, country="FR"):
    return {"legal_name": "Image", "regime": regime, "country": country}


def test_an_invoice_is_entered_on_both_sides() -> None:
    rows = [entries.row(line) for line in entries.of_invoice(paper(), 1)]
    assert rows == [
        ("12/11/2026", "VE", "2026-0001", "411", "Client Image à compenser", "120,00", ""),
        ("12/11/2026", "VE", "2026-0001", "707", "Table", "", "100,00"),
        ("12/11/2026", "VE", "2026-0001", "44571", "TVA 2026-0001", "", "20,00"),
    ]
    bought = [line[3:4] + line[5:] for line in entries.of_invoice(paper(operation="services"), 2)]
    assert bought == [("604", 100_00, 0), ("44566", 20_00, 0), ("401", 0, 120_00)]


@pytest.mark.parametrize("buyer", [party("franchise_293B"), party("foreign", "CA")])
def test_who_is_under_the_franchise_or_abroad_deducts_no_vat(buyer) -> None:
    bought = [line[3:4] + line[5:] for line in entries.of_invoice(paper(buyer=buyer), 2)]
    assert bought == [("607", 120_00, 0), ("401", 0, 120_00)]


@pytest.mark.parametrize("regime", identity_rules.REGIMES)
def test_the_books_deduct_what_was_told_before_signing(regime) -> None:
    leg = SimpleNamespace(giver_id=1, receiver_id=2, vat_bp=2000, vat_cents=20_00)
    told = money.effect(2, [leg], regime)
    lines = entries.of_invoice(paper(buyer=party(regime)), 2)
    assert sum(one.debit for one in lines if one.account == "44566") == told.recoverable


@pytest.mark.parametrize(
    ("operation", "buyer", "told"),
    [
        ("services", party("normal"), "Table, TVA à autoliquider"),
        ("mixed", party("normal"), "Table, TVA à autoliquider"),
        ("services", party("franchise_293B"), "Table, TVA à autoliquider"),
        ("services", party("normal", "MC"), "Table, TVA à autoliquider"),
        ("goods", party("normal"), "Table"),
        ("services", party("foreign", "DE"), "Table"),
    ],
)
def test_the_vat_of_a_service_from_abroad_is_to_be_declared_and_no_rate_is_made_up(
    operation, buyer, told
) -> None:
    seller = {"legal_name": "Érable", "regime": "foreign"}
    bought = paper(operation=operation, seller=seller, buyer=buyer, vat_cents=0, ttc_cents=100_00)
    lines = entries.of_invoice(bought, 2)
    assert [(line.label, line.debit, line.credit) for line in lines] == [
        (told, 100_00, 0),
        ("Fournisseur Érable à compenser", 0, 100_00),
    ]


@given(
    st.integers(1, 10**9).flatmap(lambda ttc: st.tuples(st.just(ttc), st.integers(0, ttc))),
    st.sampled_from(["invoice", "credit"]),
    st.sampled_from(rules.OPERATIONS),
    st.sampled_from(identity_rules.REGIMES),
    st.sampled_from([1, 2]),
)
def test_every_piece_balances(cents, kind, operation, regime, firm) -> None:
    told = paper(
        ttc_cents=cents[0],
        vat_cents=cents[1],
        kind=kind,
        operation=operation,
        buyer=party(regime),
    )
    lines = entries.of_invoice(told, firm)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    assert all((line.debit == 0) != (line.credit == 0) for line in lines)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 10**6)), min_size=1, max_size=8))
def test_every_set_off_balances_also_with_mutual_credit(told) -> None:
    setoff = SimpleNamespace(effective_on=date(2026, 11, 12))
    parts = [
        SimpleNamespace(
            invoice=paper(issuer_id=1 if sells else 2),
            setoff=setoff,
            setoff_id=7,
            applied_cents=cents,
        )
        for sells, cents in told
    ]
    lines = entries.of_setoff(parts, 1)
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    balanced = sum(c if s else -c for s, c in told) == 0
    assert (entries.MUTUAL_CREDIT in {line.account for line in lines}) != balanced


@pytest.mark.parametrize(
    ("buyer", "operation", "regime", "told"),
    [
        ({"country": "FR"}, "services", "normal", []),
        ({"country": "MC"}, "services", "normal", []),
        ({"country": "DE", "vat_number": "DE1"}, "services", "reverse_charge", [abroad.REVERSE]),
        ({"country": "DE", "vat_number": "DE1"}, "goods", "reverse_charge", [abroad.WITHIN]),
        ({"country": "DE", "vat_number": ""}, "services", "normal", []),
        ({"country": "CA"}, "services", "foreign", [abroad.OUTSIDE]),
        ({"country": "SN", "vat_number": "SN1"}, "goods", "foreign", [abroad.EXPORTED]),
        ({"country": "CA"}, "mixed", "foreign", [abroad.OUTSIDE, abroad.EXPORTED]),
    ],
)
def test_an_invoice_abroad_names_the_rule_of_its_border(buyer, operation, regime, told) -> None:
    other = replace(USUAL, **buyer)
    found = abroad.regime_of(USUAL, other, 0)
    assert (found, abroad.words_of(found, operation, seller=USUAL, buyer=other)) == (regime, told)
    assert abroad.regime_of(USUAL, replace(USUAL, **buyer), 2000) == "normal"


def test_a_firm_abroad_or_under_the_franchise_says_what_it_is_to_everybody() -> None:
    outside = replace(USUAL, country="CA", regime="foreign")
    assert abroad.words_of("foreign", "goods", seller=outside, buyer=USUAL) == [abroad.OUTSIDE]
    small = replace(USUAL, regime="franchise_293B")
    assert abroad.regime_of(small, outside, None) == "franchise_293B"
    told = abroad.words_of("franchise_293B", "goods", seller=small, buyer=outside)
    assert told == [identity_rules.FRANCHISE]


@pytest.mark.parametrize(
    ("country", "operation", "told"),
    [
        ("FR", "services", [abroad.REVERSED_HERE]),
        ("MC", "services", [abroad.REVERSED_HERE]),
        ("FR", "mixed", [abroad.REVERSED_HERE, abroad.OUTSIDE]),
        ("FR", "goods", [abroad.OUTSIDE]),
        ("SN", "services", [abroad.OUTSIDE]),
    ],
)
def test_a_service_from_abroad_is_taxed_in_france_by_its_customer(country, operation, told) -> None:
    seller = replace(USUAL, country="CA", regime="foreign")
    buyer = replace(USUAL, country=country)
    assert abroad.words_of("foreign", operation, seller=seller, buyer=buyer) == told
    assert "Autoliquidation" in abroad.REVERSED_HERE


def test_a_firm_of_monaco_is_at_home_for_vat_on_both_sides() -> None:
    monaco = replace(
        USUAL, country="MC", siren="56S00001", vat_number="FR 53 000 004 605", regime="normal"
    )
    told = identity_rules.checked(monaco)
    assert (told.siren, told.vat_number) == ("56S00001", "FR53000004605")
    assert abroad.regime_of(told, USUAL, 2000) == abroad.regime_of(USUAL, told, 2000) == "normal"
    with pytest.raises(Refusal, match=r"invoices\.vat_number"):
        identity_rules.checked(replace(monaco, vat_number=""))
    with pytest.raises(Refusal, match=r"invoices\.regime_abroad"):
        identity_rules.checked(replace(monaco, regime="foreign"))
