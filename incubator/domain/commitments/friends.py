"""Rings of friends who confirm one another's hours: marked for a manager's eyes, never refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Date, bindparam, func, or_, select

from incubator.domain.commitments import help_rules
from incubator.domain.commitments.models import Contribution
from incubator.kernel.db import BigId, db

if TYPE_CHECKING:
    from collections.abc import Iterable

FLAG = "ring"
WINDOW = timedelta(days=92)
THRESHOLD = 4 * 60  # minutes given on each link of the ring within the window
_PAIR = bindparam("pair", type_=BigId, expanding=True)
# Rings of two or three that hold both have no link beyond these.
_LINKS = (
    select(Contribution.giver_id, Contribution.receiver_id, func.sum(Contribution.minutes))
    .where(
        or_(Contribution.giver_id.in_(_PAIR), Contribution.receiver_id.in_(_PAIR)),
        Contribution.receiver_id.is_not(None),
        Contribution.state.in_(("confirmed", "counted")),
        Contribution.day >= bindparam("since", type_=Date),
        Contribution.day <= bindparam("until", type_=Date),
    )
    .group_by(Contribution.giver_id, Contribution.receiver_id)
)


def flag_ring(contribution: Contribution) -> None:
    """Mark confirmed help that closes a ring of two or three people."""
    if contribution.receiver_id is None or FLAG in flags_of(contribution):
        return
    pair = {contribution.giver_id, contribution.receiver_id}
    values = {
        "pair": sorted(pair),
        "since": contribution.day - WINDOW,
        "until": contribution.day + WINDOW,
    }
    rows = db.session.execute(_LINKS, values)
    links = [(giver, receiver or 0, int(minutes)) for giver, receiver, minutes in rows]
    found = help_rules.rings(links, threshold=THRESHOLD)
    if any(pair <= set(ring.members) for ring in found):
        contribution.flags = _joined([*flags_of(contribution), FLAG])
        db.session.flush()


def flags_of(contribution: Contribution) -> list[str]:
    """The codes that managers should look at."""
    return [code for code in contribution.flags.split(",") if code]


def _joined(codes: Iterable[str]) -> str:
    return ",".join(codes)
