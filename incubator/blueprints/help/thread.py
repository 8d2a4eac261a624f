"""What the page of one thread shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from incubator.blueprints.help.exchanged import exchanged
from incubator.blueprints.help.hours import hours_of
from incubator.blueprints.help.routing import panel
from incubator.domain.help import attachments, neighbours, policy, posts, similar
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.care import masks
from incubator.domain.help.learning import thanks
from incubator.domain.help.posts import Remarks
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.panels import page_panels_for
from incubator.kernel.keyset import Cursor
from incubator.network.members import firm_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from incubator.domain.help.care.masks import Mask
    from incubator.domain.help.learning.thanks import Word
    from incubator.domain.help.models import Acceptance, Question
    from incubator.domain.help.opened import Opened
    from incubator.domain.help.post_models import Attachment, Lock
    from incubator.domain.help.posts import Said
    from incubator.kernel.keyset import Page
    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class Post:
    """An answer, its comments and files, and what the reader may do with it."""

    answer: Said
    accepted: Acceptance | None
    words: tuple[Word, ...]
    may_vote: bool
    may_edit: bool
    may_remove: bool
    remarks: Remarks
    files: tuple[Attachment, ...]

    @property
    def id(self) -> int:
        """Its answer's."""
        return self.answer.id


def thread_values(thread: Opened) -> dict[str, Any]:
    """Everything the page of a question needs, for the person who reads it."""
    reader, question = actor(), thread.question
    hidden = hidden_author(reader, question)
    page, given, accepted = _answers(question, hidden)
    author = posts.author_of(question, hidden)
    people = [author, *(each.author for each in given)]
    around = _around(thread, given, hidden)
    told = masks.Told()
    if thread.cared_for:
        told = masks.told_of(reader, question, today(reader.time_zone))
    shown = [_post(question, each, accepted=accepted, around=around) for each in given]
    return {
        "question": question,
        "author": author,
        "hidden": hidden,
        "acceptances": accepted,
        "closure": None if accepted else thread.closure,
        "duplicate": None if accepted else thread.duplicate,
        "lock": thread.lock,
        "page": page,
        "posts": with_masks(shown, told.answers, page),
        "care": told,
        "around": around,
        "firms": firm_queries.names_seen(reader, [person.id for person in people]),
        "cities": thread.cities,
        "helpers": []
        if question.is_solved
        else neighbours.who_could_help(
            question, reader=reader, but={question.author_id, *(each.author.id for each in given)}
        ),
        "similar": similar.like(reader, question, thread.newest),
        "mine": thread.mine,
        "hours": hours_of(reader, question, given, accepted={each.answer_id for each in accepted}),
        "may": _rights(reader, question, thread.lock),
        "kept": thread.kept,
        "exchanged": exchanged(thread),
        "may_read": policy.may_read,
        **panel.in_thread(reader, thread),
        "panels": _panels(reader, question),
        "has_sheet": thread.has_sheet,
        "may_teach": _may_teach(reader, question, given),
    }


def _panels(reader: Actor, question: Question) -> dict[str, list[Markup]]:
    """What other features say of a thread that waits; an answered one costs no statement more."""
    if question.answer_count:
        return {"side": []}
    return page_panels_for("thread", reader, question.id)


def _may_teach(reader: Actor, question: Question, given: Sequence[Said]) -> bool:
    """Whether they may make a practice sheet of what the page shows."""
    if not question.is_solved or reader.is_guest:
        return False
    answered = any(each.author_id == reader.id for each in given)
    return answered or policy.may_accept(reader, question)


def with_masks(
    shown: Sequence[Post], hidden: Sequence[Mask], page: Page[Said]
) -> list[Post | Mask]:
    """The answers of a page with the hidden ones that stood between them."""
    first = page.rows[0].id if page.previous and page.rows else 0
    last = page.rows[-1].id if page.next and page.rows else None
    here = [mask for mask in hidden if mask.id >= first and (last is None or mask.id <= last)]
    lead: list[Post | Mask] = [post for post in shown if post.accepted]
    rest: list[Post | Mask] = [post for post in shown if not post.accepted]
    return [*lead, *sorted([*rest, *here], key=lambda one: one.id)]


@dataclass(frozen=True)
class Around:
    """What stands around the posts of a page, read at once for all of them."""

    remarks: dict[int | None, Remarks]
    files: dict[tuple[int | None, int | None], list[Attachment]]
    voted: bool
    words: Sequence[Word]

    @property
    def file_ids(self) -> list[int]:
        """Every file of the page, for the keys of its fragments."""
        return [file.id for files in self.files.values() for file in files]

    def files_of(self, answer_id: int | None, comment_id: int | None = None) -> list[Attachment]:
        """The files of the question, an answer or a comment."""
        return self.files.get((None if comment_id else answer_id, comment_id), [])


def _around(thread: Opened, given: Sequence[Said], hidden: int | None) -> Around:
    question, ids = thread.question, [each.id for each in given]
    return Around(
        posts.comments_of(question, ids, hidden=hidden) if thread.commented else {},
        attachments.of_thread(question) if thread.has_files else {},
        thread.voted,
        thanks.words_for(actor(), question, hidden=hidden)
        if any(each.thanks and each.author_id == actor().id for each in given)
        else (),
    )


def _answers(
    question: Question, hidden: int | None
) -> tuple[Page[Said], list[Said], list[Acceptance]]:
    """The page of answers that the address asks for; the accepted ones stand before the first."""
    reader_id = actor().id
    solving = []
    if question.is_solved:
        solving = posts.accepted_of(question, reader_id=reader_id, hidden=hidden)
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=posts.ANSWERS_SHOWN,
    )
    but = [answer.id for answer, _verdict in solving]
    page = posts.answers_of(question, cursor, reader_id=reader_id, but=but, hidden=hidden)
    first = [answer for answer, _verdict in solving] if page.previous is None else []
    return page, [*first, *page.rows], [verdict for _answer, verdict in solving]


def _post(
    question: Question, answer: Said, *, accepted: Sequence[Acceptance], around: Around
) -> Post:
    reader = actor()
    verdict = next((each for each in accepted if each.answer_id == answer.id), None)
    return Post(
        answer=answer,
        accepted=verdict,
        words=tuple(each for each in around.words if each.answer_id == answer.id),
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
        "announce": policy.may_announce(reader, question),
    }
