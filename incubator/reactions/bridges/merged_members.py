"""Two members are one person: each feature's rows follow, by its own command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import handing as rooms
from incubator.domain.commitments import merging as hours
from incubator.domain.help import handing as threads
from incubator.domain.membership import life_merging
from incubator.network.members.merging import moves, repoints, stays

if TYPE_CHECKING:
    from incubator.network.members.merging import Merge

CHAT = (
    "chat_message.author_id",
    "chat_event.actor_id",
    "chat_room.created_by_id",
    "chat_seat.member_id",
)
HELP = (
    "help_question.author_id",
    "help_answer.author_id",
    "help_acceptance.by_id",
    "help_closure.by_id",
    "help_removal.by_id",
    "help_revision.by_id",
)
HOURS = (
    "commitments_contribution.giver_id",
    "commitments_contribution.receiver_id",
    "commitments_contribution.decided_by_id",
    "commitments_ledger.member_id",
    "commitments_standing.member_id",
    "commitments_pledge.member_id",
)
MEMBERSHIP = (
    "membership_process.member_id",
    "membership_process.asked_by_id",
    "membership_process.decided_by_id",
    "membership_erasure.member_id",
    "membership_erasure.handled_by_id",
)


def chat(merge: Merge) -> None:
    """Messages, rooms opened, seats and what was read."""
    rooms.hand_over(from_id=merge.gone_id, to_id=merge.kept_id, by_id=merge.by.id)
    rooms.merge_seats(from_id=merge.gone_id, to_id=merge.kept_id)


def mutual_help(merge: Merge) -> None:
    """Questions, answers, and what was said of them."""
    threads.hand_over(from_id=merge.gone_id, to_id=merge.kept_id, by_id=merge.by.id)


def commitments(merge: Merge) -> None:
    """Hours given and received, promises, and the ledger by new lines."""
    hours.merge(kept_id=merge.kept_id, gone_id=merge.gone_id, by_id=merge.by.id, now=merge.now)


def membership(merge: Merge) -> None:
    """Leaves, transfers and exits."""
    life_merging.merge(kept_id=merge.kept_id, gone_id=merge.gone_id, now=merge.now)


def subscribe() -> None:
    """Name the movers; safe to repeat."""
    moves("chat", CHAT)(chat)
    moves("help", HELP)(mutual_help)
    moves("hours", HOURS)(commitments)
    moves("membership", MEMBERSHIP)(membership)
    repoints("periods", "commitments_period.closed_by_id", "commitments_pledge.signed_by_id")
    stays("commitments_ledger.actor_id", "lines are never changed: who wrote one stays as written")
