"""Step of the loader: letters about a week, those that left and one that waits at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.domain.newsletter import commands, rules
from incubator.domain.newsletter.rules import Week
from incubator.kernel.db import as_of
from incubator.network.sites.queries import place_of
from incubator.network.sites.rules import instant_of
from incubator.reactions.newsletter.composing import compose

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.shapes import Lettered
    from incubator.demo.stage import Stage
    from incubator.network.sites.queries import Place

MINUTE = timedelta(minutes=1)


def write_letters(stage: Stage) -> str:
    """Draft and send; the last one is held, so that it waits for whoever looks around."""
    for letter in stage.content.house.letters:
        place = place_of(stage.sites[letter.site])
        if place:
            _write(stage, place, letter)
    return f"{len(stage.content.house.letters)} letters about a week"


def _write(stage: Stage, place: Place, letter: Lettered) -> None:
    week = _week(stage.now - letter.weeks_ago * rules.WEEK, place.time_zone)
    plan = rules.plan_for(
        week,
        place.time_zone,
        now=instant_of(week.day(rules.THURSDAY), rules.DRAFTED_AT, place.time_zone),
        carried=None,
    )
    subjects = compose(place, plan.since, plan.until)
    author = stage.actors[letter.by]
    with as_of(plan.until):
        edition_id = commands.draft(place.id, plan, subjects, now=plan.until)
    if edition_id is None or not subjects:
        return
    with as_of(min(plan.until + MINUTE, stage.now)):
        commands.edit(
            author, edition_id, title=letter.title, words=letter.words, changes={}, revision=0
        )
        commands.hold(author, edition_id, held=True)
    if letter.weeks_ago:
        with as_of(plan.leaves_at):
            commands.send(author, edition_id, now=plan.leaves_at)


def _week(at: datetime, zone: str) -> Week:
    """The week of the last Thursday morning that has been."""
    begun = at - timedelta(minutes=rules.DRAFTED_AT)
    thursday = begun.astimezone(ZoneInfo(zone)) - timedelta(days=rules.THURSDAY - 1)
    return Week(*thursday.isocalendar()[:2])
