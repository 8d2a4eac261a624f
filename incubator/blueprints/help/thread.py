"""What the page of one thread shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from incubator.domain.commitments import queries as commitments
from incubator.domain.help import (
    attachments,
    locking,
    neighbours,
    policy,
    posts,
    queries,
    similar,
    voting,
)
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.lists import offered_by
from incubator.domain.help.posts import Remarks
from incubator.edge.actor import actor
from incubator.kernel.keyset import Cursor
from incubator.network.members import firm_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.commitments.models import Contribution
    from incubator.domain.help.follows import Kept
    from incubator.domain.help.models import Acceptance, Question
    from incubator.domain.help.post_models import Attachment, Lock
    from incubator.domain.help.posts import Said
    from incubator.kernel.keyset import Page
    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Post:
    """An answer, its comments and files, and what the reader may do with it."""

    answer: Said
    accepted: Acceptance | None
    voted: bool
    may_vote: bool
    may_edit: bool
    may_remove: bool
    remarks: Remarks
    files: tuple[Attachment, ...]


def thread_values(question: Question, kept: Kept) -> dict[str, Any]:
    """Everything the page of a question needs, for the person who reads and follows it or not."""
    reader, hidden = actor(), hidden_author(actor(), question)
    solved = question.is_solved
    accepted = queries.acceptances_of(question) if solved else []
    page, given = _answers(question, accepted, hidden)
    lock = locking.lock_of(question)
    author = posts.author_of(question, hidden)
    people = [author, *(each.author for each in given)]
    around = _around(question, given, hidden)
    return {
        "question": question,
        "author": author,
        "hidden": hidden,
        "acceptances": accepted,
        "closure": queries.closure_of(question) if solved and not accepted else None,
        "duplicate": queries.duplicate_of(question) if solved and not accepted else None,
        "lock": lock,
        "page": page,
        "posts": [_post(question, each, accepted=accepted, around=around) for each in given],
        "around": around,
        "firms": firm_queries.names_seen(reader, [person.id for person in people]),
        "cities": posts.cities_of(question) if question.answer_count > 1 else 0,
        "helpers": []
        if solved
        else neighbours.who_could_help(
            question, reader=reader, but={question.author_id, *(each.author.id for each in given)}
        ),
        "similar": similar.like(reader, question),
        "mine": offered_by(reader.id),
        "hours": hours_of(reader, question, {each.author_id for each in given}),
        "may": _rights(reader, question, lock),
        "kept": kept,
    }


@dataclass(frozen=True)
class Around:
    """What stands around the posts of a page, read at once for all of them."""

    remarks: dict[int | None, Remarks]
    files: dict[tuple[int | None, int | None], list[Attachment]]
    votes: frozenset[int | None]

    @property
    def file_ids(self) -> list[int]:
        """Every file of the page, for the keys of its fragments."""
        return [file.id for files in self.files.values() for file in files]

    def files_of(self, answer_id: int | None, comment_id: int | None = None) -> list[Attachment]:
        """The files of the question, an answer or a comment."""
        return self.files.get((None if comment_id else answer_id, comment_id), [])


def _around(question: Question, given: Sequence[Said], hidden: int | None) -> Around:
    return Around(
        posts.comments_of(question, [each.id for each in given], hidden=hidden),
        attachments.of_thread(question),
        voting.votes_of(actor().id, question),
    )


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
    """The hours of a thread: whoever answered another's question may share theirs.

    Not where they would name an asker whom the helper may not know.
    """
    told = commitments.of_thread(reader, question.id)
    helped = reader.id in answered and reader.id != question.author_id
    known = policy.knows_asker(reader, question)
    may_share = helped and known and not any(one.giver_id == reader.id for one in told)
    return ThreadHours(told, may_share)


def _answers(
    question: Question, accepted: Sequence[Acceptance], hidden: int | None
) -> tuple[Page[Said], list[Said]]:
    """The page of answers that the address asks for; the accepted ones stand before the first."""
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=posts.ANSWERS_SHOWN,
    )
    first = [each.answer_id for each in accepted]
    page = posts.answers_of(question, cursor, but=first, hidden=hidden)
    if page.previous is not None or not first:
        return page, list(page.rows)
    return page, [*posts.some_answers(first, hidden=hidden), *page.rows]


def _post(
    question: Question, answer: Said, *, accepted: Sequence[Acceptance], around: Around
) -> Post:
    reader = actor()
    verdict = next((each for each in accepted if each.answer_id == answer.id), None)
    return Post(
        answer=answer,
        accepted=verdict,
        voted=answer.id in around.votes,
        may_vote=policy.may_vote(reader, answer),
        may_edit=policy.may_edit_answer(reader, question, answer),
        may_remove=policy.may_remove_answer(reader, question, answer, accepted=verdict is not None),
        remarks=around.remarks.get(answer.id, Remarks()),
        files=tuple(around.files_of(answer.id)),
    )


def _rights(reader: Actor, question: Question, lock: Lock | None) -> dict[str, bool]:
    return {
        "answer": policy.may_answer(reader),
        "write": policy.may_write(reader, question, lock),
        "vote": policy.may_vote(reader, question),
        "edit": policy.may_edit(reader, question),
        "accept": policy.may_accept(reader, question),
        "remove": policy.may_remove(reader, question),
        "run": policy.may_run(reader, question),
    }
