"""Firms that owe one another and net it in rounds, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from incubator.domain.exchanges.rounds import (
    answering,
    clock,
    computing,
    parts,
    records,
    rules,
    running,
    switch,
)
from incubator.domain.exchanges.rounds.models import Round, RoundLine, RoundNotice
from incubator.kernel.db import db, transaction
from tests import factories_deals as f
from tests import factories_invoices as invoices

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.invoices.models import Invoice
    from tests.factories import Make

READ: Final = "Netting among several needs an agreement of all: ask a lawyer."
_numbers: Final = count(1)


@dataclass
class Network:
    """Firms of a site that take part in rounds, and the administrator who runs them."""

    make: Make
    boss: Any
    houses: list[f.House]
    invoices: list[Invoice] = field(default_factory=list)

    def __getitem__(self, place: int) -> f.House:
        return self.houses[place]

    @property
    def admin(self) -> Any:
        return self.make.actor(self.boss)

    def owes(self, debtor: int, creditor: int, cents: int, **more: Any) -> Invoice:
        """One firm owes another, by its place."""
        made = invoices.owes(self.make, self[debtor], self[creditor], cents, **more)
        self.invoices.append(made)
        return made

    def opens(self, **more: Any) -> Round:
        told: dict[str, Any] = {
            "cutoff": self.make.now.date(),
            "mode": rules.PURE,
            "answer_days": 7,
            "once": f"once-{next(_numbers)}",
        } | more
        with transaction():
            return running.open_round(self.admin, running.New(**told), now=self.make.now)

    def computes(self, found: Round, reason: str = "first", **more: Any) -> Round:
        return self.keeps(computing.plan(found.id, reason=reason, **more))

    def keeps(self, planned: computing.Plan) -> Round:
        by = self.admin if planned.reason in {"first", "again"} else None
        with transaction():
            return computing.keep(by, planned, now=self.make.now)

    def shows(self, found: Round, revision: int | None = None) -> Round:
        read = records.seen(found.id).revision if revision is None else revision
        with transaction():
            return running.show(self.admin, found.id, revision=read, now=self.make.now)

    def shown(self, **more: Any) -> Round:
        """A round that its firms were shown."""
        return self.shows(self.computes(self.opens(**more)))

    def accepts(
        self,
        found: Round,
        *places: int,
        seen: rules.Shown | None = None,
        at: datetime | None = None,
    ) -> None:
        """Firms agree to what they read, or to what they read before."""
        for place in places:
            firm_id = self[place].firm_id
            told = self.notice(found, place)
            read = seen or rules.Shown(
                told.payables_cleared, told.receivables_cleared, told.ledger_delta
            )
            with transaction():
                answering.accept(
                    f.actor_of(self.make, self[place]),
                    found.id,
                    firm_id=firm_id,
                    seen=read,
                    now=at or self.make.now,
                )

    def refuses(self, found: Round, place: int) -> None:
        with transaction():
            answering.refuse(
                f.actor_of(self.make, self[place]),
                found.id,
                firm_id=self[place].firm_id,
                now=self.make.now,
            )

    def executes(self, found: Round, by: Any = None) -> Round:
        with transaction():
            return running.execute(by or self.admin, found.id, now=self.make.now)

    def publishes(self, found: Round) -> Round:
        with transaction():
            return running.publish(self.admin, found.id, now=self.make.now)

    def executed(self, **more: Any) -> Round:
        """A round that is executed: all its firms agreed."""
        found = self.shown(**more)
        places = range(len(self.houses))
        self.accepts(found, *(p for p in places if self.notice(found, p).concerned))
        return self.executes(found)

    def hour(self, found: Round, at: datetime) -> None:
        with transaction():
            clock.pass_hour(found.id, now=at)

    def leaves(self, place: int) -> bool:
        with transaction():
            return parts.take_no_part(
                f.actor_of(self.make, self[place]), firm_id=self[place].firm_id, now=self.make.now
            )

    def notice(self, found: Round, place: int) -> RoundNotice:
        return records.notice_of(found, self[place].firm_id)

    def cleared(self, found: Round, revision: int | None = None) -> list[int]:
        """What a round clears of each invoice of the network, in their order."""
        at = records.seen(found.id).revision if revision is None else revision
        query = select(RoundLine.invoice_id, RoundLine.cleared_cents).where(
            RoundLine.round_id == found.id, RoundLine.revision == at
        )
        lines = dict(db.session.execute(query).all())
        return [lines.get(each.id, 0) for each in self.invoices]

    def left(self) -> list[int]:
        """What is still owed of each invoice of the network."""
        return [invoices.seen(each).left_cents for each in self.invoices]


def takes_part(make: Make, one: f.House) -> None:
    with transaction():
        parts.take_part(f.actor_of(make, one), firm_id=one.firm_id, now=make.now)


def turn(make: Make, boss: Any, *, on: bool = True) -> None:
    """An administrator switches netting on or off."""
    with transaction():
        switch.switch(make.actor(boss), turned_on=on, text_read=READ, now=make.now)


def network(make: Make, firms: int = 3, *, debts: tuple[tuple[int, int, int], ...] = ()) -> Network:
    """Firms that take part, netting switched on, and debts by (debtor, creditor, cents)."""
    site = make.site()
    boss = make.member(role="administrator")
    found = Network(make, boss, [f.house(make, f"Firme {n}", site) for n in range(firms)])
    turn(make, boss)
    for one in found.houses:
        takes_part(make, one)
    for debtor, creditor, cents in debts:
        found.owes(debtor, creditor, cents)
    return found


# Three firms of which each owes the next: 900 of each can go.
RING: Final = ((0, 1, 900_00), (1, 2, 1200_00), (2, 0, 1000_00))


def round_pages(make: Make, boss: Any, account: Any, firm: Any) -> dict[str, int]:
    """A round that waits for the word of a firm, by what the addresses of its pages name."""
    net = Network(
        make, boss, [f.House(firm.id, firm.name, account), f.house(make, "Cire & <fils>")]
    )
    turn(make, boss)
    for one in net.houses:
        takes_part(make, one)
    net.owes(0, 1, 80_00)
    net.owes(1, 0, 70_00)
    return {"round_id": net.shown().id}
