"""Durable work: a job is a row written with what causes it, and run until done or dead."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import Base, Id, db, insert_each_once, insert_once, transaction, utcnow

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)
KEEP_DONE = timedelta(days=7)
STATES = ("waiting", "running", "done", "dead")


class NotYet(Exception):
    """Raised by a handler that has done nothing: the job waits until ``at``, as often as it says.

    That is no attempt, and it stays the same job.
    """

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


Handler = Callable[[Mapping[str, Any]], None]
_handlers: dict[str, Handler] = {}


class Job(Base):
    """One piece of work; ``due_at`` is also the end of the lease while it runs."""

    __tablename__ = "kernel_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'dead')", name="state"),
        Index("ix_kernel_job_state_due_at", "state", "due_at"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


def job(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that does jobs of ``kind``; it may run twice and must not mind."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def later(
    kind: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None
) -> None:
    """Write a job in the caller's transaction; a ``key`` already used writes nothing."""
    insert_once(Job, **_row(kind, payload, at=at, key=key))


def later_all(
    kind: str,
    many: Sequence[tuple[Mapping[str, Any], datetime]],
    *,
    key: Callable[[Mapping[str, Any]], str | None] = lambda _payload: None,
) -> None:
    """Write many jobs of a kind, each with its instant, in one statement.

    They have no key unless ``key`` makes one of their payload; one already used writes nothing.
    """
    rows = [_row(kind, payload, at=at, key=key(payload)) for payload, at in many]
    if rows:
        insert_each_once(Job, rows)


def _row(
    kind: str, payload: Mapping[str, Any], *, at: datetime | None, key: str | None
) -> dict[str, Any]:
    now = utcnow()
    return {
        "kind": kind,
        "key": key,
        "payload": dict(payload),
        "state": "waiting",
        "due_at": at or now,
        "attempts": 0,
        "error": "",
        "created_at": now,
    }


def run_due(now: datetime | None = None, *, most: int = 100) -> int:
    """Do the jobs that are due, oldest first, at most ``most``; how many were tried."""
    for done in range(most):
        claimed = _claim(now or utcnow())
        if claimed is None:
            return done
        _do(claimed, now or utcnow())
    return most


class _Claim(NamedTuple):
    """A job taken by this runner."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int


def _claim(now: datetime) -> _Claim | None:
    with transaction():
        row = db.session.scalar(
            select(Job)
            .where(Job.state.in_(("waiting", "running")), Job.due_at <= now)
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.state, row.attempts, row.due_at = "running", row.attempts + 1, now + LEASE
        return _Claim(row.id, row.kind, dict(row.payload), row.attempts)


def _do(claim: _Claim, now: datetime) -> None:
    try:
        _handlers[claim.kind](claim.payload)
    except NotYet as wish:
        _put_off(claim, wish.at)
    except Exception as error:
        log.exception("job %d (%s) failed, attempt %d", claim.id, claim.kind, claim.attempts)
        _failed(claim, f"{type(error).__name__}: {error}"[:500], now)
    else:
        with transaction():
            row = db.session.get_one(Job, claim.id)
            # What was sent may hold a secret link: done jobs keep no payload.
            row.state, row.payload, row.error = "done", {}, ""


def _put_off(claim: _Claim, at: datetime) -> None:
    with transaction():
        row = db.session.get_one(Job, claim.id)
        row.state, row.attempts, row.due_at = "waiting", claim.attempts - 1, at


def _failed(claim: _Claim, error: str, now: datetime) -> None:
    with transaction():
        row = db.session.get_one(Job, claim.id)
        row.error = error
        row.state = "dead" if claim.attempts >= MAX_ATTEMPTS else "waiting"
        row.due_at = now + timedelta(seconds=15 * 4 ** (claim.attempts - 1))


def dead_letters(most: int = 100) -> list[Job]:
    """Jobs that were given up, newest first."""
    query = select(Job).where(Job.state == "dead").order_by(Job.id.desc()).limit(most)
    return list(db.session.scalars(query))


MOST_COUNTED = 100
_given_up = select(Job.id).where(Job.state == "dead").limit(MOST_COUNTED).subquery()
# How many jobs were given up, counted up to a hundred.
GIVEN_UP = select(func.count()).select_from(_given_up).scalar_subquery()


def retry(job_id: int, now: datetime) -> bool:
    """Give a dead job a new life; False when it is not dead."""
    row = db.session.get(Job, job_id, with_for_update=True)
    if row is None or row.state != "dead":
        return False
    row.state, row.attempts, row.due_at = "waiting", 0, now
    return True


def sweep(now: datetime) -> None:
    """Forget jobs done long ago."""
    db.session.execute(delete(Job).where(Job.state == "done", Job.due_at < now - KEEP_DONE))
