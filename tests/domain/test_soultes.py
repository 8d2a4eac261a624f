"""A soulte that came: it pays what no set-off takes, once, and what is too much is given back."""

from __future__ import annotations

import pytest

from incubator.domain.exchanges.deals import disputes, performing
from incubator.domain.exchanges.deals.terms import SoulteTerms
from incubator.domain.exchanges.invoices import agreeing, answering, settling
from incubator.kernel.db import transaction
from incubator.kernel.errors import Refusal
from tests import factories_deals as f
from tests import factories_invoices as i

A, B = 0, 1


@pytest.fixture
def firms(make):
    """A, who gets the soulte, and B, who pays it."""
    two = f.house(make, "Bois"), f.house(make, "Image")
    i.detailed(make, *two)
    return two


def swap(make, firms, given: list[int], taken: list[int]):
    """A signed swap: A gives these euros, a line each, B those; a soulte covers the difference."""
    one, two = firms
    legs = [f.gives(one, two, (euros * 100, 0)) for euros in given]
    legs += [f.gives(two, one, (euros * 100, 0)) for euros in taken]
    covers = SoulteTerms(two.firm_id, one.firm_id, (sum(given) - sum(taken)) * 100)
    return f.bound(make, one, two, f.swap(one, two, *legs, soulte=covers))


def parts(firms, leg):
    """Who gives a line, and who receives it."""
    one, two = firms
    return (one, two) if leg.giver_id == one.firm_id else (two, one)


def accepted(make, firms, deal, *numbers: int) -> None:
    """These lines are delivered and accepted."""
    for number in numbers:
        leg = f.looked_at(deal).legs[number]
        giver, receiver = parts(firms, leg)
        f.delivers(make, giver, deal, leg)
        f.accepts(make, receiver, deal, leg)


def accepted_in_part(make, firms, deal, number: int, euros: int) -> None:
    """A line is contested, and both agree to so much of it."""
    leg = f.looked_at(deal).legs[number]
    giver, receiver = parts(firms, leg)
    f.delivers(make, giver, deal, leg)
    dispute = f.contests(make, receiver, deal, leg, cents=euros * 100)
    with transaction():
        by = f.actor_of(make, giver)
        disputes.agree(by, deal.id, dispute, cents=euros * 100, now=make.now)


def invoiced(make, firms, deal, *numbers: int):
    """The invoices of these lines, issued."""
    legs = f.looked_at(deal).legs
    return [i.issued(make, legs[number], parts(firms, legs[number])[0]) for number in numbers]


def comes(make, firms, deal) -> None:
    """A notes that the soulte came."""
    with transaction():
        performing.note_paid(f.actor_of(make, firms[A]), deal.id, ref="", now=make.now)


def called_off(make, firms, deal) -> None:
    for one in firms:
        with transaction():
            performing.call_off(f.actor_of(make, one), deal.id, now=make.now)


def noted_paid(make, firms, invoice) -> None:
    """A says that what was left of its invoice came in euros."""
    with transaction():
        answering.note_paid(f.actor_of(make, firms[A]), invoice.id, now=make.now)


def said_right(make, firms, invoice) -> None:
    with transaction():
        answering.receive(f.actor_of(make, firms[B]), invoice.id, now=make.now)


