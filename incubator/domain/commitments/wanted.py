"""From the facts of a member's period to the lines that the ledger should hold of them.

Presence first, by day and site; then what was declared as presence without a check-in, as far as
it lies outside; then help, outside both, by kind and cap. Nothing is written here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import Date, bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from incubator.domain.commitments import help_rules, presence_rules
from incubator.domain.commitments.help_rules import Help, HelpTerms
from incubator.domain.commitments.models import Contribution, Kind, KindBefore, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.kernel.db import UTCDateTime, db, read_once
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from incubator.domain.commitments.accounts import Promises
    from incubator.domain.commitments.models import Period
    from incubator.domain.commitments.presence_rules import Stay
    from incubator.domain.commitments.rules import Span

COUNTED_SESSIONS = ("closed", "counted")
COUNTED_HELP = ("confirmed", "counted")
# A day of a site lies within a day and a half of the same day in UTC; a session lasts one at most.
MARGIN = timedelta(days=3)
PRESENCE, HELP, CAP = "presence", "contribution", "help_cap"

_SESSIONS = (
    select(
        Presence.id,
        Presence.site_id,
        Site.time_zone,
        Presence.started_at,
        Presence.ended_at,
        Presence.state,
    )
    .join(Site, Site.id == Presence.site_id)
    .where(
        Presence.member_id == bindparam("member_id"),
        Presence.started_at >= bindparam("first", type_=UTCDateTime),
        Presence.started_at < bindparam("last", type_=UTCDateTime),
        Presence.state.in_(COUNTED_SESSIONS),
    )
)
_HELP = select(
    Contribution.id,
    Contribution.kind_code,
    Contribution.day,
    Contribution.minutes,
    Contribution.started_at,
    Contribution.ended_at,
    Contribution.site_id,
    Contribution.home_site_id,
    Contribution.counted,
).where(
    Contribution.giver_id == bindparam("member_id"),
    Contribution.day >= bindparam("starts_on", type_=Date),
    Contribution.day < bindparam("ends_on", type_=Date),
    Contribution.state.in_(COUNTED_HELP),
)


@dataclass(frozen=True, slots=True)
class Want:
    """A line that the facts ask for; ``firm_id`` where it keeps a firm's promise."""

    source_type: str
    kind: str
    minutes: int
    day: date | None = None
    site_id: int | None = None
    source_id: int | None = None
    firm_id: int | None = None

    @property
    def subject(self) -> tuple[object, ...]:
        """What the line is about: at most one live line is."""
        return subject_of(self)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lines of a member's period, the sessions they tell of, and what each fact adds."""

    lines: tuple[Want, ...]
    session_ids: tuple[int, ...]
    counted: Mapping[int, int]
    known: Mapping[int, int | None]


def subject_of(line: Any) -> tuple[object, ...]:
    """What a line is about: a day at a site, a contribution, or the cap of a period."""
    if line.source_type == PRESENCE:
        return (PRESENCE, line.day, line.site_id)
    if line.source_type == HELP:
        return (HELP, line.source_id)
    return (CAP, line.firm_id)


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind for the rules; whether it is presence, and whether it may be given online."""

    kind: help_rules.Kind
    present: bool
    online: bool


def sorts(first: date) -> Mapping[str, Sort]:
    """Every kind of contribution, as it counts in the period that begins on a day."""

    def read() -> dict[str, Sort]:
        rows = db.session.execute(
            select(Kind.code, Kind.counts_pct, Kind.cap_minutes_period, Kind.needs, Kind.online_ok)
        ).all()
        present = {row.code: row.needs == "presence" for row in rows}
        terms = [(row.code, row.counts_pct, row.cap_minutes_period, row.online_ok) for row in rows]
        before = db.session.execute(_KINDS_BEFORE, {"first": first})
        # What held longest ago comes last, and stays.
        return {
            code: Sort(help_rules.Kind(code, pct, cap), present[code], online)
            for code, pct, cap, online in (*terms, *before)
        }

    return read_once(("kinds", first), read)


_KINDS_BEFORE = (
    select(
        KindBefore.kind_code,
        KindBefore.counts_pct,
        KindBefore.cap_minutes_period,
        KindBefore.online_ok,
    )
    .where(KindBefore.until > bindparam("first", type_=Date))
    .order_by(KindBefore.until.desc())
)


def wanted(
    member_id: int, period: Period, promises: Promises, *, owed: Mapping[int | None, int]
) -> Wanted:
    """What the ledger should hold of a member's facts in a period.

    ``owed`` are the minutes owed for it by account: None is the member's own, else the firm.
    """
    kinds = [sorts(period.span.starts_on)]
    return wanted_by(kinds, member_id, period, promises=promises, owed=owed)[0]


def wanted_by(
    kinds: Iterable[Mapping[str, Sort]],
    member_id: int,
    period: Period,
    *,
    promises: Promises,
    owed: Mapping[int | None, int],
) -> list[Wanted]:
    """The same if kinds counted as each of these says: the facts are read once."""
    rule = db.session.get_one(Rule, period.rule_id)
    span = period.span
    sessions = _sessions(member_id, span)
    stays = [_stay(row) for row in sessions]
    rounding = presence_rules.Rounding(
        rule.round_to, cast("Literal['floor', 'nearest']", rule.round_mode)
    )
    lines = [
        Want(PRESENCE, "DONE", one.minutes, one.day, one.site_id, None, promises.firm_on(one.day))
        for one in presence_rules.day_totals(stays, rounding)
        if span.starts_on <= one.day < span.ends_on
    ]
    rows = _help(member_id, span)
    terms = _terms(rule, promises.help_max_pct(span))
    presence = help_rules.Presence.of(presence_rules.day_parts(stays))
    found = []
    for some in kinds:
        facts = _Facts(rows, promises, some)
        counted = facts.count(presence, stays, terms=terms, owed=owed)
        found.append(
            Wanted(
                tuple(line for line in (*lines, *facts.lines(counted)) if line.minutes),
                tuple(row.id for row in sessions if row.state == "closed"),
                {one.help_id: one.counted for each in counted for one in each.count.lines},
                {row.id: row.counted for row in rows},
            )
        )
    return found


def _sessions(member_id: int, span: Span) -> Sequence[Any]:
    first = presence_rules.day_start(span.starts_on, "UTC") - MARGIN
    last = presence_rules.day_start(span.ends_on, "UTC") + MARGIN
    values = {"member_id": member_id, "first": first, "last": last}
    return db.session.execute(_SESSIONS, values).all()


def _stay(row: Any) -> Stay:
    return presence_rules.Stay(row.id, row.site_id, row.time_zone, row.started_at, row.ended_at)


def _help(member_id: int, span: Span) -> Sequence[Any]:
    values = {"member_id": member_id, "starts_on": span.starts_on, "ends_on": span.ends_on}
    return db.session.execute(_HELP, values).all()


def _terms(rule: Rule, most_pct: int | None) -> HelpTerms:
    return HelpTerms(
        cast("help_rules.Inside", rule.help_inside_presence),
        min(rule.help_cap_pct, help_rules.FULL if most_pct is None else most_pct),
        rule.max_day,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one account is given of a member's help, or of presence that was only declared."""

    firm_id: int | None
    present: bool
    count: help_rules.HelpCount


