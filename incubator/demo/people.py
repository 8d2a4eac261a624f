"""Step of the loader: members with their roles and profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.db import as_of
from incubator.network.accounts import commands as accounts
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members import commands as members
from incubator.network.members import proposals

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.shapes import Member
    from incubator.demo.stage import Stage


def admit_members(stage: Stage) -> str:
    """Admit everybody in the order in which they came."""
    came = {m.email: stage.joined(m.email).instant(stage.now) for m in stage.content.members}
    for member in sorted(stage.content.members, key=lambda m: (came[m.email], m.email)):
        with as_of(came[member.email]):
            account_id = _admit(stage, member, now=came[member.email])
            _describe(stage, member, account_id)
        account = account_of(account_id)
        if account is not None:
            stage.actors[member.email] = actor_of(account)
    return f"{len(stage.actors)} members"


def _admit(stage: Stage, member: Member, *, now: datetime) -> int:
    site_id = stage.sites[member.site]
    roles: list[tuple[str, int | None]] = [(member.role, site_id)]
    if member.role == "administrator":
        roles = [("administrator", None), ("resident", site_id)]
    elif member.role == "manager":
        roles.append(("resident", site_id))
    person = accounts.Newcomer(
        name=member.name,
        email=member.email,
        roles=roles,
        password=None,
        time_zone=member.time_zone or stage.zones[member.site],
        home_site_id=site_id,
    )
    account = accounts.admit(None, person, now=now)
    account.password_hash = stage.password_hash
    return account.id


def _describe(stage: Stage, member: Member, member_id: int) -> None:
    members.edit_profile(
        None,
        member_id=member_id,
        name=member.name,
        headline=member.headline,
        about=member.about,
        phone=member.phone or "",
        languages=member.languages,
    )
    members.set_skills(
        None,
        member_id=member_id,
        offered={stage.skills[slug]: level for slug, level in member.skills},
        wanted=[stage.skills[slug] for slug in member.wanted],
    )


def propose_skills(stage: Stage) -> str:
    """Let two members miss a word each: one is new, one is another word for a term."""
    waiting = ("Apiculture", "Ébénisterie d’art")
    people = [each for each in stage.actors.values() if not each.is_guest]
    for by, name in zip(people[3:], waiting, strict=False):
        proposals.propose(by, name=name, now=stage.now)
    return f"{len(waiting)} proposed skills"
