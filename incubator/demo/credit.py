"""Step of the loader: mutual credit, switched on by who runs the network, between two cities."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.exchanges.deals import commands, performing, queries, terms
from incubator.domain.exchanges.deals.terms import LegTerms, Terms
from incubator.domain.exchanges.ledger import accounts, switch
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.demo.stage import Stage

DAY: Final = timedelta(days=1)
RUNS_IT: Final = "gaelle.riou"
# What she read; the page keeps the text of the product with each later act.
READ: Final = (
    "Le crédit mutuel n’est pas de l’argent. Crédit à titre onéreux : CMF L. 313-1 et L. 511-5. "
    "Moyens de paiement : L. 521-3, L. 525-5 et L. 525-6. La cotisation : question posée à notre "
    "juriste, qui a répondu."
)
# Who takes part, and who acts for each.
PARTNERS: Final = {
    "maree-haute": "solene.moreau",
    "brasserie-du-sillon": "pierrick.lebas",
    "baobab-direct": "ibrahima.diop",
    "la-cuvee": "paul-henri.vasseur",
    "biscuits-delattre": "jeanne.delattre",
}


class Gift(NamedTuple):
    """What a firm gives another on its line: cents before tax, and how many days ago.

    ``done`` says how far it is: «signed», «delivered» or «accepted».
    """

    giver: str
    receiver: str
    title: str
    cents: int
    ago: int
    done: str


GIFTS: Final = (
    Gift(
        "brasserie-du-sillon",
        "maree-haute",
        "Deux fûts pour l’inauguration",
        240_00,
        60,
        "accepted",
    ),
    Gift(
        "biscuits-delattre",
        "brasserie-du-sillon",
        "Sablés de comptoir, un mois",
        180_00,
        45,
        "accepted",
    ),
    Gift("la-cuvee", "biscuits-delattre", "Coffrets de fin d’année", 300_00, 30, "accepted"),
    Gift("baobab-direct", "la-cuvee", "Jus de bissap, dix caisses", 150_00, 9, "delivered"),
    Gift("maree-haute", "baobab-direct", "Photos de la gamme", 320_00, 4, "signed"),
)


def trade(stage: Stage) -> str:
    """Switch it on, let five firms join, and let each give something to the next."""
    boss, at = stage.actors[email_of(RUNS_IT)], stage.now - 90 * DAY
    with as_of(at):
        switch.switch(boss, turned_on=True, text_read=READ, now=at)
    for firm, who in PARTNERS.items():
        at = stage.now - 80 * DAY
        with as_of(at):
            actor = stage.actors[email_of(who)]
            accounts.open_account(actor, firm_id=stage.firms[firm], now=at)
    for gift in GIFTS:
        _give(stage, gift)
    return f"{len(PARTNERS)} firms on mutual credit"


def _give(stage: Stage, gift: Gift) -> None:
    ids = {firm: stage.firms[firm] for firm in (gift.giver, gift.receiver)}
    leg = LegTerms(
        giver_id=ids[gift.giver],
        receiver_id=ids[gift.receiver],
        title=gift.title,
        ht_cents=gift.cents,
        vat_bp=2000,
    )
    new = commands.New(firm_id=leg.receiver_id, once=key_of("credit", gift.title))
    wish = terms.on_credit(Terms(legs=(leg,)))
    deal = _act(stage, gift.receiver, commands.propose, new, ago=gift.ago, wish=wish)
    for firm in (gift.receiver, gift.giver):
        _act(stage, firm, commands.sign, deal.id, ago=gift.ago - 1, seen_hash=deal.terms_hash)
    number = queries.whole(deal.id).legs[0].id
    if gift.done != "signed":
        _act(stage, gift.giver, performing.deliver, deal.id, number, ago=gift.ago - 7)
    if gift.done == "accepted":
        _act(stage, gift.receiver, performing.accept, deal.id, number, ago=gift.ago - 8)


def _act(
    stage: Stage, firm: str, command: Callable[..., Any], *args: Any, ago: int, **more: Any
) -> Any:
    at = stage.now - ago * DAY
    with as_of(at):
        return command(stage.actors[email_of(PARTNERS[firm])], *args, now=at, **more)
