"""How reliefs and gifts are said: refusals, states, sides, moves of the pool."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "commitments.relief_kind": _l("Choose what it is from the list."),
    "commitments.relief_pct": _l("Write a number from 1 to 100."),
    "commitments.relief_order": _l("The last day comes before the first."),
    "commitments.not_your_member": _l("A manager of the member’s site decides, never oneself."),
    "commitments.gift_minutes": _l("Give some minutes, rounded to %(step)s."),
    "commitments.gift_too_much": _l("You do not have that much to spare."),
    "commitments.gift_cap": _l("That is beyond the limit of the year: %(left)s minutes are left."),
    "commitments.pool_short": _l("The pool holds %(left)s minutes, which is not enough."),
}
# words, kind of tag, icon
RELIEF_STATES = {
    "requested": (_l("asked"), "honey", "hourglass"),
    "approved": (_l("agreed"), "brand", "check"),
    "refused": (_l("refused"), "poppy", "x"),
    "cancelled": (_l("taken back"), "line", "undo-2"),
}
GIFT_STATES = {
    "asked": (_l("asked"), "honey", "hourglass"),
    "granted": (_l("given"), "brand", "check"),
    "refused": (_l("refused"), "poppy", "x"),
    "withdrawn": (_l("taken back"), "line", "undo-2"),
}
GIFT_SIDES = {
    "given": _l("Given"),
    "received": _l("Received"),
    "asked": _l("Asked of the pool"),
}
# What came into the pool, and what left it, by the kind of the group of lines.
POOL_MOVES = {
    "gift": (_l("A gift"), _l("A gift")),
    "pool": (_l("Hours came in"), _l("Hours made a month lighter")),
    "exit": (_l("Left behind by a departure"), _l("Settled on a departure")),
    "merge": (_l("Two accounts made one"), _l("Two accounts made one")),
}
