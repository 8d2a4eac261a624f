"""Members from the command line: the first administrator, and tables of members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db, utcnow
from incubator.kernel.text import fold
from incubator.network.accounts import commands as accounts
from incubator.network.accounts import importing
from incubator.network.accounts.csv_members import Table, read_table
from incubator.network.accounts.models import Account
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.kernel.settings import Settings

WORDS = {
    "accounts.email_taken": "An account has this e-mail address already.",
    "accounts.password_short": "The password needs at least 10 characters.",
    "accounts.password_long": "The password is longer than 200 characters.",
    "accounts.password_common": "This password is too well known; choose another.",
    "accounts.password_personal": "The password must not be the name or the e-mail address.",
}


class CannotImport(Exception):
    """Nothing was imported; the message is one clear sentence."""


@dataclass
class Plan:
    """What an import would do."""

    table: Table
    known: set[str]

    def describe(self) -> Iterator[str]:
        """The preview: a line a member, then a line a fault."""
        for line in self.table.lines:
            verb = "update" if line.email in self.known else "create"
            yield f"line {line.number:>4}  {verb}  {line.name} <{line.email}>, {line.role}"
        for fault in sorted(self.table.faults, key=lambda found: found.line):
            where = f"line {fault.line}" + (f", {fault.column}" if fault.column else "")
            yield f"{where}: {fault.words}"


def is_empty() -> bool:
    """Whether nobody lives here yet."""
    return db.session.scalar(select(Member.id).limit(1)) is None


def create_admin(settings: Settings, *, email: str, name: str, password: str) -> None:
    """Admit the first administrator; raise Refusal for a taken address or a weak password."""
    accounts.admit(
        None,
        accounts.Newcomer(
            name=name,
            email=email,
            roles=[("administrator", None)],
            password=password,
            time_zone=settings.default_time_zone,
            language=settings.default_language,
        ),
        now=utcnow(),
    )


def preview(content: bytes) -> Plan:
    """Read a table and say what importing it would do; raise CannotImport without sites."""
    sites = db.session.scalars(select(Site)).all()
    if not sites:
        msg = "The network has no site yet: open one first."
        raise CannotImport(msg)
    names = {fold(word): site.id for site in sites for word in (site.slug, site.city, site.name)}
    table = read_table(content, names)
    emails = [line.email for line in table.lines]
    known = {
        email
        for first in range(0, len(emails), 500)
        for email in db.session.scalars(
            select(Account.email).where(Account.email.in_(emails[first : first + 500]))
        )
    }
    return Plan(table, known)


def apply(plan: Plan, settings: Settings) -> str:
    """Do what was previewed, in the caller's transaction; one sentence on what changed."""
    done = importing.apply(plan.table.lines, settings.default_time_zone, now=utcnow())
    return f"{done.created} member(s) created, {done.updated} updated."
