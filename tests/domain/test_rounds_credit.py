"""Rounds with mutual credit: what no circle clears is left on accounts, within their limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from incubator.domain.exchanges.ledger import accounts, door, verifying
from incubator.domain.exchanges.ledger import switch as credit
from incubator.domain.exchanges.rounds import (
    computing,
    files,
    gathering,
    queries,
    records,
    rules,
)
from incubator.kernel.db import transaction
from incubator.kernel.errors import Conflict
from tests import factories_deals as f
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


def test_a_published_round_tells_by_how_much_accounts_moved_and_not_what_is_left(
    make, connection
) -> None:
    net = with_credit(make, ((0, 1, 90_00), (1, 2, 30_00)))
    found = net.publishes(net.executed(mode=rules.CREDIT))
    text = queries.file_for(f.actor_of(make, net[1]), found.id)
    # The line of each is 500 €: none of it is in the file but what the round used of it.
    told = sorted(tuple(line[1:]) for line in json.loads(text)["firms"])
    assert told == [(0, 30_00, 30_00), (0, 60_00, 60_00), (90_00, 0, -90_00)]
    assert (files.faults(text), files.solved_again(text)) == ([], [])
    assert json.loads(text)["input_sha256"] == queries.history_of(found.id)[0].input_sha


def test_what_a_line_holds_beyond_the_debts_of_a_round_moves_nothing_in_it(
    make, connection
) -> None:
    net = with_credit(make, CHAIN[:1])
    found = net.opens(mode=rules.CREDIT)
    set_line(net, 0, 5_000_00)
    rooms = gathering.gather(found, agreed_only=False).problem.rooms
    assert sorted(rooms.values()) == [(0, 900_00), (900_00, 0)]
    planned = computing.plan(found.id, reason="first")
    set_line(net, 0, 4_000_00)
    assert net.cleared(net.keeps(planned)) == [900_00]
    planned = computing.plan(found.id, reason="again")
    set_line(net, 0, 899_99)
    with pytest.raises(Conflict, match=r"rounds\.moved"):
        net.keeps(planned)


def set_line(net: Network, place: int, cents: int) -> None:
    with transaction():
        accounts.set_line(
            net.admin,
            account_id=door.of_firm(net[place].firm_id) or 0,
            line=cents,
            upper=None,
            comment="autre ligne",
            now=net.make.now,
        )


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
    set_line(net, 0, 200_00)
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
