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
    "mail.deliver": _l("Sending a letter"),
    "accounts.reset": _l("Preparing a link for a new password"),
}

ACTIONS: dict[str, LazyString] = {
    "email_changed": _l("E-mail address changed"),
    "invitation_accepted": _l("Invitation accepted"),
    "invitation_revoked": _l("Invitation withdrawn"),
    "link_asked": _l("Link asked by mail"),
    "member_admitted": _l("Member admitted"),
    "member_deactivated": _l("Account closed"),
    "member_invited": _l("Person invited"),
    "member_reactivated": _l("Account reopened"),
    "password_changed": _l("Password changed"),
    "rights_changed": _l("Rights changed"),
    "sessions_ended": _l("Devices signed out"),
    "sign_in_refused": _l("Sign-in refused"),
    "signed_in": _l("Signed in"),
}

DETAILS = {
    "account_id": _l("account"),
    "again": _l("again"),
    "given": _l("given"),
    "how": _l("how"),
    "invitation_id": _l("invitation"),
    "language": _l("language"),
    "purpose": _l("purpose"),
    "role": _l("role"),
    "session_id": _l("device"),
}


def action_words(action: str) -> str:
    """An action of the log in the reader's language; its plain name when it has no words yet."""
    known = ACTIONS.get(action)
    return str(known) if known else action.replace("_", " ").capitalize()


def detail_words(name: str) -> str:
    """The name of a detail."""
    known = DETAILS.get(name)
    return str(known) if known else name.replace("_", " ")
