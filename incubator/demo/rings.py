"""Step of the loader: a ring of three cities that became a deal, and those that are suggested."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.demo.content import email_of
from incubator.domain.exchanges.deals import commands as deals
from incubator.domain.exchanges.deals import performing, queries
from incubator.domain.exchanges.rings import commands, seeking
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from incubator.demo.stage import Stage
    from incubator.network.members.actor import Actor

DAY: Final = timedelta(days=1)


class Turn(NamedTuple):
    """A firm of the ring, who answers for it, and the VAT that it charges in basis points."""

    firm: str
    who: str
    rate: int | None


# Wine for a dinner, cotton for an embroiderer, aprons for a cellar.
WINE: Final = (
    Turn("la-cuvee", "paul-henri.vasseur", 2000),
    Turn("baobab-direct", "ibrahima.diop", 2000),
    Turn("soie-buissonniere", "anais.delorme", None),
)


def go_round(stage: Stage) -> str:
    """One ring signed and half delivered; the best of the others wait for answers."""
    _agreed(stage)
    suggested = [seeking.suggest(each, now=stage.now) for each in seeking.everywhere(now=stage.now)]
    return f"{len(suggested) + 1} rings"


def _agreed(stage: Stage) -> None:
    at = stage.now - 14 * DAY
    firm_ids = {stage.firms[turn.firm] for turn in WINE}
    with as_of(at):
        found = seeking.through(stage.firms[WINE[0].firm], now=at)
        candidate = next(each for each in found if set(each.firm_ids) == firm_ids)
        # What is not there is not found: the loading stops.
        ring_id = seeking.suggest(candidate, now=at) or 0
        said = [
            commands.interested(_actor(stage, turn), ring_id, vat_bp=turn.rate, now=at)
            for turn in WINE
        ]
    _perform(stage, said[-1].deal_id or 0)


def _perform(stage: Stage, deal_id: int) -> None:
    """All sign; the wine is there, and accepted."""
    at = stage.now - 12 * DAY
    with as_of(at):
        seen = queries.whole(deal_id).terms_hash
        for turn in WINE:
            deals.sign(_actor(stage, turn), deal_id, seen_hash=seen, now=at)
    cellar, importer, _embroiderer = WINE
    legs = queries.whole(deal_id).legs
    wine = next(leg for leg in legs if leg.giver_id == stage.firms[cellar.firm])
    at = stage.now - 6 * DAY
    with as_of(at):
        performing.deliver(_actor(stage, cellar), deal_id, wine.id, now=at)
    at = stage.now - 5 * DAY
    with as_of(at):
        performing.accept(_actor(stage, importer), deal_id, wine.id, now=at)


def _actor(stage: Stage, turn: Turn) -> Actor:
    return stage.actors[email_of(turn.who)]
