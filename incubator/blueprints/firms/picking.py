"""Finding the member somebody means by a name typed, without a script and without guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.kernel.keyset import Cursor
from incubator.kernel.text import fold, words
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members import directory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.blueprints.firms.forms import InviteForm
    from incubator.network.members.actor import Actor
    from incubator.network.members.directory import Card

SHOWN = 8
SUGGESTED = 40


def meant(form: InviteForm, reader: Actor, today: date) -> int:
    """The id of the member named in the form.

    Raise Refusal ``firms.unknown_member``, ``firms.several_members`` (the form then offers those
    found) or ``firms.guest``: who only visits works in no firm here.
    """
    typed = (form.with_name.data or "").strip()[:120]
    found = _found(typed, reader, today)
    if not found:
        raise Refusal("firms.unknown_member", field="with_name")
    exact = [card for card in found if fold(card.name) == fold(typed)]
    chosen = [card for card in found if str(card.id) == form.who.data]
    if not chosen and len(exact) != 1:
        form.offer_people(found)
        raise Refusal("firms.several_members", field="with_name")
    card = (chosen or exact)[0]
    account = account_of(card.id)
    if account is None or actor_of(account).is_guest:
        raise Refusal("firms.guest", field="with_name")
    return card.id


def _found(typed: str, reader: Actor, today: date) -> Sequence[Card]:
    if not words(typed):
        return []
    # A guess would invite somebody else.
    filters = directory.Filters(text=typed, exact=True)
    return directory.members_page(filters, Cursor(size=SHOWN), today, reader=reader).rows


def suggested(reader: Actor, today: date) -> list[str]:
    """Names to propose: the reader's neighbours."""
    neighbours = directory.members_page(
        directory.Filters(site_id=reader.home_site_id), Cursor(size=SUGGESTED), today, reader=reader
    )
    return [card.name for card in neighbours.rows if card.id != reader.id]
