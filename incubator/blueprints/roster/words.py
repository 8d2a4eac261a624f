"""Words of the manager's list and of what is done with it."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "mailings.empty": _l("Write something here."),
    "mailings.too_long": _l("Write at most %(most)s characters."),
    "mailings.nobody": _l("Nobody of this list can be written to."),
    "mailings.too_many": _l("Choose fewer people: at most %(most)s at once."),
    "mailings.not_yours": _l("Somebody of this list is looked after by others."),
    "mailings.often": _l("You have written %(most)s times to many today: please wait."),
    "roster.changed": _l("The list has changed meanwhile: look at it again before you send."),
    "accounts.no_address": _l("Paste at least one e-mail address."),
    "accounts.too_many_lines": _l("Paste at most %(most)s addresses at once."),
    "accounts.nobody_to_invite": _l("None of these addresses can be invited: see why below."),
}
STATES = {
    "active": _l("Active"),
    "away": _l("Away"),
    "alumni": _l("Left, still reading"),
    "closed": _l("Account closed"),
}
UNSEEN = (14, 30, 60, 90)
FAULTS = {
    "": _l("will be invited"),
    "bad": _l("is not an e-mail address"),
    "twice": _l("stands here twice"),
    "member": _l("is a member already"),
    "invited": _l("has an open invitation"),
}
