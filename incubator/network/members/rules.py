"""Rules on what a profile may say: pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

MOST_SKILLS = 12
MOST_LANGUAGES = 12
LEVELS = (1, 2, 3)
# How somebody can help with a skill: in writing, by voice, or at their desk.
WAYS = ("by_chat", "by_call", "on_site")
ABOUT_LENGTH = 5000
PRONOUNS_LENGTH = 40
MOST_LINKS = 6
LINK_LABEL_LENGTH = 40

# ISO 639 codes, those that are heard in the houses first.
_CODES = """
fr en wo ar es de it pt nl br oc eu ca co ff bm mnk srr snk ln sw mg ht kab zgh tr pl ro uk
ru el hu cs sv da fi he fa hi ta vi zh ja ko fsl ase lsq
"""
SPOKEN = tuple(_CODES.split())

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_PHONE = re.compile(r"\+?[0-9 ().\-/]{6,39}")


def fit(text: str, field: str, *, most: int, least: int = 0) -> str:
    """The text without spaces around it; refuse one that is too long, or too short.

    Control characters fall away, those too that turn the direction of what follows.
    """
    trimmed = _CONTROLS.sub("", text).strip()
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


def check_ways(ways: Collection[str]) -> frozenset[str]:
    """The ways by which somebody helps; refuse one that does not exist."""
    if not set(ways) <= set(WAYS):
        raise Refusal("members.way", field="ways")
    return frozenset(ways)


def clean_links(links: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of a label and an https address, in their order; a label left out is the host.

    Empty lines fall away. Raise Refusal ``members.too_many_links``, ``members.link_address``
    (https only), ``members.link_twice``, ``members.too_long`` or ``members.web``; the fields
    are named ``link_label_<n>`` and ``link_web_<n>`` after the place of the line.
    """
    kept: list[tuple[str, str]] = []
    for place, (label, text) in enumerate(links):
        if not label.strip() and not text.strip():
            continue
        kept.append(_clean_link(label, text, place))
        if len(kept) > MOST_LINKS:
            raise Refusal("members.too_many_links", most=MOST_LINKS)
        if kept[-1][1] in [address for _, address in kept[:-1]]:
            raise Refusal("members.link_twice", field=f"link_web_{place}")
    return kept


def _clean_link(label: str, text: str, place: int) -> tuple[str, str]:
    field = f"link_web_{place}"
    address = clean_web(text, field)
    if not address.lower().startswith("https://"):
        raise Refusal("members.link_address", field=field)
    host = (urlsplit(address).hostname or "").removeprefix("www.")[:LINK_LABEL_LENGTH]
    words = fit(one_line(label), f"link_label_{place}", most=LINK_LABEL_LENGTH)
    return words or host, address


def clean_web(text: str, field: str = "web") -> str:
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
    plain = not parts.username and not re.search(r"[\s\x00-\x1f\x7f<>\"'\\]", address)
    if parts.scheme not in {"http", "https"} or "." not in host or not plain:
        raise Refusal("members.web", field=field)
    return fit(address, field, most=200)