def lefts(*invoices) -> list[int]:
    """What is left of invoices, in euros."""
    return [i.seen(one).left_cents // 100 for one in invoices]


def to_give_back(deal) -> int:
    """In euros."""
    return agreeing.to_give_back(f.looked_at(deal)) // 100


@pytest.mark.parametrize("how", ["refused", "called off"])
@pytest.mark.parametrize("written", ["before", "after"])
def test_what_came_is_not_asked_for_again_when_the_other_line_falls(
    make, firms, how, written
) -> None:
    deal = swap(make, firms, [1300], [1000])
    accepted(make, firms, deal, 0)
    if written == "before":
        (invoice,) = invoiced(make, firms, deal, 0)
    comes(make, firms, deal)
    if how == "refused":
        accepted_in_part(make, firms, deal, 1, 0)
    else:
        called_off(make, firms, deal)
    if written == "after":
        (invoice,) = invoiced(make, firms, deal, 0)
    assert f.looked_at(deal).state == "part_settled"
    assert (lefts(invoice), i.seen(invoice).status) == ([1000], "issued")
    assert agreeing.is_for_euros(f.looked_at(deal), i.seen(invoice))
    assert to_give_back(deal) == 0
    noted_paid(make, firms, invoice)
    assert (i.seen(invoice).paid_cents, i.seen(invoice).status) == (1300_00, "paid")


@pytest.mark.parametrize("when", ["before the set-off", "after it"])
@pytest.mark.parametrize("given", [[1000, 300], [300, 1000], [200, 1000, 100]])
def test_several_lines_are_settled_by_the_set_off_and_the_soulte(make, firms, given, when) -> None:
    deal = swap(make, firms, given, [1000])
    accepted(make, firms, deal, *range(len(given) + 1))
    invoices = invoiced(make, firms, deal, *range(len(given) + 1))
    if when == "before the set-off":
        comes(make, firms, deal)
    for one in firms:
        i.agrees(make, one, deal)
    if when == "after it":
        comes(make, firms, deal)
    assert lefts(*invoices) == [0] * len(invoices)
    assert sum(i.seen(one).paid_cents for one in invoices) == 300_00
    assert f.looked_at(deal).state == "settled"


def test_a_soulte_changes_nothing_of_the_set_off_that_a_firm_has_agreed_to(make, firms) -> None:
    deal = swap(make, firms, [1000, 300], [1000])
    accepted(make, firms, deal, 0, 1, 2)
    invoiced(make, firms, deal, 0, 1, 2)
    i.agrees(make, firms[A], deal)
    plan = agreeing.plan_of(f.looked_at(deal))
    comes(make, firms, deal)
    assert agreeing.plan_of(f.looked_at(deal)).hash == plan.hash
    assert i.agrees(make, firms[B], deal, seen_hash=plan.hash).state == "effective"


def test_a_line_that_the_soulte_covers_is_paid_once_its_invoice_is_right(make, firms) -> None:
    deal = swap(make, firms, [300], [])
    comes(make, firms, deal)
    accepted(make, firms, deal, 0)
    (invoice,) = invoiced(make, firms, deal, 0)
    # It is all there, and B may still say that the invoice is wrong.
    assert (lefts(invoice), i.seen(invoice).status) == ([0], "issued")
    said_right(make, firms, invoice)
    assert i.seen(invoice).status == "paid"
    assert (f.looked_at(deal).state, f.looked_at(deal).legs[0].state) == ("settled", "compensated")


def test_who_issued_it_may_say_so_too(make, firms) -> None:
    deal = swap(make, firms, [300], [])
    comes(make, firms, deal)
    accepted(make, firms, deal, 0)
    (invoice,) = invoiced(make, firms, deal, 0)
    noted_paid(make, firms, invoice)
    assert (i.seen(invoice).paid_cents, f.looked_at(deal).state) == (300_00, "settled")


def test_an_invoice_on_which_it_counts_can_be_contested_and_written_anew(make, firms) -> None:
    deal = swap(make, firms, [1300], [1000])
    comes(make, firms, deal)
    accepted(make, firms, deal, 0, 1)
    (wrong,) = invoiced(make, firms, deal, 0)
    assert lefts(wrong) == [1000]
    with transaction():
        by = f.actor_of(make, firms[B])
        answering.contest(by, wrong.id, words="Mauvaise adresse", now=make.now)
    with transaction():
        told = {"words": "Mauvaise adresse", "number": "", "today": make.now.date()}
        answering.take_back(f.actor_of(make, firms[A]), wrong.id, **told, now=make.now)
    right, other = invoiced(make, firms, deal, 0, 1)
    assert lefts(right) == [1000]
    for one in firms:
        i.agrees(make, one, deal)
    assert lefts(right, other) == [0, 0]
    assert f.looked_at(deal).state == "settled"


def test_what_is_set_off_is_neither_contested_nor_taken_back(make, firms) -> None:
    deal = swap(make, firms, [1300], [1000])
    accepted(make, firms, deal, 0, 1)
    (first, _) = invoiced(make, firms, deal, 0, 1)
    for one in firms:
        i.agrees(make, one, deal)
    with pytest.raises(Refusal, match=r"invoices\.partly"), transaction():
        answering.contest(f.actor_of(make, firms[B]), first.id, words="Non", now=make.now)


def test_nothing_counts_while_something_is_still_to_be_delivered(make, firms) -> None:
    deal = swap(make, firms, [1000, 300], [1000])
    comes(make, firms, deal)
    accepted(make, firms, deal, 0, 1)
    invoices = invoiced(make, firms, deal, 0, 1)
    assert lefts(*invoices) == [1000, 300]
    for one in invoices:
        assert not agreeing.is_for_euros(f.looked_at(deal), i.seen(one))
        with pytest.raises(Refusal, match=r"invoices\.not_in_euros"):
            noted_paid(make, firms, one)
    assert to_give_back(deal) == 0
    accepted(make, firms, deal, 2)
    assert lefts(*invoices) == [1000, 0]


@pytest.mark.parametrize(
    ("given", "taken", "back"),
    [
        # All as agreed but for a part of the last line of A.
        ([1300], [1000], 0),
        ([1100], [1000], 200),
        ([900], [1000], 300),
        ([1300], [400], 0),
        ([200], [0], 100),
        ([0], [1000], 300),
        ([0], [0], 300),
    ],
)
def test_what_came_beyond_what_is_owed_is_to_be_given_back(make, firms, given, taken, back) -> None:
    deal = swap(make, firms, [1300], [1000])
    comes(make, firms, deal)
    kept = []
    for number, (euros, whole) in enumerate([(given[0], 1300), (taken[0], 1000)]):
        if euros == whole:
            accepted(make, firms, deal, number)
        else:
            accepted_in_part(make, firms, deal, number, euros)
        kept += [number] if euros else []
    assert to_give_back(deal) == back
    invoices = invoiced(make, firms, deal, *kept)
    if given[0] and taken[0]:
        for one in firms:
            i.agrees(make, one, deal)
    # What the firms still owe one another is what they gave, less the soulte that stays.
    assert sum(lefts(*invoices)) == abs(given[0] - taken[0] - (300 - back))
    for one in settling.live_of(deal.id).values():
        if one.status == "issued":
            with transaction():
                giver = firms[A] if one.issuer_id == firms[A].firm_id else firms[B]
                answering.note_paid(f.actor_of(make, giver), one.id, now=make.now)
    assert to_give_back(deal) == back


def test_a_deal_that_is_called_off_gives_all_of_it_back(make, firms) -> None:
    deal = swap(make, firms, [1300], [1000])
    comes(make, firms, deal)
    assert to_give_back(deal) == 0
    called_off(make, firms, deal)
    assert to_give_back(deal) == 300


def test_what_never_came_is_not_given_back(make, firms) -> None:
    deal = swap(make, firms, [1300], [1000])
    accepted_in_part(make, firms, deal, 0, 0)
    accepted_in_part(make, firms, deal, 1, 0)
    assert f.looked_at(deal).state == "cancelled"
    assert to_give_back(deal) == 0
