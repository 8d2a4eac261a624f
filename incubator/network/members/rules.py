"""Rules on what a profile may say: pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SKILLS = 12
MOST_LANGUAGES = 12
LEVELS = (1, 2, 3)
ABOUT_LENGTH = 5000

# ISO 639 codes, those that are heard in the houses first.
_CODES = """
fr en wo ar es de it pt nl br oc eu ca co ff bm mnk srr snk ln sw mg ht kab zgh tr pl ro uk
ru el hu cs sv da fi he fa hi ta vi zh ja ko fsl ase lsq
"""
SPOKEN = tuple(_CODES.split())

_PHONE = re.compile(r"\+?[0-9 ().\-/]{6,39}")


def fit(text: str, field: str, *, most: int, least: int = 0) -> str:
    """The text without spaces around it; refuse one that is too long, or too short."""
    trimmed = text.strip()
    if len(trimmed) > most:
        raise Refusal("members.too_long", field=field, most=most)
    if len(trimmed) < least:
        raise Refusal("members.empty", field=field)
    return trimmed


def clean_phone(text: str) -> str:
    """A phone number as written; refuse what cannot be one."""
    number = " ".join(text.split())
    if number and not _PHONE.fullmatch(number):
        raise Refusal("members.phone", field="phone")
    return number


def clean_languages(codes: Sequence[str]) -> str:
    """Language codes, each once, joined by commas; refuse an unknown one or too many."""
    chosen = list(dict.fromkeys(codes))
    if not set(chosen) <= set(SPOKEN):
        raise Refusal("members.language", field="languages")
    if len(chosen) > MOST_LANGUAGES:
        raise Refusal("members.too_many_languages", field="languages", most=MOST_LANGUAGES)
    return ",".join(chosen)


def check_skills(levels: Sequence[int], wanted: Sequence[int]) -> None:
    """Refuse more than twelve skills offered or wanted, or a level that does not exist."""
    if len(levels) > MOST_SKILLS:
        raise Refusal("members.too_many_skills", field="offered", most=MOST_SKILLS)
    if len(wanted) > MOST_SKILLS:
        raise Refusal("members.too_many_skills", field="wanted", most=MOST_SKILLS)
    if any(level not in LEVELS for level in levels):
        raise Refusal("members.level", field="offered")


def clean_web(text: str) -> str:
    """The address of a web site, with https unless it says http; refuse any other scheme."""
    address = text.strip()
    if not address:
        return ""
    if "://" not in address and not re.match(r"[a-z][a-z0-9+.\-]*:(?![0-9])", address.lower()):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
        parts = urlsplit("")
    plain = not parts.username and not re.search(r"[\s<>\"'\\]", address)
    if parts.scheme not in {"http", "https"} or "." not in host or not plain:
        raise Refusal("members.web", field="web")
    return fit(address, "web", most=200)
