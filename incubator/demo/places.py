"""Steps of the loader: sites with their hours and closures, and the vocabulary of skills."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.demo.moments import day_zero
from incubator.kernel.db import as_of
from incubator.network.members import skills as vocabulary
from incubator.network.sites import commands as sites

if TYPE_CHECKING:
    from datetime import time

    from incubator.demo.shapes import Closure, Opening, Site, Skill
    from incubator.demo.stage import Stage

FEAST = "Journée des Passerelles : tout le réseau se retrouve à Lyon"
FEAST_IN = timedelta(days=52)
LETS_ASK_UNNAMED = "lyon"


def open_sites(stage: Stage) -> str:
    """Open every site and tell when it is shut."""
    for site in stage.content.sites:
        details = sites.SiteDetails(
            name=site.name,
            city=site.city,
            country=site.country,
            subdivision=site.holiday_subdivision,
            time_zone=site.time_zone,
            address=site.address,
            about=site.presentation,
            capacity=site.capacity,
            hidden_askers=site.slug == LETS_ASK_UNNAMED,
        )
        with as_of(stage.opened_at):
            opened = sites.open_site(None, details=details, slug=site.slug, hue=site.hue)
            stage.sites[site.slug] = opened.id
            sites.set_hours(None, site_id=opened.id, week=_week(site.openings))
            for closure in site.closures:
                _close(stage, site, closure)
        _close_all(stage)
    return f"{len(stage.sites)} sites"


def _week(openings: tuple[Opening, ...]) -> dict[int, list[tuple[int, int]]]:
    week: dict[int, list[tuple[int, int]]] = {}
    for opening in openings:
        span = (_minutes(opening.opens), _minutes(opening.closes))
        week.setdefault(opening.weekday, []).append(span)
    return week


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _close(stage: Stage, site: Site, closure: Closure) -> None:
    starts_on = day_zero(stage.now, site.time_zone) + timedelta(days=closure.starts_in_days)
    sites.close_days(
        None,
        site_id=stage.sites[site.slug],
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=closure.days),
        reason=closure.reason,
    )


def _close_all(stage: Stage) -> None:
    """A day on which everybody meets, and no site opens nor counts."""
    day = stage.now.date() + FEAST_IN
    sites.close_days(
        None,
        site_id=None,
        starts_on=day,
        ends_on=day + timedelta(days=1),
        reason=FEAST,
        lowers_due=True,
    )


def add_skills(stage: Stage) -> str:
    """Write the vocabulary, families before their terms as the texts have them."""
    with as_of(stage.opened_at):
        for skill in stage.content.skills:
            stage.skills[skill.slug] = _add(stage, skill)
    return f"{len(stage.skills)} skills"


def _add(stage: Stage, skill: Skill) -> int:
    words = {"fr": skill.also_fr, "en": skill.also_en}
    added = vocabulary.add_skill(
        None,
        slug=skill.slug,
        name_fr=skill.fr,
        name_en=skill.en,
        parent_id=stage.skills[skill.parent] if skill.parent else None,
        synonyms=[(language, word) for language, others in words.items() for word in others],
    )
    return added.id
