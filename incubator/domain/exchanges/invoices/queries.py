"""What can be read of invoices. ``visible_to`` is the only door: hidden is not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.exchanges.deals import queries as deals
from incubator.domain.exchanges.deals.models import DealLeg, DealParty
from incubator.domain.exchanges.invoices import rules
from incubator.domain.exchanges.invoices.models import (
    CreditLine,
    Invoice,
    Setoff,
    SetoffConsent,
    SetoffLine,
)
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.reader import READER_ID, Counter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from incubator.network.members.actor import Actor

PAGE_SIZE: Final = 20
WAITING_MOST: Final = 20
VIEWS: Final = ("given", "received", "all")
SETOFFS_MOST: Final = 20


@dataclass(frozen=True)
class Seen:
    """An invoice, and the firms of it in which the reader works."""

    invoice: Invoice
    own: frozenset[int]

    @property
    def gives(self) -> bool:
        """Whether the reader acts for who issues it, and for nobody else of it."""
        return self.own == {self.invoice.issuer_id}

    @property
    def receives(self) -> bool:
        """Whether the reader acts for who receives it, and for nobody else of it."""
        return self.own == {self.invoice.recipient_id}


def visible_to(actor: Actor, invoice_id: int) -> Seen:
    """An invoice for its reader; raise NotFound ``invoices.invoice``.

    People of its two firms and administrators; a draft is for its issuer's people alone.
    """
    found = db.session.scalar(
        select(Invoice)
        .where(Invoice.id == invoice_id)
        .options(joinedload(Invoice.issuer), joinedload(Invoice.recipient))
        .execution_options(populate_existing=True)
    )
    if found is None or actor.is_guest:
        raise NotFound("invoices.invoice")
    own = deals.own_of(actor.id, [found.issuer_id, found.recipient_id])
    readers = own & {found.issuer_id} if found.status == "draft" else own
    if not readers and not actor.is_administrator:
        raise NotFound("invoices.invoice")
    return Seen(found, own)


def page_for(actor: Actor, view: str, cursor: Cursor) -> Page[Invoice]:
    """The invoices of the firms in which somebody works, the newest first; no foreign draft."""
    mine = select(FirmRole.firm_id).where(
        FirmRole.member_id == actor.id, FirmRole.until_on.is_(None)
    )
    given = Invoice.issuer_id.in_(mine)
    received = Invoice.recipient_id.in_(mine) & (Invoice.status != "draft")
    wanted = {"given": given, "received": received}.get(view, or_(given, received))
    query = (
        select(Invoice)
        .where(wanted)
        .options(joinedload(Invoice.issuer), joinedload(Invoice.recipient))
    )
    return keyset_page(query, (Invoice.id,), cursor, newest_first=True)


def of_deal(deal_id: int, own: frozenset[int], *, everything: bool) -> Sequence[Invoice]:
    """The invoices of a deal for people of these firms, drafts of others left out."""
    query = select(Invoice).where(Invoice.deal_id == deal_id).order_by(Invoice.id)
    if not everything:
        query = query.where(or_(Invoice.status != "draft", Invoice.issuer_id.in_(sorted(own))))
    return db.session.scalars(query).all()


def credit_of(invoice_id: int) -> Invoice | None:
    """The credit note that took an invoice back."""
    return db.session.scalar(select(Invoice).where(Invoice.credits_id == invoice_id))


def credited(note: Invoice) -> Invoice | None:
    """The invoice that a credit note takes back; None of an invoice."""
    return db.session.get(Invoice, note.credits_id) if note.credits_id else None


def set_off_by(invoice_id: int) -> Sequence[SetoffLine]:
    """What set-offs in effect took of an invoice, the first one first.

    Who may read the invoice may read these set-offs: ``setoff_visible_to`` asks for the same firms.
    """
    return db.session.scalars(
        select(SetoffLine)
        .join(Setoff, Setoff.id == SetoffLine.setoff_id)
        .where(SetoffLine.invoice_id == invoice_id, Setoff.state == "effective")
        .options(joinedload(SetoffLine.setoff))
        .order_by(SetoffLine.id)
        .limit(SETOFFS_MOST)
    ).all()


def setoffs_of(deal_id: int) -> Sequence[Setoff]:
    """The set-offs that touch a deal, the newest first, void ones left out."""
    touching = (
        select(SetoffLine.setoff_id)
        .join(Invoice, Invoice.id == SetoffLine.invoice_id)
        .where(Invoice.deal_id == deal_id)
    )
    return db.session.scalars(
        select(Setoff)
        .where(or_(Setoff.deal_id == deal_id, Setoff.id.in_(touching)), Setoff.state != "void")
        .options(selectinload(Setoff.consents).joinedload(SetoffConsent.person))
        .order_by(Setoff.id.desc())
        .limit(SETOFFS_MOST)
        .execution_options(populate_existing=True)
    ).all()


def open_setoff(deal_id: int) -> Setoff | None:
    """The set-off of a deal that waits for signatures."""
    return db.session.scalar(
        select(Setoff)
        .where(Setoff.deal_id == deal_id, Setoff.kind == "deal", Setoff.state == "draft")
        .options(selectinload(Setoff.consents).joinedload(SetoffConsent.person))
        .execution_options(populate_existing=True)
    )


def setoff_visible_to(actor: Actor, setoff_id: int) -> tuple[Setoff, list[SetoffLine]]:
    """A set-off in effect and the lines of it that concern the reader's firms.

    Administrators read all lines. Raise NotFound ``invoices.setoff``.
    """
    found = db.session.get(Setoff, setoff_id)
    if found is None or found.state != "effective" or actor.is_guest:
        raise NotFound("invoices.setoff")
    query = (
        select(SetoffLine)
        .join(Invoice, Invoice.id == SetoffLine.invoice_id)
        .where(SetoffLine.setoff_id == setoff_id)
        .options(
            joinedload(SetoffLine.invoice).options(
                joinedload(Invoice.issuer), joinedload(Invoice.recipient)
            )
        )
        .order_by(SetoffLine.id)
    )
    if not actor.is_administrator:
        mine = select(FirmRole.firm_id).where(
            FirmRole.member_id == actor.id, FirmRole.until_on.is_(None)
        )
        query = query.where(or_(Invoice.issuer_id.in_(mine), Invoice.recipient_id.in_(mine)))
    lines = list(db.session.scalars(query))
    if not lines:
        raise NotFound("invoices.setoff")
    return found, lines


def dated(firm_id: int, since: date, until: date) -> list[Invoice]:
    """The invoices and credit notes that a firm has booked on these days, by day."""
    late = case((Invoice.recipient_id == firm_id, Invoice.booked_on))
    day = func.coalesce(late, Invoice.issued_on)
    query = (
        select(Invoice)
        .where(or_(Invoice.issuer_id == firm_id, Invoice.recipient_id == firm_id))
        # Nothing is booked before its own day: the first two are found by index.
        .where(Invoice.issued_on <= until, or_(Invoice.issued_on >= since, late >= since))
        .where(day >= since, day <= until, Invoice.status != "draft")
        .options(joinedload(Invoice.issuer), joinedload(Invoice.recipient))
        .order_by(day, Invoice.id)
        .limit(rules.LINES_MOST)
    )
    return list(db.session.scalars(query))


def set_off_in(firm_id: int, since: date, until: date) -> list[SetoffLine]:
    """The lines of set-offs of these days that concern a firm, by set-off."""
    query = (
        select(SetoffLine)
        .join(Setoff, Setoff.id == SetoffLine.setoff_id)
        .join(Invoice, Invoice.id == SetoffLine.invoice_id)
        .where(or_(Invoice.issuer_id == firm_id, Invoice.recipient_id == firm_id))
        .where(Setoff.effective_on >= since, Setoff.effective_on <= until)
        .options(
            joinedload(SetoffLine.setoff),
            joinedload(SetoffLine.invoice).options(
                joinedload(Invoice.issuer), joinedload(Invoice.recipient)
            ),
        )
        .order_by(SetoffLine.setoff_id, SetoffLine.id)
        .limit(rules.LINES_MOST)
    )
    return list(db.session.scalars(query))


def credited_in(firm_id: int, since: date, until: date) -> list[CreditLine]:
    """What mutual credit paid of invoices of a firm in these days, and gave back, by day."""
    query = (
        select(CreditLine)
        .join(Invoice, Invoice.id == CreditLine.invoice_id)
        .where(or_(Invoice.issuer_id == firm_id, Invoice.recipient_id == firm_id))
        .where(CreditLine.applied_on >= since, CreditLine.applied_on <= until)
        .options(joinedload(CreditLine.invoice))
        .order_by(CreditLine.applied_on, CreditLine.id)
        .limit(rules.LINES_MOST)
    )
    return list(db.session.scalars(query))


_own = select(FirmRole.firm_id).where(FirmRole.member_id == READER_ID, FirmRole.until_on.is_(None))
_theirs = select(DealParty.deal_id).where(DealParty.firm_id.in_(_own))
_live = (
    select(Invoice.id)
    .where(Invoice.leg_id == DealLeg.id, Invoice.kind == "invoice")
    .where(Invoice.status.not_in(("credited", "draft")))
    .exists()
)
_to_write = select(DealLeg.id).where(
    DealLeg.deal_id.in_(_theirs),
    DealLeg.giver_id.in_(_own),
    DealLeg.mode != "gift",
    DealLeg.state.in_(rules.MAY_INVOICE),
    ~_live,
)
_to_look_at = select(Invoice.id).where(
    Invoice.recipient_id.in_(_own), Invoice.status == "issued", Invoice.kind == "invoice"
)
_asks = _to_write.union_all(_to_look_at).limit(WAITING_MOST).subquery()
# What waits for the reader: invoices to write, invoices to look at.
WAITING: Final = Counter(select(func.count()).select_from(_asks).scalar_subquery(), WAITING_MOST)
