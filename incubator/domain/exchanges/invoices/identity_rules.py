"""What the law wants to read of a firm on an invoice, as it is typed and as it is kept. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from stdnum.exceptions import ValidationError
from stdnum.fr import tva

from incubator.domain.exchanges.deals.rules import AT_HOME
from incubator.domain.exchanges.invoices import rules
from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line
from incubator.network.members.registration import clean_registration

MOST: Final = {
    "legal_name": 120,
    "legal_form": 80,
    "street": 200,
    "postcode": 12,
    "city": 80,
}
# Of the firm itself; «reverse_charge» is of an invoice.
REGIMES: Final = ("normal", "franchise_293B", "foreign")
FRANCE: Final = "FR"
FRANCHISE: Final = "TVA non applicable, art. 293 B du CGI"
_COUNTRY = re.compile(r"[A-Z]{2}")
_PREFIX = re.compile(r"(?:[A-Z0-9][A-Z0-9-]{0,11})?")
_VAT_ABROAD = re.compile(r"[A-Z0-9]{0,20}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """A firm as an invoice names it; ``prefix`` begins the numbers that it is given."""

    legal_name: str
    legal_form: str
    street: str
    postcode: str
    city: str
    siren: str
    country: str = FRANCE
    vat_number: str = ""
    regime: str = "normal"
    vat_on: str = "debits"
    prefix: str = ""


def checked(typed: Details) -> Details:
    """The details as they are kept; raise Refusal beside a field where they cannot be.

    ``invoices.missing``, ``invoices.country``, ``invoices.siren``, ``invoices.vat_number``,
    ``invoices.regime_abroad``, ``invoices.prefix`` or ``invoices.choose``.
    """
    told = {name: _line(getattr(typed, name), name) for name in MOST}
    country = typed.country.strip().upper()
    if not _COUNTRY.fullmatch(country):
        raise Refusal("invoices.country", field="country")
    if typed.regime not in REGIMES:
        raise Refusal("invoices.choose", field="regime")
    if typed.vat_on not in rules.VAT_ON:
        raise Refusal("invoices.choose", field="vat_on")
    if (country in AT_HOME) == (typed.regime == "foreign"):
        raise Refusal("invoices.regime_abroad", field="regime")
    prefix = typed.prefix.strip().upper()
    if not _PREFIX.fullmatch(prefix):
        raise Refusal("invoices.prefix", field="prefix")
    siren = _siren(typed.siren, country)
    number = _vat_number(typed, country, siren)
    return replace(typed, **told, country=country, siren=siren, vat_number=number, prefix=prefix)


def plain(told: Details) -> dict[str, Any]:
    """The details as an invoice keeps them of the day it was issued."""
    return asdict(told)


def _line(text: str, name: str) -> str:
    kept = one_line(text.replace("\0", "")).strip()
    if not 0 < len(kept) <= MOST[name]:
        raise Refusal("invoices.missing", field=name, most=MOST[name])
    return kept


def _siren(text: str, country: str) -> str:
    try:
        number = clean_registration(text, country)
    except Refusal:
        number = ""
    if not number:
        raise Refusal("invoices.siren", field="siren")
    return number


def _vat_number(typed: Details, country: str, siren: str) -> str:
    """The number of VAT: compulsory for who charges it, and of the very SIREN in France.

    Monaco's are French ones that begin with «000» and name no SIREN.
    """
    bare = re.sub(r"[\s.]+", "", typed.vat_number).upper()
    if country not in AT_HOME:
        if not _VAT_ABROAD.fullmatch(bare):
            raise Refusal("invoices.vat_number", field="vat_number")
        return bare
    if not bare and typed.regime == "franchise_293B":
        return ""
    try:
        number = tva.validate(bare)
    except ValidationError:
        raise Refusal("invoices.vat_number", field="vat_number") from None
    if country == FRANCE and number[-9:] != siren:
        raise Refusal("invoices.vat_of_another", field="vat_number")
    return f"{FRANCE}{number}"
