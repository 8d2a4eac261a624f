"""The audiences that members chose, read for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from incubator.kernel.db import BigId, db
from incubator.network.members.audience import Audiences
from incubator.network.members.models import MemberAudience

if TYPE_CHECKING:
    from collections.abc import Iterable

_CHOSEN = select(MemberAudience.member_id, MemberAudience.field, MemberAudience.audience).where(
    MemberAudience.member_id.in_(bindparam("ids", type_=BigId, expanding=True))
)


def audiences_of(member_ids: Iterable[int]) -> dict[int, Audiences]:
    """The audiences of some members who chose any, in one statement."""
    ids = list(member_ids)
    rows = db.session.execute(_CHOSEN, {"ids": ids}) if ids else ()
    chosen: dict[int, dict[str, str]] = {}
    for member_id, name, audience in rows:
        chosen.setdefault(member_id, {})[name] = audience
    return {member_id: Audiences(names) for member_id, names in chosen.items()}
