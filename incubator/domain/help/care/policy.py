"""Who may report, and who may decide: never about what they wrote themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.help.care_models import Case
    from incubator.domain.help.models import Question
    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor


def may_report(actor: Actor, author_id: int) -> bool:
    """Whether they may report what somebody wrote; guests take no part, nobody reports themself."""
    return not actor.is_guest and author_id != actor.id


def site_of(question: Question) -> int | None:
    """The site whose managers look after a thread; a circle's are for administrators alone."""
    return None if question.audience == "circle" else question.site_id


def may_hide(actor: Actor, question: Question, author_id: int) -> bool:
    """Whether they may hide a post of a thread: who runs its site, others' posts only."""
    return actor.manages(site_of(question)) and author_id != actor.id


def may_decide(actor: Actor, case: Case) -> bool:
    """Whether they may decide about a case, or undo what was decided."""
    return actor.manages(case.site_id) and case.author_id != actor.id


def may_read_hidden(actor: Actor, question: Question, post: Post) -> bool:
    """Whether the words of a hidden post are for their eyes: its author's and the managers'."""
    return actor.manages(site_of(question)) or post.author_id == actor.id


def may_move_to(actor: Actor, site_id: int | None) -> bool:
    """Whether they may move threads to a site: they run it too."""
    return site_id is not None and actor.manages(site_id)


def may_pin_in(actor: Actor, site_id: int | None) -> bool:
    """Whether they may pin in the list of a site, or of the network (None)."""
    return actor.is_administrator if site_id is None else actor.manages(site_id)
