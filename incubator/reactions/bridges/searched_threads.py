"""What search knows of a thread follows each change of it, in the same transaction."""

from __future__ import annotations

from incubator.domain.help.events import (
    HelpEvent,
    MembersMentioned,
    ThreadsHandedOver,
    VoteGiven,
    VoteTakenBack,
)
from incubator.domain.help.search_documents import index_threads, index_threads_of
from incubator.domain.help.search_usefulness import reweigh
from incubator.kernel.events import joins


def changed(event: HelpEvent) -> None:
    """Whatever happened to a thread: its texts, its state or its skills may be others."""
    if isinstance(event, VoteGiven | VoteTakenBack):
        reweigh(event.question_id)
    elif not isinstance(event, MembersMentioned):
        index_threads([event.question_id])


def handed_over(event: ThreadsHandedOver) -> None:
    """Threads have another author."""
    index_threads_of(event.to_id)


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(HelpEvent, changed)
    joins(ThreadsHandedOver, handed_over)
