"""What the page of one thread shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from incubator.domain.help import neighbours, policy, queries
from incubator.domain.help.lists import skills_of
from incubator.edge.actor import actor
from incubator.kernel.keyset import Cursor
from incubator.network.members import firm_queries

if TYPE_CHECKING:
    from incubator.domain.help.models import Acceptance, Answer, Question
    from incubator.kernel.keyset import Page
    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Post:
    """An answer and what the reader may do with it."""

    answer: Answer
    accepted: bool
    may_edit: bool
    may_remove: bool


def thread_values(question: Question) -> dict[str, Any]:
    """Everything the page of a question needs, for the person who reads."""
    reader = actor()
    acceptance = queries.acceptance_of(question) if question.is_solved else None
    page, posts = _posts(reader, question, acceptance)
    people = {question.author_id, *(post.answer.author_id for post in posts)}
    return {
        "question": question,
        "acceptance": acceptance,
        "closure": queries.closure_of(question) if question.is_solved and not acceptance else None,
        "page": page,
        "posts": posts,
        "firms": firm_queries.names_seen(reader, people),
        "cities": queries.cities_of(question) if question.answer_count > 1 else 0,
        "helpers": [] if question.is_solved else neighbours.who_could_help(question, but=people),
        "similar": neighbours.similar(reader, question.title, but=question.id),
        "mine": {skill.id for skill in skills_of(reader.id)},
        "may": _rights(reader, question),
    }


def _posts(
    reader: Actor, question: Question, acceptance: Acceptance | None
) -> tuple[Page[Answer], list[Post]]:
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=queries.ANSWERS_SHOWN,
    )
    accepted_id = acceptance.answer_id if acceptance else None
    page = queries.answers_of(question, cursor, but=accepted_id)
    shown = list(page.rows)
    if accepted_id is not None and page.previous is None:
        shown.insert(0, queries.answer_with_author(accepted_id))
    return page, [
        _post(reader, question, answer=answer, accepted_id=accepted_id) for answer in shown
    ]


def _post(reader: Actor, question: Question, *, answer: Answer, accepted_id: int | None) -> Post:
    accepted = answer.id == accepted_id
    return Post(
        answer,
        accepted,
        policy.may_edit_answer(reader, question, answer),
        policy.may_remove_answer(reader, question, answer, accepted=accepted),
    )


def _rights(reader: Actor, question: Question) -> dict[str, bool]:
    return {
        "answer": policy.may_answer(reader),
        "edit": policy.may_edit(reader, question),
        "accept": policy.may_accept(reader, question),
        "remove": policy.may_remove(reader, question),
    }
