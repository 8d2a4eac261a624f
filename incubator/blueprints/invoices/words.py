"""Words of invoices: states, amounts, and why not."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "invoices.cents": _l("What is set off is whole cents, more than nothing."),
    "invoices.invoice": _l("There is no such invoice."),
    "invoices.lines": _l("A set-off has 1 to %(most)s invoices."),
    "invoices.moved": _l("An invoice has moved on meanwhile: look at it again."),
    "invoices.state": _l("The invoice has moved on: this is no longer possible."),
    "invoices.unequal": _l("Each firm sets off as much as is set off for it."),
}
