"""Letters about rounds of netting: to the people of the firms concerned, in their language."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.blueprints.rounds import hourly
from incubator.kernel.db import as_of, transaction
from incubator.network.members import firm_people
from tests.factories_accounts import letters
from tests.factories_letters import off, texts
from tests.factories_rounds import RING, Network, network

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from incubator.domain.exchanges.rounds.models import Round
    from incubator.network.accounts.models import Account
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")

SHOWN = "Lisez ce que votre entreprise devrait de moins, et répondez"
REMINDED = "Une compensation attend votre réponse : elle se termine demain"
ANEW = "Une compensation a été recalculée"
DONE = "Une compensation a été effectuée : vos dettes sont éteintes"
GIVEN_UP = "Une compensation a été abandonnée : rien n’a été compensé"
ALL_AGREED = "Toutes les entreprises sont d’accord"


def clearing(make: Make, firms: int, *debts: tuple[int, int, int]) -> Network:
    """Firms that owe one another in a ring and more; their deals are told by no letter."""
    net = network(make, firms)
    for house in net.houses:
        off(house.account, "deal_news")
    for debtor, creditor, cents in (*RING, *debts):
        net.owes(debtor, creditor, cents)
    return net


@pytest.fixture
def net(make: Make) -> Network:
    """Three firms in a ring, and a fourth that shares small debts with the first."""
    return clearing(make, 4, (0, 3, 50_00), (3, 0, 60_00))


def people(net: Network, *places: int) -> set[str]:
    return {net[place].account.email for place in places}


def written(app: Flask, make: Make, at: datetime | None = None) -> dict[str, str]:
    """What each address was written until then, as plain text; none was written twice."""
    with as_of(at or make.now):
        found = letters(app, make)
    told = {each["To"]: plain(texts(each)[0]) for each in found}
    assert len(told) == len(found)
    return told


def plain(text: str) -> str:
    """Without the spaces that do not break, and without line ends."""
    return " ".join(text.split())


def joins(make: Make, net: Network, place: int, who: Account) -> None:
    with transaction():
        firm_people.join_firm(
            firm_id=net[place].firm_id, member_id=who.id, today=make.now.date(), title=""
        )


def heard(told: dict[str, str], words: str) -> set[str]:
    """Who reads these words."""
    return {address for address, text in told.items() if words in text}


def of_round(found: Round) -> str:
    return f"/compensations/{found.id}"


def test_a_round_that_is_shown_is_told_to_all_people_of_its_firms(
    app: Flask, make: Make, net: Network
) -> None:
    reader = make.member(make.site(), language="en", email="reader@example.org")
    joins(make, net, 1, reader)
    written(app, make)
    found = net.computes(net.opens())
    assert written(app, make) == {}
    net.shows(found)
    told = written(app, make)
    assert set(told) == people(net, 0, 1, 2, 3) | {"reader@example.org"}
    assert heard(told, SHOWN) == people(net, 0, 1, 2, 3)
    mine = told[net[0].account.email]
    assert of_round(found) in mine
    assert not [house.name for house in net.houses if house.name in mine]
    assert "Read what your firm would owe less, and answer" in told["reader@example.org"]
    assert f"/netting/{found.id}" in told["reader@example.org"]


def test_a_firm_that_a_round_clears_nothing_of_hears_nothing(app: Flask, make: Make) -> None:
    net = clearing(make, 5, (0, 3, 50_00))
    net.shown()
    assert set(written(app, make)) == people(net, 0, 1, 2)


def test_only_who_has_not_answered_is_reminded_and_once(
    app: Flask, make: Make, net: Network
) -> None:
    found = net.shown()
    net.accepts(found, 0, 1, 3)
    written(app, make)
    soon = make.now + timedelta(days=6, hours=1)
    for at in (make.now + timedelta(days=5), soon, soon + timedelta(hours=1)):
        with as_of(at):
            hourly.pass_hour({})
    told = written(app, make, soon)
    assert set(told) == heard(told, REMINDED) == people(net, 2)


def test_who_reads_less_after_a_refusal_is_told_and_who_reads_the_same_is_not(
    app: Flask, make: Make
) -> None:
    net = clearing(make, 5, (3, 4, 20_00), (4, 3, 20_00))
    found = net.shown()
    written(app, make)
    net.refuses(found, 2)
    told = written(app, make)
    assert heard(told, ANEW) == people(net, 0, 1)
    assert set(told) == people(net, 0, 1)


def test_less_is_told_whoever_computes_it_anew(app: Flask, make: Make, net: Network) -> None:
    found = net.shown()
    written(app, make)
    with transaction():
        net.invoices[1].paid_cents = 1100_00
    net.computes(found, "again")
    told = written(app, make)
    assert heard(told, ANEW) == set(told) == people(net, 0, 1, 2)


def test_who_did_not_answer_in_time_costs_the_others_a_letter(
    app: Flask, make: Make, net: Network
) -> None:
    found = net.shown()
    net.accepts(found, 0, 1, 3)
    written(app, make)
    over = make.now + timedelta(days=8)
    with as_of(over):
        hourly.pass_hour({})
    told = written(app, make, over)
    assert heard(told, ANEW) == people(net, 0, 1)
    # All that are left in it have agreed.
    assert heard(told, ALL_AGREED) == {net.boss.email}
    assert set(told) == people(net, 0, 1) | {net.boss.email}


def test_that_all_agreed_goes_to_administrators_and_the_end_to_firms(
    app: Flask, make: Make, net: Network
) -> None:
    second = make.member(role="administrator", language="en", email="second@example.org")
    site = make.site()
    make.member(site, role="manager")
    found = net.shown()
    written(app, make)
    net.accepts(found, 0, 1, 2)
    assert written(app, make) == {}
    net.accepts(found, 3)
    told = written(app, make)
    assert set(told) == {net.boss.email, second.email}
    assert ALL_AGREED in told[net.boss.email]
    assert "Every firm agreed" in told["second@example.org"]
    net.executes(found)
    told = written(app, make)
    assert set(told) == heard(told, DONE) == people(net, 0, 1, 2, 3)
    net.publishes(found)
    assert written(app, make) == {}


def test_a_round_of_nothing_is_given_up_and_its_firms_are_told(app: Flask, make: Make) -> None:
    net = clearing(make, 3)
    found = net.shown()
    written(app, make)
    net.refuses(found, 0)
    told = written(app, make)
    assert heard(told, GIVEN_UP) == set(told) == people(net, 1, 2)


def test_who_wants_no_letters_of_netting_gets_none(app: Flask, make: Make, net: Network) -> None:
    off(net[0].account, "netting_news")
    off(net.boss, "desk_netting")
    found = net.shown()
    assert set(written(app, make)) == people(net, 1, 2, 3)
    net.accepts(found, 0, 1, 2, 3)
    assert written(app, make) == {}
