"""Invoices and set-offs at the same instant: no number twice, none left out, no cent twice."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from incubator.domain.exchanges.invoices import agreeing, drafting, rules, settling
from incubator.domain.exchanges.invoices.models import Invoice, Setoff, SetoffConsent, SetoffLine
from incubator.kernel.db import db, transaction
from tests import factories_deals as f
from tests import factories_invoices as i
from tests.rivals import DONE, Rivals, rested

RIVALS = 6


def test_numbers_at_once_have_no_gap_and_no_double(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, two = f.house(make, "Bois"), f.house(make, "Image")
        i.detailed(make, one, two)
        drafts = [
            i.prepared(make, i.fulfilled(make, one, two).legs[0], one).id for _ in range(RIVALS)
        ]
        rested(one.account, two.account)
    today = make.now.date()
    choices = drafting.Choices(operation="goods", supplied_on=today)

    def issues(number: int) -> None:
        with transaction():
            actor = f.actor_of(make, one)
            drafting.issue(actor, number, choices=choices, today=today, now=make.now)

    rivals.all_at_once([partial(issues, number) for number in drafts * 2])
    with rivals.inside():
        found = db.session.scalars(select(Invoice.series_no).order_by(Invoice.series_no)).all()
        assert found == list(range(1, RIVALS + 1))


def test_all_agree_at_once_and_twice_and_it_takes_effect_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, two = f.house(make, "Bois"), f.house(make, "Image")
        deal = i.both_issued(make, one, two)
        plan = agreeing.plan_of(deal)
        number = deal.id
        rested(one.account, two.account)

    def agrees(who: f.House) -> None:
        with transaction():
            agreeing.agree(
                f.actor_of(make, who),
                number,
                seen_hash=plan.hash,
                today=make.now.date(),
                now=make.now,
            )

    rivals.all_at_once([partial(agrees, who) for who in (one, two) * 3])
    with rivals.inside():
        counts = [
            db.session.scalar(select(func.count()).select_from(row))
            for row in (Setoff, SetoffConsent, SetoffLine)
        ]
        assert counts == [1, 2, 2]
        assert {one.status for one in settling.live_of(number).values()} == {"compensated"}


def test_two_rounds_over_the_same_debts_never_set_off_twice(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, two = f.house(make, "Bois"), f.house(make, "Image")
        debts = [i.owes(make, one, two, 100_00).id, i.owes(make, two, one, 100_00).id]
        rested(one.account, two.account)

    def clears(numbers: list[int], round_id: int) -> None:
        wish = {"kind": "round", "basis": rules.AGREED, "round_id": round_id}
        i.set_off(make, dict.fromkeys(numbers, 60_00), **wish)

    ends = rivals.at_once([partial(clears, debts[:: (-1) ** n], n) for n in range(1, 5)])
    assert ends[DONE] == 1
    with rivals.inside():
        found = db.session.scalars(select(Invoice.applied_cents)).all()
        assert found == [60_00, 60_00]
