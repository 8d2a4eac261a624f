"""Messages as they read when somebody went out: changes made later are not for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.chat.message_models import Revision
from incubator.domain.chat.models import Entry
from incubator.domain.chat.spans import END, Span
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.domain.chat.said import MessageView


def as_left(span: Span | None, messages: Sequence[MessageView]) -> list[MessageView]:
    """Messages that somebody may read, with the texts that they had before the span ended."""
    changed = [each.id for each in messages if each.rev]
    if span is None or span.until == END or not changed:
        return list(messages)
    then = _revs(changed, span.until)
    texts = _texts(changed)
    return [
        replace(each, rev=then.get(each.id, 0), html=texts[each.id, then.get(each.id, 0)])
        if (each.id, then.get(each.id, 0)) in texts
        else each
        for each in messages
    ]


def _revs(ids: Collection[int], until: int) -> dict[int, int]:
    """The last revision of each message that was written by then; none for 0."""
    query = select(Entry.message_id, Entry.data).where(
        Entry.message_id.in_(ids), Entry.kind == "edit", Entry.seq <= until
    )
    found: dict[int, int] = {}
    for number, data in db.session.execute(query):
        found[number] = max(found.get(number, 0), data.get("rev", 0))
    return found


def _texts(ids: Collection[int]) -> dict[tuple[int, int], str]:
    """What messages said before they were changed, by message and revision."""
    query = select(Revision.message_id, Revision.rev, Revision.body_html)
    rows = db.session.execute(query.where(Revision.message_id.in_(ids)))
    return {(number, rev): html for number, rev, html in rows}
