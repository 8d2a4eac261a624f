"""Who may do what in the help threads.

Guests read what the whole network reads and write nothing: they are no party to the mutual
help, and what they asked could not be counted in anybody's hours. A thread of a circle is for
those who are in it today and for the administrators: not for its author once they left, nor for
managers of sites. A thread of a site is for
those who live there, its managers and the administrators; its author keeps reading it after
moving away. The asker says what solved the question, their own answer included; a manager of
the site where it was asked may do so for them. In a locked thread only those managers write.
Who asked without their name is known to them alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.network.members.circles import read_by

if TYPE_CHECKING:
    from incubator.domain.help.models import Answer, Question
    from incubator.domain.help.post_models import Comment, Lock
    from incubator.domain.help.posts import Remark, Said
    from incubator.network.members.actor import Actor


def may_read(actor: Actor, question: Question) -> bool:
    """Whether the question is for their eyes; the same rule as SQL is in ``queries.readable``."""
    return question.state != "removed" and is_for(actor, question)


def is_for(actor: Actor, question: Question) -> bool:
    """Whether they are among those whom a question was meant for, whatever became of it."""
    if question.audience == "circle":
        return actor.is_administrator or question.circle_id in read_by(actor)
    if question.audience == "network" or question.author_id == actor.id:
        return True
    lives_there = not actor.is_guest and actor.home_site_id == question.site_id
    return lives_there or actor.manages(question.site_id)


def may_ask(actor: Actor) -> bool:
    """Whether they may ask."""
    return not actor.is_guest


def may_answer(actor: Actor) -> bool:
    """Whether they may answer what they read."""
    return not actor.is_guest


def may_edit(actor: Actor, question: Question) -> bool:
    """Whether they may rewrite a question."""
    return not actor.is_guest and _answers_for(actor, question)


def may_accept(actor: Actor, question: Question) -> bool:
    """Whether they may say what solved a question, or that nothing did."""
    return not actor.is_guest and _answers_for(actor, question)


def may_remove(actor: Actor, question: Question) -> bool:
    """Whether they may take a question away: its author while nobody answered, or a manager."""
    own = question.author_id == actor.id and question.answer_count == 0
    return not actor.is_guest and (own or actor.manages(question.site_id))


def may_edit_answer(actor: Actor, question: Question, answer: Answer | Said) -> bool:
    """Whether they may rewrite an answer."""
    own = answer.author_id == actor.id
    return not actor.is_guest and (own or actor.manages(question.site_id))


def may_remove_answer(
    actor: Actor, question: Question, answer: Answer | Said, *, accepted: bool
) -> bool:
    """Whether they may take an answer away: its author unless it was accepted, or a manager."""
    own = answer.author_id == actor.id and not accepted
    return not actor.is_guest and (own or actor.manages(question.site_id))


def may_write(actor: Actor, question: Question, lock: Lock | None) -> bool:
    """Whether they may answer and comment here and now."""
    return may_answer(actor) and (lock is None or actor.manages(question.site_id))


def may_edit_comment(actor: Actor, question: Question, comment: Comment | Remark) -> bool:
    """Whether they may rewrite a comment, take it away or make an answer of it."""
    own = comment.author_id == actor.id
    return not actor.is_guest and (own or actor.manages(question.site_id))


def may_vote(actor: Actor, post: Question | Answer | Said) -> bool:
    """Whether their «useful» counts: never on what they wrote themselves."""
    return not actor.is_guest and post.author_id != actor.id


def may_run(actor: Actor, question: Question) -> bool:
    """Whether they may lock a thread."""
    return actor.manages(question.site_id)


def may_announce(actor: Actor, question: Question) -> bool:
    """Whether they may make an announcement of it: what a circle reads stays in it."""
    return may_run(actor, question) and question.audience != "circle"


def knows_asker(actor: Actor, question: Question) -> bool:
    """Whether they may know who asked; the same rule as SQL is ``anonymity.HIDES_ASKER``."""
    own = question.author_id == actor.id
    return not question.anonymous or own or actor.manages(question.site_id)


def _answers_for(actor: Actor, question: Question) -> bool:
    return question.author_id == actor.id or actor.manages(question.site_id)
