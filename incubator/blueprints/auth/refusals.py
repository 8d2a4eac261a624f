"""The words of what accounts refuse."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "accounts.already_member": _l("This person already has an account: give them a role instead."),
    "accounts.deactivated": _l("This account is closed: open it again first."),
    "accounts.email_bad": _l("Write a full e-mail address, such as name@example.org."),
    "accounts.email_same": _l("This is already your address."),
    "accounts.email_taken": _l("This address already has an account."),
    "accounts.grant": _l("This role was taken meanwhile."),
    "accounts.invitation": _l("This invitation is no longer open."),
    "accounts.invitation_early": _l("This invitation opens on your first day, not before."),
    "accounts.invitation_over": _l("This invitation was used or withdrawn: make a new one."),
    "accounts.language_bad": _l("Choose French or English."),
    "accounts.last_administrator": _l(
        "This is the last administrator: name another one before this change."
    ),
    "accounts.closed_for_good": _l(
        "This account stays closed: its person was forgotten, or is another account’s double."
    ),
    "accounts.last_role": _l("This is their last role: close the account instead."),
    "accounts.link": _l("This link is no longer valid."),
    "accounts.member": _l("There is no such member."),
    "accounts.name_bad": _l("Write a name of at most %(most)s characters."),
    "accounts.not_yours_to_close": _l("Only an administrator can close or reopen this account."),
    "accounts.not_yours_to_give": _l("This role is not yours to give or take."),
    "accounts.password_common": _l(
        "This password is among the first that would be guessed. Put a few words together instead."
    ),
    "accounts.password_long": _l("Choose a password of at most %(most)s characters."),
    "accounts.password_own": _l("Choose a password that is not your name or your address."),
    "accounts.password_short": _l("Choose a password of at least %(least)s characters."),
    "accounts.password_wrong": _l("This is not your current password."),
    "accounts.role_bad": _l("Choose a role."),
    "accounts.session": _l("This device is not signed in any more."),
    "accounts.sign_in_refused": _l("The e-mail address or the password is not right."),
    "accounts.site_needed": _l("Choose a site, unless the role is for the whole network."),
    "accounts.too_many": _l("Too many tries. Wait %(minutes)s min, then try again."),
    "accounts.zone_bad": _l("Choose a time zone of the list, such as Europe/Paris."),
}
