"""The lines of a period as its member reads them: one row for each thing, whatever it came from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from incubator.blueprints.commitments import presence_words, words
from incubator.edge.formats import clock
from incubator.edge.locale import clocks_differ, language
from incubator.edge.pages import url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from flask_babel.speaklater import LazyString

    from incubator.domain.commitments.journal import Journal
    from incubator.domain.commitments.journal_rules import Entry
    from incubator.domain.commitments.models import Contribution
    from incubator.domain.commitments.presence_models import Presence
    from incubator.domain.commitments.slot_models import Signup
    from incubator.network.members.models import Member
    from incubator.network.sites.queries import Place

State = tuple["LazyString", str, str]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the page; ``minutes`` count where ``counts``, else they wait or are struck out.

    ``at`` is its place among the others; ``of`` what was given where less of it counts; ``total``
    what has been given up to it.
    """

    at: date
    day: date | None
    icon: str
    title: str
    minutes: int
    state: State
    href: str = ""
    notes: tuple[str, ...] = ()
    who: Member | None = None
    of: int | None = None
    counts: bool = True
    struck: bool = False
    total: int | None = None


def rows(journal: Journal, facts: Sequence[Contribution], places: Mapping[int, Place]) -> list[Row]:
    """Everything of a period, what is to come first, then from the latest day on."""
    told = {one.source_id: one for one in journal.entries if one.source_type == "contribution"}
    made = [_contribution(fact, told.get(fact.id)) for fact in facts]
    known = {fact.id for fact in facts}
    spans = _spans(journal.sessions)
    made += [
        _entry(entry, spans, places)
        for entry in journal.entries
        if entry.source_type != "contribution" or entry.source_id not in known
    ]
    made += [_session(one) for one in journal.unsettled]
    made.sort(key=lambda row: row.at, reverse=True)
    return [_planned(one) for one in reversed(journal.planned)] + _retotalled(made)


def _retotalled(some: Sequence[Row]) -> list[Row]:
    """Totals in the order of the page, so that each row adds up with those below it."""
    total, made = 0, []
    for row in reversed(some):
        adds = row.counts and row.total is not None
        total += row.minutes if adds else 0
        made.append(replace(row, total=total if adds else None))
    return made[::-1]


def _contribution(fact: Contribution, entry: Entry | None) -> Row:
    counts = fact.state in {"confirmed", "counted"}
    minutes = entry.minutes if entry else (fact.counted or 0)
    whole = not counts or minutes == fact.minutes
    notes = [fact.note] if fact.note else []
    if not whole:
        notes.append(str(words.less_counts(fact)))
    if entry and entry.changes:
        notes.append(changed(entry.changes))
    return Row(
        at=fact.day,
        day=fact.day,
        icon=words.KIND_ICONS.get(fact.kind_code, "sparkles"),
        title=fact.kind.name_in(language()),
        minutes=minutes if counts else fact.minutes,
        state=words.STATES[fact.state],
        href=url("commitments.show", contribution_id=fact.id),
        notes=tuple(notes),
        who=fact.receiver,
        of=None if whole else fact.minutes,
        counts=counts,
        struck=fact.state in {"refused", "withdrawn"},
        total=0 if counts else None,
    )


def _spans(sessions: Iterable[Presence]) -> Mapping[tuple[date, int], list[str]]:
    """The hours of counted sessions by day and site, with the city where clocks differ."""
    found: dict[tuple[date, int], list[str]] = defaultdict(list)
    for one in sessions:
        if one.state in {"closed", "counted"}:
            found[one.day, one.site_id].append(presence_words.span_of(one, one.site))
    return found


def _entry(
    entry: Entry, spans: Mapping[tuple[date, int], list[str]], places: Mapping[int, Place]
) -> Row:
    place = places.get(entry.site_id or 0)
    notes: list[str] = []
    if entry.source_type == "presence" and entry.day and entry.site_id:
        notes += spans.get((entry.day, entry.site_id), [])
    if entry.changes:
        notes.append(changed(entry.changes))
    title, icon = words.entry_title(entry, place.name if place else "")
    return Row(
        at=entry.place,
        day=entry.shown_on,
        icon=icon,
        title=title,
        minutes=entry.minutes,
        state=words.entry_state(entry),
        href=url("commitments.line", line_id=entry.line_id),
        notes=tuple(notes),
        total=0 if entry.is_given else None,
    )


def changed(times: int) -> str:
    """How often what is told was taken back and written anew."""
    return ngettext("changed once", "changed %(num)s times", times)


def _session(session: Presence) -> Row:
    return Row(
        at=session.day,
        day=session.day,
        icon="map-pin",
        title=_("Presence, %(site)s", site=session.site.name),
        minutes=presence_words.minutes_of(session),
        state=presence_words.STATES[session.state],
        href=url("commitments.session", session_id=session.id),
        notes=(presence_words.span_of(session, session.site),),
        counts=False,
    )


def _planned(signup: Signup) -> Row:
    slot = signup.slot
    zone = slot.site.time_zone
    span = f"{clock(slot.starts_at, zone)} – {clock(slot.ends_at, zone)}"
    if clocks_differ(zone):
        span = f"{span} ({slot.site.city})"
    return Row(
        at=slot.local_date,
        day=slot.local_date,
        icon="door-open",
        title=slot.title,
        minutes=int((slot.ends_at - slot.starts_at).total_seconds()) // 60,
        state=words.PLANNED,
        href=url("commitments.slot", slot_id=slot.id),
        notes=(f"{slot.site.name}, {span}",),
        counts=False,
    )
