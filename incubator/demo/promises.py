"""Steps of the loader: what members promised, and six months of hours given and decided on."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from incubator.demo.contributions import DAYS_A_MONTH, MONTHS, Contribution, contributions
from incubator.demo.moments import When
from incubator.demo.stage import key_of, luck
from incubator.domain.commitments import commands, dues, pledges
from incubator.domain.commitments.models import Kind
from incubator.kernel.db import as_of, db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.demo.shapes import Member
    from incubator.demo.stage import Stage

SIGNING = time(11, 30)
LONGEST_WAIT = 50 * 60  # minutes until hours are decided on


def sign_pledges(stage: Stage) -> str:
    """Record what each member promises, since they came or for as long as the demo goes back."""
    promising = [m for m in stage.content.members if m.pledge_minutes and m.role != "guest"]
    signed = [(_signing(stage, member), member) for member in promising]
    for when, member in sorted(
        signed, key=lambda pair: (pair[0].instant(stage.now), pair[1].email)
    ):
        with as_of(when.instant(stage.now)):
            _sign(stage, member, when)
    return f"{len(signed)} promises"


def _signing(stage: Stage, member: Member) -> When:
    days_ago = min(member.joined_days_ago, MONTHS * DAYS_A_MONTH)
    return When(days_ago, SIGNING, stage.zones[member.site])


def _sign(stage: Stage, member: Member, when: When) -> None:
    pledges.pledge(
        stage.manager_of(member.site, other_than=member.email),
        member_id=stage.actors[member.email].id,
        minutes_per_period=member.pledge_minutes,
        valid_from=when.day(stage.now),
        now=when.instant(stage.now),
    )


class _Act(NamedTuple):
    """Something that happened to a line; ``turn`` settles what happened at once."""

    at: datetime
    turn: int
    line: Contribution | None


def give_hours(stage: Stage) -> str:
    """Let members declare, others decide and months be charged, in the order of the clock."""
    lines = contributions(stage.content, stage.now)
    # Held here, the kinds are read once instead of twice a line.
    kinds = db.session.scalars(select(Kind)).all()
    declared: dict[int, int] = {}
    for at, turn, line in sorted(_acts(stage, lines), key=lambda act: act[:2]):
        with as_of(at):
            if line is None:
                dues.post_due(now=at)
            elif turn in declared:
                _decide(stage, line, contribution_id=declared[turn], now=at)
            else:
                declared[turn] = _declare(stage, line, now=at)
    dues.post_due(now=stage.now)
    pledges.arm(stage.now)
    return f"{len(lines)} contributions of {len(kinds)} kinds"


def _acts(stage: Stage, lines: tuple[Contribution, ...]) -> Iterator[_Act]:
    for at in _month_turns(stage.now):
        yield _Act(at, -1, None)
    for turn, line in enumerate(lines):
        declared_at = line.when.instant(stage.now)
        yield _Act(declared_at, turn, line)
        if line.outcome != "declared":
            wait = timedelta(minutes=luck("decide", key_of_line(line)).randint(40, LONGEST_WAIT))
            yield _Act(stage.not_later(declared_at + wait), turn, line)


def _month_turns(now: datetime) -> Iterator[datetime]:
    """The first minutes of the months of the demo, when what is owed is charged."""
    day = (now - timedelta(days=MONTHS * DAYS_A_MONTH)).date()
    while day <= now.date():
        turn = datetime(day.year, day.month, 1, 0, 5, tzinfo=UTC)
        if now - timedelta(days=MONTHS * DAYS_A_MONTH) <= turn <= now:
            yield turn
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def key_of_line(line: Contribution) -> str:
    """The name of a line: a member gives at most one a day."""
    return key_of("hours", line.giver, str(line.when.days_ago))


def _declare(stage: Stage, line: Contribution, *, now: datetime) -> int:
    made = commands.declare(
        stage.actors[line.giver],
        kind=line.kind,
        day=line.when.day(stage.now),
        minutes=line.minutes,
        receiver_id=stage.actors[line.receiver].id if line.receiver else None,
        note=line.note,
        once=key_of_line(line),
        now=now,
    )
    return made.id


def _decide(stage: Stage, line: Contribution, *, contribution_id: int, now: datetime) -> None:
    site = stage.members[line.giver].site
    manager = stage.manager_of(site, other_than=line.giver)
    decider = stage.actors[line.receiver] if line.receiver else manager
    if line.outcome == "confirmed":
        commands.confirm(decider, contribution_id, now=now)
    else:
        commands.refuse(decider, contribution_id, reason=line.reason or "", now=now)
