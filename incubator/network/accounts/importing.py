"""Members from a table: created, or brought up to date by their e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.text import fold
from incubator.network.accounts import commands
from incubator.network.accounts.models import Account, Grant
from incubator.network.members import commands as members
from incubator.network.members.models import Firm, Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from incubator.network.accounts.csv_members import Line


@dataclass
class Outcome:
    """How many members a table created and updated."""

    created: int = 0
    updated: int = 0


def apply(lines: Sequence[Line], time_zone: str, *, now: datetime) -> Outcome:
    """Create or update each member, in the caller's transaction.

    ``time_zone`` serves accounts whose site has none. New members get no password: they ask
    for one by «forgotten password». Empty cells of a known member change nothing.
    """
    outcome = Outcome()
    zones = dict(db.session.execute(select(Site.id, Site.time_zone)).tuples().all())
    for line in lines:
        account = db.session.scalar(select(Account).where(Account.email == line.email))
        if account is None:
            account = _create(line, zones.get(line.site_id, time_zone), now=now)
            outcome.created += 1
        else:
            _grant(account.id, line, now=now)
            outcome.updated += 1
        _describe(db.session.get_one(Member, account.id), line, now=now)
    return outcome


def _create(line: Line, time_zone: str, *, now: datetime) -> Account:
    roles = [(line.role, line.site_id)]
    if line.role == "manager":
        roles.append(("resident", line.site_id))
    person = commands.Newcomer(
        name=line.name,
        email=line.email,
        roles=roles,
        password=None,
        time_zone=time_zone,
        language=line.language,
        home_site_id=line.site_id,
    )
    return commands.admit(None, person, now=now)


def _grant(account_id: int, line: Line, *, now: datetime) -> None:
    held = db.session.scalar(
        select(Grant.id).where(
            Grant.account_id == account_id,
            Grant.role == line.role,
            Grant.site_id == line.site_id,
            Grant.ended_at.is_(None),
        )
    )
    if held is None:
        commands.give_role(None, account_id, role=line.role, site_id=line.site_id, now=now)


def _describe(member: Member, line: Line, *, now: datetime) -> None:
    member.name, member.sort_name = line.name, fold(line.name)
    member.home_site_id = line.site_id
    member.headline = line.headline or member.headline
    member.phone = line.phone or member.phone
    if line.firm:
        _join(member, line, now=now)
    members.index_words(member)


def _join(member: Member, line: Line, *, now: datetime) -> None:
    firm = db.session.scalar(
        select(Firm).where(Firm.name == line.firm, Firm.site_id == line.site_id)
    )
    if firm is None:
        firm = members.found_firm(name=line.firm, site_id=line.site_id)
    members.join_firm(member, firm, on=now.date())
