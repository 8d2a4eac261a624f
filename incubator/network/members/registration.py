"""The number under which a firm is registered, checked as its country does. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from stdnum.at import uid as at_uid
from stdnum.be import vat as be_vat
from stdnum.br import cnpj as br_cnpj
from stdnum.ca import bn as ca_bn
from stdnum.ch import uid as ch_uid
from stdnum.de import handelsregisternummer as de_register
from stdnum.de import vat as de_vat
from stdnum.dk import cvr as dk_cvr
from stdnum.dz import nif as dz_nif
from stdnum.es import nif as es_nif
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fi import ytunnus as fi_ytunnus
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.it import iva as it_iva
from stdnum.lu import tva as lu_tva
from stdnum.ma import ice as ma_ice
from stdnum.nl import btw as nl_btw
from stdnum.no import orgnr as no_orgnr
from stdnum.pl import nip as pl_nip
from stdnum.pt import nif as pt_nif
from stdnum.ro import cf as ro_cf
from stdnum.se import orgnr as se_orgnr
from stdnum.sn import ninea as sn_ninea
from stdnum.tn import mf as tn_mf
from stdnum.us import ein as us_ein

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from types import ModuleType

LONGEST = 40
SIREN_LENGTH = 9

_AS_WRITTEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z .\-/]{1,39}")
_LETTERS_AND_DIGITS = re.compile(r"[^0-9A-Z]+")


class Standard(Protocol):
    """A module of stdnum."""

    def validate(self, number: str) -> str:
        """The number without spaces and marks, or ValidationError."""
        ...


@dataclass(frozen=True)
class Number:
    """The number that firms of a country have.

    ``name`` is what it is called there, ``example`` a well-formed one, ``standards`` check it;
    ``shape`` matches numbers that the country gives without a check digit.
    """

    name: str
    example: str
    standards: tuple[ModuleType, ...]
    shape: str = ""


NUMBERS = {
    "AT": Number("UID", "ATU13585627", (at_uid,)),
    "BE": Number("BCE / KBO", "0428.759.497", (be_vat,)),
    "BR": Number("CNPJ", "16.727.230/0001-97", (br_cnpj,)),
    # In Québec firms know their NEQ, which begins by its kind and has no public check digit.
    "CA": Number("NE / BN, NEQ", "12302 6635", (ca_bn,), r"(?:11|22|33|88)[0-9]{8}"),
    "CH": Number("IDE / UID", "CHE-100.155.212", (ch_uid,)),
    "DE": Number("USt-IdNr.", "DE136695976", (de_vat, de_register)),
    "DK": Number("CVR", "13585628", (dk_cvr,)),
    "DZ": Number("NIF", "416001000000007", (dz_nif,)),
    "ES": Number("NIF", "B-58378431", (es_nif,)),
    "FI": Number("Y-tunnus", "2077474-0", (fi_ytunnus,)),
    "FR": Number("SIREN", "732 829 320", (fr_siren, fr_siret)),
    "GB": Number("CRN, VAT", "09876543", (gb_vat,), r"(?:[0-9]{8}|[A-Z]{2}[0-9]{6})"),
    "IE": Number("VAT", "6433435F", (ie_vat,)),
    "IT": Number("Partita IVA", "00743110157", (it_iva,)),
    "LU": Number("TVA", "LU 150 274 42", (lu_tva,)),
    "MA": Number("ICE", "001561191000066", (ma_ice,)),
    "NL": Number("KvK, btw", "12345678", (nl_btw,), r"[0-9]{8}"),
    "NO": Number("Orgnr.", "988 077 917", (no_orgnr,)),
    "PL": Number("NIP", "856-734-62-15", (pl_nip,)),
    "PT": Number("NIF", "501 964 843", (pt_nif,)),
    "RO": Number("CUI", "18547290", (ro_cf,)),
    "SE": Number("Orgnr.", "123456-7897", (se_orgnr,)),
    "SN": Number("NINEA", "306 7221", (sn_ninea,)),
    "TN": Number("MF", "1234567/M/A/E/001", (tn_mf,)),
    "US": Number("EIN", "91-1144442", (us_ein,)),
}


def clean_registration(text: str, country: str) -> str:
    """The number without its spaces and marks, checked as ``country`` (ISO 3166) does.

    Of a French SIRET its SIREN is kept. Where no check is known the number stays as written.
    Raise Refusal ``firms.registration`` on what cannot be one, ``firms.check_digit`` on one with
    a digit mistyped.
    """
    number = " ".join(text.split())
    if not number:
        return ""
    known = NUMBERS.get(country)
    if known is not None:
        return _checked(number, known)[: SIREN_LENGTH if country == "FR" else LONGEST]
    if not _AS_WRITTEN.fullmatch(number):
        raise Refusal("firms.registration_letters", field="registration")
    return number


def _checked(number: str, known: Number) -> str:
    reason = "firms.registration"
    for module in known.standards:
        try:
            clean: str = cast("Standard", module).validate(number)
        except InvalidChecksum:
            reason = "firms.check_digit"
        except ValidationError:
            continue
        else:
            if clean.isascii() and len(clean) <= LONGEST:
                return clean
    bare = _LETTERS_AND_DIGITS.sub("", number.upper())
    if known.shape and re.fullmatch(known.shape, bare):
        return bare
    raise Refusal(reason, field="registration", kind=known.name, example=known.example)


def registration_key(number: str, country: str) -> str | None:
    """What two writings of one number in one country have in common; None without a number."""
    bare = _LETTERS_AND_DIGITS.sub("", number.upper())
    return f"{country}:{bare}" if bare else None


def spelled(number: str, country: str) -> str:
    """A number to read: grouped as its country does, by spaces that do not break."""
    known = NUMBERS.get(country)
    for module in known.standards if known else ():
        shape = getattr(module, "format", None)
        if shape is not None and _passes(module, number):
            return str(shape(number)).replace(" ", "\u202f")
    return number


def _passes(module: ModuleType, number: str) -> bool:
    try:
        cast("Standard", module).validate(number)
    except ValidationError:
        return False
    return True
