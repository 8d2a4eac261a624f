"""What the page of a period shows: the ring, the sentence, the rows, the year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from incubator.blueprints.commitments import journal_page, words
from incubator.domain.commitments import (
    accounts,
    fitting,
    journal,
    journal_rules,
    looks,
    queries,
    rules,
)
from incubator.domain.commitments.periods import period_on
from incubator.edge.art.charts import Month as Bar
from incubator.edge.clock import now, today
from incubator.edge.formats import plain_day
from incubator.edge.locale import language
from incubator.kernel.keyset import Cursor
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from incubator.domain.commitments.journal import Spent
    from incubator.domain.commitments.models import Period
    from incubator.domain.commitments.queries import Month
    from incubator.domain.commitments.rules import Span
    from incubator.network.members.actor import Actor
    from incubator.network.sites.queries import Place

FITTING = 2
LOOKS = 3
A_DAY = timedelta(days=1)


def values(reader: Actor, day: date) -> dict[str, Any]:
    """Everything of a reader's period: the same number of statements however long the history."""
    this_day = today(reader.time_zone)
    month = queries.month(reader.id, day)
    period = period_on(day)
    places = {place.id: place for place in sites.open_places()}
    held = journal.journal(reader.id, period, month.span, now=now())
    lines = queries.lines_of(reader.id, month.span)
    fits = _fitting(reader, month.span, this_day)
    told = words.sentence(month, this_day)
    return {
        "month": month,
        "period": period,
        "sentence": words.with_plans(told, planned=held.planned_minutes, fitting=len(fits)),
        "planned": held.planned_minutes,
        "fitting": fits,
        "promised_on": plain_day(month.pledge.valid_from, year=True) if month.pledge else "",
        "lines": journal_page.rows(held, lines, places),
        "received": queries.received_by(reader.id, month.span),
        "full": len(lines) == queries.MOST_LINES,
        "sums": journal_rules.sums(held.entries),
        "firm": _firm(reader, this_day, period) if month.pledge is None else None,
        "looks": looks.looks_at(reader.id, Cursor(size=LOOKS)).rows,
        **around(month, this_day),
        **year(reader.id, month.span.starts_on.year, this_day, places=places),
    }


def _fitting(reader: Actor, span: Span, this_day: date) -> Sequence[Any]:
    """Free duties that fit, for a period that is under way."""
    if not span.starts_on <= this_day < span.ends_on:
        return []
    until = datetime.combine(span.ends_on, time(), UTC)
    return fitting.fitting_slots(
        reader.id, reader.home_site_id, now=now(), until=until, most=FITTING
    )


def _firm(reader: Actor, this_day: date, period: Period | None) -> dict[str, Any] | None:
    """The firm whose promise the reader's hours keep, if they made none of their own."""
    firm_id = accounts.promises_of(reader.id).firm_on(this_day)
    if firm_id is None:
        return None
    name, standing = journal.firm_standing(firm_id, period.id if period else None)
    return {"name": name, "standing": standing}


def around(month: Month, this_day: date) -> dict[str, Any]:
    """The periods before and after, as far as they concern the member."""
    before, after = journal.neighbours(month.span)
    earlier = before.span if before else rules.month_before(month.span.starts_on)
    later = after.span if after else rules.month_of(month.span.ends_on)
    return {
        "earlier": earlier if month.span.starts_on > month.joined_on else None,
        "later": later if month.span.starts_on <= this_day else None,
    }


def year(
    member_id: int, number: int, this_day: date, *, places: Mapping[int, Place]
) -> dict[str, Any]:
    """The bars of a year, how many months are held, and where the time went."""
    given = {each.starts_on.month: each for each in queries.year_of(member_id, number)}
    bars = []
    for month in range(1, 13):
        span = rules.month_of(date(number, month, 1))
        seen = given.get(month)
        bars.append(
            Bar(
                words.initial(span.starts_on),
                seen.given if seen else 0,
                seen.owed if seen else 0,
                span.ends_on <= this_day,
            )
        )
    spent = journal.spent_in(member_id, number)
    return {
        "year": number,
        "bars": bars,
        "held": sum(1 for bar in bars if 0 < bar.owed <= bar.done),
        "spent": _added((_kind(each), each.minutes) for each in spent),
        "spent_at": _added((_site(each, places), each.minutes) for each in spent),
    }


def _kind(spent: Spent) -> str:
    return spent.kind.name_in(language()) if spent.kind else words.presence()


def _site(spent: Spent, places: Mapping[int, Place]) -> str:
    place = places.get(spent.site_id or 0)
    return place.name if place else words.elsewhere()


def _added(some: Iterable[tuple[str, int]]) -> list[tuple[str, int, float]]:
    """Names with their minutes and share in percent, most first."""
    sums: dict[str, int] = {}
    for name, minutes in some:
        sums[name] = sums.get(name, 0) + minutes
    total = sum(sums.values()) or 1
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [(name, minutes, minutes * 100 / total) for name, minutes in ordered if minutes > 0]
