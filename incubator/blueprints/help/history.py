"""What a post said before its edits, and what each of them changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incubator.domain.help import queries
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.diff import changes
from incubator.edge.actor import actor

if TYPE_CHECKING:
    from incubator.domain.help.diff import Piece
    from incubator.domain.help.models import Question, Revision
    from incubator.domain.help.revisions import Post


@dataclass(frozen=True)
class Change:
    """What a text said before an edit, and what the edit made of it."""

    old: Revision
    title: list[Piece]
    pieces: list[Piece]
    by: str


def history_values(question: Question, post: Post) -> dict[str, Any]:
    """The edits of a post, the latest first, each with what it changed."""
    hidden = hidden_author(actor(), question)
    title, text = (question.title if post is question else ""), post.body_md
    found = []
    for old in queries.history_of(question, post):
        named = "" if old.by_id == hidden else old.by.name
        pieces = changes(old.body_md, text)
        found.append(Change(old, changes(old.title, title) if old.title else [], pieces, named))
        title, text = old.title, old.body_md
    return {"question": question, "changes": found}
