"""Words of mutual credit: never debit or credit, but what a firm has given and received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import euros

if TYPE_CHECKING:
    from incubator.domain.exchanges.ledger.models import LimitChange
    from incubator.domain.exchanges.ledger.statements import Line

KINDS: Final = {
    "settle": _l("Delivery"),
    "clearing": _l("Settled among several"),
    "reversal": _l("Taken back"),
    "fee": _l("Share of the common fund"),
    "opening": _l("Brought along"),
    "guarantee": _l("Taken over by the common fund"),
    "adjustment": _l("Correction by two managers"),
}
CAUSES: Final = {
    "opening": _l("Joined"),
    "growth": _l("Grew by what was given"),
    "reversal": _l("Shorter: a delivery was taken back"),
    "decision": _l("Decided by a manager"),
}
AGES: Final = {
    "fine": _l("below zero for less than nine months"),
    "plan": _l("below zero for nine months: a plan is due"),
    "settle": _l("below zero for a year: to be settled in euros"),
}
VIEWS: Final = {
    "open": _l("Taking part"),
    "owing": _l("Have received more"),
    "low": _l("Little left"),
    "old": _l("Below zero for long"),
    "frozen": _l("Frozen"),
    "left": _l("Have left"),
}
REFUSALS = {
    "credit.awaited": _l(
        "This firm has signed deals (%(number)s) in which it still gives something on mutual "
        "credit: it leaves once they are written down or called off."
    ),
    "credit.frozen": _l("The account of %(firm)s is frozen: it may give, and receives nothing."),
    "credit.full": _l(
        "%(firm)s would have given %(cents)s more than its upper limit allows: let it receive "
        "something first, or give less."
    ),
    "credit.no_account": _l("%(firm)s does not take part in mutual credit: it has to join first."),
    "credit.short": _l(
        "%(cents)s are missing on the line of %(firm)s. Three ways out: pay them in euros, "
        "receive a part for now, or ask a manager of the site for a longer line."
    ),
    "credit.theirs": _l(
        "The line of %(firm)s does not hold this at present. Its people see what is missing: "
        "pay a part in euros, give a part for now, or let them ask for a longer line."
    ),
    "ledger.adjustment_gone": _l("This correction no longer waits for an answer."),
    "credit.set_off": _l(
        "The invoice of this line was set off: taking the line back would leave the firm with both."
        " Two managers may write a correction instead."
    ),
    "ledger.account": _l("There is no such account here."),
    "ledger.balance": _l(
        "This firm still has something to give or to receive: it leaves once both are settled."
    ),
    "ledger.cents": _l("Give a sum in euros and whole cents."),
    "ledger.closed": _l("One of these firms has left mutual credit."),
    "ledger.decide": _l("A manager of the firm’s site who is not of the firm decides this."),
    "ledger.departure": _l("Somebody has already proposed this departure."),
    "ledger.departure_gone": _l("This proposal no longer waits for an answer."),
    "ledger.frozen": _l("This account is frozen: the firm may give, and receives nothing more."),
    "ledger.full": _l("The firm that gives would have given more than its limit."),
    "ledger.health": _l("Only administrators see these figures."),
    "ledger.key": _l("This was already recorded, with another sum or between others."),
    "ledger.limits": _l("Give limits of nothing or more."),
    "ledger.moved": _l("Something has moved since: propose the departure again."),
    "ledger.not_reversible": _l(
        "What took something back stays, and so does what a round cleared:"
        " its invoices are settled."
    ),
    "ledger.nothing": _l("This firm owes nothing and is owed nothing: it may simply leave."),
    "ledger.off": _l("Mutual credit is switched off on this network."),
    "ledger.open": _l("Those who keep the firm, or a manager of its site, decide this."),
    "ledger.percent": _l("Write a whole percentage from 0 to 100."),
    "ledger.period": _l("Choose a first day before the last, and a shorter time if it is long."),
    "ledger.policy": _l("Only the managers of the site set its policy."),
    "ledger.post": _l("The firm that receives takes this on, or a manager who is no party."),
    "ledger.reason": _l("Say why, in 1 to 300 characters."),
    "ledger.released": _l("Less than this is still reserved."),
    "ledger.reservation": _l("There is no such reservation."),
    "ledger.reserved": _l("Something is still reserved for this firm: settle or release it first."),
    "ledger.reverse": _l("A manager of the site of one of the firms, who is of neither, decides."),
    "ledger.reversed": _l("This has already been taken back."),
    "ledger.same": _l("Choose another firm."),
    "ledger.second": _l("Another manager than the one who proposed it has to agree."),
    "ledger.short": _l(
        "The firm may not receive that much more. Three ways out: pay what is missing in euros,"
        " receive a part of it for now, or ask a manager of the site for a longer line."
    ),
    "ledger.start": _l("A first line is from €250 to €1,000, and the cap not below it."),
    "ledger.sum": _l("What is given and what is received must be the same."),
    "ledger.switch": _l("Only administrators switch mutual credit on or off."),
    "ledger.txn": _l("There is no such transaction."),
    "ledger.unread": _l("Read what needs legal advice before switching mutual credit on."),
}


def standing(cents: int, *, own: bool = True) -> str:
    """What a balance says in a sentence, to the firm itself or to who runs its site."""
    if not cents:
        return _("As much given as received.")
    told = euros(abs(cents))
    if own and cents > 0:
        return _("You have given %(sum)s more than you received.", sum=told)
    if own:
        return _("You have received %(sum)s more than you gave.", sum=told)
    gave = _("Has given %(sum)s more than it received.", sum=told)
    return gave if cents > 0 else _("Has received %(sum)s more than it gave.", sum=told)


def moved(cents: int) -> str:
    """What a line moved: given or received."""
    if cents > 0:
        return _("given %(sum)s", sum=euros(cents))
    return _("received %(sum)s", sum=euros(-cents))


def short(cents: int) -> str:
    """A balance in a list: given, received, or nothing."""
    return moved(cents) if cents else _("even")


def what(line: Line) -> str:
    """What a line is about: the other firm, or what kind of line it is."""
    kind = str(KINDS[line.kind])
    return _("%(kind)s: %(firm)s", kind=kind, firm=line.with_name) if line.with_name else kind


def limit(change: LimitChange) -> str:
    """The limits that a change gave, in a sentence."""
    told = _("line of %(line)s", line=euros(-change.lower_limit))
    if change.upper_limit is not None:
        most = euros(change.upper_limit)
        told = _("%(told)s, at most %(most)s given", told=told, most=most)
    return _("%(told)s, frozen", told=told) if change.frozen else told
