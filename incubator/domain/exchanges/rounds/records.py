"""Holding a round while it changes: its row first, so that two acts on it never cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.rounds import rules
from incubator.domain.exchanges.rounds.events import RoundMoved
from incubator.domain.exchanges.rounds.models import Round, RoundNotice
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.events import record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from incubator.network.members.actor import Actor

# That a round clears something of a firm; that the firm is still in it.
CLEARS = (RoundNotice.payables_cleared > 0) | (RoundNotice.receivables_cleared > 0)
IN_IT = RoundNotice.refused_at.is_(None) & RoundNotice.silent_at.is_(None)


def hold(round_id: int) -> Round:
    """A round whose row is held until the transaction ends; raise NotFound ``rounds.round``."""
    query = select(Round).where(Round.id == round_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("rounds.round")
    return found


def seen(round_id: int) -> Round:
    """A round as it is, without a lock; raise NotFound ``rounds.round``."""
    found = db.session.get(Round, round_id, populate_existing=True)
    if found is None:
        raise NotFound("rounds.round")
    return found


def move(found: Round, act: str) -> None:
    """Bring a round to the state that an act leads to; raise Refusal ``rounds.state``."""
    found.state = rules.after(found.state, act)
    found.running = True if found.state in rules.RUNNING else None


def notice_of(found: Round, firm_id: int) -> RoundNotice:
    """What a firm reads of a round; raise NotFound ``rounds.round``."""
    query = select(RoundNotice).where(
        RoundNotice.round_id == found.id, RoundNotice.firm_id == firm_id
    )
    notice = db.session.scalar(query.execution_options(populate_existing=True))
    if notice is None:
        raise NotFound("rounds.round")
    return notice


def concerned(round_id: int) -> list[int]:
    """The firms of which a round clears something, by number."""
    query = select(RoundNotice.firm_id).where(RoundNotice.round_id == round_id, CLEARS, IN_IT)
    return list(db.session.scalars(query.order_by(RoundNotice.firm_id)))


def unanswered(round_id: int) -> list[int]:
    """The firms of which a round clears something and that have not said anything, by number."""
    query = select(RoundNotice.firm_id).where(
        RoundNotice.round_id == round_id, CLEARS, IN_IT, RoundNotice.accepted_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(RoundNotice.firm_id)))


def _any_unanswered(round_id: int) -> bool:
    query = select(RoundNotice.firm_id).where(
        RoundNotice.round_id == round_id, CLEARS, IN_IT, RoundNotice.accepted_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def settle(found: Round, *, cleared: int, now: datetime, firm_ids: Iterable[int] = ()) -> None:
    """Once all that are in it have agreed, a shown round may be executed; of nothing it ends.

    ``firm_ids`` are firms of which it cleared something until now: they hear of its end.
    """
    if not cleared:
        give_up(found, by=None, words="", now=now, firm_ids=firm_ids)
    elif found.state == "previewed" and not _any_unanswered(found.id):
        move(found, "agree")
        db.session.flush()
        tell(found, "consented", by=None)


def give_up(
    found: Round, *, by: Actor | None, words: str, now: datetime, firm_ids: Iterable[int] = ()
) -> None:
    """End a round that nobody executes; who was shown it hears so. Raise Refusal ``rounds.state``.

    ``firm_ids`` hear of it too.
    """
    told = {*firm_ids, *concerned(found.id)} if found.state in rules.SHOWN else set()
    move(found, "cancel")
    found.cancelled_at, found.words = now, words
    db.session.flush()
    tell(found, "cancelled", by=by, firm_ids=sorted(told))


def tell(
    found: Round, verb: str, *, by: Actor | None, firm_ids: Iterable[int] = (), cents: int = 0
) -> None:
    """Record what happened to a round, for the firms that hear of it."""
    record(
        RoundMoved(
            actor_id=by.id if by else None,
            round_id=found.id,
            verb=verb,
            firm_ids=tuple(firm_ids),
            cents=cents,
        )
    )
