"""The sites of the network, their hours and the days on which they are shut."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, bindparam, or_, select, type_coerce
from sqlalchemy.orm import selectinload

from incubator.kernel.db import BigId, db
from incubator.kernel.errors import NotFound
from incubator.kernel.text import words
from incubator.network.sites import public_holidays
from incubator.network.sites.models import Closure, Site, SiteHours
from incubator.network.sites.rules import LOOK_AHEAD_DAYS, Timetable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from incubator.network.sites.rules import Span

MOST_SITES = 500
SHORTEST_BEGINNING = 3


class Place(NamedTuple):
    """Where a site is, in few words."""

    id: int
    slug: str
    name: str
    city: str
    time_zone: str
    hue: int


_PLACES = select(Site.id, Site.slug, Site.name, Site.city, Site.time_zone, Site.hue)
_OPEN_PLACES = (
    _PLACES.where(Site.closed_on.is_(None))
    .order_by(Site.city, Site.name, Site.id)
    .limit(MOST_SITES)
)
_ONE_PLACE = _PLACES.where(Site.id == bindparam("site_id"))


def open_places() -> list[Place]:
    """Where the sites are that are not closed for good, by city."""
    return [Place(*row) for row in db.session.execute(_OPEN_PLACES)]


def open_sites() -> Sequence[Site]:
    """The sites that are not closed for good, with their hours, by city."""
    return db.session.scalars(
        select(Site)
        .where(Site.closed_on.is_(None))
        .options(selectinload(Site.hours))
        .order_by(Site.city, Site.name, Site.id)
        .limit(MOST_SITES)
    ).all()


def with_address(slug: str) -> Site:
    """The site of an address, with its hours; raise NotFound."""
    found = db.session.scalar(
        select(Site).where(Site.slug == slug).options(selectinload(Site.hours))
    )
    if found is None:
        raise NotFound("sites.site")
    return found


def names_of(slugs: Collection[str]) -> dict[str, str]:
    """The names of the sites of some addresses, by address."""
    return dict(db.session.execute(select(Site.slug, Site.name).where(Site.slug.in_(slugs))).all())


def with_id(site_id: int | None) -> Site | None:
    """The site of an id with its hours, or None."""
    if site_id is None:
        return None
    return db.session.scalar(_WITH_ID, {"site_id": site_id})


_WITH_ID = select(Site).where(Site.id == bindparam("site_id")).options(selectinload(Site.hours))


def place_of(site_id: int | None) -> Place | None:
    """The place of a site, or None."""
    if site_id is None:
        return None
    row = db.session.execute(_ONE_PLACE, {"site_id": site_id}).first()
    return Place(*row) if row else None


def sites_named(wanted: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The sites a word of whose name or city begins with each of these folded words."""
    begun = list(wanted)
    rows = db.session.execute(select(Site.id, Site.name, Site.city).limit(MOST_SITES)).all()
    named = {row.id: words(f"{row.name} {row.city}") for row in rows} if begun else {}
    return {
        start: tuple(
            site_id for site_id, known in named.items() if any(w.startswith(start) for w in known)
        )
        for start in begun
        if len(start) >= SHORTEST_BEGINNING
    }


def closures_of(site_ids: Iterable[int], since: date) -> Sequence[Closure]:
    """Closures of these sites and of the whole network that are not over, the next first."""
    return db.session.scalars(_CLOSURES, {"ids": list(site_ids), "since": since}).all()


_CLOSURES = (
    select(Closure)
    .where(
        or_(
            Closure.site_id.in_(bindparam("ids", type_=BigId, expanding=True)),
            Closure.site_id.is_(None),
        ),
        Closure.ends_on > bindparam("since", type_=Date),
    )
    .order_by(Closure.starts_on, Closure.id)
    .limit(1000)
)


def closures_with(closure_ids: Collection[int]) -> Sequence[Closure]:
    """The closures of some ids that are still there."""
    if not closure_ids:
        return []
    return db.session.scalars(select(Closure).where(Closure.id.in_(closure_ids))).all()


def former_hours(
    site_ids: Iterable[int], since: date
) -> dict[int, list[tuple[date, dict[int, list[Span]]]]]:
    """The weeks of sites that held for some of the days from ``since`` on and no longer do.

    By site, each with the first day on which it no longer held, in order.
    """
    values = {"ids": list(site_ids), "since": since}
    weeks: dict[int, dict[date, dict[int, list[Span]]]] = {}
    for site_id, until, weekday, opens, closes in db.session.execute(_FORMER, values):
        week = weeks.setdefault(site_id, {}).setdefault(until, {})
        week.setdefault(weekday, []).append((opens, closes))
    return {site_id: sorted(found.items()) for site_id, found in weeks.items()}


_FORMER = select(
    SiteHours.site_id,
    type_coerce(SiteHours.valid_to, Date),
    SiteHours.weekday,
    SiteHours.opens_at,
    SiteHours.closes_at,
).where(
    SiteHours.site_id.in_(bindparam("ids", type_=BigId, expanding=True)),
    SiteHours.valid_to > bindparam("since", type_=Date),
)


def timetable_of(
    site: Site,
    closures: Iterable[Closure],
    now: datetime,
    *,
    former: Sequence[tuple[date, Mapping[int, Sequence[Span]]]] = (),
) -> Timetable:
    """What decides whether a site is open, from yesterday to 60 days after ``now``.

    ``former`` are weeks that held before, as ``former_hours`` tells them.
    """
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    window = (today - timedelta(days=1), today + timedelta(days=LOOK_AHEAD_DAYS + 1))
    week: dict[int, list[tuple[int, int]]] = {}
    for row in site.hours:
        week.setdefault(row.weekday, []).append((row.opens_at, row.closes_at))
    return Timetable(
        time_zone=site.time_zone,
        week=week,
        closures=[
            (each.starts_on, each.ends_on) for each in closures if each.site_id in {site.id, None}
        ],
        holidays=frozenset(public_holidays.between(site.country, site.subdivision, span=window)),
        former=former,
    )


def timetables(sites: Sequence[Site], now: datetime) -> dict[int, Timetable]:
    """The timetable of each site, with one query for all closures and one for former hours."""
    ids, since = [site.id for site in sites], (now - timedelta(days=2)).date()
    closures, former = closures_of(ids, since), former_hours(ids, since)
    return {
        site.id: timetable_of(site, closures, now, former=former.get(site.id, ())) for site in sites
    }
