"""A member as one reader sees them: the one place where a profile is cut to its audiences.

Page, vCard and whatever shows a whole person read this and nothing else, so that a field which
is not for the reader's eyes is not there to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.network.accounts.queries import contact_of
from incubator.network.members.audiences import seen_fields
from incubator.network.members.availability import (
    Availability,
    Mentoring,
    availability_on,
    mentoring_on,
)
from incubator.network.members.queries import roles_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_models import FirmRole
    from incubator.network.members.models import Member, MemberSkill
    from incubator.network.sites.models import Site


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a reader sees of a member; the rest is empty, and absent from ``seen``."""

    id: int
    slug: str
    name: str
    home_site: Site | None
    joined_at: datetime
    active: bool
    seen: frozenset[str]
    face: str | None
    headline: str
    about_html: str
    pronouns: str
    speaks: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    phone: str
    email: str
    time_zone: str
    offered: Sequence[MemberSkill]
    wanted: Sequence[MemberSkill]
    roles: Sequence[FirmRole]
    mentoring: Mentoring
    availability: Availability


def profile_for(reader: Actor, member: Member, today: date) -> Profile:
    """A member with their site and skills, as ``reader`` sees them on a day."""
    seen = seen_fields(reader, member)
    contact = contact_of(member.id) if seen & {"email", "time_zone"} else None
    return Profile(
        id=member.id,
        slug=member.slug,
        name=member.name,
        home_site=member.home_site,
        joined_at=member.joined_at,
        active=member.active,
        seen=seen,
        face=member.portrait if "portrait" in seen else None,
        headline=member.headline if "headline" in seen else "",
        about_html=member.about_html if "about" in seen else "",
        pronouns=member.pronouns if "pronouns" in seen else "",
        speaks=tuple(filter(None, member.speaks.split(","))) if "languages" in seen else (),
        links=tuple((label, url) for label, url in member.links) if "links" in seen else (),
        phone=member.phone if "phone" in seen else "",
        email=contact.email if contact and "email" in seen else "",
        time_zone=contact.time_zone if contact and "time_zone" in seen else "",
        offered=[each for each in member.skills if not each.wanted] if "offers" in seen else (),
        wanted=[each for each in member.skills if each.wanted] if "wants" in seen else (),
        roles=roles_of(member.id, today) if "firms" in seen else (),
        mentoring=mentoring_on(member.mentoring if "mentoring" in seen else None, today),
        availability=availability_on(
            member.availability if "availability" in seen else None, today
        ),
    )
