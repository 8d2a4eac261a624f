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
from incubator.network.accounts.rules import check_new_password, clean_email, clean_name
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.kernel.settings import Settings

WORDS = {
    "accounts.email_bad": "Write a full e-mail address, such as name@example.org.",
    "accounts.email_taken": "An account has this e-mail address already.",
    "accounts.name_bad": "Write a name of 1 to 120 characters.",
    "accounts.password_short": "The password needs at least 10 characters.",
    "accounts.password_long": "The password is longer than 200 characters.",
    "accounts.password_common": "This password is too well known; choose another.",
    "accounts.password_own": "The password must not be the name or the e-mail address.",
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
            verb, role = ("update", "") if line.email in self.known else ("create", "resident")
            role = line.role or role or "roles as they are"
            yield f"line {line.number:>4}  {verb}  {line.name} <{line.email}>, {role}"
        for fault in sorted(self.table.faults, key=lambda found: found.line):
            where = f"line {fault.line}" + (f", {fault.column}" if fault.column else "")
            yield f"{where}: {fault.words}"


def is_empty() -> bool:
    """Whether nobody lives here yet."""
    return db.session.scalar(select(Member.id).limit(1)) is None


def create_admin(settings: Settings, *, email: str, name: str, password: str) -> None:
    """Admit an administrator; raise Refusal for a bad or taken address or a weak password."""
    address, full_name = clean_email(email), clean_name(name)
    check_new_password(password, email=address, name=full_name)
    accounts.admit(
        None,
        accounts.Newcomer(
            name=full_name,
            email=address,
            roles=[("administrator", None)],
            password=password,
            time_zone=settings.default_time_zone,
            language=settings.default_language,
        ),
        now=utcnow(),
    )


def preview(content: bytes) -> Plan:
    """Read a table and say what importing it would do; raise CannotImport without sites."""
    names = _names_of_sites()
    if not names:
        msg = "The network has no site yet: open one first."
        raise CannotImport(msg)
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


def _names_of_sites() -> dict[str, int]:
    """What a cell may call each site; a word that fits two sites fits none."""
    called: dict[str, set[int]] = {}
    for site in db.session.scalars(select(Site)):
        for word in (site.slug, site.city, site.name):
            called.setdefault(fold(word), set()).add(site.id)
    return {word: min(ids) for word, ids in called.items() if len(ids) == 1}


def apply(plan: Plan, settings: Settings) -> str:
    """Do what was previewed, in the caller's transaction; one sentence on what changed."""
    house = importing.House(
        time_zone=settings.default_time_zone, language=settings.default_language
    )
    done = importing.apply(plan.table.lines, house, now=utcnow())
    words = f"{done.created} created, {done.updated} updated, {done.unchanged} unchanged"
    return f"Members: {words}."
