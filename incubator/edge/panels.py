"""Panels: parts of shared pages that features bring; one that fails spoils no other."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import render_template, request
from markupsafe import Markup

from incubator.edge.clock import now
from incubator.edge.entries import PAGE_SLOTS, SLOTS, PagePanel, Panel, no_facts
from incubator.edge.ribbon import Ribbon, ribbon
from incubator.edge.state import state
from incubator.edge.today_rules import Fact
from incubator.kernel.db import end_read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from incubator.edge.ribbon import DayItem
    from incubator.network.members.actor import Actor

log = logging.getLogger(__name__)

FAILED = "home/_panel_failed.html"


def nothing() -> None:
    """What a panel loads that nobody asked for."""


class Part(NamedTuple):
    """A panel as it is drawn: empty when it has nothing to show, it keeps its place."""

    key: str
    html: Markup


@dataclass(frozen=True)
class Parts:
    """The parts of the first page by slot, and what they know for its sentence."""

    slots: dict[str, list[Part]] = field(default_factory=lambda: {slot: [] for slot in SLOTS})
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """The ribbon of the reader's day, what it knows, and whether a feature could not tell."""

    ribbon: Ribbon
    facts: list[Fact]
    failed: bool


def wanted_parts() -> frozenset[str] | None:
    """The places of the page that a browser asks anew by their ids; None: the whole page."""
    asked = request.headers.get("X-Swap", "")
    return frozenset(part.removeprefix("#") for part in asked.split()) or None


def panels_for(reader: Actor, wanted: Collection[str] | None = None) -> Parts:
    """The drawn panels of each slot of the first page, in their order.

    Of those that are not ``wanted`` only what may become the sentence is loaded.
    """
    parts = Parts()
    for panel in sorted(state().panels, key=lambda each: each.order):
        drawn = wanted is None or f"part-{panel.key}" in wanted
        if panel.may.allows(reader):
            load = partial(panel.load, reader) if drawn or panel.tells is not no_facts else nothing
            html, facts = _draw(panel, load, panel.tells, drawn=drawn)
            parts.slots[panel.slot].append(Part(panel.key, html))
            parts.facts.extend(facts)
    return parts


def page_panels_for(page: str, reader: Actor, subject_id: int) -> dict[str, list[Markup]]:
    """The drawn panels of each slot of the page of a member, site, firm, circle, thread or deal."""
    drawn: dict[str, list[Markup]] = {slot: [] for slot in PAGE_SLOTS}
    chosen = [panel for panel in state().page_panels if panel.page == page]
    for panel in sorted(chosen, key=lambda each: each.order):
        if panel.may.allows(reader):
            html, _ = _draw(panel, partial(panel.load, reader, subject_id))
            drawn[panel.slot] += [html] if html else []
    return drawn


def _draw(
    panel: Panel | PagePanel,
    load: Callable[[], Mapping[str, object] | None],
    tells: Callable[[Mapping[str, Any]], Iterable[Fact]] = no_facts,
    *,
    drawn: bool = True,
) -> tuple[Markup, list[Fact]]:
    try:
        values = load()
        if values is None:
            return Markup(), []
        html = render_template(panel.template, **values) if drawn else ""
        return Markup(html), list(tells(values))  # noqa: S704 - our own template
    except Exception:
        log.exception("the panel %s failed", panel.key)
        end_read()
        return Markup(render_template(FAILED, slot=panel.slot)), []  # noqa: S704 - our own template


def day_of(reader: Actor, time_zone: str) -> Day:
    """The day that it is in a zone, as the features know it for a reader."""
    zone = ZoneInfo(time_zone)
    this_day = now().astimezone(zone).date()
    since, until = (
        datetime.combine(day, time(), zone).astimezone(UTC)
        for day in (this_day, this_day + timedelta(days=1))
    )
    items: list[DayItem] = []
    failed = False
    for source in state().day:
        try:
            items += source.load(reader, since, until) if source.may.allows(reader) else ()
        except Exception:
            log.exception("the day of %s failed", source.key)
            end_read()
            failed = True
    drawn = ribbon(items, now=now(), time_zone=time_zone)
    return Day(drawn, [_duty(item) for item in items if item.kind == "due"], failed)


def _duty(item: DayItem) -> Fact:
    return Fact(
        key="duty",
        title=item.title,
        address=item.address,
        at=item.starts_at,
        until=item.ends_at,
    )
