"""Words about notifications: refusals, and what an act on them did."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "notifications.one": _l("This notification is not there, or no longer for your eyes."),
}
# What was done, and the act that undoes it.
DONE = {
    "read": (_l("Read."), "unread"),
    "unread": (_l("Unread again."), "read"),
    "archive": (_l("Put away, until something new comes."), "bring_back"),
    "bring_back": (_l("Back in the list."), "archive"),
    "mute": (_l("You hear no more of this subject, by no way."), "unmute"),
    "unmute": (_l("You hear of this subject again."), "mute"),
}
