"""A member as a vCard 4.0 (RFC 6350): what address books read. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.content_lines import document, text, uri
from incubator.kernel.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from incubator.network.accounts.profiles import Profile


def vcard(person: Profile, address: str) -> str:
    """The card of what a reader sees of a person; ``address`` is that of their page."""
    return document(["BEGIN:VCARD", "VERSION:4.0", *_lines(person, address), "END:VCARD"])


def _lines(person: Profile, address: str) -> Iterator[str]:
    given, _, family = person.name.rpartition(" ")
    yield f"FN:{text(person.name)}"
    yield f"N:{text(family)};{text(given)};;;" if given else f"N:;{text(person.name)};;;"
    yield f"UID:{uri(address)}"
    if person.pronouns:
        yield f"PRONOUNS:{text(person.pronouns)}"
    yield from _firms(person)
    if person.phone:
        yield f"TEL:{text(person.phone)}"
    if person.email:
        yield f"EMAIL:{text(person.email)}"
    yield from (f"LANG:{code}" for code in person.speaks)
    if person.time_zone:
        yield f"TZ:{text(person.time_zone)}"
    yield from (f"URL:{uri(each)}" for each in _addresses(person, address))
    note = "\n".join(filter(None, (person.headline, plain_text(person.about_html))))
    if note:
        yield f"NOTE:{text(note)}"


def _firms(person: Profile) -> Iterator[str]:
    """Firms with the title held there; several are told apart by groups."""
    for number, role in enumerate(person.roles, 1):
        group = f"firm{number}." if len(person.roles) > 1 else ""
        yield f"{group}ORG:{text(role.firm.name)}"
        if role.title:
            yield f"{group}TITLE:{text(role.title)}"


def _addresses(person: Profile, address: str) -> Iterable[str]:
    return (address, *(link for _, link in person.links))
