"""Who a firm is on its invoices: filled in by its keepers, each wording kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.exchanges.deals.rules import AT_HOME
from incubator.domain.exchanges.invoices import identity_rules
from incubator.domain.exchanges.invoices.events import FirmIdentified
from incubator.domain.exchanges.invoices.identity_rules import Details
from incubator.domain.exchanges.invoices.models import Identity
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.events import record
from incubator.network.members import firm_policy
from incubator.network.members.firm_models import Firm
from incubator.network.members.firm_queries import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

FIELDS = tuple(Details.__dataclass_fields__)


def firm_kept_by(actor: Actor, firm_id: int, *, now: datetime) -> Firm:
    """A firm whose papers the actor may keep: its keepers, its people where nobody is one.

    Raise NotFound ``firms.firm``; NotAllowed ``invoices.keepers``.
    """
    firm = db.session.get(Firm, firm_id)
    if firm is None:
        raise NotFound("firms.firm")
    standing = standing_of(firm, now.date())
    unkept = not standing.is_kept and actor.id in standing.people and not actor.is_guest
    if actor.is_guest or not (firm_policy.may_keep(actor, standing) or unkept):
        raise NotAllowed("invoices.keepers")
    return firm


def identity_of(firm_id: int) -> Details | None:
    """What a firm says of itself on invoices today; None until somebody filled it in."""
    return identities_of([firm_id]).get(firm_id)


def identities_of(firm_ids: list[int]) -> dict[int, Details]:
    """What firms say of themselves on invoices today, of those that filled it in."""
    query = select(Identity).where(Identity.firm_id.in_(firm_ids)).order_by(Identity.id)
    return {
        row.firm_id: Details(**{name: getattr(row, name) for name in FIELDS})
        for row in db.session.scalars(query)
    }


def proposed_for(firm: Firm) -> Details:
    """What the network knows of a firm already, for its keepers to complete."""
    return Details(
        legal_name=firm.name,
        legal_form="",
        street="",
        postcode="",
        city=firm.city,
        siren=firm.registration,
        country=firm.country or identity_rules.FRANCE,
        regime="normal" if firm.country in {"", *AT_HOME} else "foreign",
    )


def identify(actor: Actor, firm_id: int, *, typed: Details, now: datetime) -> Details:
    """Say who a firm is on its invoices from now on; the same again writes nothing.

    Raise NotFound, NotAllowed as ``firm_kept_by``; Refusal beside a field.
    """
    firm_kept_by(actor, firm_id, now=now)
    told = identity_rules.checked(typed)
    if told == identity_of(firm_id):
        return told
    values = identity_rules.plain(told)
    db.session.add(Identity(firm_id=firm_id, by_id=actor.id, at=now, **values))
    db.session.flush()
    record(FirmIdentified(actor_id=actor.id, firm_id=firm_id))
    return told
