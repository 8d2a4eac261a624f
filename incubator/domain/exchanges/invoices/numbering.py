"""Numbers of invoices, one after the other for each issuer and year, and days that are closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incubator.domain.exchanges.invoices import identities, settling
from incubator.domain.exchanges.invoices.events import BooksClosed
from incubator.domain.exchanges.invoices.models import Books, Invoice, Series
from incubator.kernel.db import db, insert_each_once, insert_once
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record
from incubator.network.members.firm_models import Firm
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

DAY: Final = timedelta(days=1)
FRENCH_ZONE: Final = "Europe/Paris"


class Number(NamedTuple):
    """A number as it is printed, and its place in the series of a year."""

    printed: str
    year: int
    no: int


def held_books(firm_ids: Iterable[int]) -> dict[int, Books]:
    """The books of firms, held until the transaction ends, by firm.

    The lowest number first, and after all else that is held: two papers of the same firms wait for
    one another and never in a circle.
    """
    found: dict[int, Books] = {}
    for some in settling.batches(sorted(set(firm_ids))):
        insert_each_once(Books, [{"firm_id": each, "closed_until": None} for each in some])
        held = select(Books).where(Books.firm_id.in_(some)).order_by(Books.firm_id)
        fresh = held.with_for_update().execution_options(populate_existing=True)
        found.update({each.firm_id: each for each in db.session.scalars(fresh)})
    return found


def first_open(books: Iterable[Books], day: date) -> date:
    """This day, or the first one after it that none of these firms has closed."""
    closed = [each.closed_until for each in books if each.closed_until is not None]
    return max([day, *(until + DAY for until in closed)])


def open_day(firm_ids: Iterable[int], day: date) -> date:
    """The first day from this one on that is open for all these firms, whose books are held."""
    return first_open(held_books(firm_ids).values(), day)


def late(books: Books, day: date) -> date | None:
    """When a paper of this day is booked by a firm that has closed it; None where it has not."""
    booked = first_open([books], day)
    return booked if booked != day else None


def day_at(firm_id: int, now: datetime) -> date:
    """The day at the site of a firm; in Paris for one without a site: papers are of French law."""
    at_site = select(Site.time_zone).join(Firm, Firm.site_id == Site.id).where(Firm.id == firm_id)
    return now.astimezone(ZoneInfo(db.session.scalar(at_site) or FRENCH_ZONE)).date()


def closed_until(firm_id: int) -> date | None:
    """The last day of a firm's books that is closed."""
    return db.session.scalar(select(Books.closed_until).where(Books.firm_id == firm_id))


def check_open(books: Books, day: date, field: str | None) -> None:
    """Raise Refusal ``invoices.closed`` about a day that the firm has closed."""
    if books.closed_until is not None and day <= books.closed_until:
        raise Refusal("invoices.closed", field=field, until=books.closed_until)


def allot(books: Books, *, year: int, prefix: str) -> Number:
    """The next number of a firm whose books are held: none is left out, none comes twice.

    Raise Refusal ``invoices.series`` when an invoice issued elsewhere has it already.
    """
    insert_once(Series, firm_id=books.firm_id, year=year, last_no=0)
    query = select(Series).where(Series.firm_id == books.firm_id, Series.year == year)
    series = db.session.scalars(query.execution_options(populate_existing=True)).one()
    no = series.last_no + 1
    printed = f"{prefix}{year}-{no:04d}"
    if taken(books.firm_id, printed):
        raise Refusal("invoices.series", number=printed)
    series.last_no = no
    db.session.flush()
    return Number(printed, year, no)


def taken(firm_id: int, number: str) -> bool:
    """Whether a firm has an invoice of this number."""
    query = select(Invoice.id).where(Invoice.issuer_id == firm_id, Invoice.number == number)
    return db.session.scalar(query) is not None


def close(actor: Actor, firm_id: int, *, until: date, today: date, now: datetime) -> None:
    """Close a firm's books until a day that is over; later days stay open, earlier ones closed.

    Raise NotFound, NotAllowed as ``identities.firm_kept_by``; Refusal ``invoices.not_over``,
    ``invoices.closed_later``.
    """
    identities.firm_kept_by(actor, firm_id, now=now)
    books = held_books([firm_id])[firm_id]
    if until >= today:
        raise Refusal("invoices.not_over", field="until")
    if books.closed_until == until:
        return
    if books.closed_until is not None and until < books.closed_until:
        raise Refusal("invoices.closed_later", field="until", until=books.closed_until)
    books.closed_until = until
    db.session.flush()
    record(BooksClosed(actor_id=actor.id, firm_id=firm_id, until=until.isoformat()))
