"""What firms hear of a round of netting: one row a round, raised anew by what happens to it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from incubator.domain.exchanges.deals.queries import people_of
from incubator.domain.exchanges.rounds.events import RoundMoved
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.models import Grant
from incubator.reactions.mail.told import write_lines
from incubator.reactions.notifications.telling import About

TO_FIRMS: Final = frozenset({"previewed", "reminded", "recomputed", "executed", "cancelled"})


def subscribe() -> None:
    """Hear what must be told."""
    joins(RoundMoved, moved)


def moved(event: RoundMoved) -> None:
    """To the people of the firms concerned; to administrators once all have agreed."""
    about = About("round", event.round_id, f"round_{event.verb}")
    if event.verb in TO_FIRMS and event.firm_ids:
        write_lines("netting_news", people_of(event.firm_ids), about)
    elif event.verb == "consented":
        runs = select(Grant.account_id).where(
            Grant.role == "administrator", Grant.ended_at.is_(None)
        )
        write_lines("desk_netting", set(db.session.scalars(runs)), about)
