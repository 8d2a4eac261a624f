"""Finding the person somebody means by a name typed, without a script and without guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from incubator.domain.commitments import queries
from incubator.kernel.errors import Refusal
from incubator.kernel.keyset import Cursor
from incubator.kernel.text import fold, words
from incubator.network.members import directory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from wtforms import RadioField, StringField

    from incubator.network.members.actor import Actor
    from incubator.network.members.directory import Card

SHOWN = 8
SUGGESTED = 40


class Naming(Protocol):
    """A form in which somebody is named, and can be chosen among those found."""

    with_name: StringField
    receiver: RadioField

    def offer_people(self, cards: Sequence[Card]) -> None:
        """Let one of these be chosen."""


def meant(form: Naming, reader: Actor, today: date) -> int | None:
    """The id of the person named in the form; None when the field is empty.

    Raise Refusal ``commitments.receiver_unknown`` or ``receiver_several``; the form then offers
    those found.
    """
    typed = (form.with_name.data or "").strip()[:120]
    if not typed:
        return None
    found = _found(typed, reader, today)
    if not found:
        raise Refusal("commitments.receiver_unknown", field="with_name")
    exact = [card for card in found if fold(card.name) == fold(typed)]
    chosen = [card for card in found if str(card.id) == form.receiver.data]
    if chosen or len(exact) == 1:
        return (chosen or exact)[0].id
    form.offer_people(found)
    raise Refusal("commitments.receiver_several", field="with_name")


def _found(typed: str, reader: Actor, today: date) -> Sequence[Card]:
    if not words(typed):
        return []
    # A guess would give the hours to somebody else.
    filters = directory.Filters(text=typed, exact=True)
    return directory.members_page(filters, Cursor(size=SHOWN), today, reader=reader).rows


def suggested(reader: Actor, today: date) -> list[str]:
    """Names to propose: whom the reader gave to lately, then their neighbours."""
    neighbours = directory.members_page(
        directory.Filters(site_id=reader.home_site_id), Cursor(size=SUGGESTED), today, reader=reader
    )
    names = queries.recent_receivers(reader.id) + [card.name for card in neighbours.rows]
    return [name for name in dict.fromkeys(names) if name != reader.name]
