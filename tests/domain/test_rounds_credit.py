"""Rounds with mutual credit: what no circle clears is left on accounts, within their limits."""

from __future__ import annotations

from typing import Any

import pytest

from incubator.domain.exchanges.ledger import accounts, door, verifying
from incubator.domain.exchanges.ledger import switch as credit
from incubator.domain.exchanges.rounds import files, queries, records, rules
from incubator.kernel.db import transaction
from incubator.kernel.errors import Conflict
from tests.factories_credit import READ
from tests.factories_rounds import Network, network

LINE = 500_00
CHAIN = ((0, 1, 900_00), (1, 2, 900_00))


def with_credit(make: Any, debts: tuple[tuple[int, int, int], ...]) -> Network:
    """Firms that also have an account each, with the first line of 500 €."""
    net = network(make, debts=debts)
    turned(net, on=True)
    for house in net.houses:
        with transaction():
            accounts.open_account(None, firm_id=house.firm_id, now=make.now)
    return net


def turned(net: Network, *, on: bool) -> None:
    with transaction():
        credit.switch(net.admin, turned_on=on, text_read=READ, now=net.make.now)


def balances(net: Network) -> list[int]:
    return [
        door.account(door.of_firm(house.firm_id) or 0, locked=False).state.balance
        for house in net.houses
    ]


def test_with_credit_the_difference_is_posted_within_the_lines(make, connection) -> None:
    net = with_credit(make, CHAIN)
    found = net.executed(mode=rules.CREDIT)
    assert net.left() == [400_00, 0]
    assert balances(net) == [-LINE, -400_00, 900_00]
    assert found.txn_id is not None
    assert verifying.verify() == []
    assert files.faults(queries.file_for(net.admin, found.id)) == []


def test_a_firm_without_an_account_comes_out_even(make, connection) -> None:
    net = network(make, debts=CHAIN)
    turned(net, on=True)
    found = net.computes(net.opens(mode=rules.CREDIT))
    assert net.cleared(found) == [0, 0]


def test_a_frozen_account_does_not_fall_by_a_round(make, connection) -> None:
    net = with_credit(make, CHAIN)
    with transaction():
        accounts.freeze(
            net.admin,
            account_id=door.of_firm(net[0].firm_id) or 0,
            frozen=True,
            comment="en attente",
            now=make.now,
        )
    found = net.computes(net.opens(mode=rules.CREDIT))
    assert net.cleared(found) == [0, LINE]


def test_a_line_that_is_used_meanwhile_lowers_what_the_round_takes(make, connection) -> None:
    net = with_credit(make, CHAIN)
    found = net.shown(mode=rules.CREDIT)
    net.accepts(found, 0, 1, 2)
    with transaction():
        accounts.set_line(
            net.admin,
            account_id=door.of_firm(net[0].firm_id) or 0,
            line=200_00,
            upper=None,
            comment="plus court",
            now=make.now,
        )
    with pytest.raises(Conflict, match=r"rounds\.moved"):
        net.executes(found)
    net.computes(found, "moved", agreed_only=True)
    net.executes(found)
    assert balances(net)[0] == -200_00
    assert sum(balances(net)) == 0


def test_credit_that_is_switched_off_meanwhile_leaves_circles_alone(make, connection) -> None:
    net = with_credit(make, (*CHAIN, (2, 0, 100_00)))
    found = net.shown(mode=rules.CREDIT)
    net.accepts(found, 0, 1, 2)
    turned(net, on=False)
    with pytest.raises(Conflict, match=r"rounds\.moved"):
        net.executes(found)
    net.computes(found, "moved", agreed_only=True)
    assert records.seen(found.id).state == "consented"
    net.executes(found)
    assert (net.left(), balances(net)) == ([800_00, 800_00, 0], [0, 0, 0])
