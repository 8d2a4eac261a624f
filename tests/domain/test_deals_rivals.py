"""Two firms, and two colleagues of one, acting on a deal at the same instant."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from incubator.domain.exchanges.deals import commands, queries
from incubator.domain.exchanges.deals.models import Deal, DealSignature, DealStep
from incubator.kernel.db import db, transaction
from tests import factories_deals as f
from tests.rivals import DONE, Rivals, rested

RIVALS = 8


def _two(rivals: Rivals) -> tuple[f.House, f.House]:
    one, other = f.house(rivals.make, "Dervaux"), f.house(rivals.make, "Ndiaye")
    rested(one.account, other.account)
    return one, other


def test_a_double_send_makes_one_deal(rivals: Rivals) -> None:
    with rivals.inside():
        one, other = _two(rivals)
    rivals.all_at_once([lambda: f.proposed(rivals.make, one, other, once="o")] * RIVALS)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Deal)) == 1
        assert db.session.scalar(select(func.count()).select_from(DealStep)) == 1


def test_both_sign_at_once_and_again_and_it_binds_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, other = _two(rivals)
        deal = f.proposed(make, one, other)
        seen, number = deal.terms_hash, deal.id

    def signs(who: f.House) -> None:
        with transaction():
            commands.sign(f.actor_of(make, who), number, seen_hash=seen, now=make.now)

    rivals.all_at_once([partial(signs, who) for who in (one, other) * (RIVALS // 2)])
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(DealSignature)) == 2
        assert queries.whole(number).state == "signed"
        verbs = [step.verb for step in queries.steps_of(number)]
        assert verbs.count("bound") == 1


def test_a_signature_and_other_terms_never_cross(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, other = _two(rivals)
        deal = f.proposed(make, one, other)
        f.signs(make, one, deal)
        seen, number = deal.terms_hash, deal.id
    wish = f.swap(one, other, f.gives(one, other, (5_00, 0)), f.gives(other, one, (5_00, 0)))

    def signs() -> None:
        with transaction():
            commands.sign(f.actor_of(make, other), number, seen_hash=seen, now=make.now)

    def edits() -> None:
        with transaction():
            commands.counter(
                f.actor_of(make, one), number, wish=wish, seen_hash=seen, until=None, now=make.now
            )

    ends = rivals.at_once([signs, edits])
    assert ends[DONE] == 1
    with rivals.inside():
        found = queries.whole(number)
        signed = commands.signers(found)
        assert (found.state, found.terms_hash == seen, len(signed)) in {
            ("signed", True, 2),
            ("proposed", False, 0),
        }


def test_a_delivery_accepted_and_contested_at_once_is_one_of_them(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        one, other = _two(rivals)
        deal = f.bound(make, one, other)
        leg = deal.legs[0]
        f.delivers(make, one, deal, leg)
        deal = queries.whole(deal.id)
        leg = deal.legs[0]
        rested(deal, leg)
    acts = [lambda: f.accepts(make, other, deal, leg), lambda: f.contests(make, other, deal, leg)]
    assert rivals.at_once(acts) == {DONE: 1, "deals.state": 1}
