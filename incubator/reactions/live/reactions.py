"""What rings the bell: rooms that moved, markers, sessions that ended."""

from __future__ import annotations

from incubator.domain.chat.events import DirectOpened, MarkerMoved, MessageSent, RoomMoved
from incubator.domain.help.events import HelpEvent
from incubator.kernel.events import waits
from incubator.network.accounts.events import MemberDeactivated, RightsChanged
from incubator.network.accounts.sessions import SessionsEnded
from incubator.network.members.events import MemberArrived, MemberDeparted
from incubator.reactions.live.service import revoked, ring


def room_moved(event: RoomMoved) -> None:
    """There is something to read."""
    ring({"k": "room", "room": event.room_id})


def direct_opened(event: DirectOpened) -> None:
    """The other's pages do not know the room yet: they ask anew which are theirs."""
    for member_id in (event.member_id, event.actor_id):
        ring({"k": "me", "member": member_id, "room": event.room_id, "seated": True})


def message_sent(event: MessageSent) -> None:
    """The author's other devices must not count it as news."""
    ring({"k": "me", "member": event.actor_id, "room": event.room_id, "sent_no": event.no})


def marker_moved(event: MarkerMoved) -> None:
    """The reader's other devices show the room as read."""
    ring({"k": "me", "member": event.actor_id, "room": event.room_id, "read_no": event.read_no})


def sessions_ended(event: SessionsEnded) -> None:
    """Sockets end with their session."""
    ring(revoked(event.account_id, event.session_id))


def rights_changed(event: RightsChanged) -> None:
    """Sockets come back under the new rights."""
    ring(revoked(event.member_id, None))


def member_deactivated(event: MemberDeactivated) -> None:
    """Nothing is shown any more."""
    ring(revoked(event.member_id, None))


def moved_about(event: MemberArrived | MemberDeparted) -> None:
    """Somebody came or went: pages of those who may know it look again."""
    ring({"k": "site", "site": event.site_id, "member": event.member_id})


def thread_changed(event: HelpEvent) -> None:
    """Pages that show the thread look again."""
    ring({"k": "thread", "thread": event.question_id, "by": event.actor_id})


def subscribe() -> None:
    """Hear them after their commit."""
    waits(RoomMoved, room_moved)
    waits(DirectOpened, direct_opened)
    waits(MessageSent, message_sent)
    waits(MarkerMoved, marker_moved)
    waits(SessionsEnded, sessions_ended)
    waits(RightsChanged, rights_changed)
    waits(MemberDeactivated, member_deactivated)
    waits(HelpEvent, thread_changed)
    waits(MemberArrived, moved_about)
    waits(MemberDeparted, moved_about)
