"""What may enter a round as its rows stand: due, uncontested debts between firms that agree.

Before firms have been shown anything: all debts between firms that take part. Afterwards: what
they were shown, less what is gone by now.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.invoices import setoffs
from incubator.domain.exchanges.ledger import door
from incubator.domain.exchanges.ledger.models import Account
from incubator.domain.exchanges.ledger.rules import MOST_CENTS
from incubator.domain.exchanges.rounds import files, netting, rules
from incubator.domain.exchanges.rounds.models import NettingPart, Round, RoundLine, RoundNotice
from incubator.domain.exchanges.rounds.netting import Debt, Problem, Room
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.domain.exchanges.invoices.rules import Claim

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What a solver is given for a round, and what its numbers stand for.

    ``claims`` are the debts of ``problem`` in the same order; ``numbers`` those of firms.
    """

    mode: str
    problem: Problem
    claims: tuple[Claim, ...]
    numbers: dict[int, int] = field(default_factory=dict)

    @property
    def sha(self) -> str:
        """The fingerprint of it."""
        return files.input_sha(self.mode, self.problem)

    @property
    def firms(self) -> dict[int, int]:
        """The firm that each number stands for."""
        return {number: firm for firm, number in self.numbers.items()}


def gather(
    found: Round, *, agreed_only: bool, numbers: Mapping[int, int] | None = None
) -> Gathered:
    """What may enter a round now; ``agreed_only`` leaves out firms that have not agreed.

    New firms get numbers at random, unless those that they got before are passed.
    """
    notices = _notices(found.id)
    shown = found.state in rules.SHOWN
    firms = _taking_part()
    if shown:
        firms &= {
            each.firm_id
            for each in notices
            if not each.out and (each.accepted_at is not None or not agreed_only)
        }
    most = _shown_lines(found) if shown else None
    claims = [
        claim
        for claim in setoffs.claims(due_on=found.cutoff, firm_ids=firms)
        if most is None or claim.invoice_id in most
    ]
    held = {each.firm_id: each.number for each in notices}
    known = dict(numbers) if numbers is not None else _numbered(held, claims)
    concerned = {firm for claim in claims for firm in (claim.issuer_id, claim.recipient_id)}
    rooms = _rooms(found, concerned, notices if shown else None)
    debts = _debts(claims, known, most)
    problem = Problem(
        debts=debts,
        seed=found.seed,
        rooms=_needed(debts, {known.get(firm, 0): room for firm, room in rooms.items()}),
    )
    return Gathered(mode=found.mode, problem=problem, claims=tuple(claims), numbers=known)


def _debts(
    claims: Iterable[Claim], numbers: Mapping[int, int], most: Mapping[int, int] | None
) -> tuple[Debt, ...]:
    """Claims as a solver sees them, none beyond the cents that were shown of it."""
    return tuple(
        Debt(
            no=place,
            debtor=numbers.get(claim.recipient_id, 0),
            creditor=numbers.get(claim.issuer_id, 0),
            owed=claim.cents,
            most=claim.cents if most is None else min(claim.cents, most[claim.invoice_id]),
        )
        for place, claim in enumerate(claims, 1)
    )


def _needed(debts: tuple[Debt, ...], rooms: Mapping[int, Room]) -> dict[int, Room]:
    """Rooms no wider than debts could ever use: what lies beyond changes nothing in a round."""
    all_of = netting.figures(debts, {debt.no: debt.most for debt in debts})
    return {
        firm: Room(min(room.down, all_of[firm].payables), min(room.up, all_of[firm].receivables))
        for firm, room in rooms.items()
    }


def _taking_part() -> set[int]:
    return set(
        db.session.scalars(select(NettingPart.firm_id).where(NettingPart.ended_at.is_(None)))
    )


def _notices(round_id: int) -> list[RoundNotice]:
    query = select(RoundNotice).where(RoundNotice.round_id == round_id)
    fresh = query.order_by(RoundNotice.number).execution_options(populate_existing=True)
    return list(db.session.scalars(fresh))


def _shown_lines(found: Round) -> dict[int, int]:
    """The cents of each invoice that the present revision clears: no more is cleared later."""
    query = select(RoundLine.invoice_id, RoundLine.cleared_cents).where(
        RoundLine.round_id == found.id, RoundLine.revision == found.revision
    )
    return dict(db.session.execute(query).all())


def _numbered(held: Mapping[int, int], claims: Iterable[Claim]) -> dict[int, int]:
    """A number for each firm, which says nothing about who it is."""
    fresh = {firm for claim in claims for firm in (claim.issuer_id, claim.recipient_id)} - set(held)
    order = sorted(fresh)
    secrets.SystemRandom().shuffle(order)
    first = max(held.values(), default=0) + 1
    return {**held, **{firm: first + place for place, firm in enumerate(order)}}


def _rooms(
    found: Round, firm_ids: Iterable[int], notices: list[RoundNotice] | None
) -> dict[int, Room]:
    """How far accounts may move: as the ledger allows, and no further than firms were shown."""
    if found.mode != rules.CREDIT or not door.head().switched_on:
        return {}
    wanted = sorted(firm_ids)
    ids: dict[int, int | None] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        query = select(Account.id, Account.firm_id).where(
            Account.firm_id.in_(some), Account.closed_at.is_(None)
        )
        ids.update(dict(db.session.execute(query).all()))
    shown = {each.firm_id: each.ledger_delta for each in notices} if notices is not None else None
    rooms = {}
    for account_id, held in door.accounts(ids, locked=False).items():
        upper = held.state.limits.upper
        room = Room(
            held.state.available,
            MOST_CENTS if upper is None else max(0, upper - held.state.balance),
        )
        firm_id = ids[account_id] or 0
        if shown is not None:
            delta = shown.get(firm_id, 0)
            room = Room(min(room.down, max(0, -delta)), min(room.up, max(0, delta)))
        rooms[firm_id] = room
    return rooms
