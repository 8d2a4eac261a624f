"""Names of the sectors of activity, for every page that tells or asks for one."""

from __future__ import annotations

from functools import cache

from flask_babel import lazy_gettext as _l

from incubator.edge.locale import language
from incubator.kernel.text import fold
from incubator.network.members.sectors import OTHER

SECTOR_NAMES = {
    "accounting": _l("Accounting and management"),
    "beauty": _l("Beauty and well-being"),
    "building": _l("Building and renovation"),
    "communication": _l("Communication and marketing"),
    "consulting": _l("Consulting and engineering"),
    "crafts": _l("Arts and crafts"),
    "culture": _l("Culture, publishing and games"),
    "design": _l("Design and graphics"),
    "energy": _l("Energy and environment"),
    "farming": _l("Farming and landscape"),
    "food": _l("Food and drink makers"),
    "health": _l("Health and personal care"),
    "hospitality": _l("Restaurants, catering and tourism"),
    "hr": _l("Hiring and human resources"),
    "legal": _l("Law"),
    "logistics": _l("Transport and logistics"),
    "manufacturing": _l("Manufacturing and prototypes"),
    "media": _l("Film, photo and sound"),
    "repair": _l("Repair and reuse"),
    "retail": _l("Shops and trade"),
    "software": _l("Software and data"),
    "textile": _l("Textile, fashion and leather"),
    "training": _l("Training and teaching"),
    "translation": _l("Translation and languages"),
    "wood": _l("Wood, furniture and fittings"),
    OTHER: _l("Another sector"),
}


def sector_name(code: str) -> str:
    """A sector in the reader's language; nothing for none."""
    return str(SECTOR_NAMES.get(code, ""))


def sectors() -> tuple[tuple[str, str], ...]:
    """Codes and names of the sectors by name, «another» last."""
    return _sectors(language())


@cache
def _sectors(_language: str) -> tuple[tuple[str, str], ...]:
    named = [(code, str(name)) for code, name in SECTOR_NAMES.items()]
    return tuple(sorted(named, key=lambda pair: (pair[0] == OTHER, fold(pair[1]))))
