"""What promises said, and since when it was recorded: what was known on a day stays known.

Whoever writes a promise, or changes whose it is or its days, notes it in the same transaction.
``incubator hours verify`` finds a promise whose last note says something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, insert, or_, select
from sqlalchemy.orm import aliased

from incubator.domain.commitments.promise_models import Pledge, PledgeRevision
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from incubator.domain.commitments.rules import Span

SAID = ("member_id", "firm_id", "home_site_id", "valid_from", "valid_to")


def note(pledges: Iterable[Pledge], *, now: datetime) -> None:
    """Write down what these promises, already flushed, say from now on."""
    rows = [
        {
            "pledge_id": one.id,
            "recorded_at": now,
            **{name: getattr(one, name) for name in SAID},
        }
        for one in pledges
    ]
    if rows:
        db.session.execute(insert(PledgeRevision), rows)


def promised_at(site_id: int, span: Span, known_at: datetime, *, of_firm: bool) -> Select[Any]:
    """The members (or firms) known at an instant to have promised at a site in a span."""
    holder = PledgeRevision.firm_id if of_firm else PledgeRevision.member_id
    until = PledgeRevision.valid_to
    return (
        select(holder)
        .where(
            holder.is_not(None),
            _last(known_at),
            PledgeRevision.home_site_id == site_id,
            PledgeRevision.valid_from < span.ends_on,
            or_(until.is_(None), and_(until > span.starts_on, until > PledgeRevision.valid_from)),
        )
        .distinct()
        .order_by(holder)
    )


def _last(known_at: datetime | None) -> ColumnElement[bool]:
    """Whether it is the last revision of its promise, of those recorded until an instant."""
    later = aliased(PledgeRevision)
    newer = exists().where(
        later.pledge_id == PledgeRevision.pledge_id, later.id > PledgeRevision.id
    )
    if known_at is None:
        return ~newer
    return and_(PledgeRevision.recorded_at <= known_at, ~newer.where(later.recorded_at <= known_at))


def untold(most: int) -> list[int]:
    """The promises whose last revision does not say what they say, by number."""
    same = [
        getattr(PledgeRevision, name).is_not_distinct_from(getattr(Pledge, name)) for name in SAID
    ]
    told = exists().where(PledgeRevision.pledge_id == Pledge.id, _last(None), *same)
    return list(db.session.scalars(select(Pledge.id).where(~told).order_by(Pledge.id).limit(most)))
