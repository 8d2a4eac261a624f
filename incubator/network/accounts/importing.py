"""Members from a table: created, or brought up to date by their e-mail address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db
from incubator.kernel.text import fold
from incubator.network.accounts import commands
from incubator.network.accounts.models import Account
from incubator.network.members import commands as members
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.firms import FirmDetails
from incubator.network.members.indexing import index_member, once_at_the_end
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.network.accounts.csv_members import Line
    from incubator.network.members.models import Member

CHUNK = 500
_FIRM_AT = select(Firm).where(Firm.name == bindparam("name"), Firm.site_id == bindparam("site_id"))


@dataclass(frozen=True, kw_only=True)
class House:
    """What an account gets of which neither its line nor its site says anything."""

    time_zone: str
    language: str


@dataclass
class Outcome:
    """How many members a table created, changed and found as they are."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def apply(lines: Sequence[Line], house: House, *, now: datetime) -> Outcome:
    """Create or update each member, in the caller's transaction.

    New members are residents unless the
    table says otherwise, and get no password: they ask for one by «forgotten password». Empty
    cells of a known member change nothing; a table takes no role away, but a resident who
    moves is no longer a resident of the site they left.
    """
    outcome = Outcome()
    zones = dict(db.session.execute(select(Site.id, Site.time_zone)).all())
    with once_at_the_end():
        for start in range(0, len(lines), CHUNK):
            _apply_some(lines[start : start + CHUNK], zones, house, outcome=outcome, now=now)
    return outcome


def _apply_some(
    lines: Sequence[Line],
    zones: Mapping[int, str],
    house: House,
    *,
    outcome: Outcome,
    now: datetime,
) -> None:
    known = accounts_of([line.email for line in lines])
    new = [
        _newcomer(line, replace(house, time_zone=zones.get(line.site_id, house.time_zone)))
        for line in lines
        if line.email not in known
    ]
    admitted = {account.email: account for account in commands.admit_all(None, new, now=now)}
    firms = _firms_of([account.id for account in known.values()])
    for line in lines:
        if line.email in admitted:
            _describe(admitted[line.email].member, line, firms=(), now=now)
            outcome.created += 1
        elif _update(known[line.email], line, firms=firms.get(known[line.email].id, ()), now=now):
            outcome.updated += 1
        else:
            outcome.unchanged += 1


def accounts_of(emails: Sequence[str]) -> dict[str, Account]:
    """The accounts of some addresses, with members and grants."""
    found = db.session.scalars(
        select(Account)
        .where(Account.email.in_(emails))
        .options(joinedload(Account.member), joinedload(Account.grants))
    ).unique()
    return {account.email: account for account in found}


def _firms_of(member_ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of the firms in which some members are."""
    rows = db.session.execute(
        select(FirmRole.member_id, Firm.name)
        .join(FirmRole.firm)
        .where(FirmRole.member_id.in_(member_ids), FirmRole.until_on.is_(None))
    )
    names: dict[int, list[str]] = {}
    for member_id, name in rows:
        names.setdefault(member_id, []).append(name)
    return names


def _newcomer(line: Line, house: House) -> commands.Newcomer:
    role = line.role or "resident"
    roles = [(role, line.site_id)]
    if role == "manager":
        roles.append(("resident", line.site_id))
    return commands.Newcomer(
        name=line.name,
        email=line.email,
        roles=roles,
        password=None,
        time_zone=house.time_zone,
        language=line.language or house.language,
        home_site_id=line.site_id,
    )


def _update(account: Account, line: Line, *, firms: Sequence[str], now: datetime) -> bool:
    """Bring a known member up to date; whether anything changed."""
    # Giving a role reads the account anew, without what hangs on it: all is looked at before.
    member = account.member
    held = {(grant.role, grant.site_id) for grant in account.grants}
    changed = bool(line.language) and line.language != account.language
    account.language = line.language or account.language
    left, member.home_site_id = member.home_site_id, line.site_id
    index_member(member.id)
    changed |= _describe(member, line, firms=firms, now=now) or left != line.site_id
    return _grant(account.id, line, held=held, left=left, now=now) or changed


def _grant(
    account_id: int,
    line: Line,
    *,
    held: set[tuple[str, int | None]],
    left: int | None,
    now: datetime,
) -> bool:
    """Give the role of the line, and to a resident of a site ``left`` that of the new one."""
    wanted = line.role
    moved = left != line.site_id and ("resident", left) in held
    if moved and wanted in {"", "guest"}:
        wanted = "resident"
    if wanted == "guest" and ("resident", line.site_id) in held:
        wanted = ""
    site_id = line.site_id
    given = bool(wanted) and (wanted, site_id) not in held
    if given:
        commands.give_role(None, account_id, role=wanted, site_id=site_id, now=now)
    if moved:
        if wanted == "manager" and ("resident", site_id) not in held:
            commands.give_role(None, account_id, role="resident", site_id=site_id, now=now)
        commands.take_role(None, account_id, role="resident", site_id=left, now=now)
    return given or moved


def _describe(member: Member, line: Line, *, firms: Sequence[str], now: datetime) -> bool:
    """Write what the line says of the person; whether anything was new."""
    said = {"name": line.name, "headline": line.headline, "phone": " ".join(line.phone.split())}
    before = {"name": member.name, "headline": member.headline, "phone": member.phone}
    wanted = {field: words or before[field] for field, words in said.items()}
    if wanted != before:
        members.edit_profile(
            None,
            member_id=member.id,
            about=member.about_md,
            languages=[code for code in member.speaks.split(",") if code],
            **wanted,
        )
    joins = bool(line.firm) and fold(line.firm) not in {fold(name) for name in firms}
    if joins:
        _join(member, line, now=now)
    return joins or wanted != before


def _join(member: Member, line: Line, *, now: datetime) -> None:
    firm = db.session.scalar(_FIRM_AT, {"name": line.firm, "site_id": line.site_id})
    if firm is None:
        details = FirmDetails(name=line.firm)
        members.found_firm(None, founder_id=member.id, details=details, today=now.date())
    else:
        members.join_firm(firm_id=firm.id, member_id=member.id, today=now.date())
