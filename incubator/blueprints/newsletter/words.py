"""Words of the letters about a week."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "newsletter.edition": _l("There is no such letter here."),
    "newsletter.edit": _l("Only the managers of a site edit its letter."),
    "newsletter.decided": _l("This letter has already left, or was skipped."),
    "newsletter.edited": _l(
        "Somebody else has just changed this letter: open the page again to see it. What you typed"
        " is still here."
    ),
    "newsletter.too_long": _l("Write at most %(most)s characters."),
    "newsletter.empty": _l("This letter says nothing any more: write some words, or skip it."),
}
STATES = {
    "draft": _l("draft"),
    "sent": _l("sent"),
    "skipped": _l("skipped"),
    "quiet": _l("quiet week"),
}
