"""The letter of a week: one for each member of its site; and word to its managers before."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from incubator.domain.newsletter.events import EditionDrafted, EditionSent
from incubator.domain.newsletter.models import Edition
from incubator.domain.newsletter.queries import by_itself, with_items
from incubator.domain.newsletter.rules import days_of
from incubator.kernel.db import db, utcnow
from incubator.kernel.errors import Refusal
from incubator.kernel.events import joins
from incubator.network.sites.queries import place_of
from incubator.reactions.mail.readers import managers_of, members_of
from incubator.reactions.mail.writing import write_only
from incubator.reactions.newsletter.composing import neighbour
from incubator.reactions.newsletter.reading import Told, sections, told_to

if TYPE_CHECKING:
    from collections.abc import Mapping


def subscribe() -> None:
    """Hear what was drafted and what was sent."""
    joins(EditionDrafted, on_drafted)
    joins(EditionSent, on_sent)


def on_drafted(event: EditionDrafted) -> None:
    """Tell those who run the site, before it leaves."""
    edition = _edition(event.edition_id)
    values = {
        "edition_id": edition.id,
        "site": edition.site.name,
        "leaves_at": edition.leaves_at.isoformat(),
        "zone": edition.site.time_zone,
        "by_itself": by_itself([edition.site_id])[edition.site_id],
    }
    write_only("desk_newsletter", "weekly_drafted", managers_of(edition.site_id), values=values)


def on_sent(event: EditionSent) -> None:
    """Write all the letters in the transaction that sends them, or none.

    Raise Refusal ``newsletter.empty`` when it says nothing to anybody.
    """
    edition = _edition(event.edition_id)
    write_only("weekly", "weekly", members_of(edition.site_id), values=values_of(edition, utcnow()))


def values_of(edition: Edition, now: datetime) -> dict[str, Any]:
    """What a letter says: what any member of its site may read, and nobody less; nobody knows more.

    What is over is left to the page. Raise Refusal ``newsletter.empty``.
    """
    place = place_of(edition.site_id)
    told = told_to(neighbour(place), edition, now=now) if place else []
    current = [each for each in told if not each.found.over]
    if not (current or edition.words_md):
        raise Refusal("newsletter.empty")
    first, end = days_of(edition.since_at, edition.until_at, edition.site.time_zone)
    return {
        "year": edition.year,
        "week": edition.week,
        "slug": edition.site.slug,
        "site": edition.site.name,
        "city": edition.site.city,
        "headline": edition.title,
        "words_html": edition.words_html,
        "words_md": edition.words_md,
        "first_on": first.isoformat(),
        "last_on": end.isoformat(),
        "sections": [
            {"kind": kind, "told": [_plain(each) for each in some]}
            for kind, some in sections(current)
        ],
    }


def _plain(told: Told) -> dict[str, Any]:
    """An item as a job keeps it."""
    found = told.found
    page = [found.endpoint, dict(found.values)]
    return {"title": found.title, "line": told.item.line, "page": page} | _texts(found.facts)


def _texts(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in facts.items()
    }


def _edition(edition_id: int) -> Edition:
    query = with_items().where(Edition.id == edition_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
