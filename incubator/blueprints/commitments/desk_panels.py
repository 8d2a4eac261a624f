"""What steering hours brings to the first page: the day of one's site, the sites side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.commitments import slot_words
from incubator.blueprints.commitments.figures import figure
from incubator.domain.commitments import comparison, desk, drift, health, series_queries
from incubator.domain.commitments import slot_queries as slots
from incubator.domain.commitments.rules import civil_day
from incubator.domain.commitments.slot_rules import DAY
from incubator.edge.access import administrators, managers
from incubator.edge.clock import now, today
from incubator.edge.entries import Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

MEASURES = ("presence", "late", "coverage")


def day_of_site(reader: Actor) -> Mapping[str, object] | None:
    """Of the site that the reader runs, their own first: its slots today and what waits."""
    run = sorted(reader.managed_site_ids, key=lambda each: (each != reader.home_site_id, each))
    site = sites.with_id(run[0]) if run else None
    if site is None:
        return None
    instant, this_day = now(), today(site.time_zone)
    shown = slots.coming_slots(reader, site.id, now=instant - DAY, until=instant + DAY)
    planned = [
        each
        for each in shown
        if each.slot.state != "cancelled"
        and civil_day(each.slot.starts_at, site.time_zone) == this_day
    ]
    return {
        "site": site,
        "more": len(run) - 1,
        "slots": planned,
        "covered": sum(each.coverage not in {"empty", "thin"} for each in planned),
        "holes": [
            each
            for each in planned
            if each.slot.ends_at > instant and each.coverage in {"empty", "thin"}
        ],
        "sheets": len(series_queries.open_sheets(site.id, now=instant)),
        "waiting": desk.exceptions_at(reader, site.id, instant).count,
        "drifting": drift.count(site.id, this_day),
        "coverage_words": slot_words.COVERAGE,
    }


def uncovered(values: Mapping[str, Any]) -> Iterable[Fact]:
    """The slots of today for which nobody comes."""
    for each in values["holes"]:
        if each.coverage == "empty":
            yield Fact(
                key="uncovered",
                title=each.slot.title,
                at=each.slot.starts_at,
                address=url("commitments.slot", slot_id=each.slot.id),
            )


def all_sites(_reader: Actor) -> Mapping[str, object] | None:
    """How the sites are in the period under way, and whether the figures can be trusted."""
    found = comparison.side_by_side(now())
    if not found.periods:
        return None
    return {
        "sites": sites.open_places(),
        "found": found,
        "period": found.periods[-1],
        "measures": MEASURES,
        "figure": figure,
        "proof": health.last_proof(),
    }


PANELS = (
    Panel(
        key="site-day",
        slot="desk",
        order=10,
        template="commitments/_site_day.html",
        load=day_of_site,
        tells=uncovered,
        may=managers,
    ),
    Panel(
        key="sites-health",
        slot="main",
        order=3,
        template="commitments/_all_sites.html",
        load=all_sites,
        may=administrators,
    ),
)
