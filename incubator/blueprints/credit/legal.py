"""What an administrator reads before switching mutual credit on; kept with the act."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

# Paragraphs; a lawyer of the network has to confirm each of them.
PARAGRAPHS: Final = (
    _l(
        "This text is no legal advice. It says what this product does, which rules it could touch "
        "in France, and what a lawyer has to confirm before your network uses it."
    ),
    _l(
        "What it is: a record, in euros, of what member firms have given to and received from one "
        "another. No interest, no fee on exchanges, nothing paid in, nothing paid out, nothing "
        "that could be passed on to others; members only."
    ),
    _l(
        "Credit for consideration is reserved to banks (Code monétaire et financier, L. 313-1 and "
        "L. 511-5). The supervisor counts delays of payment and overdrafts as credit when they "
        "are given for consideration. Here nothing is charged for a negative balance. Ask whether "
        "your membership fee makes it “for consideration” all the same: that question is open."
    ),
    _l(
        "Issuing or handling means of payment needs a licence. There are exemptions for a limited "
        "network or a limited range of goods (L. 521-3, L. 525-5 and L. 525-6, position 2022-P-01 "
        "of the ACPR), some of them upon notification. Ask whether your network needs one, and "
        "whether it has to be notified."
    ),
    _l(
        "Each delivery remains a sale: an invoice, its VAT declared and paid as usual, the sums "
        "entered in the accounts without being set off on paper. Exchanges should stay occasional "
        "for a firm and not be its main way of trading."
    ),
    _l(
        "Settling among several firms at once is no set-off between two persons (articles 1347 to "
        "1348-2 of the Code civil): it needs a framework agreement that every firm has signed. Ask "
        "your lawyer to write it, or to confirm the one you have."
    ),
    _l(
        "A firm that leaves with a balance may cost the others: the common fund takes it over when "
        "two managers agree. Say in your agreement who bears such a loss, and up to how much."
    ),
)


def text() -> str:
    """The whole text in the reader's language."""
    return "\n\n".join(str(each) for each in PARAGRAPHS)
