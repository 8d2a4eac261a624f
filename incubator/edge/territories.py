"""Countries in the reader's language."""

from __future__ import annotations

import re

from babel import Locale

from incubator.edge.locale import LOCALES, language
from incubator.kernel.text import fold

# Codes that are no country.
OTHERS = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def countries() -> list[tuple[str, str]]:
    """Codes and names of the countries in the reader's language, by name."""
    names = Locale.parse(LOCALES[language()]).territories
    found = [
        (code, name) for code, name in names.items() if re.fullmatch("[A-Z]{2}", code) and name
    ]
    known = [pair for pair in found if pair[0] not in OTHERS]
    return sorted(known, key=lambda pair: fold(pair[1]))


def country_name(code: str) -> str:
    """The name of a country in the reader's language."""
    return str(Locale.parse(LOCALES[language()]).territories.get(code, code))
