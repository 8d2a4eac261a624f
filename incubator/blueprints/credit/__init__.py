"""Mutual credit between firms: how it works, accounts, what managers decide, how it fares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from incubator.blueprints.credit import (
    decisions,
    desk,
    health,
    hourly,
    papers,
    switching,
    tables,
    views,
)
from incubator.blueprints.credit.routes import pages
from incubator.blueprints.credit.suggesting import SUGGESTIONS
from incubator.blueprints.credit.words import REFUSALS
from incubator.domain.exchanges.ledger.desk import WAITING
from incubator.domain.exchanges.ledger.personal import personal_data
from incubator.domain.exchanges.ledger.switch import ON
from incubator.edge.access import administrators, managers, members
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

__all__ = [
    "FEATURE",
    "decisions",
    "desk",
    "health",
    "hourly",
    "papers",
    "switching",
    "tables",
    "views",
]

FEATURE = Feature(
    name="credit",
    pages=pages,
    guide="credit",
    navigation=(
        NavEntry(
            key="credit",
            label=_l("Mutual credit"),
            endpoint="credit.index",
            icon="notebook-pen",
            section="business",
            order=14,
            may=members,
            while_on=ON,
        ),
        NavEntry(
            key="credit_desk",
            label=_l("Mutual credit: firms"),
            endpoint="credit.desk",
            icon="notebook-pen",
            section="steering",
            order=68,
            may=managers,
            count=WAITING,
            while_on=ON,
            loud=True,
        ),
        NavEntry(
            key="credit_switch",
            label=_l("Credit: on or off"),
            endpoint="credit.switch",
            icon="sliders-horizontal",
            section="steering",
            order=70,
            may=administrators,
        ),
    ),
    suggestions=(SUGGESTIONS,),
    refusals=REFUSALS,
    personal_data=personal_data,
)
