"""Letters about leaves, transfers, exits, doubles and erasures, each in its reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from incubator.domain.membership.life_events import (
    ErasureAsked,
    MemberExited,
    ProcessAgreed,
    ProcessAsked,
    ProcessCancelled,
    ProcessEvent,
    ProcessRefused,
)
from incubator.domain.membership.life_models import Process
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.events import MemberMoved
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.events import MemberErased, MembersMerged
from incubator.network.members.models import Member
from incubator.network.sites.models import Site
from incubator.reactions.mail.writing import post, write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Iterable


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(ProcessAsked, asked)
    for kind in (ProcessAgreed, ProcessRefused, ProcessCancelled):
        joins(kind, decided)
    joins(MemberMoved, moved)
    joins(MemberExited, left)
    joins(MembersMerged, merged)
    joins(ErasureAsked, erasure_asked)
    joins(MemberErased, erased)


def asked(event: ProcessAsked) -> None:
    """To those who may answer; a transfer is told to the managers of both sites."""
    row = db.session.get_one(Process, event.process_id)
    values = _values(row)
    sites = [row.from_site_id, row.to_site_id] if row.kind == "transfer" else [row.from_site_id]
    told: set[int | None] = {event.actor_id, row.member_id}
    for site_id in dict.fromkeys(sites):
        readers = _who_runs({site_id}, but=told)
        about = About("process", row.id, "life_asked", by=row.member_id, site_id=site_id)
        write("desk_life", "life_asked", readers, values=values, about=about)
        told |= {reader.id for reader in readers}


def decided(event: ProcessEvent) -> None:
    """To the member, unless they did it themselves; of a transfer, to the site they leave too."""
    row = db.session.get_one(Process, event.process_id)
    what = {"ProcessAgreed": "agreed", "ProcessRefused": "refused"}.get(
        type(event).__name__, "cancelled"
    )
    values = _values(row) | {"what_happened": what, "answer": row.answer}
    if event.actor_id != row.member_id:
        own = values | {"own": "yes"}
        about = About("process", row.id, f"life_{what}")
        write("membership", "life_told", _accounts([row.member_id]), values=own, about=about)
    if row.kind == "transfer":
        readers = _who_runs({row.from_site_id}, but={event.actor_id, row.member_id})
        site_id = row.from_site_id
        about = About("process", row.id, f"life_{what}", by=row.member_id, site_id=site_id)
        write("desk_life", "life_told", readers, values=values | {"own": None}, about=about)


def moved(event: MemberMoved) -> None:
    """A welcome to the member; the managers of the new site hear who comes."""
    site = db.session.get_one(Site, event.to_site_id)
    name = db.session.get_one(Member, event.member_id).name
    values: dict[str, str | None] = {"name": name, "site": site.name}
    reader = _accounts([event.member_id])
    about = About("site", site.id, "life_moved", title=site.name)
    write("membership", "life_moved", reader, values=values | {"own": "yes"}, about=about)
    readers = _who_runs({event.to_site_id}, but={event.actor_id, event.member_id})
    about = About("newcomer", event.member_id, "life_comes", by=event.member_id, site_id=site.id)
    write("desk_life", "life_moved", readers, values=values | {"own": None}, about=about)


def left(event: MemberExited) -> None:
    """A farewell that says what was chosen."""
    name = db.session.get_one(Member, event.member_id).name
    values = {"name": name, "access": event.access, "hours": event.hours}
    about = About("account", 0, "life_left")
    write("membership", "life_left", _accounts([event.member_id]), values=values, about=about)


def merged(event: MembersMerged) -> None:
    """To both addresses: they are one person's, who may not have asked for it."""
    name = db.session.get_one(Member, event.kept_id).name
    (kept,) = _accounts([event.kept_id])
    for reader in _accounts([event.kept_id, event.gone_id]):
        values = {"name": name, "email": kept.email}
        post("life_merged", to=reader.email, language=reader.language, values=values)


def erasure_asked(event: ErasureAsked) -> None:
    """To those who run the site."""
    name = db.session.get_one(Member, event.member_id).name
    values = {"name": name, "erasure_id": str(event.erasure_id)}
    readers = _who_runs({event.site_id}, but={event.member_id})
    about = About("erasure", event.erasure_id, "erasure_asked", site_id=event.site_id)
    write("desk_erasures", "erasure_asked", readers, values=values, about=about)


def erased(event: MemberErased) -> None:
    """The last letter, to the address that is forgotten after it."""
    for reader in _accounts([event.member_id]):
        name = db.session.get_one(Member, event.member_id).name
        post("erased", to=reader.email, language=reader.language, values={"name": name})


def _values(row: Process) -> dict[str, str | None]:
    to_site = db.session.get(Site, row.to_site_id) if row.to_site_id else None
    return {
        "process_id": str(row.id),
        "kind": row.kind,
        "name": db.session.get_one(Member, row.member_id).name,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "site": to_site.name if to_site else None,
    }


def _accounts(ids: Iterable[int]) -> list[Account]:
    query = select(Account).where(Account.id.in_(list(ids))).order_by(Account.id)
    return list(db.session.scalars(query))


def _who_runs(site_ids: set[int | None], *, but: set[int | None]) -> list[Account]:
    """The managers of these sites; the administrators where a site has none, or there is none."""
    known = [site_id for site_id in site_ids if site_id is not None]
    there = _holders(Grant.role == "manager", Grant.site_id.in_(known))
    others = [reader for reader in there if reader.id not in but]
    if others:
        return others
    return [r for r in _holders(Grant.role == "administrator") if r.id not in but]


def _holders(*conditions: ColumnElement[bool]) -> list[Account]:
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(*conditions, Grant.ended_at.is_(None), Account.deactivated_at.is_(None))
        .distinct()
        .order_by(Account.id)
    )
    return list(db.session.scalars(query))