class _Facts:
    """The contributions of a member's period."""

    def __init__(self, rows: Sequence[Any], promises: Promises, kinds: Mapping[str, Sort]) -> None:
        self.rows = rows
        self._by_id = {row.id: row for row in rows}
        self._sorts = kinds
        self._firm = {row.id: promises.firm_on(row.day) for row in rows}

    def count(
        self,
        presence: help_rules.Presence,
        stays: Sequence[Stay],
        *,
        terms: HelpTerms,
        owed: Mapping[int | None, int],
    ) -> list[_Counted]:
        """Declared presence first, without a cap of the sum; then help, outside both."""
        uncapped = HelpTerms(terms.inside, max_day=terms.max_day)
        declared = self._count(presence, present=True, terms=uncapped, owed={})
        minutes = defaultdict(int, presence.minutes)
        for line in (line for each in declared for line in each.count.lines):
            minutes[line.day] += line.outside
        around = help_rules.Presence(self._intervals(stays), minutes)
        return declared + self._count(around, present=False, terms=terms, owed=owed)

    def _count(
        self,
        presence: help_rules.Presence,
        *,
        present: bool,
        terms: HelpTerms,
        owed: Mapping[int | None, int],
    ) -> list[_Counted]:
        groups: dict[int | None, list[Help]] = defaultdict(list)
        for row in self.rows:
            if self._sorts[row.kind_code].present is present:
                groups[self._firm[row.id]].append(self._help_of(row))
        kinds = {code: sort.kind for code, sort in self._sorts.items()}
        return [
            _Counted(
                firm,
                present,
                help_rules.count(some, presence, kinds=kinds, terms=terms, due=owed.get(firm, 0)),
            )
            for firm, some in groups.items()
        ]

    def _help_of(self, row: Any) -> Help:
        return Help(
            row.id,
            row.kind_code,
            row.day,
            row.minutes,
            row.started_at,
            row.ended_at,
            online=row.site_id is None and self._sorts[row.kind_code].online,
        )

    def _intervals(self, stays: Iterable[Stay]) -> tuple[help_rules.Interval, ...]:
        """When the member was present: checked in, or by their declared hours."""
        declared = [
            presence_rules.Stay(-row.id, 0, "UTC", row.started_at, row.ended_at)
            for row in self.rows
            if self._sorts[row.kind_code].present and row.started_at is not None
        ]
        return tuple((one.start, one.end) for one in presence_rules.union([*stays, *declared]))

    def lines(self, counted: Iterable[_Counted]) -> list[Want]:
        """The lines of the facts, and one for what the cap of the sum takes."""
        lines = []
        for each in counted:
            for one in each.count.lines:
                row = self._by_id[one.help_id]
                lines.append(
                    Want(
                        HELP,
                        "DONE" if each.present else "HELP",
                        one.counted,
                        one.day,
                        row.site_id or row.home_site_id,
                        one.help_id,
                        each.firm_id,
                    )
                )
            if each.count.trimmed:
                lines.append(Want(CAP, "HELP", -each.count.trimmed, firm_id=each.firm_id))
        return lines


def note_counted(want: Wanted) -> None:
    """Let the facts themselves say that they are counted, and for how much."""
    if want.session_ids:
        db.session.execute(
            update(Presence)
            .where(Presence.id.in_(want.session_ids), Presence.state == "closed")
            .values(state="counted")
        )
    _note_help(want.counted, want.known)


def _note_help(counted: Mapping[int, int], known: Mapping[int, int | None]) -> None:
    for one, minutes in counted.items():
        if known.get(one) != minutes:
            # What the session holds is told by itself: to look for it costs as much as it holds.
            db.session.execute(
                update(Contribution).where(Contribution.id == one).values(counted=minutes),
                execution_options={"synchronize_session": False},
            )
            held = db.session.identity_map.get(identity_key(Contribution, one))
            if held is not None:
                set_committed_value(held, "counted", minutes)
