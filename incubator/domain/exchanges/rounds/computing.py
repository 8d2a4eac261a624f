"""Computing a round: solved without any lock, then kept if what it was solved from still stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from incubator.domain.exchanges.rounds import files, netting, policy, records, rules
from incubator.domain.exchanges.rounds.gathering import Gathered, gather
from incubator.domain.exchanges.rounds.models import Revision, RoundLine, RoundNotice
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.rounds.models import Round
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a solver found for a round at one of its revisions, and from what.

    ``input_sha`` is of what its file tells, which is less than was gathered (``netting.narrowed``).
    """

    round_id: int
    revision: int
    reason: str
    agreed_only: bool
    gathered: Gathered
    solver: str
    version: str
    cleared: dict[int, int]
    lengths: dict[int, int]
    input_sha: str
    file: str


def plan(round_id: int, *, reason: str, agreed_only: bool = False, solver: str = "") -> Plan:
    """Solve a round as its rows stand; takes no lock, and seconds when it is big.

    ``reason`` is one of ``rules.REASONS``. Raise NotFound ``rounds.round``.
    """
    found = records.seen(round_id)
    gathered = gather(found, agreed_only=agreed_only)
    chosen = solver or netting.best()
    version = netting.version_of(chosen) or ""
    problem, cleared = netting.narrowed(gathered.problem, chosen)
    told = {
        "round": found.id,
        "cutoff": found.cutoff.isoformat(),
        "mode": found.mode,
        "seed": found.seed,
        "solver": chosen,
        "solver_version": version,
    }
    return Plan(
        round_id=round_id,
        revision=found.revision,
        reason=reason,
        agreed_only=agreed_only,
        gathered=gathered,
        solver=chosen,
        version=version,
        cleared=cleared,
        lengths=netting.by_length(gathered.problem.debts, cleared),
        input_sha=files.input_sha(found.mode, problem),
        file=files.file_of(told, problem, cleared),
    )


def keep(by: Actor | None, planned: Plan, *, now: datetime) -> Round:
    """Write down what was found, as the next revision; a round of nothing left is given up.

    None is the machine. Raise NotFound; NotAllowed ``rounds.run``; Refusal ``rounds.state``;
    Conflict ``rounds.moved`` when something has moved since: then solve again.
    """
    if by is not None and not policy.may_run(by):
        raise NotAllowed("rounds.run")
    found = records.hold(planned.round_id)
    state = rules.after(found.state, "compute")
    gathered = gather(found, agreed_only=planned.agreed_only, numbers=planned.gathered.numbers)
    if found.revision != planned.revision or gathered.sha != planned.gathered.sha:
        raise Conflict("rounds.moved")
    before = _told(found)
    revision = _revision(by, found, planned, now=now)
    db.session.add(revision)
    db.session.flush()
    _write_lines(found, planned, revision.no)
    found.state, found.revision = state, revision.no
    db.session.flush()
    _write_notices(found, planned)
    concerned = _told(found)
    if found.state not in rules.SHOWN:
        records.tell(found, "computed", by=by, cents=revision.cleared_cents)
        return found
    moved = [firm for firm, told in concerned.items() if told != before.get(firm)]
    cents = revision.cleared_cents
    # Of a round of which nothing is left firms hear that it has ended, and that alone.
    records.tell(found, "recomputed", by=by, firm_ids=moved if cents else (), cents=cents)
    records.settle(found, cleared=cents, firm_ids=moved, now=now)
    return found


def _revision(by: Actor | None, found: Round, planned: Plan, *, now: datetime) -> Revision:
    debts = planned.gathered.problem.debts
    return Revision(
        round_id=found.id,
        no=found.revision + 1,
        reason=planned.reason,
        input_sha=planned.input_sha,
        solver=planned.solver,
        solver_version=planned.version,
        owed_cents=sum(debt.owed for debt in debts),
        cleared_cents=sum(planned.cleared.values()),
        firms=len(netting.figures(debts, {})),
        debts=len(debts),
        lengths={str(length): cents for length, cents in planned.lengths.items()},
        file=planned.file,
        by_id=by.id if by else None,
        at=now,
    )


def _write_lines(found: Round, planned: Plan, revision: int) -> None:
    gathered = planned.gathered
    lines: list[dict[str, Any]] = [
        {
            "round_id": found.id,
            "revision": revision,
            "invoice_id": claim.invoice_id,
            "debtor_id": claim.recipient_id,
            "creditor_id": claim.issuer_id,
            "owed_cents": claim.cents,
            "cleared_cents": planned.cleared[debt.no],
        }
        for debt, claim in zip(gathered.problem.debts, gathered.claims, strict=True)
        if debt.no in planned.cleared
    ]
    if lines:
        db.session.execute(insert(RoundLine), lines)


def _write_notices(found: Round, planned: Plan) -> None:
    """Tell each firm of the round what it clears; nothing of those that are no more in it."""
    gathered = planned.gathered
    held = set(
        db.session.scalars(select(RoundNotice.firm_id).where(RoundNotice.round_id == found.id))
    )
    fresh = [
        {"round_id": found.id, "firm_id": firm, "number": number}
        for firm, number in sorted(gathered.numbers.items())
        if firm not in held
    ]
    if fresh:
        db.session.execute(insert(RoundNotice), fresh)
    told = netting.figures(gathered.problem.debts, planned.cleared)
    rows = db.session.execute(
        select(RoundNotice.id, RoundNotice.number).where(RoundNotice.round_id == found.id)
    )
    figures = [(row_id, told.get(number, netting.Figures())) for row_id, number in rows]
    changes = [
        {
            "id": row_id,
            "payables_cleared": one.payables,
            "receivables_cleared": one.receivables,
            "ledger_delta": one.delta,
        }
        for row_id, one in figures
    ]
    if changes:
        db.session.execute(update(RoundNotice), changes)


def _told(found: Round) -> dict[int, rules.Shown]:
    """What each firm that is in the round reads of it."""
    query = select(
        RoundNotice.firm_id,
        RoundNotice.payables_cleared,
        RoundNotice.receivables_cleared,
        RoundNotice.ledger_delta,
    ).where(
        RoundNotice.round_id == found.id,
        RoundNotice.refused_at.is_(None),
        RoundNotice.silent_at.is_(None),
    )
    return {row[0]: rules.Shown(*row[1:]) for row in db.session.execute(query)}
