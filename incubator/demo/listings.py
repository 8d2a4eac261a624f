"""Step of the loader: what firms need and offer, and a search that somebody keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.exchanges.listings import clock, commands, saved
from incubator.domain.exchanges.listings.lists import Filters
from incubator.domain.exchanges.listings.records import New
from incubator.domain.exchanges.listings.rules import Terms
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.shapes import Listed
    from incubator.demo.stage import Stage

# By the act that leads there.
ACTS = {"paused": "pause", "part_filled": "part", "filled": "fill"}
KEEPER = email_of("camille.dervaux")


def publish(stage: Stage) -> str:
    """Write every listing as of its day; some were filled, paused, or ended since."""
    for listed in stage.content.listings:
        _write(stage, listed)
    since = stage.now - timedelta(days=1)
    filters = Filters(kind="offer", skill_ids=(stage.skills["photo"],))
    with as_of(since):
        saved.keep(stage.actors[KEEPER], name="Photographes", filters=filters, now=since)
    return f"{len(stage.content.listings)} needs and offers"


def _write(stage: Stage, listed: Listed) -> None:
    firm = next(each for each in stage.content.firms if each.slug == listed.firm)
    email = firm.people[0][0]
    writer = stage.actors[email]
    came = stage.joined(email).instant(stage.now) + timedelta(days=1)
    wished = stage.now - timedelta(days=listed.ago, hours=len(listed.title) % 7)
    at = stage.not_later(max(came, wished))
    until = None if listed.lasts is None else stage.now + timedelta(days=listed.lasts)
    new = New(listed.kind, stage.firms[listed.firm], key_of("listing", listed.title))
    published = listed.state != "draft"
    with as_of(at):
        terms = replace(
            _terms(listed, until),
            site_id=stage.sites[firm.site],
            skill_ids=tuple(stage.skills[slug] for slug in listed.skills),
        )
        listing = commands.write(writer, new, terms=terms, publish=published, now=at)
    if listed.state in ACTS:
        moved = at + timedelta(days=1)
        with as_of(moved):
            commands.move(writer, listing.id, ACTS[listed.state], now=moved)
    if listed.state == "expired" and until is not None:
        with as_of(until):
            clock.pass_hour(listing.id, now=until)


def _terms(listed: Listed, until: datetime | None) -> Terms:
    low, high = listed.value or (None, None)
    return Terms(
        title=listed.title,
        body=listed.body,
        quantity=listed.quantity,
        unit=listed.unit,
        min_cents=None if low is None else low * 100,
        max_cents=None if high is None else high * 100,
        site_id=0,
        remote=listed.remote,
        radius_km=listed.radius,
        modes=frozenset(listed.modes),
        until=until,
        language="fr",
    )
