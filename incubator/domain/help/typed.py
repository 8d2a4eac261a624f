"""What a form of a post holds, and which published post it rewrites."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select

from incubator.domain.help.models import Answer, Question, QuestionSkill
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.domain.help.post_models import Draft
    from incubator.domain.help.revisions import Post

_NAME: Final = re.compile(r"(question|answer|comment)-([0-9]{1,18})")
_KINDS: Final[dict[str, type[Post]]] = {"question": Question, "answer": Answer, "comment": Comment}


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a form holds: of a question («title», other ``fields``), an answer or a comment.

    Of a text being rewritten ``fields`` hold ``edits``, the post as its page names it
    («answer-12»), and the ``revision`` that the editor began with.
    """

    kind: str
    body: str
    once: str
    title: str = ""
    question_id: int | None = None
    answer_id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


def name_of(post: Post) -> str:
    """A post as its page names it."""
    kind = next(kind for kind, model in _KINDS.items() if isinstance(post, model))
    return f"{kind}-{post.id}"


def edited(fields: Mapping[str, Any], question_id: int | None) -> Post | None:
    """The post that a form rewrites, None for a new one.

    Raise NotFound for what is no post of the thread ``question_id``.
    """
    name = fields.get("edits")
    if not name:
        return None
    found = _NAME.fullmatch(str(name))
    post: Any = db.session.get(_KINDS[found[1]], int(found[2])) if found else None
    thread = post.id if isinstance(post, Question) else post and post.question_id
    if post is None or thread != question_id:
        raise NotFound("help.question")
    return cast("Post", post)


def says_so(post: Post, typed: Typed) -> bool:
    """Whether a published post says what was typed already: there is nothing to keep."""
    if " ".join(typed.body.split()) != " ".join(post.body_md.split()):
        return False
    if not isinstance(post, Question):
        return True
    asked = select(QuestionSkill.skill_id).where(QuestionSkill.question_id == post.id)
    chosen = {int(each) for each in typed.fields.get("skills", ())}
    return typed.title.strip() == post.title and chosen == set(db.session.scalars(asked))


def of_post(drafts: Sequence[Draft], post: Post) -> Draft | None:
    """The latest of somebody's drafts in a thread that rewrites a post."""
    name = name_of(post)
    return next((each for each in drafts if each.fields.get("edits") == name), None)
