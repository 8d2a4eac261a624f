"""What hours suggest on the first page: a week in which nothing of a promise was done yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.domain.commitments.idle import idle_this_week
from incubator.edge.clock import now
from incubator.edge.entries import Suggestion, SuggestionSource
from incubator.edge.pages import url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.members.actor import Actor


def quiet_week(reader: Actor) -> Iterable[Suggestion]:
    """To find a slot, as long as the week holds nothing of theirs."""
    if idle_this_week(reader.id, now=now(), time_zone=reader.time_zone):
        why = _("You have no hours this week yet. A slot of an hour, or a hand given, is a start.")
        yield Suggestion("week", why, _("See the slots"), url("commitments.rota"))


SUGGESTIONS = SuggestionSource(keys=("week",), load=quiet_week)
