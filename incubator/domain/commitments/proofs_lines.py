"""Proofs that the ledger says what the facts say, and what they would have said in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from incubator.domain.commitments import history, late, wanted
from incubator.domain.commitments.accounts import Account, promises_of
from incubator.domain.commitments.faults import Fault
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Contribution, Period
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

_FACTS = (wanted.PRESENCE, wanted.HELP, wanted.CAP)


def lines_follow_facts(_now: datetime) -> Iterator[Fault]:
    """Lines of open periods are those that the facts ask for, each minute once."""
    periods = db.session.scalars(
        select(Period).where(Period.state != "closed").order_by(Period.starts_on)
    ).all()
    for period in periods:
        for member_id in _members_with_facts(period):
            if late.is_closed_for(Account(member_id), period):
                continue
            yield from _facts_of(member_id, period)


def _members_with_facts(period: Period) -> Sequence[int]:
    lines = select(Line.member_id).where(
        Line.period_id == period.id, Line.source_type.in_(_FACTS), Line.member_id.is_not(None)
    )
    sessions = select(Presence.member_id).where(
        Presence.day >= period.starts_on,
        Presence.day < period.ends_on,
        Presence.state == "counted",
    )
    helped = select(Contribution.giver_id).where(
        Contribution.day >= period.starts_on,
        Contribution.day < period.ends_on,
        Contribution.state.in_(wanted.COUNTED_HELP),
    )
    found = {one for query in (lines, sessions, helped) for one in db.session.scalars(query)}
    return sorted(one for one in found if one is not None)


def _facts_of(member_id: int, period: Period) -> Iterator[Fault]:
    promises = promises_of(member_id)
    firms = {row.firm_id for row in promises.of_firms}
    owed: dict[int | None, int] = {
        None: late.owed_by(Account(member_id), period.id),
        **{one: late.owed_by(Account(firm_id=one), period.id) for one in firms},
    }
    want = wanted.wanted(member_id, period, promises, owed=owed)
    asked = sorted((str(one.subject), one.minutes, one.kind) for one in want.lines)
    reversal = aliased(Line)
    live = db.session.scalars(
        select(Line)
        .outerjoin(reversal, reversal.reverses_id == Line.id)
        .where(
            Line.member_id == member_id,
            Line.period_id == period.id,
            Line.source_type.in_(_FACTS),
            Line.origin_period_id.is_(None),
            Line.kind != "REVERSAL",
            reversal.id.is_(None),
        )
    )
    held = sorted((str(wanted.subject_of(one)), one.minutes, one.kind) for one in live)
    if asked != held and not want.session_ids:
        yield Fault(
            7,
            f"member {member_id}, period {period.id}: facts ask for "
            f"{sum(one[1] for one in asked)} minutes, the ledger counts "
            f"{sum(one[1] for one in held)}",
        )


def corrections_are_complete(_now: datetime) -> Iterator[Fault]:
    """Whoever was corrected stands as if all had been known in time: a replay finds no more."""
    rows = db.session.execute(
        select(Line.member_id, Line.firm_id)
        .where(Line.origin_period_id.is_not(None), Line.kind.in_(("CORRECTION", "SURPLUS")))
        .distinct()
    )
    for member_id, firm_id in rows.all():
        account = Account(firm_id=firm_id) if firm_id else Account(member_id or 0)
        past = history.of_accounts([account])[account]
        closed = late.closed_periods(account)
        following = [one for one in history.calendar() if one not in closed]
        if closed and following:
            found = late.reckon(account, past, closed, here=following[0])
            if found.minutes:
                yield Fault(
                    12, f"account {account.label} is {found.minutes} minutes from what is right"
                )
