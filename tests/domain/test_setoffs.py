"""Set-offs: written whole or not, never beyond what is owed, and settling what they cover."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import rules, setoffs
from incubator.domain.exchanges.invoices.models import Setoff, SetoffLine
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotFound, Refusal
from incubator.reactions.notifications.models import Notification
from tests import factories_deals as f
from tests import factories_invoices as i


@pytest.fixture
def three(make):
    """Three firms that owe one another 100 €, 80 € and 60 € in a circle."""
    one, two, three = (f.house(make, name) for name in ("Bois", "Image", "Miel"))
    debts = (
        i.owes(make, one, two, 100_00),
        i.owes(make, two, three, 80_00),
        i.owes(make, three, one, 60_00),
    )
    return (one, two, three), debts


def test_a_round_clears_a_circle_and_leaves_the_rest(make, three) -> None:
    firms, debts = three
    made = i.set_off(make, {each.id: 60_00 for each in debts})
    assert (made.state, made.effective_on) == ("effective", make.now.date())
    assert [i.seen(each).left_cents for each in debts] == [40_00, 20_00, 0]
    assert [i.seen(each).status for each in debts] == ["issued", "issued", "compensated"]
    claims = setoffs.claims(due_on=make.now.date())
    assert claims == [
        rules.Claim(debts[0].id, firms[1].firm_id, firms[0].firm_id, 40_00),
        rules.Claim(debts[1].id, firms[2].firm_id, firms[1].firm_id, 20_00),
    ]


def test_what_is_settled_settles_its_leg_and_its_deal(make, three) -> None:
    _, debts = three
    i.set_off(make, {each.id: 60_00 for each in debts})
    deal = deals.whole(debts[2].deal_id)
    assert (deal.state, deal.legs[0].state) == ("settled", "compensated")
    verbs = [step.verb for step in deals.steps_of(deal.id)]
    assert verbs[-3:] == ["set_off", "compensated", "settled"]
    open_deal = deals.whole(debts[0].deal_id)
    assert (open_deal.state, open_deal.legs[0].state) == ("fulfilled", "invoiced")


def test_a_round_is_written_once(make, three) -> None:
    _, debts = three
    first = i.set_off(make, {each.id: 60_00 for each in debts}, round_id=7)
    again = i.set_off(make, {each.id: 60_00 for each in debts}, round_id=7)
    assert first.id == again.id
    assert db.session.scalar(select(func.count()).select_from(SetoffLine)) == 3


def test_nothing_is_written_when_an_invoice_has_moved(make, three) -> None:
    _, debts = three
    with pytest.raises(Conflict) as told:
        i.set_off(make, {debts[0].id: 100_00, debts[1].id: 80_01})
    assert told.value.details == {"invoice_id": debts[1].id}
    assert i.seen(debts[0]).applied_cents == 0
    assert db.session.scalar(select(func.count()).select_from(Setoff)) == 0


@pytest.mark.parametrize("status", ["contested", "paid", "draft", "credited"])
def test_only_what_is_owed_enters(make, three, status) -> None:
    _, debts = three
    contested = i.seen(debts[0])
    contested.status = status if status != "draft" else "contested"
    if status == "paid":
        contested.paid_cents = contested.ttc_cents
    db.session.commit()
    assert debts[0].id not in [each.invoice_id for each in setoffs.claims(due_on=make.now.date())]
    with pytest.raises(Conflict):
        i.set_off(make, {debts[0].id: 1})


def test_claims_are_due_and_of_firms_that_agreed(make, three) -> None:
    firms, debts = three
    before = make.now.date().replace(year=2000)
    assert setoffs.claims(due_on=before) == []
    two = [firms[0].firm_id, firms[1].firm_id]
    found = setoffs.claims(due_on=make.now.date(), firm_ids=two)
    assert [each.invoice_id for each in found] == [debts[0].id]


def test_more_debts_than_a_round_takes_are_refused_and_none_is_left_out(
    make, three, monkeypatch
) -> None:
    (one, two, other), _ = three
    monkeypatch.setattr(rules, "ROUND_MOST", 2)
    with pytest.raises(Refusal) as caught:
        setoffs.claims(due_on=make.now.date())
    assert caught.value.code == "invoices.claims"
    assert caught.value.details == {"number": 3, "most": 2}
    firms = {one.firm_id, two.firm_id}
    assert len(setoffs.claims(due_on=make.now.date(), firm_ids=firms)) == 1
    assert other.firm_id not in firms


def test_of_a_round_firms_do_not_hear_deal_by_deal(make, three) -> None:
    _, debts = three
    i.set_off(make, {each.id: 60_00 for each in debts})
    told = set(db.session.scalars(select(Notification.what)))
    assert "deal_set_off" not in told
    pair = (
        i.owes(make, three[0][0], three[0][1], 5_00),
        i.owes(make, three[0][1], three[0][0], 5_00),
    )
    i.set_off(make, {each.id: 5_00 for each in pair}, kind="bilateral", round_id=None)
    assert "deal_set_off" in set(db.session.scalars(select(Notification.what)))


@pytest.mark.parametrize("cents", [0, -1, 1.0, True])
def test_only_whole_cents_are_set_off(make, three, cents) -> None:
    _, debts = three
    with pytest.raises(Refusal, match=r"invoices\.cents"):
        i.set_off(make, {debts[0].id: cents})


def test_what_is_no_set_off_is_refused(make) -> None:
    with pytest.raises(Refusal, match=r"invoices\.lines"):
        i.set_off(make, {})
    with pytest.raises(NotFound, match=r"invoices\.invoice"):
        i.set_off(make, {999_999: 1})


def test_between_two_as_much_goes_each_way(make) -> None:
    one, two = f.house(make, "Bois"), f.house(make, "Image")
    debts = i.owes(make, one, two, 100_00), i.owes(make, two, one, 60_00)
    wish = {"kind": "bilateral", "basis": rules.BETWEEN_TWO, "round_id": None}
    with pytest.raises(Refusal, match=r"invoices\.unequal"):
        i.set_off(make, {debts[0].id: 100_00, debts[1].id: 60_00}, **wish)
    i.set_off(make, {debts[0].id: 60_00, debts[1].id: 60_00}, **wish)
    assert [i.seen(each).left_cents for each in debts] == [40_00, 0]


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 10**9)).filter(
            lambda told: told[0] != told[1]
        ),
        max_size=12,
    )
)
def test_what_firms_set_off_sums_to_nothing(told) -> None:
    found = rules.balances(rules.Claim(n, *each) for n, each in enumerate(told))
    assert sum(found.values()) == 0
    assert set(found) == {firm for each in told for firm in each[:2]}
