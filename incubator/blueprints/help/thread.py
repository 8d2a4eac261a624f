"""What the page of one thread shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from incubator.domain.commitments import queries as commitments
from incubator.domain.help import neighbours, policy, posts, queries, similar
from incubator.domain.help.lists import offered_by
from incubator.edge.actor import actor
from incubator.kernel.keyset import Cursor
from incubator.network.members import firm_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.commitments.models import Contribution
    from incubator.domain.help.follows import Kept
    from incubator.domain.help.models import Acceptance, Question
    from incubator.domain.help.posts import Said
    from incubator.kernel.keyset import Page
    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Post:
    """An answer and what the reader may do with it."""

    answer: Said
    accepted: bool
    may_edit: bool
    may_remove: bool


def thread_values(question: Question, kept: Kept) -> dict[str, Any]:
    """Everything the page of a question needs, for the person who reads and follows it or not."""
    reader = actor()
    acceptance = queries.acceptance_of(question) if question.is_solved else None
    page, given = _posts(reader, question, acceptance)
    author = posts.author_of(question)
    people = [author, *(post.answer.author for post in given)]
    return {
        "question": question,
        "author": author,
        "acceptance": acceptance,
        "closure": queries.closure_of(question) if question.is_solved and not acceptance else None,
        "page": page,
        "posts": given,
        "firms": firm_queries.names_seen(reader, [person.id for person in people]),
        "cities": posts.cities_of(question) if question.answer_count > 1 else 0,
        "helpers": []
        if question.is_solved
        else neighbours.who_could_help(
            question, reader=reader, but={person.id for person in people}
        ),
        "similar": similar.like(reader, question),
        "mine": offered_by(reader.id),
        "hours": hours_of(reader, question, {post.answer.author.id for post in given}),
        "may": _rights(reader, question),
        "kept": kept,
    }


@dataclass(frozen=True)
class ThreadHours:
    """Hours given in a thread, as far as the reader may see them; whether they may share some."""

    told: Sequence[Contribution]
    may_share: bool

    @property
    def minutes(self) -> int:
        """What they come to, without those that were refused."""
        return sum(one.minutes for one in self.told if one.state != "refused")


def hours_of(reader: Actor, question: Question, answered: set[int]) -> ThreadHours:
    """The hours of a thread: whoever answered another's question may share theirs."""
    told = commitments.of_thread(reader, question.id)
    helped = reader.id in answered and reader.id != question.author_id
    return ThreadHours(told, helped and not any(one.giver_id == reader.id for one in told))


def _posts(
    reader: Actor, question: Question, acceptance: Acceptance | None
) -> tuple[Page[Said], list[Post]]:
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=posts.ANSWERS_SHOWN,
    )
    accepted_id = acceptance.answer_id if acceptance else None
    page = posts.answers_of(question, cursor, but=accepted_id)
    shown = list(page.rows)
    if accepted_id is not None and page.previous is None:
        shown.insert(0, posts.one_answer(accepted_id))
    return page, [
        _post(reader, question, answer=answer, accepted_id=accepted_id) for answer in shown
    ]


def _post(reader: Actor, question: Question, *, answer: Said, accepted_id: int | None) -> Post:
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
