"""Members from a table: created, or brought up to date by their e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.kernel.db import db
from incubator.kernel.text import fold
from incubator.network.accounts import commands
from incubator.network.accounts.models import Account
from incubator.network.members import commands as members
from incubator.network.members.firms import FirmDetails
from incubator.network.members.models import Firm, FirmRole, Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.accounts.csv_members import Line

CHUNK = 500


@dataclass
class Outcome:
    """How many members a table created, changed and found as they are."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def apply(lines: Sequence[Line], time_zone: str, *, now: datetime) -> Outcome:
    """Create or update each member, in the caller's transaction.

    ``time_zone`` serves accounts whose site has none. New members are residents unless the
    table says otherwise, and get no password: they ask for one by «forgotten password». Empty
    cells of a known member change nothing; a table takes no role away, but a resident who
    moves is no longer a resident of the site they left.
    """
    outcome = Outcome()
    zones = dict(db.session.execute(select(Site.id, Site.time_zone)).tuples().all())
    for start in range(0, len(lines), CHUNK):
        some = lines[start : start + CHUNK]
        known = accounts_of([line.email for line in some])
        for line in some:
            account = known.get(line.email)
            if account is None:
                account = _create(line, zones.get(line.site_id, time_zone), now=now)
                _describe(account.member, line, firms=(), now=now)
                outcome.created += 1
            elif _update(account, line, now=now):
                outcome.updated += 1
            else:
                outcome.unchanged += 1
    return outcome


def accounts_of(emails: Sequence[str]) -> dict[str, Account]:
    """The accounts of some addresses, with members, grants and firms."""
    here = joinedload(Account.member).selectinload(Member.firms).joinedload(FirmRole.firm)
    found = db.session.scalars(
        select(Account)
        .where(Account.email.in_(emails))
        .options(here)
        .options(joinedload(Account.grants))
    ).unique()
    return {account.email: account for account in found}


def _create(line: Line, time_zone: str, *, now: datetime) -> Account:
    role = line.role or "resident"
    roles = [(role, line.site_id)]
    if role == "manager":
        roles.append(("resident", line.site_id))
    person = commands.Newcomer(
        name=line.name,
        email=line.email,
        roles=roles,
        password=None,
        time_zone=time_zone,
        language=line.language or "fr",
        home_site_id=line.site_id,
    )
    account = commands.admit(None, person, now=now)
    db.session.refresh(account, ["member"])
    return account


def _update(account: Account, line: Line, *, now: datetime) -> bool:
    """Bring a known member up to date; whether anything changed."""
    changed = [_move(account, line, now=now), _grant(account, line, now=now)]
    if line.language and line.language != account.language:
        account.language = line.language
        changed.append(True)
    firms = [role.firm.name for role in account.member.firms if role.until_on is None]
    changed.append(_describe(account.member, line, firms=firms, now=now))
    return any(changed)


def _move(account: Account, line: Line, *, now: datetime) -> bool:
    left = account.member.home_site_id
    if left == line.site_id:
        return False
    account.member.home_site_id = line.site_id
    was_resident = left is not None and _holds(account, "resident", left)
    if was_resident and commands.give_role(
        None, account.id, role="resident", site_id=line.site_id, now=now
    ):
        commands.take_role(None, account.id, role="resident", site_id=left, now=now)
    return True


def _grant(account: Account, line: Line, *, now: datetime) -> bool:
    if not line.role or _holds(account, line.role, line.site_id):
        return False
    if line.role == "guest" and _holds(account, "resident", line.site_id):
        return False
    return commands.give_role(None, account.id, role=line.role, site_id=line.site_id, now=now)


def _holds(account: Account, role: str, site_id: int) -> bool:
    return any(grant.role == role and grant.site_id == site_id for grant in account.grants)


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
    firm = db.session.scalar(
        select(Firm).where(Firm.name == line.firm, Firm.site_id == line.site_id)
    )
    if firm is None:
        details = FirmDetails(name=line.firm)
        members.found_firm(None, founder_id=member.id, details=details, today=now.date())
    else:
        members.join_firm(None, firm_id=firm.id, member_id=member.id, today=now.date())
