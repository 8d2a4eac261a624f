"""The list as the address names it, and the sites that a manager may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from incubator.blueprints.roster.words import STATES, UNSEEN
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import whole
from incubator.reactions.roster.queries import Which

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.sites.models import Site

MOST_SEARCH = 100


class SiteChoice(Form):
    """A form that asks for one of the sites of its reader."""

    site_id = SelectField(_l("Site"), coerce=whole)

    def offer(self, places: Sequence[Site]) -> None:
        """Let one of these be chosen."""
        self.site_id.choices = [choice(str(place.id), place.name) for place in places]


def asked(places: Sequence[Site]) -> Which:
    """Whom the address asks for; what it cannot mean counts as not said."""
    words = request.args
    site = next((each for each in places if each.slug == words.get("site")), None)
    state, unseen = words.get("state", "active"), words.get("unseen", "")
    return Which(
        text=words.get("q", "").strip()[:MOST_SEARCH],
        site_id=site.id if site else None,
        state=state if state in {*STATES, "all"} else "active",
        unseen_days=int(unseen) if unseen in map(str, UNSEEN) else 0,
        anniversary=words.get("anniversary") == "1",
        unsigned=words.get("unsigned") == "1",
    )


def as_address(which: Which, places: Sequence[Site]) -> dict[str, Any]:
    """The parts of an address that ask for the same people."""
    site = next((each for each in places if each.id == which.site_id), None)
    return {
        "q": which.text or None,
        "site": site.slug if site else None,
        "state": which.state if which.state != "active" else None,
        "unseen": which.unseen_days or None,
        "anniversary": "1" if which.anniversary else None,
        "unsigned": "1" if which.unsigned else None,
    }
