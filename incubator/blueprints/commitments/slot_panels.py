"""The parts of shared pages that slots bring."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.blueprints.commitments import slot_words
from incubator.domain.commitments import slot_queries
from incubator.edge.clock import now
from incubator.edge.entries import PagePanel, Panel
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

FEW = 3
AHEAD = timedelta(days=14)


def own_duties(reader: Actor) -> Mapping[str, object] | None:
    """The reader's next slots; nothing for who signed up for none."""
    duties = slot_queries.duties_of(reader.id, since=now(), most=FEW)
    return {"duties": duties, "signup_words": slot_words.SIGNUPS} if duties else None


def slots_of_site(reader: Actor, site_id: int) -> Mapping[str, object] | None:
    """The next slots of a site that want people; nothing where there are none at all."""
    site = sites.place_of(site_id)
    shown = slot_queries.coming_slots(reader, site_id, now=now(), until=now() + AHEAD)
    if site is None or not shown:
        return None
    wanting = [
        each
        for each in shown
        if each.slot.state == "planned" and each.coverage in {"empty", "thin"}
    ]
    return {"site": site, "wanting": wanting[:FEW], "coverage_words": slot_words.COVERAGE}


PANELS = (
    Panel(
        key="duties", slot="side", order=20, template="commitments/_duties.html", load=own_duties
    ),
)
PAGE_PANELS = (
    PagePanel(
        key="slots",
        page="site",
        slot="side",
        order=15,
        template="commitments/_site_slots.html",
        load=slots_of_site,
    ),
)
