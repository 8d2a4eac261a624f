"""What firms suggest on the first page: to say what one's own is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.edge.clock import today
from incubator.edge.entries import Suggestion, SuggestionSource
from incubator.edge.pages import url
from incubator.network.members.queries import roles_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.members.actor import Actor


def no_firm(reader: Actor) -> Iterable[Suggestion]:
    """Its page, for who is in none."""
    if not roles_of(reader.id, today(reader.time_zone)):
        why = _("Your firm has no page yet: three lines, and the network knows what you make.")
        yield Suggestion("firm", why, _("Write its page"), url("firms.new"))


SUGGESTIONS = SuggestionSource(keys=("firm",), load=no_firm)
