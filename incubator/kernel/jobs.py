"""Durable work: a job is a row written with what causes it, and run until done or dead."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import (
    JSON,
    CheckConstraint,
    CursorResult,
    Index,
    String,
    Text,
    and_,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from incubator.kernel.db import (
    Base,
    Id,
    after_commit,
    db,
    end_read,
    insert_each_once,
    insert_once,
    transaction,
    utcnow,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)
KEEP_DONE = timedelta(days=7)
LATE = timedelta(minutes=10)
STATES = ("waiting", "running", "done", "dead")
NEVER_ENDED = (
    f"{MAX_ATTEMPTS} times it never ended: each time its process died, or took longer than"
    f" {LEASE // timedelta(minutes=1)} minutes."
)


class NotYet(Exception):
    """Raised by a handler that has done nothing: the job waits until ``at``, as often as it says.

    That is no attempt, and it stays the same job.
    """

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


Handler = Callable[[Mapping[str, Any]], None]
_handlers: dict[str, Handler] = {}
_bells: list[Callable[[], None]] = []


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


def rings(bell: Callable[[], None]) -> None:
    """Call ``bell`` after each commit of this process that leaves a job to do at once."""
    _bells.append(bell)


def rings_no_more(bell: Callable[[], None]) -> None:
    """Forget a bell."""
    _bells.remove(bell)


def _ring() -> None:
    for bell in _bells:
        bell()


def later(
    kind: str, payload: Mapping[str, Any], *, at: datetime | None = None, key: str | None = None
) -> None:
    """Write a job in the caller's transaction; a ``key`` already used writes nothing."""
    insert_once(Job, **_row(kind, payload, at=at, key=key))
    if at is None:
        after_commit(_ring)


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


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Job.state.in_(("waiting", "running")), Job.due_at <= now)


def _claim(now: datetime) -> _Claim | None:
    while _anything_due(now):
        with transaction():
            row = db.session.scalar(
                select(Job)
                .where(_is_due(now))
                .order_by(Job.due_at, Job.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return None
            if row.attempts < MAX_ATTEMPTS:
                row.state, row.attempts, row.due_at = "running", row.attempts + 1, now + LEASE
                return _Claim(row.id, row.kind, dict(row.payload), row.attempts)
            # Its last runner said nothing: another would end as that one did.
            row.state, row.error = "dead", NEVER_ENDED
            log.error("job %d (%s) given up: %s", row.id, row.kind, NEVER_ENDED)
    return None


def _anything_due(now: datetime) -> bool:
    """Look without the lock of a writer: a runner with nothing to do stops nobody."""
    found = db.session.scalar(select(Job.id).where(_is_due(now)).limit(1))
    end_read()
    return found is not None


def _do(claim: _Claim, now: datetime) -> None:
    try:
        _handlers[claim.kind](claim.payload)
    except NotYet as wish:
        _put_off(claim, wish.at)
    except Exception as error:
        log.exception("job %d (%s) failed, attempt %d", claim.id, claim.kind, claim.attempts)
        _failed(claim, f"{type(error).__name__}: {error}"[:500], now)
    else:
        # What was sent may hold a secret link: done jobs keep no payload.
        _end(claim, state="done", payload={}, error="")


def _put_off(claim: _Claim, at: datetime) -> None:
    _end(claim, state="waiting", attempts=claim.attempts - 1, due_at=at)


def _failed(claim: _Claim, error: str, now: datetime) -> None:
    state = "dead" if claim.attempts >= MAX_ATTEMPTS else "waiting"
    pause = timedelta(seconds=15 * 4 ** (claim.attempts - 1))
    _end(claim, state=state, error=error, due_at=now + pause)


def _end(claim: _Claim, **outcome: object) -> None:
    """Write how a job ended, unless its lease was over and another runner took it."""
    ours = update(Job).where(
        Job.id == claim.id, Job.state == "running", Job.attempts == claim.attempts
    )
    with transaction():
        written = cast("CursorResult[Any]", db.session.execute(ours.values(**outcome)))
    if not written.rowcount:
        log.warning("job %d (%s) was taken over meanwhile", claim.id, claim.kind)


def overdue(now: datetime) -> int:
    """How many jobs wait so long that no process can be running them."""
    query = select(func.count()).select_from(Job).where(_is_due(now - LATE))
    return int(db.session.scalar(query) or 0)


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
