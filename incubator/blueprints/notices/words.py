"""Words of the announcements."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "notices.publish": _l("Only the managers of a site announce something there."),
    "notices.empty": _l("Write something here."),
    "notices.too_long": _l("Write at most %(most)s characters."),
    "notices.over": _l("Choose a day that is not over yet."),
    "notices.too_far": _l("Choose a day within a year."),
    "notices.withdrawn": _l("This announcement was withdrawn: publish a new one."),
}
