"""Words of mutual credit."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
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
    "ledger.not_reversible": _l("What took something back is not taken back itself."),
    "ledger.nothing": _l("This firm owes nothing and is owed nothing: it may simply leave."),
    "ledger.off": _l("Mutual credit is switched off on this network."),
    "ledger.open": _l("Those who keep the firm, or a manager of its site, decide this."),
    "ledger.policy": _l("Only the managers of the site set its policy."),
    "ledger.post": _l("The firm that receives takes this on, or a manager who is no party."),
    "ledger.reason": _l("Say why, in 1 to 300 characters."),
    "ledger.released": _l("Less than this is still reserved."),
    "ledger.reservation": _l("There is no such reservation."),
    "ledger.reserved": _l("Something is still reserved for this firm: settle or release it first."),
    "ledger.reverse": _l("A manager of the site of one of the firms, who is of neither, decides."),
    "ledger.reversed": _l("This has already been taken back."),
    "ledger.second": _l("Another manager than the one who proposed it has to agree."),
    "ledger.short": _l(
        "The firm may not receive that much more. Three ways out: pay what is missing in euros,"
        " receive a part of it for now, or ask a manager of the site for a longer line."
    ),
    "ledger.start": _l("A first line is from 250 to 1,000 €, and the cap not below it."),
    "ledger.sum": _l("What is given and what is received must be the same."),
    "ledger.switch": _l("Only administrators switch mutual credit on or off."),
    "ledger.txn": _l("There is no such transaction."),
    "ledger.unread": _l("Read what needs legal advice before switching mutual credit on."),
}
