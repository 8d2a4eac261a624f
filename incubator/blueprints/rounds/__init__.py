"""Netting: firms clear what they owe one another in circles, in rounds to which each agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.blueprints.rounds import hourly, running, views
from incubator.blueprints.rounds.routes import pages
from incubator.blueprints.rounds.words import REFUSALS
from incubator.domain.exchanges.rounds import queries
from incubator.domain.exchanges.rounds import switch as switches
from incubator.domain.exchanges.rounds.personal import personal_data
from incubator.edge.access import administrators, members
from incubator.edge.entries import NavEntry, PagePanel, Titles
from incubator.edge.feature import Feature
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor

__all__ = ["FEATURE", "hourly", "running", "views"]


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    return [_title(reader, int(place.values["round_id"])) for place in places]


def _title(reader: Actor, round_id: int) -> str:
    try:
        return _("Round %(number)s", number=queries.visible_to(reader, round_id).round.id)
    except NotFound:
        return ""


def _switch(reader: Actor, subject_id: int) -> Mapping[str, object]:
    """Whether netting is on, beside the switch of mutual credit."""
    del reader, subject_id
    return {"on": switches.is_on()}


TITLES: Final = Titles(endpoints=("rounds.show",), kind=_l("Netting round"), load=_titles)
FEATURE = Feature(
    name="rounds",
    pages=pages,
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="netting",
            label=_l("Netting"),
            endpoint="rounds.index",
            icon="scale",
            section="business",
            order=16,
            may=members,
            count=queries.WAITING,
            while_on=queries.ON,
        ),
    ),
    page_panels=(
        PagePanel(
            key="netting",
            page="credit_switch",
            slot="main",
            template="rounds/_of_credit.html",
            load=_switch,
            may=administrators,
        ),
    ),
    guide="netting",
    refusals=REFUSALS,
    personal_data=personal_data,
)
