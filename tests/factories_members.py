"""Skills, profiles and firms for tests, made by the commands that pages call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.kernel.db import transaction
from incubator.kernel.text import slugify
from incubator.network.members import commands, firm_people, firm_requests, firms, skills

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.members.firm_models import Firm, FirmRequest, FirmRole
    from incubator.network.members.models import Skill
    from tests.factories import Make


def a_skill(make: Make, name: str = "Facilitation", parent: Skill | None = None) -> Skill:
    """A term of the vocabulary, the same in both languages."""
    with transaction():
        return skills.add_skill(
            None,
            slug=slugify(name),
            name_fr=name,
            name_en=name,
            parent_id=parent.id if parent else None,
        )


def offers(member: Account, *skills: Skill, wants: tuple[Skill, ...] = ()) -> None:
    """Let a member offer and look for skills."""
    with transaction():
        commands.set_skills(
            None,
            member_id=member.id,
            offered={each.id: 2 for each in skills},
            wanted=[each.id for each in wants],
        )


def a_firm(make: Make, founder: Account, name: str = "Atelier Nord", **more: Any) -> Firm:
    """A firm with its first person."""
    with transaction():
        return firms.found_firm(
            None,
            founder_id=founder.id,
            details=firms.FirmDetails(name=name, **more),
            today=make.now.date(),
            title="Gérance",
        )


def works_at(make: Make, member: Account, firm: Firm, title: str = "") -> FirmRole:
    """Write a member among the people of a firm."""
    with transaction():
        return firm_people.join_firm(
            firm_id=firm.id, member_id=member.id, today=make.now.date(), title=title
        )


def asks_to_join(make: Make, member: Account, firm: Firm, **more: Any) -> FirmRequest:
    """A member asks to join a firm, or claims it when nobody keeps it."""
    with transaction():
        return firm_requests.ask_to_join(
            make.actor(member),
            firm_id=firm.id,
            member_id=member.id,
            now=make.now,
            today=make.now.date(),
            **more,
        )


def invites(make: Make, keeper: Account, firm: Firm, member: Account) -> FirmRequest:
    """A keeper invites a member to a firm."""
    with transaction():
        return firm_requests.invite(
            make.actor(keeper),
            firm_id=firm.id,
            member_id=member.id,
            now=make.now,
            today=make.now.date(),
        )


def decides(make: Make, by: Account, request: FirmRequest, act: str) -> FirmRequest:
    """Somebody accepts, declines or withdraws a request."""
    with transaction():
        return firm_requests.decide(
            make.actor(by),
            request_id=request.id,
            act=act,
            now=make.now,
            today=make.now.date(),
        )


def abandons(make: Make, founder: Account, firm: Firm) -> None:
    """The only keeper of a firm leaves it to nobody."""
    today = make.now.date()
    with transaction():
        role = firm_people.lasting_role(firm.id, founder.id)
        assert role
        firm_people.end_role(make.actor(founder), role_id=role.id, today=today, unkept=True)
