"""Step of the loader: deals between firms of Lyon, each at another point of its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.demo import invoices
from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.exchanges.deals import commands, disputes, performing, queries
from incubator.domain.exchanges.deals.terms import LegTerms, Terms
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from typing import Any

    from incubator.demo.stage import Stage
    from incubator.domain.exchanges.deals.models import Deal

DAY: Final = timedelta(days=1)


class Side(NamedTuple):
    """A firm, who acts for it, what it gives, cents before tax, rate in basis points."""

    firm: str
    who: str
    title: str
    details: str
    cents: int
    rate: int | None = 2000


# The first idea of the network: furniture against an advertisement.
FURNITURE: Final = (
    Side("copeaux-et-cie", "hugo.marchetti", "Banque d’accueil en frêne", "2,40 m, posée", 1800_00),
    Side("plan-large", "leo.brun", "Film de présentation", "90 secondes, une journée", 1800_00),
)
POSTER: Final = (
    Side("atelier-dervaux", "camille.dervaux", "Affiche du marché", "deux formats", 150_00),
    Side("maison-ndiaye", "fatou.ndiaye", "Buffet pour dix-huit", "petit déjeuner", 163_64, 1000),
)
WORKSHOP: Final = (
    Side("bocal-fertile", "lucie.fayard", "Atelier pour dix", "bocaux compris", 420_00, None),
    Side("atelier-dervaux", "camille.dervaux", "Étiquettes et carton d’envoi", "", 350_00),
)
TERRACE: Final = (
    Side("pied-de-mur", "margaux.perrin", "Douze bacs plantés", "vivaces, arrosage", 960_00),
    Side("roue-voisine", "antoine.guichard", "Entretien de six vélos", "un an", 960_00),
)


def agree(stage: Stage) -> str:
    """Furniture against a film, set off; three others under way, proposed and contested."""
    _fulfil(stage)
    _half(stage)
    _propose(stage, WORKSHOP, ago=2)
    _contest(stage)
    return "4 deals"


def _propose(stage: Stage, sides: tuple[Side, Side], *, ago: int, due: int | None = None) -> Deal:
    at = stage.now - ago * DAY
    first, second = sides
    ids = [stage.firms[side.firm] for side in sides]
    due_on = None if due is None else (stage.now + due * DAY).date()
    legs = (_leg(first, due_on, ids), _leg(second, due_on, ids[::-1]))
    new = commands.New(firm_id=ids[0], once=key_of("deal", first.title))
    with as_of(at):
        return commands.propose(_actor(stage, first), new, wish=Terms(legs=legs), now=at)


def _leg(side: Side, due_on: date | None, firm_ids: list[int]) -> LegTerms:
    return LegTerms(
        giver_id=firm_ids[0],
        receiver_id=firm_ids[1],
        title=side.title,
        details=side.details,
        ht_cents=side.cents,
        vat_bp=side.rate,
        due_on=due_on,
    )


def _sign(stage: Stage, sides: tuple[Side, Side], deal: Deal, *, ago: int) -> None:
    for side in sides:
        _act(stage, side, commands.sign, deal.id, ago=ago, seen_hash=deal.terms_hash)


def _fulfil(stage: Stage) -> None:
    deal = _propose(stage, FURNITURE, ago=24)
    _sign(stage, FURNITURE, deal, ago=22)
    legs = [leg.id for leg in queries.whole(deal.id).legs]
    for giver, receiver, leg_id, ago in (
        (FURNITURE[0], FURNITURE[1], legs[0], 14),
        (FURNITURE[1], FURNITURE[0], legs[1], 7),
    ):
        _act(stage, giver, performing.deliver, deal.id, leg_id, ago=ago)
        _act(stage, receiver, performing.accept, deal.id, leg_id, ago=ago - 1)
    for side, form in zip(FURNITURE, ("SARL au capital de 5 000 €", "EURL"), strict=True):
        invoices.identify(stage, side.firm, side.who, form=form, ago=6)
    invoices.settle(stage, (FURNITURE[0].who, FURNITURE[1].who), deal, ago=4)


def _half(stage: Stage) -> None:
    deal = _propose(stage, POSTER, ago=12, due=5)
    _sign(stage, POSTER, deal, ago=10)
    leg_id = queries.whole(deal.id).legs[0].id
    _act(stage, POSTER[0], performing.deliver, deal.id, leg_id, ago=4)
    _act(stage, POSTER[1], performing.accept, deal.id, leg_id, ago=3)
    for side, form in zip(POSTER, ("Entreprise individuelle", "SAS"), strict=True):
        invoices.identify(stage, side.firm, side.who, form=form, ago=3)
    invoices.issue(stage, POSTER[0].who, deal, place=0, ago=2)


def _contest(stage: Stage) -> None:
    deal = _propose(stage, TERRACE, ago=20)
    _sign(stage, TERRACE, deal, ago=18)
    leg_id = queries.whole(deal.id).legs[0].id
    _act(stage, TERRACE[0], performing.deliver, deal.id, leg_id, ago=6)
    told: dict[str, Any] = {"reason": "Trois bacs sur douze sont arrivés secs.", "cents": 864_00}
    _act(stage, TERRACE[1], disputes.contest, deal.id, leg_id, ago=5, **told)
    number = queries.whole(deal.id).disputes[0].id
    told = {"words": "Deux seulement, et je les ai remplacés mardi.", "cents": 1100_00}
    _act(stage, TERRACE[0], disputes.answer, deal.id, number, ago=4, **told)


def _act(
    stage: Stage, side: Side, command: Callable[..., Any], *args: int, ago: int, **more: Any
) -> None:
    at: datetime = stage.now - ago * DAY
    with as_of(at):
        command(_actor(stage, side), *args, now=at, **more)


def _actor(stage: Stage, side: Side) -> Any:
    return stage.actors[email_of(side.who)]
