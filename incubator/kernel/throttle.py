"""Rate limits that survive a restart, one row per key."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, db, insert_once, rows


class Throttle(Base):
    """The instant at which a key's allowance is whole again (generic cell rate algorithm)."""

    __tablename__ = "kernel_throttle"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    full_at: Mapped[datetime] = mapped_column(index=True)


# Built once: building takes longer than running, and every message of a room asks.
_FULL_AT = select(Throttle.full_at).where(Throttle.key == bindparam("asked")).with_for_update()
_TAKE = (
    update(Throttle)
    .where(Throttle.key == bindparam("asked"))
    .values(full_at=bindparam("whole_at", type_=Throttle.full_at.type))
    .execution_options(synchronize_session=False)
)


def spend(key: str, *, limit: int, per_seconds: int, now: datetime) -> int:
    """Take one of ``limit`` acts per ``per_seconds``; 0 when allowed, else seconds to wait.

    Runs in the caller's transaction: commit it also when the act itself fails.
    """
    step = timedelta(seconds=per_seconds / limit)
    full_at = max(_full_at(key, now), now) + step
    if full_at - now > timedelta(seconds=per_seconds):
        return max(1, math.ceil((full_at - now).total_seconds() - per_seconds))
    db.session.connection().execute(_TAKE, {"asked": key, "whole_at": full_at})
    return 0


def _full_at(key: str, now: datetime) -> datetime:
    """When a key is whole again, its row locked; made if there is none."""
    found: datetime | None = rows(_FULL_AT, {"asked": key}).scalar()
    if found is None:
        insert_once(Throttle, key=key, full_at=now)
        found = rows(_FULL_AT, {"asked": key}).scalar_one()
    return found


def give_back(key: str, *, limit: int, per_seconds: int) -> None:
    """Return one act that turned out to be harmless, such as a sign-in that succeeded."""
    row = db.session.get(Throttle, key, with_for_update=True, populate_existing=True)
    if row is not None:
        row.full_at -= timedelta(seconds=per_seconds / limit)


def sweep(now: datetime) -> None:
    """Forget keys whose allowance is whole again."""
    db.session.execute(delete(Throttle).where(Throttle.full_at < now))
