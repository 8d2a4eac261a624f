"""A post quoted in the answer that is being written; and addresses that members paste."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.domain.help import queries
from incubator.domain.help.policy import knows_asker
from incubator.domain.help.writing import FIRMS, MEMBERS
from incubator.edge.actor import actor
from incubator.edge.numbers import natural
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.domain.help.revisions import Post

LONGEST = 600


def quoted(question: Question) -> str:
    """The post that «quote» of the address names («answer-12»), as a Markdown quotation."""
    kind, _dash, typed = request.args.get("quote", "").partition("-")
    number = natural(typed)
    post = None if number is None else _post(question, kind, number)
    if post is None:
        return ""
    said = post.body_md if len(post.body_md) <= LONGEST else post.body_md[:LONGEST] + "…"
    lines = "\n".join(f"> {line}".rstrip() for line in said.splitlines())
    return f"> **{_name(question, post)}**\n>\n{lines}\n\n"


def _post(question: Question, kind: str, number: int) -> Post | None:
    found: tuple[Question, Post] | None = None
    try:
        if kind == "question" and number == question.id:
            found = question, question
        elif kind == "answer":
            found = queries.answer_visible_to(actor(), number)
        elif kind == "comment":
            found = queries.comment_visible_to(actor(), number)
    except NotFound:
        return None
    return found[1] if found and found[0].id == question.id else None


def _name(question: Question, post: Post) -> str:
    if post.author_id == question.author_id and not knows_asker(actor(), question):
        return _("The person who asked")
    return db.session.get_one(Member, post.author_id).name


def own_addresses(body: str) -> str:
    """The text with whole addresses of our profiles and firms as paths, which are drawn by name."""
    here = re.escape(request.host_url)
    places = "|".join(path[1:] for path in (*MEMBERS, *FIRMS))
    return re.sub(rf"(?<![(\w<]){here}((?:{places})[a-z0-9-]+)(?![\w/?#])", r"/\1", body)
