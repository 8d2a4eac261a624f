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
    "guest": _l("Guest"),
}

INVITATION_STATES = {
    "open": (_l("still open"), "brand", "clock"),
    "used": (_l("used"), "line", "check"),
    "expired": (_l("out of date"), "honey", "hourglass"),
    "revoked": (_l("taken back"), "poppy", "x"),
}

JOBS = {
    "members.index_all": _l("Preparing the search of members"),
    "members.index_ended": _l("Keeping the search of members up to date"),
    "mail.deliver": _l("Sending a letter"),
    "accounts.reset": _l("Preparing a link for a new password"),
    "membership.confirm": _l("Asking an applicant to confirm"),
    "membership.links": _l("Preparing links for an applicant"),
    "membership.retention": _l("Erasing old applications"),
}

ACTIONS: dict[str, LazyString] = {
    "answer_accepted": _l("Answer accepted"),
    "answer_edited": _l("Answer edited"),
    "answer_given": _l("Answer given"),
    "answer_removed": _l("Answer removed"),
    "applicant_known": _l("Application from a known address"),
    "application_answered": _l("Word on an application"),
    "application_changed": _l("Application moved on"),
    "application_forgotten": _l("Application erased"),
    "arrival_awaited": _l("Arrival awaited"),
    "charter_published": _l("Charter published"),
    "charter_signed": _l("Charter signed"),
    "checklist_changed": _l("Checklist changed"),
    "confirmation_asked": _l("Application sent"),
    "days_closed": _l("Days closed"),
    "days_reopened": _l("Days reopened"),
    "document_added": _l("Document added"),
    "document_changed": _l("Document changed"),
    "document_removed": _l("Document removed"),
    "email_changed": _l("E-mail address changed"),
    "firm_changed": _l("Business changed"),
    "firm_founded": _l("Business added"),
    "firm_joined": _l("Business joined"),
    "form_changed": _l("Form changed"),
    "hours_confirmed": _l("Hours confirmed"),
    "hours_declared": _l("Hours declared"),
    "hours_refused": _l("Hours refused"),
    "hours_withdrawn": _l("Hours withdrawn"),
    "invitation_accepted": _l("Invitation accepted"),
    "invitation_revoked": _l("Invitation withdrawn"),
    "link_asked": _l("Link asked by mail"),
    "links_asked": _l("Links to applications asked"),
    "mailing_sent": _l("Message sent to several"),
    "member_admitted": _l("Member admitted"),
    "member_arrived": _l("On site"),
    "member_deactivated": _l("Account closed"),
    "member_departed": _l("No longer on site"),
    "member_invited": _l("Person invited"),
    "member_reactivated": _l("Account reopened"),
    "members_exported": _l("List of members taken as a file"),
    "message_sent": _l("Message sent"),
    "notice_edited": _l("Announcement corrected"),
    "notice_published": _l("Announcement published"),
    "notice_withdrawn": _l("Announcement withdrawn"),
    "opening_hours_set": _l("Opening hours set"),
    "password_changed": _l("Password changed"),
    "pledge_made": _l("Commitment made"),
    "presence_chosen": _l("Presence on site set"),
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
    "skill_changed": _l("Skill renamed or moved"),
    "skill_proposal_decided": _l("Proposed skill decided"),
    "skill_proposed": _l("Skill proposed"),
    "skills_merged": _l("Skills merged"),
    "waiting_list_moved": _l("Waiting list reordered"),
    "welcome_ended": _l("Welcome ended"),
    "welcome_started": _l("Welcome started"),
    "welcome_ticked": _l("Welcome task ticked"),
}

DETAILS = {
    "account_id": _l("account"),
    "again": _l("again"),
    "answer_id": _l("answer no."),
    "application_id": _l("application no."),
    "application_ids": _l("applications no."),
    "asker_id": _l("asked by no."),
    "audience": _l("readers"),
    "changed": _l("fields"),
    "closure_id": _l("closure no."),
    "complete": _l("complete"),
    "contribution_id": _l("declaration no."),
    "counted": _l("had counted"),
    "done": _l("done"),
    "ends_on": _l("up to, excluded"),
    "firm_id": _l("business no."),
    "given": _l("given"),
    "giver_id": _l("given by no."),
    "gone_id": _l("merged no."),
    "helper_id": _l("helped by no."),
    "how": _l("how"),
    "instead_of": _l("in place of no."),
    "internal": _l("internal"),
    "invitation_id": _l("invitation"),
    "kept_id": _l("into no."),
    "kind": _l("sort"),
    "language": _l("language"),
    "message_id": _l("message no."),
    "minutes": _l("in minutes"),
    "minutes_per_period": _l("minutes a period"),
    "name": _l("under the name"),
    "no": _l("rank"),
    "number": _l("number"),
    "pledge_id": _l("commitment no."),
    "position": _l("place"),
    "proposal_id": _l("proposal no."),
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
    "state": _l("state"),
    "task_id": _l("task no."),
    "version_id": _l("version no."),
    "welcome_id": _l("welcome no."),
    "what": _l("what"),
}


def action_words(action: str) -> str:
    """An action of the log in the reader's language; its plain name when it has no words yet."""
    known = ACTIONS.get(action)
    return str(known) if known else action.replace("_", " ").capitalize()


def detail_words(name: str) -> str:
    """The name of a detail."""
    known = DETAILS.get(name)
    return str(known) if known else name.replace("_", " ")
