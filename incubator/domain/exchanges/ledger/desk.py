"""The accounts of firms as those who run their sites read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Date, Select, func, or_, select, union_all
from sqlalchemy.orm import aliased

from incubator.domain.exchanges.ledger import door
from incubator.domain.exchanges.ledger.models import Account, Adjustment, Departure
from incubator.kernel.db import db
from incubator.kernel.keyset import Page, keyset_page
from incubator.network.members.cards import lasting
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.reader import MANAGED_SITES, READER_ID, READS_ALL, Counter
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from incubator.kernel.keyset import Cursor
    from incubator.network.members.actor import Actor

WAITING_MOST: Final = 20
_OPEN = Account.closed_at.is_(None)
# What each view of the list holds.
VIEWS: Final[dict[str, ColumnElement[bool]]] = {
    "open": _OPEN,
    "owing": Account.negative_since.is_not(None),
    "low": _OPEN & (Account.balance - Account.reserved < Account.soft_limit),
    "old": Account.age != "fine",
    "frozen": _OPEN & Account.frozen,
    "left": Account.closed_at.is_not(None),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A firm, its site's name, and its account."""

    firm_id: int
    firm: str
    site: str
    age: str
    held: door.Held


def page_for(reader: Actor, cursor: Cursor, *, view: str, site_id: int | None) -> Page[Row]:
    """The accounts of the firms of one's sites, by the firm's name; of all to administrators."""
    query = _chosen(reader, view=view, site_id=site_id)
    page = keyset_page(query, [Firm.sort_name, Firm.id], cursor)
    return Page(_rows(page.rows), page.next, page.previous)


def listed(reader: Actor, *, view: str, site_id: int | None) -> Iterator[Row]:
    """All that ``page_for`` would show page by page, in its order."""
    query = _chosen(reader, view=view, site_id=site_id).order_by(Firm.sort_name, Firm.id)
    numbers = db.session.scalars(query).all()
    for start in range(0, len(numbers), door.AT_ONCE):
        yield from _rows(numbers[start : start + door.AT_ONCE])


def _chosen(reader: Actor, *, view: str, site_id: int | None) -> Select[int]:
    query = select(Account.id).join(Firm, Firm.id == Account.firm_id).where(VIEWS.get(view, _OPEN))
    if not reader.is_administrator:
        query = query.where(Firm.site_id.in_(reader.managed_site_ids))
    return query if site_id is None else query.where(Firm.site_id == site_id)


def _rows(account_ids: Collection[int]) -> list[Row]:
    held = door.accounts(account_ids, locked=False) if account_ids else {}
    told = db.session.execute(
        select(Account.id, Account.age, Firm.id, Firm.name, Site.name)
        .join(Firm, Firm.id == Account.firm_id)
        .outerjoin(Site, Site.id == Firm.site_id)
        .where(Account.id.in_(account_ids))
    )
    by_id = {
        number: Row(firm_id, firm, site or "", age, held[number])
        for number, age, firm_id, firm, site in told
    }
    return [by_id[number] for number in account_ids]


def of_firms(firm_ids: Collection[int]) -> dict[int, door.Held]:
    """The accounts of these firms, by firm; a firm without one is not in it."""
    query = select(Account.id).where(Account.firm_id.in_(firm_ids))
    numbers = db.session.scalars(query).all() if firm_ids else []
    found = door.accounts(numbers, locked=False) if numbers else {}
    return {held.firm_id: held for held in found.values() if held.firm_id}


def partners_of(reader: Actor, account_id: int, *, most: int = 500) -> list[tuple[int, str]]:
    """The other open accounts, by the name of their firm: what a correction may be between."""
    query = select(Account.id, Firm.name).join(Firm, Firm.id == Account.firm_id)
    query = query.where(_OPEN, Account.id != account_id)
    if not reader.is_administrator:
        own = select(FirmRole.firm_id).where(
            FirmRole.member_id == reader.id, FirmRole.until_on.is_(None)
        )
        query = query.where(Firm.id.not_in(own))
    rows = db.session.execute(query.order_by(Firm.sort_name, Firm.id).limit(most))
    return [(number, name) for number, name in rows]


def names_of(account_ids: Collection[int]) -> dict[int, str]:
    """The names of the firms of these accounts."""
    query = select(Account.id, Firm.name).join(Firm, Firm.id == Account.firm_id)
    return dict(db.session.execute(query.where(Account.id.in_(account_ids))).all())


def _works_in(member_id: Any) -> Select[int]:
    """The accounts of the firms in which somebody works: they decide nothing about them."""
    return (
        select(Account.id)
        .join(FirmRole, FirmRole.firm_id == Account.firm_id)
        .where(FirmRole.member_id == member_id, lasting(func.current_date(type_=Date)))
    )


def _mine(firm: Any) -> ColumnElement[bool]:
    return or_(READS_ALL, firm.site_id.in_(MANAGED_SITES))


_giver, _receiver, _giver_firm, _receiver_firm = (
    aliased(Account),
    aliased(Account),
    aliased(Firm),
    aliased(Firm),
)
_own = _works_in(READER_ID)
_waits = union_all(
    select(Departure.id)
    .join(Account, Account.id == Departure.account_id)
    .join(Firm, Firm.id == Account.firm_id)
    .where(
        Departure.state == "asked",
        Departure.asked_by_id != READER_ID,
        Departure.account_id.not_in(_own),
        _mine(Firm),
    ),
    select(Adjustment.id)
    .join(_giver, _giver.id == Adjustment.giver_id)
    .join(_receiver, _receiver.id == Adjustment.receiver_id)
    .join(_giver_firm, _giver_firm.id == _giver.firm_id)
    .join(_receiver_firm, _receiver_firm.id == _receiver.firm_id)
    .where(
        Adjustment.state == "asked",
        Adjustment.asked_by_id != READER_ID,
        Adjustment.giver_id.not_in(_own),
        Adjustment.receiver_id.not_in(_own),
        or_(_mine(_giver_firm), _mine(_receiver_firm)),
    ),
).limit(WAITING_MOST)
# Departures and corrections that the reader may agree to as the second manager.
WAITING: Final = Counter(
    select(func.count()).select_from(_waits.subquery()).scalar_subquery(), WAITING_MOST
)


def waiting_accounts(reader: Actor, *, most: int = 50) -> list[tuple[int, str]]:
    """The firms about which something waits for the reader: number of the firm, its name."""
    own = _works_in(reader.id)
    asked = [
        select(Departure.account_id).where(
            Departure.state == "asked",
            Departure.asked_by_id != reader.id,
            Departure.account_id.not_in(own),
        )
    ]
    asked += [
        select(side).where(
            Adjustment.state == "asked",
            Adjustment.asked_by_id != reader.id,
            Adjustment.giver_id.not_in(own),
            Adjustment.receiver_id.not_in(own),
        )
        for side in (Adjustment.giver_id, Adjustment.receiver_id)
    ]
    query = select(Firm.id, Firm.name).join(Account, Account.firm_id == Firm.id)
    query = query.where(or_(*(Account.id.in_(each) for each in asked)))
    if not reader.is_administrator:
        query = query.where(Firm.site_id.in_(reader.managed_site_ids))
    rows = db.session.execute(query.order_by(Firm.sort_name, Firm.id).limit(most))
    return [(firm_id, name) for firm_id, name in rows]
