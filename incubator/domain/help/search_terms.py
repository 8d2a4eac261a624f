"""What is typed in the search of threads: «site:lyon est:ouverte from:nadia facture». Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incubator.kernel.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

# Keys in both languages, folded; any other word before a colon is a word like the others.
KEYS: Final[Mapping[str, str]] = {
    "site": "site",
    "lieu": "site",
    "skill": "skill",
    "competence": "skill",
    "is": "is",
    "est": "is",
    "etat": "is",
    "from": "from",
    "de": "from",
    "by": "from",
    "par": "from",
}
STATES: Final[Mapping[str, str]] = {
    "open": "open",
    "ouvert": "open",
    "ouverte": "open",
    "solved": "solved",
    "resolu": "solved",
    "resolue": "solved",
    "unanswered": "unanswered",
    "sans-reponse": "unanswered",
    "mine": "mine",
    "followed": "followed",
    "suivi": "followed",
    "suivie": "followed",
    "saved": "saved",
    "garde": "saved",
    "gardee": "saved",
}
ME: Final = frozenset({"me", "moi"})
LONGEST: Final = 200
# A key and its value, in quotation marks if it has spaces; else a word.
_PART = re.compile(r'(?P<key>[^\W\d_]+):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))|(?P<word>\S+)')
_QUOTES = str.maketrans(dict.fromkeys("«»“”", '"'))


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A search taken apart: its words, and the last value typed for each key."""

    words: str = ""
    site: str = ""
    skill: str = ""
    state: str = ""
    author: str = ""


def parse(text: str) -> Typed:
    """Take a search apart; an unknown key, or one without a value, stays a word."""
    words: list[str] = []
    told: dict[str, str] = {}
    for found in _PART.finditer(text.translate(_QUOTES)[:LONGEST]):
        key = KEYS.get(fold(found["key"] or ""))
        value = (found["quoted"] or found["plain"] or "").strip(' "')
        state = STATES.get(fold(value).replace(" ", "-")) if key == "is" else value
        if key and state:
            told[key] = state
        else:
            words.append(found[0].replace('"', " ").strip())
    return Typed(
        words=" ".join(filter(None, words)),
        site=told.get("site", ""),
        skill=told.get("skill", ""),
        state=told.get("is", ""),
        author=told.get("from", ""),
    )
