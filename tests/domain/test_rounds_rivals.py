"""Administrators and firms acting on a round at the same instant, on both databases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.exchanges.invoices.models import Invoice, Setoff
from incubator.domain.exchanges.rounds import records, rules, solving
from incubator.domain.exchanges.rounds.models import Round
from incubator.kernel.db import db, transaction
from tests.factories_rounds import RING, Network, network
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    from collections.abc import Callable

RIVALS = 4


def _prepared(rivals: Rivals, *accepted: int) -> tuple[Network, int]:
    """Three firms that were shown a round, and those of them that agreed to it."""
    net = network(rivals.make, debts=RING)
    found = net.shown()
    net.accepts(found, *accepted)
    rested(net.boss, *(house.account for house in net.houses), *net.invoices)
    return net, found.id


def _executes(net: Network, round_id: int) -> Callable[[], object]:
    return lambda: solving.execute(net.admin, round_id, now=net.make.now)


def test_administrators_execute_at_once_and_it_is_executed_once(rivals: Rivals) -> None:
    with rivals.inside():
        net, round_id = _prepared(rivals, 0, 1, 2)
    rivals.all_at_once([_executes(net, round_id)] * RIVALS)
    with rivals.inside():
        assert records.seen(round_id).state == "executed"
        assert db.session.scalar(select(func.count()).select_from(Setoff)) == 1
        assert net.left() == [0, 300_00, 100_00]


def test_a_last_consent_and_a_refusal_never_execute_against_the_refusal(rivals: Rivals) -> None:
    with rivals.inside():
        net, round_id = _prepared(rivals, 0, 1)
    found = SimpleNamespace(id=round_id)
    ends = rivals.at_once(
        [
            lambda: net.accepts(found, 2, seen=rules.Shown(900_00, 900_00, 0)),
            lambda: net.refuses(found, 0),
            _executes(net, round_id),
        ]
    )
    with rivals.inside():
        refused = net.notice(found, 0).refused_at is not None
        executed = records.seen(round_id).state == "executed"
        assert refused != executed, ends
        assert net.left() == ([0, 300_00, 100_00] if executed else [900_00, 1200_00, 1000_00])


def test_one_firm_agrees_and_refuses_at_once_and_a_refusal_holds(rivals: Rivals) -> None:
    with rivals.inside():
        net, round_id = _prepared(rivals)
    found = SimpleNamespace(id=round_id)
    rivals.at_once(
        [
            lambda: net.accepts(found, 0, seen=rules.Shown(900_00, 900_00, 0)),
            lambda: net.refuses(found, 0),
        ]
        * 2
    )
    with rivals.inside():
        assert net.notice(found, 0).refused_at is not None
        assert records.seen(round_id).state == "previewed"


def test_a_debt_contested_as_the_round_is_executed_is_cleared_or_contested(rivals: Rivals) -> None:
    with rivals.inside():
        net, round_id = _prepared(rivals, 0, 1, 2)
        contested = net.invoices[2].id

    def contest() -> None:
        with transaction():
            held = select(Invoice).where(Invoice.id == contested).with_for_update()
            invoice = db.session.scalars(held).one()
            if invoice.status == "issued" and not invoice.applied_cents:
                invoice.status = "contested"

    ends = rivals.at_once([contest, _executes(net, round_id)])
    with rivals.inside():
        invoice = db.session.get_one(Invoice, contested)
        executed = records.seen(round_id).state == "executed"
        assert executed == (invoice.status == "issued"), ends
        assert net.left() == ([0, 300_00, 100_00] if executed else [900_00, 1200_00, 1000_00])


def test_a_round_that_is_opened_twice_at_once_is_one(rivals: Rivals) -> None:
    with rivals.inside():
        net = network(rivals.make, debts=RING)
        rested(net.boss)
    ends = rivals.at_once([lambda: net.opens(once="a")] * 2 + [lambda: net.opens(once="b")] * 2)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Round)) == 1
    assert ends == {DONE: 2, "rounds.running": 2}
