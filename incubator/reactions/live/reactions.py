"""What rings the bell: rooms that moved, markers, sessions that ended."""

from __future__ import annotations

from incubator.domain.chat.events import (
    CallWithdrawn,
    DirectOpened,
    GroupOpened,
    MarkerMoved,
    MembersCalled,
    MessageSent,
    RoomChanged,
    RoomMoved,
    RoomsRearranged,
    SeatLeft,
    SeatTaken,
)
from incubator.domain.help.events import HelpEvent
from incubator.domain.help.routing.events import HelpersAsked, RequestSettled
from incubator.kernel.events import waits
from incubator.network.accounts.events import MemberDeactivated, RightsChanged
from incubator.network.accounts.sessions import SessionsEnded
from incubator.network.members.events import MemberArrived, MemberDeparted, ProfileChanged
from incubator.reactions.live.service import revoked, ring
from incubator.reactions.notifications.events import NotificationsMoved


def room_moved(event: RoomMoved) -> None:
    """There is something to read."""
    ring({"k": "room", "room": event.room_id})


def direct_opened(event: DirectOpened) -> None:
    """The other's pages do not know the room yet: they ask anew which are theirs."""
    for member_id in (event.member_id, event.actor_id):
        ring({"k": "me", "member": member_id, "room": event.room_id, "seated": True})


def rooms_rearranged(event: GroupOpened | RoomsRearranged) -> None:
    """Their lists of rooms are asked anew."""
    for member_id in event.member_ids:
        ring({"k": "me", "member": member_id, "room": event.room_id, "seated": True})


def seat_taken(event: SeatTaken) -> None:
    """Their pages show the room."""
    ring({"k": "me", "member": event.member_id, "room": event.room_id, "seated": True})


def seat_left(event: SeatLeft) -> None:
    """Their pages show it no more; of a closed room they hear nothing."""
    gone = {"member": event.member_id, "room": event.room_id, "closed": event.private}
    ring({"k": "unseat", **gone})


def room_changed(event: RoomChanged) -> None:
    """Whoever sits there sees its name, or that it is put away."""
    ring({"k": "list", "room": event.room_id})


def message_sent(event: MessageSent) -> None:
    """The author's other devices must not count it as news; a machine has none."""
    if event.actor_id is None:
        return
    note = {"k": "me", "member": event.actor_id, "room": event.room_id, "sent_no": event.no}
    known = {name: True for name in ("called", "aside") if getattr(event, name)}
    ring(note | known)


def members_called(event: MembersCalled) -> None:
    """Their pages count it beside the unread ones; nobody else is told whom it calls."""
    note = {"k": "me", "room": event.room_id, "mention_no": event.no, "on": event.on}
    for member_id in event.member_ids:
        ring(note | {"member": member_id})


def call_withdrawn(event: CallWithdrawn) -> None:
    """Everybody there may have one call less: they ask."""
    ring({"k": "recount", "room": event.room_id})


def marker_moved(event: MarkerMoved) -> None:
    """The reader's other devices show the room as read, and those of others who may know it."""
    ring({"k": "me", "member": event.actor_id, "room": event.room_id, "read_no": event.read_no})
    ring({"k": "read", "member": event.actor_id, "room": event.room_id, "no": event.read_no})


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


def chosen_anew(event: ProfileChanged) -> None:
    """Whoever has them in sight is told only what they still may know."""
    if "audiences" in event.changed:
        ring({"k": "sight", "member": event.member_id})


def thread_changed(event: HelpEvent) -> None:
    """Pages that show the thread look again."""
    ring({"k": "thread", "thread": event.question_id, "by": event.actor_id})


def helpers_asked(event: HelpersAsked) -> None:
    """Pages of those who are asked show it; those of the asker, how far the question came."""
    for member_id in event.member_ids:
        ring({"k": "me", "member": member_id, "asked": True})
    ring({"k": "thread", "thread": event.question_id, "by": None})


def request_settled(event: RequestSettled) -> None:
    """Their other pages no longer ask it of them."""
    ring({"k": "me", "member": event.member_id, "asked": True})


def bells_moved(event: NotificationsMoved) -> None:
    """Their pages ask for the number of their bell."""
    ring({"k": "bell", "members": list(event.member_ids)})


def subscribe() -> None:
    """Hear them after their commit."""
    waits(RoomMoved, room_moved)
    waits(DirectOpened, direct_opened)
    waits(GroupOpened, rooms_rearranged)
    waits(RoomsRearranged, rooms_rearranged)
    waits(SeatTaken, seat_taken)
    waits(SeatLeft, seat_left)
    waits(RoomChanged, room_changed)
    waits(MessageSent, message_sent)
    waits(MembersCalled, members_called)
    waits(CallWithdrawn, call_withdrawn)
    waits(MarkerMoved, marker_moved)
    waits(SessionsEnded, sessions_ended)
    waits(RightsChanged, rights_changed)
    waits(MemberDeactivated, member_deactivated)
    waits(HelpEvent, thread_changed)
    waits(HelpersAsked, helpers_asked)
    waits(RequestSettled, request_settled)
    waits(MemberArrived, moved_about)
    waits(MemberDeparted, moved_about)
    waits(ProfileChanged, chosen_anew)
    waits(NotificationsMoved, bells_moved)
