"""The calendar of the commitments: periods made when a day needs one, and the rule of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from incubator.domain.commitments import rules
from incubator.domain.commitments.models import Period, Rule
from incubator.kernel.db import BigId, db, insert_once, read_once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

# Asked with every line of hours, so built once: building takes as long as asking.
_RULE_ON = (
    select(Rule)
    .where(Rule.valid_from <= bindparam("day"))
    .order_by(Rule.valid_from.desc(), Rule.version.desc())
    .limit(1)
)
_PERIOD_ON = (
    select(Period)
    .where(Period.starts_on <= bindparam("day"), Period.ends_on > bindparam("day"))
    .order_by(Period.starts_on.desc())
    .limit(1)
)


def rule_on(day: date) -> Rule:
    """The house's limits on a day: the latest version that was valid."""
    return read_once(("rule", day), lambda: db.session.scalars(_RULE_ON, {"day": day}).one())


def rule_of(period: Period) -> Rule:
    """The limits that a period is reckoned by."""
    return db.session.get_one(Rule, period.rule_id)


def period_on(day: date) -> Period | None:
    """The period of a day, if it has one yet."""
    return read_once(("period", day), lambda: db.session.scalar(_PERIOD_ON, {"day": day}))


def _any_closed() -> bool:
    return db.session.scalar(select(Period.id).where(Period.state == "closed").limit(1)) is not None


def ensure_period(day: date) -> Period:
    """The period of a day; those that lack are added month by month, without a gap."""
    found = period_on(day)
    if found:
        return found
    first, end = db.session.execute(
        select(func.min(Period.starts_on), func.max(Period.ends_on))
    ).one()
    before = bool(first) and day < first
    # Days before all that is closed are late facts of closed periods: their periods have no lines.
    is_past = before and _any_closed()
    spans = rules.missing_spans(day, first, end)
    # Each touches one that is there: the database takes no other.
    for span in reversed(spans) if before else spans:
        insert_once(
            Period,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            label=f"{span.starts_on:%Y-%m}",
            state="closed" if is_past else "open",
            rule_id=rule_on(span.starts_on).id,
        )
    made = period_on(day)
    if made is None:
        raise LookupError(f"no period holds {day}")
    return made


def hold_open(period_ids: Sequence[int]) -> list[Period]:
    """These periods in their order, kept from being closed until the transaction ends."""
    return list(db.session.scalars(_HELD, {"ids": list(period_ids)}))


_HELD = (
    select(Period)
    .where(Period.id.in_(bindparam("ids", type_=BigId, expanding=True)))
    .order_by(Period.starts_on)
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)
