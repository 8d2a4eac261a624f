"""Letters about requests between members and firms, to whom they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db, utcnow
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.firm_models import FirmRequest
from incubator.network.members.firm_queries import standing_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.network.members.events import FirmRequestDecided, FirmRequested

MOST_READERS = 20


def on_request(event: FirmRequested) -> None:
    """A word to those who may answer; what the machine writes (demo, imports) is told nobody."""
    if event.actor_id is None:
        return
    row = _request(event.request_id)
    kind = "firm_invited" if row.kind == "invite" else "firm_asked"
    _write(kind, row, _answerers(row))


def on_decision(event: FirmRequestDecided) -> None:
    """A word to who asked, unless they took it back themselves."""
    if event.actor_id is None or event.state == "withdrawn":
        return
    row = _request(event.request_id)
    _write("firm_answered", row, {row.asked_by_id})


def _request(request_id: int) -> FirmRequest:
    whole = (joinedload(FirmRequest.firm), joinedload(FirmRequest.member))
    return db.session.scalars(
        select(FirmRequest).where(FirmRequest.id == request_id).options(*whole)
    ).one()


def _answerers(row: FirmRequest) -> set[int]:
    """Whom the policy lets answer: the one invited, the keepers, or who runs the site."""
    if row.kind == "invite":
        return {row.member_id}
    keepers = standing_of(row.firm, utcnow().date()).keepers
    return (set(keepers) or set(_managers_of(row.firm.site_id))) - {row.member_id}


def _managers_of(site_id: int | None) -> Sequence[int]:
    """Who runs a site; the administrators of the network where nobody does."""
    live = select(Grant.account_id).where(Grant.ended_at.is_(None))
    here = db.session.scalars(live.where(Grant.role == "manager", Grant.site_id == site_id)).all()
    return here or db.session.scalars(live.where(Grant.role == "administrator")).all()


def _write(kind: str, row: FirmRequest, reader_ids: Iterable[int]) -> None:
    readers = db.session.scalars(
        select(Account)
        .where(Account.id.in_(sorted(reader_ids)[:MOST_READERS]))
        .where(Account.deactivated_at.is_(None))
        .options(joinedload(Account.member))
    )
    values = {
        "firm": row.firm.name,
        "member": row.member.name,
        "asked": row.kind,
        "state": row.state,
        "message": row.message,
    }
    write(
        "firm_requests",
        kind,
        readers,
        values=lambda reader: values | {"name": reader.member.name},
        about=About("firm", row.id, kind, title=row.firm.name),
    )
