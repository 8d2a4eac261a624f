"""Firms that trade by mutual credit, for tests; made by the commands that pages will call."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from incubator.domain.exchanges.ledger import accounts, door, posting, reversing, switch
from incubator.domain.exchanges.ledger.writing import Draft
from incubator.kernel.db import transaction
from tests.factories_members import a_firm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.domain.exchanges.ledger.writing import Posted
    from tests.factories import Make

READ = "Mutual credit is no money. Ask a lawyer about credit monopoly and membership fees."


@dataclass
class Market:
    """A site whose firms trade; ``people`` keep a firm each, ``accounts`` are its numbers."""

    make: Make
    boss: Any
    site: Any
    managers: list[Any]
    people: list[Any]
    firms: list[Any]
    accounts: list[int] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def one(self) -> int:
        return self.accounts[0]

    @property
    def two(self) -> int:
        return self.accounts[1]

    @property
    def fund(self) -> int:
        return door.fund_id()

    def actor(self, who: Any) -> Any:
        return self.make.actor(who)

    def post(self, amounts: dict[int, int], *, by: Any = None, **more: Any) -> Posted:
        """Move cents by account in a transaction of its own."""
        second = more.pop("second", None)
        draft = Draft(
            kind=more.pop("kind", "settle"),
            amounts=amounts,
            idem=more.pop("idem", f"test:{next(self.numbers)}"),
            **more,
        )
        with transaction():
            return posting.post(
                self.actor(by) if by else None,
                draft,
                now=self.make.now,
                second=self.actor(second) if second else None,
            )

    def gives(self, giver: int, receiver: int, cents: int, **more: Any) -> Posted:
        """One account gives to another."""
        return self.post({giver: cents, receiver: -cents}, **more)

    def reserve(self, account_id: int, cents: int, key: str = "leg:1", by: Any = None) -> None:
        with transaction():
            actor = self.actor(by) if by else None
            posting.reserve(actor, account_id=account_id, cents=cents, key=key, now=self.make.now)

    def release(self, key: str = "leg:1", by: Any = None) -> int:
        with transaction():
            actor = self.actor(by) if by else None
            return posting.release(actor, key=key, now=self.make.now)

    def line(self, account_id: int, cents: int, upper: int | None = None) -> None:
        """A manager decides how far an account may go."""
        with transaction():
            accounts.set_line(
                self.actor(self.managers[0]),
                account_id=account_id,
                line=cents,
                upper=upper,
                comment="as agreed",
                now=self.make.now,
            )

    def freeze(self, account_id: int, *, frozen: bool = True) -> None:
        with transaction():
            accounts.freeze(
                self.actor(self.managers[0]),
                account_id=account_id,
                frozen=frozen,
                comment="as agreed",
                now=self.make.now,
            )

    def opens(self, firm: Any, by: Any = None) -> int:
        """The number of a firm's account, opened."""
        with transaction():
            actor = self.actor(by) if by else None
            return accounts.open_account(actor, firm_id=firm.id, now=self.make.now)

    def closes(self, account_id: int, by: Any = None) -> None:
        with transaction():
            actor = self.actor(by) if by else None
            accounts.close_account(actor, account_id=account_id, now=self.make.now)

    def reverses(self, txn_id: int, *, by: Any = None, **more: Any) -> Posted:
        """A manager takes a transaction back."""
        with transaction():
            return reversing.reverse(
                self.actor(by or self.managers[0]),
                txn_id=txn_id,
                reason=more.pop("reason", "typed twice"),
                now=self.make.now,
                **more,
            )

    def turn(self, *, on: bool) -> None:
        with transaction():
            switch.switch(self.actor(self.boss), turned_on=on, text_read=READ, now=self.make.now)

    def held(self, account_id: int) -> door.Held:
        return door.account(account_id, locked=False)

    def balances(self) -> list[int]:
        return [self.held(one).state.balance for one in self.accounts]


def a_market(make: Make, *, firms: int = 2, opened: bool = True) -> Market:
    """A site with its managers and firms; mutual credit is on and each firm has an account."""
    site = make.site()
    people = [make.member(site) for _ in range(firms)]
    market = Market(
        make=make,
        boss=make.member(role="administrator"),
        site=site,
        managers=[make.member(site, role="manager") for _ in range(2)],
        people=people,
        firms=[a_firm(make, one, f"Firme {number}") for number, one in enumerate(people)],
    )
    if opened:
        market.turn(on=True)
        market.accounts += [market.opens(firm) for firm in market.firms]
    return market


def apart(market: Market) -> Market:
    """The same market with plain ids, for threads of their own."""

    def plain(rows: list[Any]) -> list[Any]:
        return [SimpleNamespace(id=row.id) for row in rows]

    market.boss, market.site = plain([market.boss, market.site])
    market.managers, market.people = plain(market.managers), plain(market.people)
    market.firms = plain(market.firms)
    return market


def credit_pages(make: Make, boss: Any, firm: Any, site: Any) -> dict[str, int]:
    """A firm that gave something to another and has it taken back, by what addresses name."""
    other = a_firm(make, make.member(site), "Miel & <b>Cie")
    market = Market(make, boss, site, [boss], [], [firm, other])
    market.turn(on=True)
    market.accounts += [market.opens(each) for each in market.firms]
    market.reserve(market.one, 20_00)
    market.reverses(market.gives(market.two, market.one, 10_00).id, reason="Tapé <deux> fois")
    posted = market.gives(market.one, market.two, 30_00)
    return {"firm_id": firm.id, "txn_id": posted.id}
