"""Why somebody can help now, in a few words on their card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from incubator.network.members.availability import AWAY, LIMITED
from incubator.network.members.documents import EXPERT
from incubator.network.members.helpfulness import is_recent

if TYPE_CHECKING:
    from incubator.network.members.helpfulness import Facts


def because(facts: Facts, city: str) -> str:
    """«Métier · sur place à Lyon · 3 aides confirmées, dont une ce mois-ci»; may be empty."""
    told = (_level(facts.level), _place(facts, city), _help(facts), _state(facts.state))
    return " · ".join(part for part in told if part)


def _level(level: int) -> str:
    if level == EXPERT:
        return _("It is their trade")
    return _("Practises it") if level else ""


def _place(facts: Facts, city: str) -> str:
    if facts.here:
        return _("on site now at %(city)s", city=city) if city else _("on site now")
    return _("at your site") if facts.near else ""


def _help(facts: Facts) -> str:
    if not facts.helped:
        return ""
    if is_recent(facts):
        return ngettext(
            "help confirmed this month",
            "helped %(num)s times, lately this month",
            facts.helped,
        )
    return ngettext("help confirmed once", "help confirmed %(num)s times", facts.helped)


def _state(state: str) -> str:
    return {LIMITED: _("less available"), AWAY: _("away for now")}.get(state, "")
