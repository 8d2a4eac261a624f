"""What an administrator reads before switching netting on; kept word for word with the act."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

# Paragraphs; a lawyer of the network has to confirm each of them.
PARAGRAPHS: Final = (
    _l(
        "This text is no legal advice. It says what a round of netting does, which rules of French "
        "law it touches, and what a lawyer has to confirm before your network uses it. Nothing "
        "below has been confirmed by one."
    ),
    _l(
        "What it does: debts by invoice that are due and that nobody contests are extinguished "
        "between several firms at once, after each of them has read its own figures and agreed. "
        "Invoices stay as they are; no euro moves."
    ),
    _l(
        "Set-off between more than two is not the set-off of article 1347 of the Code civil, which "
        "is between two persons who owe one another. To be confirmed: on what a round rests."
    ),
    _l(
        "Article 1348-2 lets parties agree to extinguish debts that are reciprocal, present or "
        "future. To be confirmed: that a framework agreement signed by every firm, with its word "
        "for each round, is enough where A owes B, B owes C and C owes A."
    ),
    _l(
        "The other ways are to assign claims (articles 1321 and following), to let another pay by "
        "delegation (articles 1336 and following), or a clearing house that stands between all. "
        "To be confirmed: which of them your agreement uses, and what has to be notified to whom."
    ),
    _l(
        "VAT on services is due when the price is received, unless the firm opted for debits "
        "(article 269 of the CGI). To be confirmed: that the day of the set-off counts as receipt, "
        "for each firm of a round."
    ),
    _l(
        "If a firm fails, acts of the time before can be undone. To be confirmed: what becomes of "
        "a round of which one firm is in insolvency proceedings, and what the others owe then."
    ),
    _l(
        "With mutual credit, a difference is left on the accounts of firms: all that is said of "
        "mutual credit holds for it. To be confirmed: that no fee of yours makes it credit for "
        "consideration."
    ),
    _l(
        "Amounts of a round are published without names for everybody of the network to check. Who "
        "knows an amount may recognise a firm by it. To be confirmed: that your agreement says so."
    ),
)


def text() -> str:
    """The whole text in the reader's language."""
    return "\n\n".join(str(each) for each in PARAGRAPHS)
