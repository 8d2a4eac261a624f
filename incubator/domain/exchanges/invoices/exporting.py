"""A firm's entries of a period, and what its year file holds: for its keepers alone, and told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.invoices import entries, identities, queries
from incubator.domain.exchanges.invoices.events import BooksTaken
from incubator.kernel.errors import Refusal
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.domain.exchanges.invoices.entries import Line
    from incubator.domain.exchanges.invoices.models import Invoice
    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_models import Firm

LONGEST: Final = timedelta(days=366)
# As many papers as a year file holds.
PAPERS_MOST: Final = 400


@dataclass(frozen=True)
class Taken:
    """What is taken of a firm's books: the firm, its invoices of these days, their entries."""

    firm: Firm
    invoices: Sequence[Invoice]
    lines: Sequence[Line]


def take(
    actor: Actor, firm_id: int, *, since: date, until: date, what: str, now: datetime
) -> Taken:
    """Read a firm's books between two days, both of them in it; that it was done is told.

    ``what`` is «entries» or «year». Raise NotFound, NotAllowed as ``identities.firm_kept_by``;
    Refusal ``invoices.period``, or ``invoices.many`` about a year file beyond its most.
    """
    firm = identities.firm_kept_by(actor, firm_id, now=now)
    if not timedelta(0) <= until - since < LONGEST:
        raise Refusal("invoices.period", field="until")
    invoices = queries.dated(firm_id, since, until)
    if what == "year" and len(invoices) > PAPERS_MOST:
        raise Refusal("invoices.many", most=PAPERS_MOST)
    lines = [line for one in invoices for line in entries.of_invoice(one, firm_id)]
    parts = queries.set_off_in(firm_id, since, until)
    for _, some in groupby(parts, key=attrgetter("setoff_id")):
        lines += entries.of_setoff(some, firm_id)
    for part in queries.credited_in(firm_id, since, until):
        lines += entries.of_credit(part, firm_id)
    record(
        BooksTaken(
            actor_id=actor.id,
            firm_id=firm_id,
            what=what,
            since=since.isoformat(),
            until=until.isoformat(),
        )
    )
    return Taken(firm, invoices, lines)
