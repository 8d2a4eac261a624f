"""A part of the step of deals: firms say who they are on invoices, issue them and set them off."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.demo.content import email_of
from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.invoices import (
    agreeing,
    answering,
    drafting,
    identities,
    settling,
)
from incubator.domain.exchanges.invoices.identity_rules import Details
from incubator.kernel.db import as_of, db
from incubator.network.members.firm_models import Firm
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.stage import Stage
    from incubator.domain.exchanges.deals.models import Deal
    from incubator.domain.exchanges.invoices.models import Invoice
    from incubator.network.members.actor import Actor

DAY: Final = timedelta(days=1)
# A French number of VAT begins with a key of the SIREN.
_KEYS: Final = 97


def identify(stage: Stage, slug: str, who: str, *, form: str, ago: int) -> None:
    """A firm says who it is on invoices; it is housed where its site is."""
    firm = db.session.get_one(Firm, stage.firms[slug])
    site = db.session.get_one(Site, firm.site_id)
    street, postcode, _town = re.split(r"(\d{5})", site.address, maxsplit=1)
    key = (12 + 3 * (int(firm.registration) % _KEYS)) % _KEYS
    typed = Details(
        legal_name=firm.name,
        legal_form=form,
        street=street.rstrip(", "),
        postcode=postcode,
        city=firm.city,
        siren=firm.registration,
        vat_number=f"FR{key:02d}{firm.registration}",
    )
    at = stage.now - ago * DAY
    with as_of(at):
        identities.identify(_actor(stage, who), firm.id, typed=typed, now=at)


def issue(
    stage: Stage, who: str, deal: Deal, *, place: int, ago: int, operation: str = "goods"
) -> Invoice:
    """Who gave a leg issues its invoice, of goods or of services."""
    at = stage.now - ago * DAY
    actor, leg = _actor(stage, who), deals.whole(deal.id).legs[place]
    delivered = leg.delivered_at or at
    choices = drafting.Choices(operation=operation, supplied_on=delivered.date())
    with as_of(at):
        draft = drafting.prepare(actor, deal.id, leg.id, today=at.date(), now=at)
        return drafting.issue(actor, draft.id, choices=choices, today=at.date(), now=at)


def settle(stage: Stage, people: tuple[str, str], deal: Deal, *, ago: int) -> None:
    """Both invoices are issued and accepted, both firms agree: the deal is settled."""
    for place, (who, operation) in enumerate(zip(people, ("goods", "services"), strict=True)):
        issue(stage, who, deal, place=place, ago=ago + 1, operation=operation)
    at = stage.now - ago * DAY
    for who, number in zip(people[::-1], _numbers(deal), strict=True):
        with as_of(at):
            answering.receive(_actor(stage, who), number, now=at)
    for who in people:
        _agree(stage, who, deal, at=at)


def _agree(stage: Stage, who: str, deal: Deal, *, at: datetime) -> None:
    plan = agreeing.plan_of(deals.whole(deal.id))
    seen = plan.hash if plan else ""
    with as_of(at):
        agreeing.agree(_actor(stage, who), deal.id, seen_hash=seen, today=at.date(), now=at)


def _numbers(deal: Deal) -> list[int]:
    live = settling.live_of(deal.id)
    return [live[leg.id].id for leg in deals.whole(deal.id).legs]


def _actor(stage: Stage, who: str) -> Actor:
    return stage.actors[email_of(who)]
