"""What circles suggest on the first page: to look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.domain.circles.queries import page_for
from incubator.edge.entries import Suggestion, SuggestionSource
from incubator.edge.pages import url
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.members.actor import Actor


def in_none(reader: Actor) -> Iterable[Suggestion]:
    """For who is in none, as long as there is one to look at."""
    if not reader.circle_ids and page_for(reader, Cursor(size=1)).rows:
        why = _("In a circle, a few people ask one another what they would not ask everybody.")
        yield Suggestion("circle", why, _("Look at the circles"), url("circles.index"))


SUGGESTIONS = SuggestionSource(keys=("circle",), load=in_none)
