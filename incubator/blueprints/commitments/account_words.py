"""Why reliefs, gifts, plans and promises of firms are refused, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "commitments.not_yours_to_sign": _l("Who keeps the firm signs for it."),
    "commitments.firm_pledge_past": _l("The promise of a firm begins this month or later."),
}
