"""Skills, profiles and firms for tests, made by the commands that pages call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.db import transaction
from incubator.kernel.text import slugify
from incubator.network.members import commands, firms

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.members.models import Firm, Skill
    from tests.factories import Make


def a_skill(make: Make, name: str = "Facilitation", parent: Skill | None = None) -> Skill:
    """A term of the vocabulary, the same in both languages."""
    with transaction():
        return commands.add_skill(
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


def a_firm(make: Make, founder: Account, name: str = "Atelier Nord", **more: str) -> Firm:
    """A firm with its first person."""
    with transaction():
        return firms.found_firm(
            None,
            founder_id=founder.id,
            details=firms.FirmDetails(name=name, **more),
            today=make.now.date(),
            title="Gérance",
        )
