"""Step of the loader: netting between four firms, a round carried out and one that waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from incubator.demo import invoices
from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.exchanges.deals import commands, performing, queries
from incubator.domain.exchanges.deals.terms import LegTerms, Terms
from incubator.domain.exchanges.rounds import (
    answering,
    computing,
    parts,
    records,
    rules,
    running,
    switch,
)
from incubator.kernel.db import as_of, db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from incubator.demo.stage import Stage
    from incubator.domain.exchanges.rounds.models import Round

DAY: Final = timedelta(days=1)
RUNS_IT: Final = "gaelle.riou"
# What she read; the page keeps the text of the product with each later act.
READ: Final = (
    "La compensation à plus de deux n’est pas celle de l’article 1347 du Code civil. Elle repose "
    "ici sur l’article 1348-2, par notre convention-cadre, relue par notre juriste."
)
PRINTER, CARRIER, TAILOR, SAILMAKER = (
    "filament-3d",
    "demi-palette",
    "fil-de-lys",
    "coque-et-voile",
)
# Who takes part, who answers for each, and what it is in law.
PARTNERS: Final = {
    PRINTER: ("yanis.haddad", "SARL au capital de 3 000 €"),
    CARRIER: ("gautier.hennion", "SAS au capital de 8 000 €"),
    TAILOR: ("charlotte.vermeersch", "EURL"),
    SAILMAKER: ("damien.rousseau", "Entreprise individuelle"),
}


class Sale(NamedTuple):
    """What a firm sold another for euros: cents before tax, when it was invoiced, and what."""

    giver: str
    receiver: str
    title: str
    cents: int
    ago: int
    operation: str = "goods"


# Invoices are to be paid within thirty days: all of these are due. The first three go round.
SALES: Final = (
    Sale(CARRIER, PRINTER, "Quatre envois groupés vers Lyon", 400_00, 52, "services"),
    Sale(PRINTER, TAILOR, "Six cents boutons en plastique recyclé", 600_00, 50),
    Sale(TAILOR, CARRIER, "Douze vestes de quai", 500_00, 48),
    Sale(CARRIER, SAILMAKER, "Deux palettes de Nantes à Lille", 250_00, 38, "services"),
    Sale(SAILMAKER, TAILOR, "Doublures en toile de voile", 300_00, 37),
    Sale(CARRIER, PRINTER, "Un envoi groupé vers Paris", 150_00, 36, "services"),
    Sale(TAILOR, CARRIER, "Vestes de pluie pour l’équipe", 300_00, 35),
)
FIRST: Final = 3


def clear(stage: Stage) -> str:
    """Switch it on, let four firms in, carry one round out, and show them another."""
    boss, at = stage.actors[email_of(RUNS_IT)], stage.now - 60 * DAY
    with as_of(at):
        switch.switch(boss, turned_on=True, text_read=READ, now=at)
    for firm, (who, form) in PARTNERS.items():
        invoices.identify(stage, firm, who, form=form, ago=58)
        _act(stage, firm, parts.take_part, ago=57, firm_id=stage.firms[firm])
    for sale in SALES[:FIRST]:
        _sell(stage, sale)
    found = _shown(stage, ago=16)
    _agree(stage, found, (PRINTER, CARRIER, TAILOR), ago=14)
    for ago, act in ((13, running.execute), (12, running.publish)):
        with as_of(stage.now - ago * DAY):
            act(boss, found.id, now=stage.now - ago * DAY)
    for sale in SALES[FIRST:]:
        _sell(stage, sale)
    _agree(stage, _shown(stage, ago=2), (CARRIER,), ago=1)
    return "2 rounds of netting"


def _sell(stage: Stage, sale: Sale) -> None:
    """Proposed, signed, delivered, accepted and invoiced."""
    ids = {firm: stage.firms[firm] for firm in (sale.giver, sale.receiver)}
    leg = LegTerms(
        giver_id=ids[sale.giver],
        receiver_id=ids[sale.receiver],
        title=sale.title,
        ht_cents=sale.cents,
        vat_bp=2000,
        mode="cash",
    )
    new = commands.New(firm_id=leg.giver_id, once=key_of("sale", sale.title))
    wish = Terms(legs=(leg,))
    deal = _act(stage, sale.giver, commands.propose, new, ago=sale.ago + 14, wish=wish)
    for firm in (sale.receiver, sale.giver):
        _act(stage, firm, commands.sign, deal.id, ago=sale.ago + 12, seen_hash=deal.terms_hash)
    number = queries.whole(deal.id).legs[0].id
    _act(stage, sale.giver, performing.deliver, deal.id, number, ago=sale.ago + 3)
    _act(stage, sale.receiver, performing.accept, deal.id, number, ago=sale.ago + 1)
    who, _form = PARTNERS[sale.giver]
    invoices.issue(stage, who, deal, place=0, ago=sale.ago, operation=sale.operation)


def _shown(stage: Stage, *, ago: int) -> Round:
    """A round of all that was due, computed and shown to its firms."""
    boss, at = stage.actors[email_of(RUNS_IT)], stage.now - ago * DAY
    with as_of(at):
        told = running.New(
            cutoff=at.date(),
            mode=rules.PURE,
            answer_days=rules.USUAL_DAYS,
            once=key_of("round", str(ago)),
        )
        found = running.open_round(boss, told, now=at)
        computing.keep(boss, computing.plan(found.id, reason="first"), now=at)
        return running.show(boss, found.id, revision=records.seen(found.id).revision, now=at)


def _agree(stage: Stage, found: Round, firms: Iterable[str], *, ago: int) -> None:
    for firm in firms:
        notice = records.notice_of(found, stage.firms[firm])
        read = rules.Shown(notice.payables_cleared, notice.receivables_cleared, notice.ledger_delta)
        told = {"firm_id": notice.firm_id, "seen": read}
        _act(stage, firm, answering.accept, found.id, ago=ago, **told)
    db.session.flush()


def _act(
    stage: Stage, firm: str, command: Callable[..., Any], *args: Any, ago: int, **more: Any
) -> Any:
    at, (who, _form) = stage.now - ago * DAY, PARTNERS[firm]
    with as_of(at):
        return command(stage.actors[email_of(who)], *args, now=at, **more)
