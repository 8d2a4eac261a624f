"""What changes sites. ``by`` is who acts, or None for the machine: command line and demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.files import drop_later
from incubator.kernel.text import markdown_to_html, slugify
from incubator.kernel.zones import all_zones
from incubator.network.sites import policy, public_holidays, rules
from incubator.network.sites.events import (
    DaysClosed,
    DaysReopened,
    OpeningHoursSet,
    SiteChanged,
    SiteOpened,
)
from incubator.network.sites.models import EVER, Closure, Site, SiteHours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from incubator.network.sites.policy import Steward

MOST_SEATS = 10_000
SHORTEST_STAY = 15  # minutes; one is not presumed gone before


@dataclass(frozen=True, kw_only=True)
class SiteDetails:
    """What a site says of itself; ``about`` is Markdown, ``subdivision`` as in ISO 3166-2.

    Who is still in at ``cutoff_at`` (minutes after local midnight), or after ``auto_close_after``
    minutes, is presumed gone. Its members may ask for help unnamed if it has ``hidden_askers``.
    """

    name: str
    city: str
    country: str
    time_zone: str
    subdivision: str = ""
    address: str = ""
    about: str = ""
    capacity: int = 0
    cutoff_at: int = 1380
    auto_close_after: int = 720
    hidden_askers: bool = False


def open_site(
    by: Steward | None, *, details: SiteDetails, slug: str = "", hue: int | None = None
) -> Site:
    """Open a site; its colour follows from its id unless ``hue`` (0 to 11) is given.

    Raise NotAllowed ``sites.open``; Refusal ``sites.slug_taken``, or as ``edit_site``.
    """
    if not policy.may_open(by):
        raise NotAllowed("sites.open")
    address = slugify(slug or details.city or details.name)
    if db.session.scalar(select(Site.id).where(Site.slug == address)):
        raise Refusal("sites.slug_taken", field="city", city=details.city)
    site = Site(slug=address, hue=(hue or 0) % 12)
    _describe(site, details)
    db.session.add(site)
    db.session.flush()
    if hue is None:
        site.hue = site.id * 5 % 12
    record(SiteOpened(actor_id=by.id if by else None, site_id=site.id, name=site.name))
    return site


def edit_site(by: Steward | None, *, site_id: int, details: SiteDetails) -> Site:
    """Change what a site says of itself; its address stays, so that links live on.

    Raise NotAllowed ``sites.change``; Refusal ``sites.time_zone``, ``sites.country``,
    ``sites.subdivision``, ``sites.capacity``, ``sites.cutoff``, ``sites.auto_close`` or
    ``sites.empty``.
    """
    site = _mine(by, site_id)
    changed = _describe(site, details)
    db.session.flush()
    if changed:
        record(SiteChanged(actor_id=by.id if by else None, site_id=site.id, changed=changed))
    return site


def set_photo(by: Steward | None, *, site_id: int, photo: str | None) -> None:
    """Show a stored picture (its key in kernel.files), or the mosaic; the one before is deleted."""
    site = _mine(by, site_id)
    if site.photo != photo:
        drop_later(site.photo)
    site.photo = photo
    record(SiteChanged(actor_id=by.id if by else None, site_id=site.id, changed=("photo",)))


def set_plan(by: Steward | None, *, site_id: int, plan: str | None) -> None:
    """Show a stored plan (its key in kernel.files), or none; the one before is deleted."""
    site = _mine(by, site_id)
    if site.plan != plan:
        drop_later(site.plan)
    site.plan = plan
    record(SiteChanged(actor_id=by.id if by else None, site_id=site.id, changed=("plan",)))


def set_hours(
    by: Steward | None,
    *,
    site_id: int,
    week: Mapping[int, Sequence[tuple[int, int]]],
    since: date = EVER,
) -> None:
    """Set the opening hours: weekday (0 is Monday) to spans in minutes after midnight.

    They hold from the day ``since`` on; the days before keep theirs. Raise NotAllowed
    ``sites.change``; Refusal as ``rules.check_week``.
    """
    site = _mine(by, site_id)
    rules.check_week(week)
    here = SiteHours.site_id == site.id
    db.session.execute(delete(SiteHours).where(here, SiteHours.valid_from >= since))
    db.session.execute(
        update(SiteHours)
        .where(here, or_(SiteHours.valid_to.is_(None), SiteHours.valid_to > since))
        .values(valid_to=since)
    )
    db.session.expire(site, ["hours"])
    db.session.add_all(
        SiteHours(
            site_id=site.id, weekday=weekday, opens_at=opens, closes_at=closes, valid_from=since
        )
        for weekday, spans in sorted(week.items())
        for opens, closes in sorted(spans)
    )
    db.session.flush()
    record(OpeningHoursSet(actor_id=by.id if by else None, site_id=site.id))


def close_days(
    by: Steward | None,
    *,
    site_id: int | None,
    starts_on: date,
    ends_on: date,
    kind: str = "exceptional",
    reason: str = "",
    lowers_due: bool = False,
) -> Closure:
    """Shut a site, or every site (None), from a day to another (excluded).

    ``kind`` is «holiday», «works» or «exceptional»; ``lowers_due``: nothing is owed for these
    days. Closing the same days again gives the closure that is there. Raise NotAllowed
    ``sites.change``; Refusal as ``rules.check_closure`` or ``sites.already_closed`` when another
    closure of the kind starts that day.
    """
    _mine(by, site_id)
    rules.check_closure(starts_on, ends_on)
    here = Closure.site_id.is_(None) if site_id is None else Closure.site_id == site_id
    same = select(Closure).where(here, Closure.starts_on == starts_on, Closure.kind == kind)
    if (found := db.session.scalar(same)) is not None:
        if found.ends_on != ends_on:
            raise Refusal("sites.already_closed", field="starts_on")
        return found
    closure = Closure(
        site_id=site_id,
        starts_on=starts_on,
        ends_on=ends_on,
        kind=kind,
        reason=reason.strip(),
        lowers_due=lowers_due,
    )
    db.session.add(closure)
    db.session.flush()
    by_id = by.id if by else None
    days = {"starts_on": starts_on, "ends_on": ends_on}
    record(DaysClosed(actor_id=by_id, site_id=site_id, closure_id=closure.id, **days))
    return closure


def reopen_days(by: Steward | None, *, site_id: int | None, closure_id: int) -> None:
    """Lift a closure of a site, or of all sites (None); lifting it again changes nothing."""
    _mine(by, site_id)
    closure = db.session.get(Closure, closure_id)
    if closure is None or closure.site_id != site_id:
        return
    db.session.delete(closure)
    db.session.flush()
    record(
        DaysReopened(
            actor_id=by.id if by else None,
            site_id=site_id,
            closure_id=closure_id,
            starts_on=closure.starts_on,
            ends_on=closure.ends_on,
        )
    )


def _mine(by: Steward | None, site_id: int | None) -> Site:
    """The site, locked until the end of the transaction; any one stands for «all sites»."""
    if not policy.may_change(by, site_id):
        raise NotAllowed("sites.change")
    wanted = select(Site).order_by(Site.id).limit(1).with_for_update()
    if site_id is not None:
        wanted = wanted.where(Site.id == site_id)
    site = db.session.scalar(wanted)
    if site is None:
        raise NotFound("sites.site")
    return site


def _describe(site: Site, details: SiteDetails) -> tuple[str, ...]:
    """Write what changed and name it."""
    _check(details)
    values = {
        "name": details.name.strip(),
        "city": details.city.strip(),
        "country": details.country,
        "subdivision": details.subdivision,
        "time_zone": details.time_zone,
        "address": details.address.strip(),
        "about_md": details.about.strip(),
        "capacity": details.capacity,
        "cutoff_at": details.cutoff_at,
        "auto_close_after": details.auto_close_after,
        "hidden_askers": details.hidden_askers,
    }
    changed = tuple(name for name, value in values.items() if getattr(site, name) != value)
    for name in changed:
        setattr(site, name, values[name])
    site.about_html = markdown_to_html(details.about) if "about_md" in changed else site.about_html
    return changed


def _check(details: SiteDetails) -> None:
    for name in ("name", "city"):
        if not getattr(details, name).strip():
            raise Refusal("sites.empty", field=name)
    if details.time_zone not in all_zones():
        raise Refusal("sites.time_zone", field="time_zone")
    if len(details.country) != 2 or not details.country.isupper():  # noqa: PLR2004 - alpha-2
        raise Refusal("sites.country", field="country")
    known = public_holidays.subdivisions(details.country)
    if details.subdivision and details.subdivision not in known:
        raise Refusal("sites.subdivision", field="subdivision")
    if not 0 <= details.capacity <= MOST_SEATS:
        raise Refusal("sites.capacity", field="capacity", most=MOST_SEATS)
    _check_stays(details)


def _check_stays(details: SiteDetails) -> None:
    if not 1 <= details.cutoff_at <= rules.MINUTES_A_DAY:
        raise Refusal("sites.cutoff", field="cutoff_at")
    if not SHORTEST_STAY <= details.auto_close_after <= rules.MINUTES_A_DAY:
        raise Refusal("sites.auto_close", field="auto_close_after")
