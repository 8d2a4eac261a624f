"""VAT of what a French firm invoices abroad at 0 %: which rule, in which words. Pure.

Inside the European Union the customer declares the VAT of services itself, and goods that leave
for a firm with a number of VAT are exempt; outside of it services are not taxed in France and
goods are exported. Goods and services on one paper say both. An accountant confirms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.invoices import identity_rules

if TYPE_CHECKING:
    from incubator.domain.exchanges.invoices.identity_rules import Details

# Monaco counts as France for VAT.
AT_HOME: Final = frozenset({identity_rules.FRANCE, "MC"})
UNION: Final = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE",
        "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
# Of services, then of goods: where VAT is the customer's, and where it is none of France's.
REVERSE: Final = "Autoliquidation"
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


def words_of(regime: str, operation: str, seller: Details) -> list[str]:
    """The words of the law about VAT on an invoice of such a regime, each a line."""
    if regime == "franchise_293B":
        return [identity_rules.FRANCHISE]
    if regime not in {"reverse_charge", "foreign"}:
        return []
    services, goods = (REVERSE, WITHIN) if regime == "reverse_charge" else (OUTSIDE, EXPORTED)
    # What a firm abroad delivers is exported by nobody in France.
    if operation == "services" or seller.regime == "foreign":
        return [services]
    return [goods] if operation == "goods" else [services, goods]
