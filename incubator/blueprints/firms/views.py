"""The list of firms, a firm, its logo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.firms.routes import pages
from incubator.blueprints.firms.words import number_name, since_words, span
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.locale import language
from incubator.edge.pages import render
from incubator.edge.panels import page_panels_for
from incubator.edge.sectors import sector_name, sectors
from incubator.edge.territories import country_name
from incubator.edge.uploads import picture
from incubator.kernel.keyset import Cursor
from incubator.network.members import directory, firm_list, firm_policy, firm_queries
from incubator.network.members.firm_requests import asked, open_request
from incubator.network.members.registration import spelled
from incubator.network.members.sectors import SECTORS
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.get("/entreprises", en="/firms", may=members)
def index() -> ResponseReturnValue:
    """The firms of the network, found by name, sector, site and what they offer."""
    typed = request.args
    known, places = vocabulary(language()), sites.open_sites()
    skill = known.with_slug(typed.get("skill", ""))
    site = next((each for each in places if each.slug == typed.get("site")), None)
    sector = typed.get("sector", "") if typed.get("sector") in SECTORS else ""
    filters = firm_list.Filters(
        words=firm_list.search_words(typed.get("q", "")[:200]),
        sector=sector,
        site_id=site.id if site else None,
        skill_ids=tuple(known.below(skill)) if skill else (),
    )
    cursor = Cursor(typed.get("after"), typed.get("before"), firm_list.PAGE_SIZE)
    return render(
        "firms/index.html",
        page=firm_list.firms_page(filters, cursor),
        known=known,
        places=places,
        sectors=sectors(),
        q=typed.get("q", "").strip()[:200],
        sector=sector,
        site=site,
        skill=skill,
        sector_name=sector_name,
        wished=directory.wanted_by(actor().id),
    )


@pages.get("/entreprises/<slug>", en="/firms/<slug>", may=members)
def show(slug: str) -> ResponseReturnValue:
    """A firm and its people, as far as each lets the reader see where they work."""
    reader = actor()
    day = today(reader.time_zone)
    firm = firm_queries.firm_with(slug)
    standing = firm_queries.standing_of(firm, day)
    people = firm_queries.people_of(firm.id, day)
    shown = firm_queries.shown_to(reader, [*people, *firm_queries.past_people_of(firm.id, day)])
    mine = next((role for role in people if role.member_id == reader.id), None)
    between = open_request(firm.id, reader.id)
    return render(
        "firms/show.html",
        firm=firm,
        people=[role for role in shown if role in people],
        past=[role for role in shown if role not in people],
        mine=mine,
        between=between,
        may_answer=between and firm_policy.may_answer(reader, asked(between), standing),
        may_keep=firm_policy.may_keep(reader, standing),
        is_kept=standing.is_kept,
        wished=directory.wanted_by(reader.id),
        registration=spelled(firm.registration, firm.country),
        number_name=number_name(firm.country),
        country=country_name(firm.country) if firm.country else "",
        since=since_words(firm),
        sector=sector_name(firm.sector),
        span=span,
        panels=page_panels_for("firm", reader, firm.id),
    )


@pages.get("/entreprises/logos/<key>-<int:width>.webp", may=signed_in)
def logo(key: str, width: int) -> ResponseReturnValue:
    """A stored logo."""
    return picture(key, width, missing="firms.logo")
