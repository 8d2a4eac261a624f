"""Steps of the loader: firms, their people of today and yesterday, what is asked of them."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from incubator.demo.moments import When, day_zero
from incubator.kernel.db import as_of
from incubator.network.members import firm_people, firm_requests, firms
from incubator.network.members.firms import FirmDetails
from incubator.network.members.queries import roles_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.shapes import Firm, PastRole
    from incubator.demo.stage import Stage


def found_firms(stage: Stage) -> str:
    """Found every firm at its site and let its people in, each when they came."""
    cities = {site.slug: site.city for site in stage.content.sites}
    for firm in stage.content.firms:
        with as_of(stage.joined(firm.people[0][0]).instant(stage.now)):
            stage.firms[firm.slug] = _found(stage, firm, cities[firm.site])
    for firm in stage.content.firms:
        for past in firm.past:
            _write_past(stage, firm, past)
        if firm.left_days_ago is not None:
            _leave(stage, firm, firm.left_days_ago)
    return f"{len(stage.content.firms)} firms"


def _found(stage: Stage, firm: Firm, city: str) -> int:
    people = sorted(firm.people, key=lambda person: stage.members[person[0]].site != firm.site)
    (founder, title), *others = people
    founded = firms.found_firm(
        None,
        founder_id=stage.actors[founder].id,
        details=_details(stage, firm, city),
        today=_since(stage, firm, founder),
        title=title,
        slug=firm.slug,
    )
    for email, role in others:
        firm_people.join_firm(
            firm_id=founded.id,
            member_id=stage.actors[email].id,
            today=_since(stage, firm, email),
            title=role,
        )
    return founded.id


def _details(stage: Stage, firm: Firm, city: str) -> FirmDetails:
    return FirmDetails(
        name=firm.name,
        city=city,
        sector=firm.sector,
        activity=firm.activity,
        size=firm.size,
        since_year=firm.since,
        web=firm.web,
        pitch=firm.short,
        about=firm.long,
        registration=firm.siren or "",
        offers=[stage.skills[slug] for slug in firm.offers],
        needs=[stage.skills[slug] for slug in firm.needs],
    )


def _since(stage: Stage, firm: Firm, email: str) -> date:
    return max(stage.joined(email).day(stage.now), date(firm.since, 1, 1))


def _write_past(stage: Stage, firm: Firm, past: PastRole) -> None:
    """A role that was over before the firm or its person came to the network."""
    today = day_zero(stage.now, stage.zones[firm.site])
    asked = firm_requests.ask_to_join(
        None,
        firm_id=stage.firms[firm.slug],
        member_id=stage.actors[past.email].id,
        title=past.title,
        days=(today - timedelta(days=past.began), today - timedelta(days=past.ended)),
        now=stage.now,
        today=today,
    )
    firm_requests.decide(None, request_id=asked.id, act="accept", now=stage.now, today=today)


def _leave(stage: Stage, firm: Firm, days_ago: int) -> None:
    day = day_zero(stage.now, stage.zones[firm.site]) - timedelta(days=days_ago)
    for role in roles_of(stage.actors[firm.people[0][0]].id, day):
        if role.firm_id == stage.firms[firm.slug]:
            firm_people.end_role(None, role_id=role.id, today=day, unkept=True)


def ask_firms(stage: Stage) -> str:
    """Write the requests that wait for an answer; the machine sends no letters about them."""
    for request in stage.content.firm_requests:
        zone = stage.zones[stage.members[request.email].site]
        at: datetime = When(request.days_ago, time(11, 20), zone).instant(stage.now)
        ask = firm_requests.invite if request.kind == "invite" else firm_requests.ask_to_join
        with as_of(at):
            ask(
                None,
                firm_id=stage.firms[request.firm],
                member_id=stage.actors[request.email].id,
                title=request.title,
                message=request.message,
                now=at,
                today=at.date(),
            )
    return f"{len(stage.content.firm_requests)} requests"
