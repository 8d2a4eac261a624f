"""Why reliefs, gifts, plans and promises of firms are refused, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "commitments.relief_kind": _l("Choose the kind of relief from the list."),
    "commitments.relief_pct": _l("A relief takes off between 1 and 100 percent."),
    "commitments.relief_order": _l("The relief must begin before it ends."),
    "commitments.not_your_member": _l(
        "This is decided by another person: a manager of the member’s site."
    ),
    "commitments.not_yours_to_sign": _l("Who keeps the firm signs for it."),
    "commitments.firm_pledge_past": _l("The promise of a firm begins this month or later."),
    "commitments.gift_minutes": _l("Give some minutes, rounded to %(step)s."),
    "commitments.gift_too_much": _l("Give no more than you have beyond what you owe."),
    "commitments.gift_cap": _l("For this year, %(left)s minutes are left."),
    "commitments.pool_short": _l("The pool holds %(left)s minutes."),
    "commitments.no_plan_needed": _l("There is no debt to plan for, or no time left until then."),
    "commitments.plan_not_covered": _l(
        "The sign-ups until that day do not make up for the debt yet."
    ),
    "commitments.not_yet_paused": _l(
        "A pause comes after a warning and the days of grace that follow it."
    ),
}
