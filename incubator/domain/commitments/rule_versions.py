"""The rules of the house, changed by a new version from a coming period on; kinds of hours too.

A version is a row, never an edit: what was reckoned keeps its rule. Only administrators change
rules, and the log says who changed what.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.domain.commitments import recounting
from incubator.domain.commitments.models import Kind, KindBefore, Period, Rule
from incubator.domain.commitments.oversight_events import KindChanged, RuleMade, RuleWithdrawn
from incubator.domain.commitments.rules import month_of
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.members.actor import Actor

DAY = timedelta(days=1)
FULL = 100
MONTH = 60 * 24 * 31
MOST_VERSIONS = 50
LONGEST_NOTE = 300
LONGEST_NAME = 60
# The least and the most that each number may be.
BOUNDS = {
    "default_minutes": (0, MONTH),
    "credit_cap": (0, MONTH),
    "debt_cap": (0, MONTH),
    "credit_expiry_periods": (1, 60),
    "min_session": (1, 1440),
    "max_session": (1, 1440),
    "max_day": (1, 1440),
    "help_cap_pct": (0, FULL),
    "grace_days": (1, 365),
    "warn_days": (0, 60),
    "close_after_days": (0, 60),
    "back_days": (1, 366),
    "silence_days": (1, 60),
    "late_hours": (0, 24 * 14),
    "forgotten_limit": (1, 31),
    "proposals_limit": (0, 31),
    "reminder_days": (0, 14),
    "gift_cap_year": (0, MONTH * 12),
    "help_week_most": (0, 7 * 1440),
}
CHOICES = {
    "basis": ("calendar_days", "open_days"),
    "surplus": ("expire", "pool"),
    "lowered_cap": ("keep", "cut"),
    "round_to": (1, 5, 15),
    "round_mode": ("floor", "nearest"),
    "help_inside_presence": ("outside", "extra"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleTerms:
    """Everything that a version says; units as in the row."""

    basis: str
    default_minutes: int
    credit_cap: int
    debt_cap: int
    credit_expiry_periods: int | None
    surplus: str
    lowered_cap: str
    round_to: int
    round_mode: str
    min_session: int
    max_session: int
    max_day: int
    help_cap_pct: int
    help_inside_presence: str
    first_period_free: bool
    grace_days: int
    warn_days: int
    close_after_days: int
    back_days: int
    silence_days: int
    late_hours: int
    forgotten_limit: int
    proposals_limit: int
    reminder_days: int
    gift_cap_year: int
    help_week_most: int

    @classmethod
    def of(cls, rule: Rule) -> RuleTerms:
        """Those of a version."""
        return cls(**{one.name: getattr(rule, one.name) for one in fields(cls)})

    def changed(self, other: RuleTerms) -> tuple[str, ...]:
        """The names of what another says differently."""
        mine, theirs = asdict(self), asdict(other)
        return tuple(name for name, value in mine.items() if theirs[name] != value)


def versions() -> Sequence[Rule]:
    """Every version, the one that begins last first."""
    query = select(Rule).order_by(Rule.valid_from.desc(), Rule.version.desc())
    return db.session.scalars(query.limit(MOST_VERSIONS)).all()


def beginnings(now: datetime) -> list[date]:
    """The days on which a version may begin: of the next three periods that nobody is in yet.

    Somewhere it is already tomorrow: a period that begins tomorrow has begun there.
    """
    known = db.session.scalars(
        select(Period.starts_on)
        .where(Period.starts_on > now.date() + DAY, Period.state != "closed")
        .order_by(Period.starts_on)
        .limit(3)
    ).all()
    days = list(known)
    last = db.session.scalar(select(func.max(Period.ends_on)))
    following = last or month_of(now.date()).ends_on
    while len(days) < 3:  # noqa: PLR2004 - the three of the docstring
        if following > now.date() + DAY and following not in days:
            days.append(following)
        following = month_of(following).ends_on
    return days


def check(terms: RuleTerms) -> None:
    """Refuse what no house can live by.

    Raise Refusal ``commitments.rule_number`` naming the field and its bounds,
    ``commitments.rule_choice``, or ``commitments.rule_session`` for a longest session that is
    shorter than the shortest.
    """
    for name, (least, most) in BOUNDS.items():
        value = getattr(terms, name)
        if value is not None and not least <= value <= most:
            raise Refusal("commitments.rule_number", field=name, least=least, most=most)
    for name, known in CHOICES.items():
        if getattr(terms, name) not in known:
            raise Refusal("commitments.rule_choice", field=name)
    if not terms.min_session <= terms.max_session <= terms.max_day:
        raise Refusal("commitments.rule_session", field="max_session")


def add_version(
    actor: Actor, terms: RuleTerms, *, valid_from: date, note: str = "", now: datetime
) -> Rule:
    """Let other rules hold from the beginning of a coming period on.

    Raise NotAllowed ``commitments.not_yours_to_rule``; Refusal ``commitments.rule_begins``,
    ``rule_unchanged``, ``text_too_long`` and as ``check``.
    """
    _check_administrator(actor)
    if valid_from not in beginnings(now):
        raise Refusal("commitments.rule_begins", field="valid_from")
    check(terms)
    words = one_line(note)
    if len(words) > LONGEST_NOTE:
        raise Refusal("commitments.text_too_long", field="note", most=LONGEST_NOTE)
    # Two who change the rules at once wait for each other at the first version.
    db.session.scalars(select(Rule).order_by(Rule.id).limit(1).with_for_update()).one()
    before = RuleTerms.of(_rule_at(valid_from))
    changed = terms.changed(before)
    if not changed:
        raise Refusal("commitments.rule_unchanged")
    version = (db.session.scalar(select(func.max(Rule.version))) or 0) + 1
    made = Rule(version=version, valid_from=valid_from, note=words, made_at=now, **asdict(terms))
    db.session.add(made)
    db.session.flush()
    _point_periods(valid_from)
    record(
        RuleMade(
            actor_id=actor.id,
            site_id=None,
            rule_id=made.id,
            version=version,
            valid_from=valid_from,
            changed=changed,
        )
    )
    return made


def withdraw(actor: Actor, rule_id: int, *, now: datetime) -> None:
    """Take back a version that has not begun; twice changes nothing.

    Raise NotAllowed ``commitments.not_yours_to_rule``; Refusal ``commitments.rule_begun``.
    """
    _check_administrator(actor)
    rule = db.session.get(Rule, rule_id, with_for_update=True)
    if rule is None:
        return
    if rule.valid_from <= now.date() + DAY:
        raise Refusal("commitments.rule_begun")
    number, first = rule.version, rule.valid_from
    _point_periods(first, but=rule.id)
    db.session.delete(rule)
    db.session.flush()
    record(RuleWithdrawn(actor_id=actor.id, site_id=None, rule_id=rule_id, version=number))


def _rule_at(day: date) -> Rule:
    """As ``rule_on``, read anew: a transaction may have changed it."""
    query = _order(select(Rule).where(Rule.valid_from <= day)).limit(1)
    found: Rule = db.session.scalars(query).one()
    return found


def _order(query: Any) -> Any:
    return query.order_by(Rule.valid_from.desc(), Rule.version.desc())


def _point_periods(first: date, *, but: int | None = None) -> None:
    """Let the periods from a day on have the rule that now holds on their first day."""
    for period in db.session.scalars(
        select(Period).where(Period.starts_on >= first, Period.state != "closed")
    ):
        query = select(Rule.id).where(Rule.valid_from <= period.starts_on)
        if but is not None:
            query = query.where(Rule.id != but)
        period.rule_id = db.session.scalars(_order(query).limit(1)).one()
    db.session.flush()


@dataclass(frozen=True, kw_only=True, slots=True)
class KindTerms:
    """What may be changed of a kind; ``cap`` in minutes a period, None for none."""

    name_fr: str
    name_en: str
    counts_pct: int
    cap: int | None
    online_ok: bool
    active: bool


def kinds() -> Sequence[Kind]:
    """Every kind, also those that may no longer be declared."""
    return db.session.scalars(select(Kind).order_by(Kind.position)).all()


def kind(code: str) -> Kind:
    """One kind, or NotFound."""
    found = db.session.get(Kind, code)
    if found is None:
        raise NotFound("commitments.kind")
    return found


def closed_until() -> date | None:
    """The day up to which periods are closed: a kind may count otherwise from there on."""
    return db.session.scalar(select(func.max(Period.ends_on)).where(Period.state == "closed"))


def change_kind(actor: Actor, code: str, terms: KindTerms) -> Kind:
    """Change a kind; a job of the same transaction counts its hours of open periods anew.

    Closed periods keep its share, cap and whether it may be given online. Raise NotAllowed
    ``commitments.not_yours_to_rule``; NotFound; Refusal ``commitments.rule_number`` or
    ``kind_name``.
    """
    _check_administrator(actor)
    row = db.session.get(Kind, code, with_for_update=True)
    if row is None:
        raise NotFound("commitments.kind")
    check_kind(terms)
    wanted = {
        "name_fr": terms.name_fr.strip(),
        "name_en": terms.name_en.strip(),
        "counts_pct": terms.counts_pct,
        "cap_minutes_period": terms.cap,
        "online_ok": terms.online_ok,
        "active": terms.active,
    }
    changed = tuple(name for name, value in wanted.items() if getattr(row, name) != value)
    counting = {"counts_pct", "cap_minutes_period", "online_ok"} & set(changed)
    if counting:
        _keep_for_closed(row)
    for name in changed:
        setattr(row, name, wanted[name])
    db.session.flush()
    if changed:
        record(KindChanged(actor_id=actor.id, site_id=None, kind=code, changed=changed))
    if counting:
        recounting.recount_later(code, actor_id=actor.id, since=closed_until())
    return row


def _keep_for_closed(kind: Kind) -> None:
    """Write down what counted until now; what was written before for these periods stays."""
    until = closed_until()
    if until is not None:
        insert_once(
            KindBefore,
            kind_code=kind.code,
            until=until,
            counts_pct=kind.counts_pct,
            cap_minutes_period=kind.cap_minutes_period,
            online_ok=kind.online_ok,
        )


def check_kind(terms: KindTerms) -> None:
    """Refuse what no kind may be; raise as ``change_kind``."""
    for name in ("name_fr", "name_en"):
        if not 0 < len(getattr(terms, name).strip()) <= LONGEST_NAME:
            raise Refusal("commitments.kind_name", field=name, most=LONGEST_NAME)
    if not 0 <= terms.counts_pct <= FULL:
        raise Refusal("commitments.rule_number", field="counts_pct", least=0, most=FULL)
    if terms.cap is not None and not 0 <= terms.cap <= MONTH:
        raise Refusal("commitments.rule_number", field="cap", least=0, most=MONTH)


def _check_administrator(actor: Actor) -> None:
    if not actor.is_administrator:
        raise NotAllowed("commitments.not_yours_to_rule")
