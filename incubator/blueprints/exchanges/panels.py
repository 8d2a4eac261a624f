"""What exchanges bring to shared pages: live listings of a firm and a member, a thread's need."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.blueprints.exchanges import words
from incubator.domain.exchanges.listings import lists, queries
from incubator.domain.help import queries as threads
from incubator.edge.clock import now
from incubator.edge.entries import PagePanel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

# An unanswered question is offered to become a need after this.
UNANSWERED = timedelta(hours=48)


def of_firm(reader: Actor, firm_id: int) -> Mapping[str, object] | None:
    """A firm's live listings; its own people are also led to a new one."""
    found = lists.live_of_firm(reader, firm_id)
    return {"listings": found, "words": words} if found else None


def of_member(reader: Actor, member_id: int) -> Mapping[str, object] | None:
    """The live listings that a member answers for."""
    found = lists.live_of_member(reader, member_id)
    return {"listings": found, "words": words} if found else None


def of_thread(reader: Actor, question_id: int) -> Mapping[str, object] | None:
    """The needs made of a question; its asker may make one once nobody answered for two days."""
    found = queries.of_question(reader, question_id)
    question = threads.visible_to(reader, question_id)
    offered = (
        not found
        and question.author_id == reader.id
        and question.state == "open"
        and question.answer_count == 0
        and question.asked_at <= now() - UNANSWERED
    )
    if not found and not offered:
        return None
    return {"listings": found, "question": question, "words": words}


PAGE_PANELS = (
    PagePanel(
        key="firm_listings",
        page="firm",
        slot="main",
        order=40,
        template="exchanges/_listed.html",
        load=of_firm,
    ),
    PagePanel(
        key="member_listings",
        page="member",
        slot="main",
        order=40,
        template="exchanges/_listed.html",
        load=of_member,
    ),
    PagePanel(
        key="thread_need",
        page="thread",
        slot="side",
        order=10,
        template="exchanges/_of_thread.html",
        load=of_thread,
    ),
)
