"""Weeks in which something happened, and letters about them by the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.newsletter import commands
from incubator.domain.newsletter.models import Edition
from incubator.domain.newsletter.queries import with_items
from incubator.domain.newsletter.rules import Plan, Week
from incubator.kernel.db import as_of, db, transaction
from incubator.reactions.newsletter import hourly
from tests import factories_help as h
from tests.factories_accounts import letters
from tests.factories_notices import announced

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

# 7:00 and 9:00 in Paris.
THURSDAY = datetime(2026, 11, 12, 6, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 13, 8, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 10, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
THIS_WEEK = Week(2026, 46)
NEXT_WEEK = Week(2026, 47)


@dataclass(frozen=True)
class Lively:
    """A site where three things happened on Tuesday, after everybody came long ago."""

    make: Make
    site: Site
    manager: Account
    member: Account
    solved: Question


def earlier(make: Make, at: datetime = TUESDAY) -> Make:
    """The same world at another instant."""
    return replace(make, now=at)


def solved(make: Make, asker: Account, helper: Account, **more: Any) -> Question:
    """A question and the answer that solved it."""
    asked = h.question(make, asker, **more)
    h.accept(make, asker, h.answer(make, helper, asked))
    return asked


def lively(make: Make, *, at: datetime = TUESDAY, house: str = "", **more: str) -> Lively:
    """A site with a manager and a member, two solved questions and an announcement."""
    long_ago = earlier(make, at - timedelta(days=300))
    site = make.site("Lyon", **more)
    sophie, camille = (f"{name}{house}@example.org" for name in ("sophie", "camille"))
    manager = long_ago.member(site, name="Sophie", role="manager", email=sophie)
    member = long_ago.member(site, name="Camille", email=camille)
    then = earlier(make, at)
    first = solved(then, member, manager, title="Où acheter du levain")
    solved(then, manager, member, title="Qui connaît un relieur")
    announced(then, manager, site, title="Coupure d’eau lundi", days=20)
    return Lively(make, site, manager, member, first)


def clock(app: Flask, make: Make, at: datetime) -> list[EmailMessage]:
    """What the hour's jobs send at an instant."""
    with as_of(at):
        hourly.drafts({})
        hourly.leaves({})
        return letters(app, make)


def edition(site: Site, **which: Any) -> Edition:
    """The one edition of a site (and week), as it is now."""
    query = with_items().where(Edition.site_id == site.id)
    for name, value in which.items():
        query = query.where(getattr(Edition, name) == value)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def editions(site: Site) -> list[tuple[int, str]]:
    """Week and state of all editions of a site, the first week first."""
    rows = db.session.execute(
        select(Edition.week, Edition.state).where(Edition.site_id == site.id).order_by(Edition.id)
    )
    return [(week, state) for week, state in rows]


def a_draft(site: Site, *subjects: tuple[str, int], week: Week = THIS_WEEK) -> int:
    """A draft that points at these things, as the composer would leave it."""
    plan = Plan(week=week, since=THURSDAY - WEEK, until=THURSDAY, leaves_at=FRIDAY)
    with transaction():
        made = commands.draft(site.id, plan, subjects, now=THURSDAY)
    assert made
    return made
