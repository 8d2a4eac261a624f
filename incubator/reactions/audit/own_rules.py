"""Which acts of the log members find again in their own timeline, and whom each concerns. Pure.

The log names people in many ways; here each act says which of its details name those who read
of it. What is not named here is in nobody's timeline: reports and their reporters, marks on
hours, who is silent in a room that is not theirs to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS: Final = ("hours", "help", "rooms", "people", "membership", "account")
_HOURS = ("giver_id", "receiver_id")
_MEMBER = ("member_id",)
_DONE: tuple[str, ...] = ()

# By kind and act: which details name those concerned; whoever did it always is.
OWN: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "hours": {
        "hours_declared": _HOURS,
        "hours_confirmed": _HOURS,
        "hours_refused": _HOURS,
        "hours_withdrawn": _HOURS,
        "hours_appealed": _HOURS,
        "hours_corrected": _MEMBER,
        "offer_taken": _HOURS,
        "minutes_given": ("receiver_id",),
        "pool_asked": ("receiver_id",),
        "pool_decided": ("receiver_id",),
        "pledge_made": _MEMBER,
        "relief_asked": _MEMBER,
        "relief_decided": _MEMBER,
        "standing_changed": _MEMBER,
        "correction_asked": _MEMBER,
        "correction_decided": _MEMBER,
        "correction_withdrawn": _MEMBER,
        "session_changed": _MEMBER,
        "place_taken": _MEMBER,
        "place_freed": _MEMBER,
        "place_kept": _MEMBER,
        "stand_in_found": _MEMBER,
        "walk_in_noted": _MEMBER,
        "slot_invited": ("member_ids",),
        "slot_cancelled": ("member_ids",),
        "slot_moved": ("member_ids",),
    },
    "help": {
        "question_asked": _DONE,
        "question_edited": _DONE,
        "question_closed": _DONE,
        "question_reopened": _DONE,
        "question_removed": _DONE,
        "answer_given": ("asker_id",),
        "answer_edited": _DONE,
        "answer_removed": _DONE,
        "answer_accepted": ("helper_id",),
        "answer_unaccepted": ("helper_id",),
        "comment_written": _DONE,
        "comment_removed": _DONE,
        "members_mentioned": ("member_ids",),
        "thanks_given": ("helper_id",),
        "thanks_taken_back": _DONE,
        "sheet_made": _DONE,
        "sheet_edited": _DONE,
        "post_hidden": _MEMBER,
        "post_shown": _MEMBER,
        "author_warned": _MEMBER,
        "requests_limited": _MEMBER,
    },
    "rooms": {
        "room_opened": _DONE,
        "seat_taken": _MEMBER,
        "seat_left": _MEMBER,
        "seat_withdrawn": _MEMBER,
        "moderator_named": _MEMBER,
        "member_muted": _MEMBER,
        "message_removed": _MEMBER,
        "circle_made": _DONE,
        "circle_asked": _MEMBER,
        "circle_invited": _MEMBER,
        "circle_joined": _MEMBER,
        "circle_left": _MEMBER,
        "circle_owner_named": _MEMBER,
    },
    "people": {
        "profile_changed": _MEMBER,
        "presence_chosen": _MEMBER,
        "firm_founded": _MEMBER,
        "firm_requested": _MEMBER,
        "firm_request_decided": _MEMBER,
        "firm_joined": _MEMBER,
        "firm_left": _MEMBER,
        "firm_role_changed": _MEMBER,
        "skill_proposed": _MEMBER,
        "skill_proposal_decided": _MEMBER,
    },
    "membership": {
        "member_admitted": _MEMBER,
        "invitation_accepted": _MEMBER,
        "rights_changed": _MEMBER,
        "member_moved": _MEMBER,
        "member_deactivated": _MEMBER,
        "member_reactivated": _MEMBER,
        "members_merged": ("kept_id",),
        "process_asked": _MEMBER,
        "process_agreed": _MEMBER,
        "process_refused": _MEMBER,
        "process_cancelled": _MEMBER,
        "leave_began": _MEMBER,
        "leave_ended": _MEMBER,
        "member_exited": _MEMBER,
        "charter_signed": _MEMBER,
        "welcome_started": _MEMBER,
        "welcome_ticked": _MEMBER,
        "welcome_ended": _MEMBER,
    },
    "account": {
        "signed_in": _MEMBER,
        "sign_in_refused": _MEMBER,
        "password_changed": _MEMBER,
        "email_changed": _MEMBER,
        "feed_changed": _MEMBER,
        "data_taken": _MEMBER,
        "erasure_asked": _MEMBER,
        "erasure_withdrawn": _MEMBER,
    },
}
KIND_OF: Final = {action: kind for kind, actions in OWN.items() for action in actions}
# Who decided about a member is told to them, as their letters do; of everybody else's part the
# thing itself says what its reader may know (questions may be asked and hours given unnamed).
TOLD_BY_NAME: Final = frozenset(
    {
        "relief_decided",
        "pool_decided",
        "correction_decided",
        "session_changed",
        "rights_changed",
        "member_moved",
        "member_deactivated",
        "member_reactivated",
        "members_merged",
        "process_agreed",
        "process_refused",
        "process_cancelled",
        "seat_withdrawn",
        "skill_proposal_decided",
        "firm_request_decided",
        "slot_invited",
        "slot_cancelled",
        "slot_moved",
    }
)
# What an act is about, the first that it has.
SUBJECTS: Final = ("question", "contribution", "slot", "process")


@dataclass(frozen=True)
class Act:
    """An act as the log writes it."""

    action: str
    actor_id: int | None
    member_id: int | None
    data: Mapping[str, Any]


def concerned(act: Act) -> set[int]:
    """The members in whose timeline an act stands; none for an act that is not told there."""
    kind = KIND_OF.get(act.action)
    if kind is None:
        return set()
    return set(_named(act, OWN[kind][act.action]))


def _named(act: Act, fields: tuple[str, ...]) -> Iterator[int]:
    if act.actor_id is not None:
        yield act.actor_id
    for name in fields:
        value = act.member_id if name == "member_id" else act.data.get(name)
        yield from value if isinstance(value, list) else () if value is None else (value,)


def subject(act: Act) -> tuple[str, int | None]:
    """What an act is about: its sort and number; («», None) for one about nothing with a page."""
    for name in SUBJECTS:
        number = act.data.get(f"{name}_id")
        if number is not None:
            return name, number
    return "", None
