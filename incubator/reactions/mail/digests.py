"""The job of a digest: what it holds is noted and its letter written in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from incubator.kernel.db import transaction, utcnow
from incubator.kernel.jobs import NotYet, job, later
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.letters import paces
from incubator.network.letters.delivery import quiets_of
from incubator.reactions.mail.deliver import DELIVER
from incubator.reactions.notifications.digesting import GATHER, waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@job(GATHER)
def gather(payload: Mapping[str, Any]) -> None:
    """Write one member's digest, if there is anything to tell; later in their quiet hours."""
    member_id, rhythm, now = int(payload["member_id"]), str(payload["rhythm"]), utcnow()
    with transaction():
        account = account_of(member_id)
        if account is None or account.deactivated_at is not None:
            return
        free = _free(member_id, now)
        if free > now:
            raise NotYet(free)
        rows = waiting(actor_of(account), rhythm)
        for row in rows:
            row.digested_at = now
        if rows:
            letter: dict[str, object] = {"id": uuid4().hex, "kind": "digest", "to": account.email}
            told = {"rhythm": rhythm, "keys": [[row.area, row.item_id] for row in rows]}
            letter |= {"language": account.language, "member_id": member_id, "values": told}
            later(DELIVER, letter, at=now)


def _free(member_id: int, now: datetime) -> datetime:
    """The first instant from now on at which they may be disturbed."""
    paused = paces.paused_until(member_id, now=now) or now
    return quiets_of([member_id])[member_id].after(paused)
