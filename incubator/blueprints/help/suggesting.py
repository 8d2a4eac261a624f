"""What mutual help suggests on the first page: a first answer, to a question that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.domain.help import answered, lists
from incubator.edge.entries import Suggestion, SuggestionSource
from incubator.edge.pages import url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from incubator.network.members.actor import Actor

LOOKED_AT = 5


def first_answer(reader: Actor) -> Iterable[Suggestion]:
    """The latest question about what they offer that nobody answered, for who never answered."""
    if answered.has_answered(reader.id):
        return
    for thread in lists.wanted_for(reader, most=LOOKED_AT):
        asked = thread.question
        if not asked.answer_count:
            why = _(
                "Nobody has answered “%(title)s” yet, and you know about it: two lines often do.",
                title=asked.title,
            )
            address = url("help.show", id=asked.id, slug=asked.slug)
            yield Suggestion("first_answer", why, _("Read the question"), address)
            return


SUGGESTIONS = SuggestionSource(keys=("first_answer",), load=first_answer)
