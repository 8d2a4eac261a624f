"""Firms whose needs and offers go round, for tests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.exchanges.rings import commands, records, seeking
from incubator.domain.exchanges.rings.models import Ring
from incubator.kernel.db import db, transaction
from tests import factories_listings as listed
from tests.factories_members import a_skill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.exchanges.listings.models import Listing
    from incubator.network.members.models import Skill
    from tests.factories import Make
    from tests.factories_listings import Trader

CITIES = ("Lyon", "Dakar", "Nantes", "Lille")
# What each gives, to the next.
SKILLS = ("Menuiserie", "Affiche", "Traduction", "Comptabilité")


@dataclass(frozen=True)
class Turn:
    """A firm of a ring with what it lists."""

    trader: Trader
    offer: Listing
    need: Listing
    gives: Skill
    takes: Skill


def ringed(
    make: Make,
    size: int = 3,
    *,
    first: Trader | None = None,
    skills: Sequence[Skill] = (),
    **more: Any,
) -> list[Turn]:
    """Firms of as many cities, each offering what the next needs, from 900 to 1 100 euros."""
    given = list(skills)
    given += [a_skill(make, f"{name} {secrets.token_hex(3)}") for name in SKILLS[len(given) : size]]
    told: dict[str, Any] = {"remote": True, "min_cents": 900_00, "max_cents": 1_100_00} | more
    turns = []
    for number in range(size):
        who = f"Personne {number} de {CITIES[number]}"
        trader = first if first and not number else listed.trader(make, CITIES[number], name=who)
        offer = listed.of(
            make, trader, given[number], kind="offer", title=f"Offre secrète {number}", **told
        )
        need = listed.of(make, trader, given[number - 1], title=f"Besoin secret {number}", **told)
        turns.append(Turn(trader, offer, need, given[number], given[number - 1]))
    return turns


def rival_of(make: Make, turn: Turn) -> Turn:
    """A firm that gives what one needs and needs what it offers: a ring of two with it."""
    told: dict[str, Any] = {"remote": True, "min_cents": 900_00, "max_cents": 1_100_00}
    other = listed.trader(make, "Lille")
    offer = listed.of(make, other, turn.takes, kind="offer", **told)
    need = listed.of(make, other, turn.gives, **told)
    return Turn(other, offer, need, turn.takes, turn.gives)


def sought(make: Make, turn: Turn, *, days: float = 0) -> list[int]:
    """Seek and suggest the rings through a firm; their ids."""
    at = make.now + timedelta(days=days)
    made = []
    for each in seeking.through(turn.trader.firm.id, now=at):
        with transaction():
            made.append(seeking.suggest(each, now=at))
    return [each for each in made if each is not None]


def suggested(make: Make, turns: list[Turn]) -> Ring:
    """The ring of these firms, suggested."""
    sought(make, turns[0])
    return again(db.session.scalars(select(Ring).order_by(Ring.id.desc())).first())


def again(ring: Ring | None) -> Ring:
    """The ring as it is now."""
    assert ring
    return records.whole(ring.id)


def says_yes(make: Make, turn: Turn, ring: Ring, rate: int | None = 2000, days: float = 0) -> Ring:
    """A firm is interested."""
    with transaction():
        return commands.interested(
            make.actor(turn.trader.account),
            ring.id,
            vat_bp=rate,
            now=make.now + timedelta(days=days),
        )


def says_no(make: Make, turn: Turn, ring: Ring, reason: str = "") -> None:
    """A firm is not."""
    with transaction():
        commands.refuse(make.actor(turn.trader.account), ring.id, reason=reason, now=make.now)


def ring_pages(make: Make, first: Trader) -> dict[str, int]:
    """A ring that waits and the deal of one that is complete, by what their addresses name."""
    deal_id = complete(make, ringed(make, first=first)).deal_id
    assert deal_id
    return {"ring_id": suggested(make, ringed(make, first=first)).id, "ring_deal": deal_id}


def complete(make: Make, turns: list[Turn]) -> Ring:
    """A ring to which all said yes."""
    ring = suggested(make, turns)
    for turn in turns:
        says_yes(make, turn, ring)
    return again(ring)
