"""Words for roles, for states and for what the log tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString

ROLES = {
    "administrator": _l("Network administrator"),
    "manager": _l("Site manager"),
    "resident": _l("Resident"),
    "alumni": _l("Alumni"),
    "guest": _l("Guest"),
}

INVITATION_STATES = {
    "open": (_l("still open"), "brand", "clock"),
    "used": (_l("used"), "line", "check"),
    "expired": (_l("out of date"), "honey", "hourglass"),
    "revoked": (_l("taken back"), "poppy", "x"),
}

JOBS = {
    "mail.deliver": _l("Sending a letter"),
    "accounts.reset": _l("Preparing a link for a new password"),
    "membership.tick": _l("Absences, moves and departures of the day"),
}

ACTIONS: dict[str, LazyString] = {
    "answer_accepted": _l("Answer accepted"),
    "answer_edited": _l("Answer edited"),
    "answer_given": _l("Answer given"),
    "answer_removed": _l("Answer removed"),
    "data_taken": _l("Own data copied"),
    "days_closed": _l("Days closed"),
    "days_reopened": _l("Days reopened"),
    "email_changed": _l("E-mail address changed"),
    "erasure_asked": _l("Asked to be forgotten"),
    "erasure_withdrawn": _l("No longer asks to be forgotten"),
    "firm_changed": _l("Business changed"),
    "firm_founded": _l("Business added"),
    "firm_joined": _l("Business joined"),
    "hours_confirmed": _l("Hours confirmed"),
    "hours_declared": _l("Hours declared"),
    "hours_refused": _l("Hours refused"),
    "hours_withdrawn": _l("Hours withdrawn"),
    "invitation_accepted": _l("Invitation accepted"),
    "invitation_revoked": _l("Invitation withdrawn"),
    "leave_began": _l("Time away begun"),
    "leave_ended": _l("Time away over"),
    "link_asked": _l("Link asked by mail"),
    "member_admitted": _l("Member admitted"),
    "member_deactivated": _l("Account closed"),
    "member_erased": _l("Person forgotten"),
    "member_exited": _l("Person left the network"),
    "member_invited": _l("Person invited"),
    "member_moved": _l("Home site changed"),
    "member_reactivated": _l("Account reopened"),
    "members_merged": _l("Double merged"),
    "message_sent": _l("Message sent"),
    "messages_handed_over": _l("Messages given another author"),
    "opening_hours_set": _l("Opening hours set"),
    "password_changed": _l("Password changed"),
    "pledge_made": _l("Commitment made"),
    "process_agreed": _l("Absence, move or departure accepted"),
    "process_asked": _l("Absence, move or departure asked for"),
    "process_cancelled": _l("Absence, move or departure called off"),
    "process_refused": _l("Absence, move or departure refused"),
    "profile_changed": _l("Profile changed"),
    "question_asked": _l("Question asked"),
    "question_closed": _l("Question solved otherwise"),
    "question_edited": _l("Question edited"),
    "question_removed": _l("Question removed"),
    "question_reopened": _l("Question reopened"),
    "rights_changed": _l("Rights changed"),
    "room_opened": _l("Room opened"),
    "seat_left": _l("Room left"),
    "seat_taken": _l("Room joined"),
    "sessions_ended": _l("Devices signed out"),
    "sign_in_refused": _l("Sign-in refused"),
    "signed_in": _l("Signed in"),
    "site_changed": _l("Site changed"),
    "site_opened": _l("Site opened"),
    "skill_added": _l("Skill added"),
    "threads_handed_over": _l("Threads given another author"),
}

DETAILS = {
    "access": _l("afterwards"),
    "account_id": _l("account"),
    "again": _l("again"),
    "anonymise": _l("without the name"),
    "answer_id": _l("answer no."),
    "asker_id": _l("asked by no."),
    "audience": _l("readers"),
    "changed": _l("fields"),
    "closure_id": _l("closure no."),
    "contribution_id": _l("declaration no."),
    "counted": _l("had counted"),
    "ended_on": _l("over on"),
    "ends_on": _l("up to, excluded"),
    "erasure_id": _l("request no."),
    "firm_id": _l("business no."),
    "from_id": _l("from no."),
    "from_site_id": _l("from site no."),
    "given": _l("given"),
    "giver_id": _l("given by no."),
    "gone_id": _l("no longer no."),
    "helper_id": _l("helped by no."),
    "hours": _l("hours"),
    "how": _l("how"),
    "instead_of": _l("in place of no."),
    "invitation_id": _l("invitation"),
    "kept_id": _l("stays no."),
    "kind": _l("sort"),
    "language": _l("language"),
    "left_on": _l("left on"),
    "message_id": _l("message no."),
    "minutes": _l("in minutes"),
    "minutes_per_period": _l("minutes a period"),
    "name": _l("under the name"),
    "no": _l("rank"),
    "number": _l("how many"),
    "pledge_id": _l("commitment no."),
    "process_id": _l("request no."),
    "purpose": _l("purpose"),
    "question_id": _l("question no."),
    "reason": _l("because"),
    "receiver_id": _l("received by no."),
    "role": _l("role"),
    "room_id": _l("room no."),
    "seq": _l("step"),
    "session_id": _l("device"),
    "skill_id": _l("skill no."),
    "skill_ids": _l("skills no."),
    "starts_on": _l("starting"),
    "to_id": _l("to no."),
    "to_site_id": _l("to site no."),
}


def action_words(action: str) -> str:
    """An action of the log in the reader's language; its plain name when it has no words yet."""
    known = ACTIONS.get(action)
    return str(known) if known else action.replace("_", " ").capitalize()


def detail_words(name: str) -> str:
    """The name of a detail."""
    known = DETAILS.get(name)
    return str(known) if known else name.replace("_", " ")
