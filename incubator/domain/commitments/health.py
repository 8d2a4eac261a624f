"""Whether the numbers can be trusted: the last tick, periods left open, proofs, silent screens.

Proving everything takes a while: a page shows the last proof that an administrator asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import ticking, verifying
from incubator.domain.commitments.kiosk_models import Device
from incubator.domain.commitments.ledger_models import JobRun
from incubator.domain.commitments.models import Period
from incubator.kernel.db import db, insert_once, transaction
from incubator.kernel.errors import NotAllowed
from incubator.kernel.jobs import Job
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

PROOF = "hours.verify"
LATE = timedelta(hours=3)
SILENT = timedelta(hours=1)
MOST_FAULTS = 40


@dataclass(frozen=True, slots=True)
class Proof:
    """The last time all was proven; ``faults`` are (number of the invariant, words)."""

    at: datetime
    faults: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Health:
    """What an administrator looks at before believing a number."""

    ticked_at: datetime | None
    late: bool
    failing: str
    unclosed: Sequence[Period]
    proof: Proof | None
    silent: Sequence[tuple[Device, str]]

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        return self.proof is not None and not (self.proof.faults or self._marked)

    @property
    def unproven(self) -> bool:
        """Whether all that lacks is a first proof."""
        return self.proof is None and not self._marked

    @property
    def _marked(self) -> bool:
        return bool(self.late or self.failing or self.silent)


def health(now: datetime) -> Health:
    """How the ledger is, in five statements."""
    ticked_at, failing = _tick()
    return Health(
        ticked_at,
        ticked_at is None or now - ticked_at > LATE,
        failing,
        _unclosed(now),
        last_proof(),
        _silent(now),
    )


def _tick() -> tuple[datetime | None, str]:
    """When the hourly job was last done, and why it fails if it does."""
    done = db.session.scalar(
        select(Job.due_at)
        .where(Job.kind == ticking.HOURLY, Job.state == "done")
        .order_by(Job.due_at.desc())
        .limit(1)
    )
    error = db.session.scalar(
        select(Job.error)
        .where(Job.kind == ticking.HOURLY, Job.state != "done", Job.error != "")
        .order_by(Job.id.desc())
        .limit(1)
    )
    return done, error or ""


def _unclosed(now: datetime) -> Sequence[Period]:
    """Periods that are over and not closed, the first first."""
    return db.session.scalars(
        select(Period)
        .where(Period.state != "closed", Period.ends_on <= now.date())
        .order_by(Period.starts_on)
    ).all()


def last_proof() -> Proof | None:
    """The last proof, if there was any."""
    run = db.session.scalar(
        select(JobRun).where(JobRun.name == PROOF).order_by(JobRun.started_at.desc()).limit(1)
    )
    if run is None:
        return None
    return Proof(run.started_at, [(one["invariant"], one["words"]) for one in run.result["faults"]])


def prove(actor: Actor, now: datetime) -> Proof:
    """Prove everything now and keep the result; raise NotAllowed ``commitments.not_yours_to_rule``.

    Reading takes no lock: only the result is written, in a transaction of its own.
    """
    if not actor.is_administrator:
        raise NotAllowed("commitments.not_yours_to_rule")
    faults = [(one.invariant, one.words) for one in verifying.verify(now)[:MOST_FAULTS]]
    told: list[dict[str, Any]] = [{"invariant": n, "words": words} for n, words in faults]
    with transaction():
        insert_once(
            JobRun,
            name=PROOF,
            key=f"{PROOF}:{now.isoformat()}",
            started_at=now,
            finished_at=now,
            result={"faults": told},
        )
    return Proof(now, faults)


def _silent(now: datetime) -> list[tuple[Device, str]]:
    rows = db.session.execute(
        select(Device, Site.name)
        .join(Site, Site.id == Device.site_id)
        .where(
            Device.key_hash.is_not(None),
            Device.revoked_at.is_(None),
            Device.last_seen_at.is_(None) | (Device.last_seen_at < now - SILENT),
        )
        .order_by(Site.name, Device.name, Device.id)
    )
    return [(device, name) for device, name in rows]
