"""The parts of shared pages that hours bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.commitments import words
from incubator.blueprints.commitments.looking import noted, noted_shared
from incubator.blueprints.commitments.pledge_views import panel_of_firm
from incubator.domain.commitments import board, policy, queries
from incubator.edge.access import managers
from incubator.edge.clock import now, today
from incubator.edge.entries import PagePanel, Panel
from incubator.edge.formats import days_left
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact
from incubator.kernel.keyset import Cursor
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

FEW = 3


def ring_of_the_month(reader: Actor) -> Mapping[str, object] | None:
    """The reader's own month; nothing for who neither promised nor gave."""
    this_day = today(reader.time_zone)
    month = queries.month(reader.id, this_day)
    if not (month.owed or month.given or month.waiting):
        return None
    return {
        "month": month,
        "sentence": words.sentence(month, this_day),
        "left": max(0, month.owed - month.given - month.waiting),
        "days": days_left(month.span.ends_on),
    }


def missing(values: Mapping[str, Any]) -> Iterable[Fact]:
    """What is left to give, and for how many days it can be."""
    yield Fact(
        key="behind",
        minutes=max(0, values["left"] - values["month"].planned),
        days=values["days"],
        address=url("commitments.rota"),
    )


def to_confirm(reader: Actor) -> Mapping[str, object] | None:
    """The oldest hours that wait for the reader."""
    page = queries.waiting_for(reader, Cursor(size=FEW))
    if not page.rows:
        return None
    noted_shared(reader, page.rows, site_id=None)
    return {"page": page, "kind_icons": words.KIND_ICONS}


def waits(values: Mapping[str, Any]) -> Iterable[Fact]:
    """Whose hours wait for the reader, the oldest first."""
    page = values["page"]
    yield Fact(
        key="confirm",
        count=len(page.rows) + bool(page.next),
        name=page.rows[0].giver.name,
        minutes=page.rows[0].minutes,
        address=url("commitments.waiting"),
    )


def month_of_member(reader: Actor, member_id: int) -> Mapping[str, object] | None:
    """A member's month, for themselves and the managers of their site."""
    home_site_id, slug = queries.home_of(member_id)
    if reader.id != member_id and not policy.may_run_site(reader, home_site_id):
        return None
    noted(reader, [member_id], page="profile", site_id=home_site_id)
    this_day = today(reader.time_zone)
    month = queries.month(member_id, this_day)
    return {"month": month, "own": reader.id == member_id, "slug": slug}


def month_of_site(reader: Actor, site_id: int) -> Mapping[str, object] | None:
    """A site's month, for its managers."""
    if not policy.may_run_site(reader, site_id):
        return None
    site = sites.with_id(site_id)
    return {"totals": board.totals(site_id, now().date()), "site": site} if site else None


PANELS = (
    Panel(key="declare", slot="actions", order=10, template="commitments/_declare.html"),
    Panel(
        key="hours",
        slot="hero_side",
        order=10,
        template="commitments/_ring.html",
        load=ring_of_the_month,
        tells=missing,
    ),
    Panel(
        key="confirm",
        slot="main",
        order=4,
        template="commitments/_confirm.html",
        load=to_confirm,
        tells=waits,
    ),
)
PAGE_PANELS = (
    PagePanel(
        key="hours",
        page="member",
        slot="side",
        order=20,
        template="commitments/_member.html",
        load=month_of_member,
    ),
    PagePanel(
        key="hours",
        page="site",
        slot="side",
        order=20,
        template="commitments/_site.html",
        load=month_of_site,
        may=managers,
    ),
    PagePanel(
        key="hours",
        page="firm",
        slot="side",
        order=20,
        template="commitments/_firm.html",
        load=panel_of_firm,
    ),
)
