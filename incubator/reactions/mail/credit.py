"""What firms and those who run their sites hear of mutual credit: one row a firm, raised anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.exchanges.deals.queries import people_of
from incubator.domain.exchanges.ledger.events import (
    CreditAdjustmentAsked,
    CreditAged,
    CreditDepartureAsked,
    CreditDepartureDecided,
    CreditLimitsChanged,
    CreditMoved,
    CreditReversed,
    CreditSoftLimitPassed,
    CreditSwitched,
)
from incubator.domain.exchanges.ledger.models import Account
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.models import Grant
from incubator.network.members.firm_queries import with_id
from incubator.reactions.mail.told import write_lines
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Collection

NEWS: Final = "credit_news"
MOVES: Final = "credit_moves"
DESK: Final = "desk_credit"
# A line that followed what was given, by why it did.
_EARNED: Final = {"growth": "credit_grew", "reversal": "credit_shorter"}


def subscribe() -> None:
    """Hear what must be told."""
    joins(CreditSoftLimitPassed, low)
    joins(CreditAged, aged)
    joins(CreditLimitsChanged, limits)
    joins(CreditMoved, moved)
    joins(CreditDepartureAsked, departure_asked)
    joins(CreditDepartureDecided, departure_decided)
    joins(CreditAdjustmentAsked, adjustment_asked)
    joins(CreditSwitched, switched)


def low(event: CreditSoftLimitPassed) -> None:
    """To a firm that has little of its line left; who acted may be of the other firm."""
    if event.firm_id is not None:
        _firm(NEWS, event.firm_id, "credit_low", by=None)


def aged(event: CreditAged) -> None:
    """To a firm that is below zero for long, and to those who make a plan with it."""
    if event.age != "fine":
        what = f"credit_{event.age}"
        _firm(NEWS, event.firm_id, what, by=None)
        _desk(event.firm_id, what, by=None)


def limits(event: CreditLimitsChanged) -> None:
    """To a firm whose line is another, or whose account is frozen."""
    if event.firm_id is None:
        return
    decided = "credit_frozen" if event.frozen else "credit_limits"
    _firm(NEWS, event.firm_id, _EARNED.get(event.cause, decided), by=event.actor_id)


def moved(event: CreditMoved) -> None:
    """To the firms between which something moved, or was taken back."""
    back = isinstance(event, CreditReversed)
    kind = MOVES if event.kind == "settle" else NEWS
    for firm_id in event.firm_ids:
        _firm(kind, firm_id, "credit_reversed" if back else "credit_moved", by=event.actor_id)


def departure_asked(event: CreditDepartureAsked) -> None:
    """To the firm, and to who may agree."""
    _firm(NEWS, event.firm_id, "credit_leaving", by=event.actor_id)
    _desk(event.firm_id, "credit_departure", by=event.actor_id)


def departure_decided(event: CreditDepartureDecided) -> None:
    """To the firm, and to who proposed it."""
    what = "credit_left" if event.agreed else "credit_stays"
    _firm(NEWS, event.firm_id, what, by=event.actor_id)
    _desk(event.firm_id, what, by=event.actor_id)


def adjustment_asked(event: CreditAdjustmentAsked) -> None:
    """To who may agree."""
    _desk(event.firm_id, "credit_adjustment", by=event.actor_id)


def switched(event: CreditSwitched) -> None:
    """To the people of the firms that take part, and to who runs a site."""
    what = "credit_on" if event.turned_on else "credit_off"
    part = select(Account.firm_id).where(Account.kind == "firm", Account.closed_at.is_(None))
    firm_ids = [firm_id for firm_id in db.session.scalars(part) if firm_id]
    runs = select(Grant.account_id).where(
        Grant.role.in_(("manager", "administrator")), Grant.ended_at.is_(None)
    )
    readers = people_of(firm_ids) | set(db.session.scalars(runs))
    about = About("credit_switch", 1, what, by=event.actor_id)
    write_lines(NEWS, readers - {event.actor_id or 0}, about)


def _firm(kind: str, firm_id: int, what: str, *, by: int | None) -> None:
    about = About("credit", firm_id, what, by=by, title=with_id(firm_id).name)
    write_lines(kind, people_of([firm_id]) - {by or 0}, about)


def _desk(firm_id: int, what: str, *, by: int | None) -> None:
    """To who runs the firm's site, or the network, and works in no part of it."""
    firm = with_id(firm_id)
    runs = select(Grant.account_id).where(
        Grant.ended_at.is_(None),
        (Grant.role == "administrator")
        | ((Grant.role == "manager") & (Grant.site_id == firm.site_id)),
    )
    others: Collection[int] = set(db.session.scalars(runs)) - people_of([firm_id]) - {by or 0}
    about = About("credit_desk", firm_id, what, by=by, title=firm.name, site_id=firm.site_id)
    write_lines(DESK, others, about)
