"""The opening hours that a question goes by: those of its site, of its asker without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.help.routing.pace_rules import USUAL_WEEK
from incubator.kernel.db import db
from incubator.network.accounts.models import Account
from incubator.network.sites.queries import timetables, with_id
from incubator.network.sites.rules import Timetable

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question


def timetable(question: Question, now: datetime) -> Timetable:
    """When the asker's site is open; the usual hours where it tells none."""
    site = with_id(question.site_id)
    if site is None:
        zone = select(Account.time_zone).where(Account.id == question.author_id)
        return Timetable(time_zone=db.session.scalar(zone) or "Europe/Paris", week=USUAL_WEEK)
    table = timetables([site], now)[site.id]
    if table.week:
        return table
    return Timetable(
        time_zone=table.time_zone,
        week=USUAL_WEEK,
        closures=table.closures,
        holidays=table.holidays,
    )
