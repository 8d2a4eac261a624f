"""Words about letters for administrators."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "mail.kind": _l("There is no such letter."),
    "mail.copy": _l("There is no such copy: they go after 90 days."),
    "mail.copies": _l("Copies of letters are for administrators."),
}
STATES = {
    "handing": _l("on its way"),
    "sent": _l("sent"),
    "refused": _l("address refused"),
    "unsure": _l("perhaps sent"),
}
