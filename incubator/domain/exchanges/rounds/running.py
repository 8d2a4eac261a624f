"""What an administrator does with a round: open, show, give up, execute, publish."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incubator.domain.exchanges.invoices import rules as invoice_rules
from incubator.domain.exchanges.invoices import setoffs
from incubator.domain.exchanges.ledger import door, posting
from incubator.domain.exchanges.ledger.models import Account
from incubator.domain.exchanges.ledger.writing import Draft
from incubator.domain.exchanges.rounds import policy, records, rules, switch
from incubator.domain.exchanges.rounds.gathering import gather
from incubator.domain.exchanges.rounds.models import Round, RoundLine, RoundNotice
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Conflict, NotAllowed, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from incubator.network.members.actor import Actor

# How many rows of a round are named in one statement.
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class New:
    """A round to open: debts due until a day, how long firms may answer, from which form."""

    cutoff: date
    mode: str
    answer_days: int
    once: str


def open_round(by: Actor, new: New, *, now: datetime) -> Round:
    """Open a round of debts due until today or before, where the actor lives; sent twice once.

    Raise NotAllowed ``rounds.run``; Refusal ``rounds.off``, ``rounds.running``, ``rounds.cutoff``,
    ``rounds.days``, ``rounds.mode``.
    """
    _check(by)
    switch.check_on()
    if new.cutoff > now.astimezone(ZoneInfo(by.time_zone)).date():
        raise Refusal("rounds.cutoff", field="cutoff")
    if new.mode not in rules.MODES or (new.mode == rules.CREDIT and not door.head().switched_on):
        raise Refusal("rounds.mode", field="mode")
    mine = select(Round).where(Round.opened_by_id == by.id, Round.once == new.once[:40])
    made = insert_once(
        Round,
        state="collecting",
        mode=new.mode,
        cutoff=new.cutoff,
        seed=secrets.randbelow(rules.MOST_SEED),
        answer_days=rules.days(new.answer_days),
        revision=0,
        running=True,
        once=new.once[:40],
        opened_by_id=by.id,
        opened_at=now,
        words="",
    )
    found = db.session.scalar(mine)
    if found is None:
        raise Refusal("rounds.running")
    if made:
        records.tell(found, "opened", by=by)
    return found


def show(by: Actor, round_id: int, *, revision: int, now: datetime) -> Round:
    """Show a computed round to its firms, which may answer from now on; twice is once.

    ``revision`` is the one that was read. Raise NotAllowed, NotFound; Conflict ``rounds.stale``;
    Refusal ``rounds.state``, ``rounds.nothing``.
    """
    _check(by)
    found = records.hold(round_id)
    if found.state == "previewed" and found.revision == revision:
        return found
    switch.check_on()
    if found.revision != revision:
        raise Conflict("rounds.stale")
    concerned = records.concerned(found.id)
    if not concerned:
        raise Refusal("rounds.nothing")
    records.move(found, "preview")
    found.answer_by = now + timedelta(days=found.answer_days)
    db.session.flush()
    records.tell(found, "previewed", by=by, firm_ids=concerned)
    return found


def cancel(by: Actor, round_id: int, *, words: str, now: datetime) -> None:
    """Give a round up that is not executed, and say why. Raise NotAllowed, NotFound, Refusal."""
    _check(by)
    found = records.hold(round_id)
    if found.state == "cancelled":
        return
    records.give_up(found, by=by, words=rules.words(words, "words"), now=now)


def execute(by: Actor, round_id: int, *, now: datetime) -> Round:
    """Execute a round to which each firm agreed: set-off, ledger and notices at once, or nothing.

    Twice is once. Raise NotAllowed ``rounds.run``, NotFound; Refusal ``rounds.off``,
    ``rounds.state``; Conflict ``rounds.moved`` when a debt or a firm is no longer what it was:
    then compute the round again.
    """
    _check(by)
    found = records.hold(round_id)
    if found.state in rules.DONE:
        return found
    switch.check_on()
    rules.after(found.state, "execute")
    lines = _lines(found)
    setoffs.hold(lines)
    deltas = _deltas(found)
    if deltas:
        door.enter(winding_down=True)
    if not _stands(found, lines, deltas):
        raise Conflict("rounds.moved")
    day = now.astimezone(ZoneInfo(by.time_zone)).date()
    wish = setoffs.Wish(
        kind="round", basis=invoice_rules.AGREED, effective_on=day, round_id=found.id
    )
    setoff_id = setoffs.write(lines, wish, by=by, now=now).id
    txn_id = _post(by, found, deltas, now=now) if deltas else None
    records.move(found, "execute")
    found.setoff_id, found.txn_id = setoff_id, txn_id
    found.executed_by_id, found.executed_at = by.id, now
    db.session.flush()
    told = records.concerned(found.id)
    records.tell(found, "executed", by=by, firm_ids=told, cents=sum(lines.values()))
    return found


def publish(by: Actor, round_id: int, *, now: datetime) -> Round:
    """Let everybody of the network read and check an executed round; twice is once.

    Raise NotAllowed ``rounds.run``, NotFound; Refusal ``rounds.state``.
    """
    _check(by)
    found = records.hold(round_id)
    if found.state == "published":
        return found
    records.move(found, "publish")
    found.published_by_id, found.published_at = by.id, now
    db.session.flush()
    records.tell(found, "published", by=by)
    return found


def _check(by: Actor) -> None:
    if not policy.may_run(by):
        raise NotAllowed("rounds.run")


def _lines(found: Round) -> dict[int, int]:
    query = select(RoundLine.invoice_id, RoundLine.cleared_cents).where(
        RoundLine.round_id == found.id, RoundLine.revision == found.revision
    )
    return dict(db.session.execute(query).all())


def _deltas(found: Round) -> dict[int, int]:
    """By how much the account of each firm moves, in cents; those that stay are left out."""
    query = select(RoundNotice.firm_id, RoundNotice.ledger_delta).where(
        RoundNotice.round_id == found.id, RoundNotice.ledger_delta != 0
    )
    return dict(db.session.execute(query).all())


def _stands(found: Round, lines: Mapping[int, int], deltas: Mapping[int, int]) -> bool:
    """Whether every line may still be cleared and every account still move so far."""
    gathered = gather(found, agreed_only=True)
    left = {claim.invoice_id: claim.cents for claim in gathered.claims}
    rooms = {firm: gathered.problem.rooms.get(gathered.numbers[firm], (0, 0)) for firm in deltas}
    return all(left.get(invoice_id, 0) >= cents for invoice_id, cents in lines.items()) and all(
        -rooms[firm][0] <= cents <= rooms[firm][1] for firm, cents in deltas.items()
    )


def _post(by: Actor, found: Round, deltas: Mapping[int, int], *, now: datetime) -> int:
    """Post what is left over between firms on the ledger; the number of the transaction."""
    wanted, amounts = sorted(deltas), {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        query = select(Account.id, Account.firm_id).where(Account.firm_id.in_(some))
        amounts.update({row.id: deltas[row.firm_id or 0] for row in db.session.execute(query)})
    draft = Draft(
        kind="clearing",
        amounts=amounts,
        idem=f"round:{found.id}",
        source_type="round",
        source_id=found.id,
    )
    return posting.post(by, draft, now=now).id
