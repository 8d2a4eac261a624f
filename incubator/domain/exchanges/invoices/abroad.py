"""VAT of what is invoiced at 0 % across a border: which rule, in which words. Pure.

Inside the European Union the customer declares the VAT of services itself, and goods that leave
for a firm with a number of VAT are exempt; outside of it services are not taxed in France and
goods are exported. Goods and services on one paper say both. Of services of a firm abroad a
customer in France declares the VAT itself. An accountant confirms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.deals.rules import AT_HOME
from incubator.domain.exchanges.invoices import identity_rules

if TYPE_CHECKING:
    from incubator.domain.exchanges.invoices.identity_rules import Details

UNION: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
# Of services, then of goods: where VAT is the customer's, and where it is none of France's.
REVERSE: Final = "Autoliquidation"
REVERSED_HERE: Final = "Autoliquidation – art. 283-2 du CGI"
WITHIN: Final = "Exonération de TVA – art. 262 ter I du CGI"
OUTSIDE: Final = "TVA non applicable – art. 259-1 du CGI"
EXPORTED: Final = "Exonération de TVA – art. 262 I du CGI"


def regime_of(seller: Details, buyer: Details, vat_bp: int | None) -> str:
    """The regime of an invoice at this rate; the seller's where no border changes it.

    A customer of the Union without a number of VAT is billed as one in France.
    """
    if vat_bp != 0 or buyer.country in AT_HOME:
        return seller.regime
    if buyer.country not in UNION:
        return "foreign"
    return "reverse_charge" if buyer.vat_number else seller.regime


def is_self_assessed(seller_regime: str, buyer_country: str, operation: str) -> bool:
    """Whether a customer in France declares itself the VAT of what a firm abroad invoices it.

    Of services, whichever regime the customer is of.
    """
    return seller_regime == "foreign" and buyer_country in AT_HOME and operation != "goods"


def words_of(regime: str, operation: str, *, seller: Details, buyer: Details) -> list[str]:
    """The words of the law about VAT on an invoice of such a regime, each a line."""
    if regime == "franchise_293B":
        return [identity_rules.FRANCHISE]
    if regime not in {"reverse_charge", "foreign"}:
        return []
    services, goods = (REVERSE, WITHIN) if regime == "reverse_charge" else (OUTSIDE, EXPORTED)
    if seller.regime == "foreign":
        # What a firm abroad delivers is exported by nobody in France.
        goods = OUTSIDE
        if is_self_assessed(seller.regime, buyer.country, operation):
            services = REVERSED_HERE
    told = {"services": [services], "goods": [goods]}.get(operation, [services, goods])
    return list(dict.fromkeys(told))
