"""Invoices of deals: what they say, who writes them, what follows, and the set-off that ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.domain.exchanges.deals import clock, disputes, performing
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.terms import SoulteTerms, Terms
from incubator.domain.exchanges.invoices import (
    agreeing,
    answering,
    drafting,
    numbering,
    queries,
    registering,
    settling,
)
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.network.accounts import commands as accounts
from incubator.network.members.firm_models import Firm
from tests import factories_deals as f
from tests import factories_invoices as i

DAY = timedelta(days=1)


@pytest.fixture
def firms(make):
    return f.house(make, "Bois"), f.house(make, "Image")


def verbs(deal) -> list[str]:
    return [step.verb for step in deals.steps_of(deal.id)]


def statuses(deal) -> list[str]:
    return [one.status for one in settling.live_of(deal.id).values()]


def test_an_invoice_says_what_was_accepted_and_who_is_who(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    deal = i.fulfilled(make, one, two)
    made = i.issued(make, deal.legs[0], one)
    assert (made.number, made.series_no, made.issued_on) == ("2026-0001", 1, make.now.date())
    assert (made.ht_cents, made.vat_cents, made.ttc_cents) == (150_00, 30_00, 180_00)
    assert made.vat_by_rate == [{"bp": 2000, "ht": 150_00, "vat": 30_00}]
    assert (made.mention, made.regime) == ("En compensation", "normal")
    assert (made.issuer_siren, made.recipient_siren) == i.SIRENS[:2]
    assert made.buyer["street"] == "12 rue des Tables"
    assert f.looked_at(deal).legs[0].state == "invoiced"
    assert verbs(deal)[-1] == "invoiced"


def test_a_draft_is_one_and_its_issuers_alone_until_it_is_issued(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    deal = i.fulfilled(make, one, two)
    draft = i.prepared(make, deal.legs[0], one)
    assert i.prepared(make, deal.legs[0], one).id == draft.id
    with pytest.raises(NotFound):
        queries.visible_to(f.actor_of(make, two), draft.id)
    with transaction():
        drafting.discard(f.actor_of(make, one), draft.id)
    assert settling.live_of(deal.id) == {}
    made = i.issued(make, deal.legs[0], one)
    assert queries.visible_to(f.actor_of(make, two), made.id).receives
    with pytest.raises(Refusal, match=r"invoices\.state"), transaction():
        drafting.discard(f.actor_of(make, one), made.id)


def test_details_come_first_and_their_history_stays(make, firms) -> None:
    one, two = firms
    leg = i.fulfilled(make, one, two).legs[0]
    with pytest.raises(Refusal, match=r"invoices\.identity"):
        i.prepared(make, leg, one)
    i.detailed(make, one)
    with pytest.raises(Refusal, match=r"invoices\.buyer"):
        i.prepared(make, leg, one)
    i.detailed(make, one, two)
    made = i.issued(make, leg, one)
    i.detailed(make, one, two, street="1 place Neuve")
    assert i.seen(made).seller["street"] == "12 rue des Tables"


def test_a_firm_under_the_franchise_says_so_and_charges_no_vat(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    i.detailed(make, one, regime="franchise_293B", vat_number="")
    terms = f.swap(one, two, f.gives(one, two, (180_00, None)), f.gives(two, one, f.POSTER))
    deal = i.fulfilled(make, one, two, terms)
    made = i.issued(make, deal.legs[0], one)
    assert made.mention.split("\n") == ["TVA non applicable, art. 293 B du CGI", "En compensation"]
    assert (made.vat_cents, made.ttc_cents) == (0, 180_00)
    i.detailed(make, one)
    other = i.fulfilled(make, one, two, terms)
    with pytest.raises(Refusal, match=r"invoices\.regime"):
        i.prepared(make, other.legs[0], one)


def test_a_delivery_in_the_evening_of_montreal_is_of_that_day(make, firms) -> None:
    one, two = firms
    make.now = make.now.replace(hour=2)
    day = make.now.date() - DAY
    with transaction():
        accounts.choose_time_zone(f.actor_of(make, one), "America/Toronto")
    leg = i.fulfilled(make, one, two).legs[0]
    assert drafting.delivered_on(leg, "America/Toronto") == day
    i.detailed(make, one, two)
    actor = f.actor_of(make, one)
    with transaction():
        draft = drafting.prepare(actor, leg.deal_id, leg.id, today=day, now=make.now)
    choices = drafting.Choices(operation="services", supplied_on=draft.supplied_on)
    with transaction():
        drafting.issue(actor, draft.id, choices=choices, today=day, now=make.now)
    assert (draft.supplied_on, draft.issued_on) == (day, day)


MONTREAL = {"country": "CA", "regime": "foreign", "siren": "12302 6635", "vat_number": ""}


@pytest.mark.parametrize("rate", [0, None])
def test_a_firm_abroad_invoices_without_french_vat(make, firms, rate) -> None:
    one, two = firms
    i.detailed(make, one, two)
    i.detailed(make, one, **MONTREAL)
    terms = f.swap(one, two, f.gives(one, two, (180_00, rate)), f.gives(two, one, f.POSTER))
    deal = i.fulfilled(make, one, two, terms)
    made = i.issued(make, deal.legs[0], one)
    assert (made.regime, made.vat_cents, made.ttc_cents) == ("foreign", 0, 180_00)
    assert made.vat_by_rate == [{"bp": 0, "ht": 180_00, "vat": 0}]
    # Of a service it is the French customer that declares the VAT.
    assert made.mention.splitlines()[0] == "Autoliquidation – art. 283-2 du CGI"


def test_a_firm_of_monaco_sells_with_french_vat(make, firms) -> None:
    one, two = firms
    with transaction():
        for firm in (one, two):
            db.session.get_one(Firm, firm.firm_id).country = "MC"
    i.detailed(make, one, two, country="MC", siren="56S00001", vat_number="FR53000004605")
    deal = i.fulfilled(make, one, two)
    made = i.issued(make, deal.legs[0], one)
    assert (made.regime, made.vat_cents, made.ttc_cents) == ("normal", 30_00, 180_00)


def test_a_firm_that_is_abroad_after_all_enters_an_invoice_of_the_same_total(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    i.detailed(make, one, **MONTREAL)
    leg = i.fulfilled(make, one, two).legs[0]
    with pytest.raises(Refusal, match=r"invoices\.vat_abroad"):
        i.prepared(make, leg, one)
    today = make.now.date()
    told = {"number": "M-1", "issued_on": today, "operation": "services", "supplied_on": today}
    for cents in ((150_00, 30_00, 180_00), (180_00, 0, 180_00)):
        paper = registering.Paper(**told, ht=cents[0], vat=cents[1], ttc=cents[2])
        with pytest.raises(Refusal, match=r"invoices\.vat_abroad") if cents[1] else transaction():
            made = registering.register(
                f.actor_of(make, one), leg.deal_id, leg.id, paper=paper, today=today, now=make.now
            )
    assert (made.regime, made.vat_by_rate) == ("foreign", [{"bp": 0, "ht": 180_00, "vat": 0}])
    assert [name for name, _said, _due in registering.differences(made, leg)] == ["ht", "vat"]


def test_only_the_giver_invoices_and_only_what_was_accepted(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    deal = f.bound(make, one, two)
    leg = deal.legs[0]
    f.delivers(make, one, deal, leg)
    with pytest.raises(Refusal, match=r"invoices\.too_early"):
        i.prepared(make, leg, one)
    f.accepts(make, two, deal, leg)
    with pytest.raises(NotAllowed, match=r"deals\.not_yours"):
        i.prepared(make, leg, two)
    assert i.prepared(make, leg, one).ttc_cents == 180_00


def test_a_part_that_was_accepted_is_split_to_the_cent(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    deal = f.bound(make, one, two)
    for leg, giver, receiver in zip(deal.legs, (one, two), (two, one), strict=True):
        f.delivers(make, giver, deal, leg)
        if giver is one:
            dispute = f.contests(make, receiver, deal, leg, cents=100_01)
            with transaction():
                disputes.agree(f.actor_of(make, one), deal.id, dispute, cents=100_01, now=make.now)
        else:
            f.accepts(make, receiver, deal, leg)
    deal = f.looked_at(deal)
    first, second = i.issued(make, deal.legs[0], one), i.issued(make, deal.legs[1], two)
    assert (first.ht_cents, first.vat_cents, first.ttc_cents) == (83_34, 16_67, 100_01)
    assert f.looked_at(deal).state == "part_settled"
    for who in (one, two):
        i.agrees(make, who, deal)
    assert [i.seen(each).left_cents for each in (first, second)] == [0, 79_99]
    with transaction():
        answering.note_paid(f.actor_of(make, two), second.id, now=make.now)
    assert statuses(deal) == ["compensated", "compensated"]
    assert [leg.state for leg in f.looked_at(deal).legs] == ["compensated", "compensated"]


def test_both_agree_and_the_deal_is_settled_then_closed_by_the_clock(make, firms) -> None:
    one, two = firms
    deal = i.both_issued(make, one, two)
    first = i.agrees(make, one, deal)
    assert (first.state, statuses(deal)) == ("draft", ["issued", "issued"])
    assert i.agrees(make, one, deal).id == first.id
    done = i.agrees(make, two, deal)
    assert (done.id, done.state, done.basis) == (first.id, "effective", "1347")
    assert statuses(deal) == ["compensated", "compensated"]
    deal = f.looked_at(deal)
    assert (deal.state, deal.due_at) == ("settled", make.now + 30 * DAY)
    assert verbs(deal).count("setoff_agree") == 2
    with transaction():
        clock.pass_hour(deal.id, now=make.now + 30 * DAY - timedelta(seconds=1))
    assert f.looked_at(deal).state == "settled"
    with transaction():
        clock.pass_hour(deal.id, now=make.now + 30 * DAY)
    assert f.looked_at(deal).state == "closed"


def test_both_may_close_a_settled_deal_themselves(make, firms) -> None:
    one, two = firms
    deal = i.both_issued(make, one, two)
    with pytest.raises(Refusal, match=r"deals\.state"), transaction():
        performing.close(f.actor_of(make, one), deal.id, now=make.now)
    for who in (one, two):
        i.agrees(make, who, deal)
    for who, state in ((one, "settled"), (one, "settled"), (two, "closed"), (two, "closed")):
        with transaction():
            performing.close(f.actor_of(make, who), deal.id, now=make.now)
        assert f.looked_at(deal).state == state
    assert verbs(deal).count("close_asked") == 2


def test_another_plan_than_the_one_that_was_read_is_not_agreed_to(make, firms) -> None:
    one, two = firms
    deal = i.both_issued(make, one, two)
    plan = agreeing.plan_of(f.looked_at(deal))
    i.agrees(make, one, deal)
    taken = settling.live_of(deal.id)[f.looked_at(deal).legs[0].id]
    with transaction():
        answering.take_back(
            f.actor_of(make, one),
            taken.id,
            words="Faute de frappe",
            number="",
            today=make.now.date(),
            now=make.now,
        )
    with pytest.raises(Refusal, match=r"invoices\.not_ready"):
        i.agrees(make, two, deal, seen_hash=plan.hash)
    i.issued(make, f.looked_at(deal).legs[0], one)
    with pytest.raises(Conflict, match=r"invoices\.stale"):
        i.agrees(make, two, deal, seen_hash=plan.hash)
    assert i.agrees(make, two, deal).state == "draft"
    assert i.agrees(make, one, deal).state == "effective"
    numbers = [one.number for one in queries.of_deal(deal.id, frozenset(), everything=True)]
    assert sorted(numbers) == ["2026-0001", "2026-0001", "2026-0002", "2026-0003"]


def test_what_is_contested_is_not_set_off(make, firms) -> None:
    one, two = firms
    deal = i.both_issued(make, one, two)
    invoice = settling.live_of(deal.id)[f.looked_at(deal).legs[0].id]
    with pytest.raises(NotAllowed), transaction():
        answering.contest(f.actor_of(make, one), invoice.id, words="Non", now=make.now)
    with transaction():
        answering.contest(f.actor_of(make, two), invoice.id, words="Mauvais taux", now=make.now)
    assert agreeing.plan_of(f.looked_at(deal)) is None
    with transaction():
        answering.receive(f.actor_of(make, two), invoice.id, now=make.now)
    assert agreeing.plan_of(f.looked_at(deal)) is not None
    assert verbs(deal)[-2:] == ["inv_contest", "inv_ok"]


def test_a_deal_whose_gift_is_accepted_last_is_settled_at_once(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    gift = f.gives(one, two, (0, None), mode="gift")
    terms = f.swap(one, two, f.gives(one, two, f.POSTER), f.gives(two, one, f.BUFFET), gift)
    deal = f.bound(make, one, two, terms)
    for leg, giver, receiver in zip(deal.legs, (one, two), (two, one), strict=False):
        f.delivers(make, giver, deal, leg)
        f.accepts(make, receiver, deal, leg)
        i.issued(make, f.looked_at(deal).legs[leg.seq], giver)
    for who in (one, two):
        i.agrees(make, who, deal)
    assert f.looked_at(deal).state == "running"
    f.delivers(make, one, deal, deal.legs[2])
    f.accepts(make, two, deal, deal.legs[2])
    assert f.looked_at(deal).state == "settled"
    assert verbs(deal)[-2:] == ["fulfilled", "settled"]


def test_a_deal_of_gifts_alone_is_settled_once_they_are_accepted(make, firms) -> None:
    one, two = firms
    gift = f.gives(one, two, (0, None), mode="gift")
    deal = i.fulfilled(make, one, two, f.swap(one, two, gift))
    assert deal.state == "settled"
    assert deal.due_at == make.now + 30 * DAY


def test_what_is_to_be_written_is_counted_also_after_a_credit_note(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    deal = i.fulfilled(make, one, two)
    giver = f.actor_of(make, one)
    assert queries.WAITING.of(giver) == 1
    invoice = i.issued(make, deal.legs[0], one)
    assert queries.WAITING.of(giver) == 0
    told = {"words": "Faute", "number": "", "today": make.now.date(), "now": make.now}
    with transaction():
        answering.take_back(giver, invoice.id, **told)
    assert queries.WAITING.of(giver) == 1
    i.issued(make, f.looked_at(deal).legs[0], one)
    assert queries.WAITING.of(giver) == 0
    assert queries.WAITING.of(f.actor_of(make, two)) == 2


def test_a_credit_note_is_not_taken_back_by_another(make, firms) -> None:
    one, two = firms
    deal = i.both_issued(make, one, two)
    invoice = settling.live_of(deal.id)[f.looked_at(deal).legs[0].id]
    told = {"words": "Faute", "number": "", "today": make.now.date(), "now": make.now}
    with transaction():
        note = answering.take_back(f.actor_of(make, one), invoice.id, **told)
    with pytest.raises(NotAllowed, match=r"invoices\.state"), transaction():
        answering.take_back(f.actor_of(make, one), note.id, **told)
    assert i.seen(note).status == "issued"
    assert queries.credit_of(note.id) is None


def test_a_soulte_that_came_pays_what_is_left(make, firms) -> None:
    one, two = firms
    legs = (f.gives(one, two, (200_00, 0)), f.gives(two, one, (180_00, 0)))
    soulte = SoulteTerms(two.firm_id, one.firm_id, 20_00)
    i.detailed(make, one, two)
    deal = i.fulfilled(make, one, two, f.swap(one, two, *legs, soulte=soulte))
    with transaction():
        performing.note_paid(f.actor_of(make, one), deal.id, ref="", now=make.now)
    deal = f.looked_at(deal)
    for leg, giver in zip(deal.legs, (one, two), strict=True):
        i.issued(make, leg, giver)
    for who in (one, two):
        i.agrees(make, who, deal)
    first, second = settling.live_of(deal.id).values()
    assert (first.applied_cents, first.paid_cents, second.applied_cents) == (180_00, 20_00, 180_00)
    assert f.looked_at(deal).state == "settled"


def test_a_ring_sets_off_all_round(make) -> None:
    ring = [f.house(make, name) for name in ("Bois", "Image", "Miel")]
    i.detailed(make, *ring)
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    terms = Terms(legs=tuple(f.gives(one, two, (150_00, 2000)) for one, two in pairs), kind="ring")
    deal = f.proposed(make, ring[0], ring[1], terms)
    for one in ring:
        f.signs(make, one, deal)
    deal = f.looked_at(deal)
    for leg, (one, two) in zip(deal.legs, pairs, strict=True):
        f.delivers(make, one, deal, leg)
        f.accepts(make, two, deal, leg)
        i.issued(make, leg, one)
    states = [i.agrees(make, one, deal).state for one in ring]
    assert states == ["draft", "draft", "effective"]
    assert f.looked_at(deal).state == "settled"
    assert queries.setoffs_of(deal.id)[0].basis == "1348-2 + convention"


def test_a_leg_in_cash_is_settled_once_it_was_paid(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    terms = Terms(legs=(f.gives(one, two, (100_00, 2000), mode="cash"),))
    deal = i.fulfilled(make, one, two, terms)
    made = i.issued(make, deal.legs[0], one)
    assert (made.mention, made.due_on) == ("", make.now.date() + 30 * DAY)
    assert agreeing.plan_of(f.looked_at(deal)) is None
    with pytest.raises(NotAllowed), transaction():
        answering.note_paid(f.actor_of(make, two), made.id, now=make.now)
    with transaction():
        answering.note_paid(f.actor_of(make, one), made.id, now=make.now)
    assert (i.seen(made).status, f.looked_at(deal).state) == ("paid", "settled")


def test_a_closed_period_takes_no_invoice(make, firms) -> None:
    one, two = firms
    i.detailed(make, one, two)
    today = make.now.date()
    actor = f.actor_of(make, one)
    with pytest.raises(Refusal, match=r"invoices\.not_over"), transaction():
        numbering.close(actor, one.firm_id, until=today, today=today, now=make.now)
    with transaction():
        numbering.close(actor, one.firm_id, until=today, today=today + DAY, now=make.now)
    with pytest.raises(Refusal, match=r"invoices\.closed_later"), transaction():
        numbering.close(actor, one.firm_id, until=today - DAY, today=today, now=make.now)
    with pytest.raises(NotAllowed, match=r"invoices\.keepers"), transaction():
        numbering.close(f.actor_of(make, two), one.firm_id, until=today, today=today, now=make.now)
    deal = i.fulfilled(make, one, two)
    with pytest.raises(Refusal, match=r"invoices\.closed"):
        i.issued(make, deal.legs[0], one)
