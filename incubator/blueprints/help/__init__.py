"""Mutual help: ask, answer, accept."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from incubator.blueprints.help import (
    acts,
    care,
    circles,
    discussion,
    drafting,
    feeds,
    find,
    first_page,
    following,
    found,
    judging,
    learning,
    people,
    rewriting,
    routing,
    sheets,
    suggesting,
    talking,
    texts,
    thanking,
    views,
)
from incubator.blueprints.help.care.words import REFUSALS as CARE_REFUSALS
from incubator.blueprints.help.pages import pages
from incubator.blueprints.help.refusals import REFUSALS
from incubator.blueprints.help.titles import TITLES
from incubator.domain.help import lists
from incubator.domain.help.care import queue as cases
from incubator.domain.help.personal import forget, personal_data
from incubator.edge.access import managers, signed_in
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

__all__ = [
    "FEATURE",
    "acts",
    "care",
    "discussion",
    "drafting",
    "feeds",
    "find",
    "following",
    "judging",
    "learning",
    "people",
    "rewriting",
    "routing",
    "sheets",
    "talking",
    "texts",
    "thanking",
    "views",
]


FEATURE = Feature(
    name="help",
    pages=pages,
    guide="help",
    kept_offline=("help.show",),
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="help",
            label=_l("Mutual help"),
            endpoint="help.index",
            icon="hand-helping",
            order=30,
            tab=2,
            letter="e",
            may=signed_in,
            count=lists.WAITING,
        ),
        NavEntry(
            key="reports",
            label=_l("Reports"),
            endpoint="help.reports",
            icon="flag",
            section="steering",
            order=8,
            may=managers,
            count=cases.WAITING,
        ),
    ),
    panels=first_page.PANELS,
    suggestions=(suggesting.SUGGESTIONS,),
    page_panels=circles.PANELS,
    refusals={**REFUSALS, **CARE_REFUSALS},
    search=(found.SOURCE,),
    personal_data=personal_data,
    personal_files=drafting.files_of,
    forget=forget,
)
