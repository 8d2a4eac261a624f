"""What managers read and set at the desk of mutual credit: their sites, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incubator.domain.exchanges.ledger import accounts, adjusting, departures, desk, switch
from incubator.domain.exchanges.ledger.rules import Policy
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.keyset import Cursor, Page
from tests.factories_credit import Market, a_market
from tests.factories_members import a_firm

CHOSEN = Policy(start_cents=250_00, growth_pct=50, cap_cents=400_00, upper_cents=1_000_00)


@pytest.fixture
def market(make) -> Market:
    """Firms opened in another order than that of their names."""
    found = a_market(make, opened=False, firms=1)
    found.turn(on=True)
    found.firms = [a_firm(make, make.member(found.site), name) for name in ("Zinc", "Argile")]
    found.accounts = [found.opens(firm) for firm in found.firms]
    return found


@pytest.fixture
def far(market, make) -> int:
    """The account of a firm in Dakar."""
    return market.opens(a_firm(make, make.member(make.site("Dakar")), "Loin"))


def page(market: Market, reader, **more) -> list[str]:
    asked = {"view": "open", "site_id": None} | more
    return [row.firm for row in desk.page_for(market.actor(reader), Cursor(size=9), **asked).rows]


def table(market: Market, reader, **more) -> list[str]:
    asked = {"view": "open", "site_id": None} | more
    return [row.firm for row in desk.listed(market.actor(reader), **asked)]


@pytest.mark.usefixtures("far")
@pytest.mark.parametrize("listed", [page, table])
def test_accounts_are_listed_by_name_and_by_site(market, listed) -> None:
    assert listed(market, market.managers[0]) == ["Argile", "Zinc"]
    assert listed(market, market.boss) == ["Argile", "Loin", "Zinc"]
    assert listed(market, market.boss, site_id=market.site.id) == ["Argile", "Zinc"]
    assert listed(market, market.managers[0], site_id=market.site.id + 1) == []


def test_a_line_of_the_list_names_its_site_and_pages_lead_both_ways(market, far) -> None:
    boss = market.actor(market.boss)
    told = {row.firm: row.site for row in desk.listed(boss, view="open", site_id=None)}
    assert told == {"Argile": "Lyon", "Zinc": "Lyon", "Loin": "Dakar"}

    def at(**where) -> Page[desk.Row]:
        return desk.page_for(boss, Cursor(size=2, **where), view="open", site_id=None)

    first = at()
    second = at(after=first.next)
    assert [row.held.id for row in second.rows] == [market.accounts[0]]
    assert at(before=second.previous).rows == first.rows
    assert desk.of_firms([]) == {}
    assert desk.of_firms([market.firms[0].id])[market.firms[0].id].id == market.accounts[0]


@pytest.mark.parametrize("listed", [page, table])
def test_a_view_holds_what_it_says(market, listed) -> None:
    zinc, argile = market.accounts
    market.gives(zinc, argile, 410_00)
    market.freeze(zinc)

    def told(view: str) -> list[str]:
        return listed(market, market.managers[0], view=view)

    assert {view: told(view) for view in desk.VIEWS} == {
        "open": ["Argile", "Zinc"],
        "owing": ["Argile"],
        "low": ["Argile"],
        "old": [],
        "frozen": ["Zinc"],
        "left": [],
    }


def test_a_correction_is_offered_between_open_accounts_of_others(market, make, far) -> None:
    boss, zinc = market.actor(market.boss), market.accounts[0]
    assert [name for _, name in desk.partners_of(boss, zinc)] == ["Argile", "Loin"]
    assert desk.partners_of(boss, zinc, most=1) == [(market.accounts[1], "Argile")]
    own = market.opens(a_firm(make, market.managers[0], "À moi"))
    told = desk.partners_of(market.actor(market.managers[0]), zinc)
    assert told == [(market.accounts[1], "Argile"), (far, "Loin")]
    market.closes(market.accounts[1], by=market.boss)
    assert desk.partners_of(boss, zinc) == [(own, "À moi"), (far, "Loin")]


def test_accounts_are_named_by_their_firms(market) -> None:
    zinc, argile = market.accounts
    assert desk.names_of([argile, zinc]) == {zinc: "Zinc", argile: "Argile"}
    assert desk.names_of([argile]) == {argile: "Argile"}


def test_what_waits_is_counted_for_managers_of_that_site(market, make, far) -> None:
    market.gives(far, market.accounts[0], 1)
    with transaction():
        departures.ask(market.actor(market.boss), account_id=far, reason="x", now=market.make.now)
    there = make.member(make.site("Thiès"), role="manager")
    for reader, names in ((market.boss, []), (market.managers[0], []), (there, [])):
        assert desk.waiting_accounts(market.actor(reader)) == names
    other = make.member(role="administrator")
    assert [name for _, name in desk.waiting_accounts(market.actor(other))] == ["Loin"]


def test_a_correction_waits_for_whoever_did_not_propose_it(market) -> None:
    first, second = (market.actor(each) for each in market.managers)
    with transaction():
        adjusting.ask(
            first,
            giver_id=market.accounts[0],
            receiver_id=market.accounts[1],
            cents=1,
            reason="x",
            once="form:1",
            now=market.make.now,
        )
    assert desk.waiting_accounts(first) == []
    assert [name for _, name in desk.waiting_accounts(second)] == ["Argile", "Zinc"]


def test_what_a_manager_may_not_decide_does_not_wait_for_them(market, make) -> None:
    both = make.member(market.site, role="manager")
    own = market.opens(a_firm(make, both, "À moi"))
    zinc, argile = market.accounts
    asker = market.actor(market.managers[0])
    more = {"cents": 1, "reason": "x", "now": market.make.now}
    market.gives(zinc, own, 5_00)
    with transaction():
        departures.ask(asker, account_id=own, reason="x", now=market.make.now)
        adjusting.ask(asker, giver_id=own, receiver_id=zinc, once="form:1", **more)
        adjusting.ask(asker, giver_id=zinc, receiver_id=own, once="form:2", **more)
    reader, other = market.actor(both), market.actor(market.managers[1])
    assert (desk.WAITING.of(reader), desk.waiting_accounts(reader)) == (0, [])
    assert desk.WAITING.of(other) == 3
    assert [name for _, name in desk.waiting_accounts(other)] == ["À moi", "Zinc"]
    with transaction():
        adjusting.ask(asker, giver_id=zinc, receiver_id=argile, once="form:3", **more)
    assert desk.WAITING.of(reader) == 1
    assert [name for _, name in desk.waiting_accounts(reader)] == ["Argile", "Zinc"]


def test_first_lines_are_set_within_reach(market) -> None:
    manager, site = market.actor(market.managers[0]), market.site.id
    assert accounts.site_policy(site) == Policy()
    for chosen in (CHOSEN, replace(CHOSEN, upper_cents=1, growth_pct=0, cap_cents=250_00)):
        with transaction():
            accounts.set_site_policy(manager, site_id=site, chosen=chosen)
        assert accounts.site_policy(site) == chosen
    for wrong in (
        {"start_cents": 249_99},
        {"start_cents": 400_01},
        {"start_cents": 1_000_01, "cap_cents": 5_000_00},
        {"growth_pct": -1},
        {"growth_pct": 101},
        {"upper_cents": 0},
    ):
        with pytest.raises(Refusal, match=r"^ledger\.start$") as refused:
            accounts.set_site_policy(manager, site_id=site, chosen=replace(CHOSEN, **wrong))
        assert refused.value.field == "start"


def test_who_switched_is_told_by_name(market) -> None:
    market.turn(on=False)
    told = [(each.turned_on, name) for each, name in switch.history_named()]
    name = market.actor(market.boss).name
    assert told == [(False, name), (True, name)]


def test_without_a_fund_its_account_is_not_found(make) -> None:
    market = a_market(make, opened=False, firms=1)
    with pytest.raises(NotFound, match=r"^ledger\.account$"):
        assert market.fund
