"""Letters made of notifications: what has no letter of its own, and digests.

They are drawn when they are sent: of what is still unread and still for their reader's eyes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, tuple_

from incubator.kernel.db import db
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.reader import values_of
from incubator.reactions.notifications.lines import lines_of
from incubator.reactions.notifications.models import Notification
from incubator.reactions.notifications.sights import MINE, READABLE_STILL
from incubator.reactions.notifications.words import WHATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.reactions.notifications.lines import Line

# A letter names so many subjects, and how many more there are.
LINES_MOST: Final = 30


def lines_for(member_id: int, keys: Sequence[tuple[str, int]]) -> list[Line]:
    """What is still unread of some subjects, and for this reader's eyes: the newest first."""
    account = account_of(member_id)
    if account is None or account.deactivated_at is not None or not keys:
        return []
    actor = actor_of(account)
    here = tuple_(Notification.area, Notification.item_id).in_([tuple(key) for key in keys])
    query = (
        select(Notification)
        .where(MINE, READABLE_STILL, Notification.read_at.is_(None), here)
        .order_by(Notification.raised_at.desc(), Notification.area, Notification.item_id)
    )
    return lines_of(actor, db.session.scalars(query.params(values_of(actor))).all())


def drawn(lines: Sequence[Line]) -> dict[str, Any]:
    """The values of a letter about these lines, in the language that is spoken."""
    return {
        "number": len(lines),
        "more": max(0, len(lines) - LINES_MOST),
        "lines": [
            {
                "title": line.title or str(WHATS[line.row.what]),
                "what": str(WHATS[line.row.what]) if line.title else "",
                "names": list(line.names),
                "others": line.others,
                "times": line.row.times,
                "endpoint": line.endpoint,
                "values": dict(line.values),
            }
            for line in lines[:LINES_MOST]
        ],
    }
