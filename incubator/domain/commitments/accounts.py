"""Whose promise an hour keeps: the member's own, or that of a firm they belong to.

A promise of one's own goes before the firm's. Two firms that promise for one member: the promise
made first has the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, bindparam, select

from incubator.domain.commitments import rules
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import BigId, db
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_OWN = (
    select(Pledge.valid_from, Pledge.valid_to, Pledge.help_max_pct)
    .where(Pledge.member_id == bindparam("member_id"))
    .order_by(Pledge.valid_from)
)
_OF_FIRMS = (
    select(
        Pledge.firm_id,
        Pledge.valid_from,
        Pledge.valid_to,
        FirmRole.since_on,
        FirmRole.until_on,
    )
    .join(FirmRole, FirmRole.firm_id == Pledge.firm_id)
    .where(FirmRole.member_id == bindparam("member_id"))
    .order_by(Pledge.id)
)
# Two recounts of one member, or two charges, wait for each other; a line written by a third does
# not, for it only needs the key of the row to stay.
_LOCK = select(Member.id).where(Member.id == bindparam("member_id")).with_for_update(key_share=True)
_LOCK_MANY = (
    select(Member.id)
    .where(Member.id.in_(bindparam("ids", type_=BigId, expanding=True)))
    .order_by(Member.id)
    .with_for_update(key_share=True)
)
_LOCK_FIRM = select(Firm.id).where(Firm.id == bindparam("firm_id")).with_for_update(key_share=True)


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """Who holds a balance: a firm, or else a member."""

    member_id: int = 0
    firm_id: int = 0

    @property
    def label(self) -> str:
        """How keys of lines name it."""
        return f"f{self.firm_id}" if self.firm_id else str(self.member_id)

    @property
    def holder(self) -> dict[str, int | None]:
        """Its columns in lines that tell of nobody's hours."""
        return {"member_id": self.member_id or None, "firm_id": self.firm_id or None}

    @property
    def lines(self) -> ColumnElement[bool]:
        """The lines that are its own."""
        if self.firm_id:
            return Line.firm_id == self.firm_id
        return and_(Line.member_id == self.member_id, Line.firm_id.is_(None))


@dataclass(frozen=True, slots=True)
class Promises:
    """The promises that a member's hours may keep."""

    own: Sequence[Any]
    of_firms: Sequence[Any]

    def firm_on(self, day: date) -> int | None:
        """The firm whose promise an hour of a day keeps; None: their own account."""
        if any(_holds(row.valid_from, row.valid_to, day) for row in self.own):
            return None
        return next(
            (
                row.firm_id
                for row in self.of_firms
                if _holds(row.valid_from, row.valid_to, day)
                and _holds(row.since_on, row.until_on, day)
            ),
            None,
        )

    def help_max_pct(self, span: rules.Span) -> int | None:
        """The share of help that the last own promise of a span allows, if it says so."""
        held = [row for row in self.own if span.shared(row.valid_from, row.valid_to)]
        return held[-1].help_max_pct if held else None


def _holds(start: date, end: date | None, day: date) -> bool:
    return start <= day < (end or rules.FOREVER)


def promises_of(member_id: int) -> Promises:
    """The promises of a member and of the firms they belong or belonged to."""
    values = {"member_id": member_id}
    return Promises(
        db.session.execute(_OWN, values).all(), db.session.execute(_OF_FIRMS, values).all()
    )


def lock_member(member_id: int) -> None:
    """Let nobody else count or charge this member until the transaction ends."""
    db.session.execute(_LOCK, {"member_id": member_id})


def lock_members(member_ids: Sequence[int]) -> None:
    """The same for many, always in one order: who locks two batches waits and never blocks."""
    db.session.execute(_LOCK_MANY, {"ids": list(member_ids)}).all()


def lock(account: Account) -> None:
    """Let nobody else write the balance of this account until the transaction ends."""
    if account.firm_id:
        db.session.execute(_LOCK_FIRM, {"firm_id": account.firm_id})
    else:
        lock_member(account.member_id)


def people_of(account: Account) -> Sequence[int]:
    """The members whose hours may be the account's: of a firm, whoever is or was in it."""
    if not account.firm_id:
        return [account.member_id]
    return db.session.scalars(
        select(FirmRole.member_id)
        .where(FirmRole.firm_id == account.firm_id)
        .distinct()
        .order_by(FirmRole.member_id)
    ).all()
