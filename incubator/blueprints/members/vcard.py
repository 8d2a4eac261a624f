"""A member as a vCard 4.0 (RFC 6350): what address books read. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from incubator.kernel.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incubator.network.accounts.profiles import Profile

OCTETS_A_LINE = 75
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})


def vcard(person: Profile, address: str) -> str:
    """The card of what a reader sees of a person; ``address`` is that of their page."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", *_lines(person, address), "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _lines(person: Profile, address: str) -> Iterator[str]:
    given, _, family = person.name.rpartition(" ")
    yield f"FN:{_text(person.name)}"
    yield f"N:{_text(family)};{_text(given)};;;" if given else f"N:;{_text(person.name)};;;"
    yield f"UID:{_uri(address)}"
    if person.pronouns:
        yield f"PRONOUNS:{_text(person.pronouns)}"
    yield from _firms(person)
    if person.phone:
        yield f"TEL:{_text(person.phone)}"
    if person.email:
        yield f"EMAIL:{_text(person.email)}"
    yield from (f"LANG:{code}" for code in person.speaks)
    if person.time_zone:
        yield f"TZ:{_text(person.time_zone)}"
    yield from (f"URL:{_uri(each)}" for each in _addresses(person, address))
    note = "\n".join(filter(None, (person.headline, plain_text(person.about_html))))
    if note:
        yield f"NOTE:{_text(note)}"


def _firms(person: Profile) -> Iterator[str]:
    """Firms with the title held there; several are told apart by groups."""
    for number, role in enumerate(person.roles, 1):
        group = f"firm{number}." if len(person.roles) > 1 else ""
        yield f"{group}ORG:{_text(role.firm.name)}"
        if role.title:
            yield f"{group}TITLE:{_text(role.title)}"


def _addresses(person: Profile, address: str) -> Iterable[str]:
    return (address, *(link for _, link in person.links))


def _text(value: str) -> str:
    """A text as a property holds it: no control characters, separators escaped."""
    return _CONTROL.sub("", value.replace("\r\n", "\n")).translate(_ESCAPED)


def _uri(value: str) -> str:
    """An address as a property holds it: as it is, on one line."""
    return _CONTROL.sub("", value).replace("\n", "")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a character."""
    pieces, room, piece = [], OCTETS_A_LINE, ""
    for letter in line:
        weight = len(letter.encode())
        if weight > room:
            # What follows begins with a space, which counts.
            pieces.append(piece)
            piece, room = "", OCTETS_A_LINE - 1
        piece += letter
        room -= weight
    return "\r\n ".join([*pieces, piece])
