"""Help threads among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.domain.help import search
from incubator.edge.access import signed_in
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.pages import url
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from incubator.domain.help.lists import Thread
    from incubator.network.members.actor import Actor


def threads(reader: Actor, text: str, most: int) -> list[Hit]:
    """Threads that the reader may read, the nearest first, whether solved or not."""
    filters = search.Filters(view="all", text=text)
    return [_hit(each) for each in search.find(reader, filters, Cursor(None, None, most)).page.rows]


def _hit(thread: Thread) -> Hit:
    asked = thread.question
    count = asked.answer_count
    answers = ngettext("%(num)s answer", "%(num)s answers", count) if count else ""
    told = (_("Solved") if asked.is_solved else "", answers, asked.summary)
    return Hit(
        asked.title,
        url("help.show", id=asked.id, slug=asked.slug),
        " · ".join(part for part in told if part),
    )


SOURCE = SearchSource(
    key="help",
    label=_l("Help threads"),
    icon="hand-helping",
    find=threads,
    more=lambda text: url("help.index", q=text, view="all"),
    order=40,
    may=signed_in,
)
