"""What a member adds to their profile: picture, links, mentoring, availability.

``by`` is who acts, or None for the machine; ``today`` is the day it is for the member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.db import db
from incubator.kernel.events import record
from incubator.kernel.files import drop_later
from incubator.network.members import rules
from incubator.network.members.availability import (
    OPEN,
    Availability,
    Mentoring,
    check_availability,
    check_mentoring,
)
from incubator.network.members.completeness import rest_from
from incubator.network.members.events import ProfileChanged
from incubator.network.members.indexing import index_member
from incubator.network.members.models import MemberAvailability, MemberMentoring
from incubator.network.members.ownership import own

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member


def set_portrait(by: Actor | None, *, member_id: int, portrait: str | None) -> None:
    """Show another picture (its key in kernel.files), or with None the drawn one again.

    The files of the one before are deleted after the commit. Raise NotAllowed ``members.edit``.
    """
    member = own(by, member_id)
    if member.portrait != portrait:
        drop_later(member.portrait)
        member.portrait = portrait
        _tell(by, member, "portrait")


def introduce(
    by: Actor | None, *, member_id: int, pronouns: str = "", links: Iterable[tuple[str, str]] = ()
) -> None:
    """Say how to speak of a member, and where else to find them: pairs of a label and an address.

    Raise NotAllowed ``members.edit``; Refusal ``members.too_long`` or as ``rules.clean_links``.
    """
    member = own(by, member_id)
    said = rules.fit(pronouns, "pronouns", most=rules.PRONOUNS_LENGTH)
    kept = rules.clean_links(links)
    if said != member.pronouns:
        member.pronouns = said
        _tell(by, member, "pronouns")
    if kept != [(label, address) for label, address in member.links]:
        member.links = kept
        _tell(by, member, "links")


def set_mentoring(by: Actor | None, *, member_id: int, wanted: Mentoring, today: date) -> None:
    """Say whom a member accompanies: how many at most, about what, from when again.

    Raise NotAllowed ``members.edit``; Refusal as ``availability.check_mentoring``.
    """
    member = own(by, member_id)
    said = check_mentoring(wanted, today)
    row = db.session.get(MemberMentoring, member_id)
    before = (
        Mentoring(row.capacity, row.about, row.paused, row.paused_until) if row else Mentoring()
    )
    if said == before:
        return
    if row and not said.capacity:
        db.session.delete(row)
    else:
        row = row or MemberMentoring(member_id=member_id)
        row.capacity, row.about = said.capacity, said.about
        row.paused, row.paused_until = said.paused, said.paused_until
        db.session.add(row)
    index_member(member_id)
    _tell(by, member, "mentoring")


def set_availability(
    by: Actor | None, *, member_id: int, wanted: Availability, today: date
) -> None:
    """Say how available a member is, and until which day.

    Raise NotAllowed ``members.edit``; Refusal as ``availability.check_availability``.
    """
    member = own(by, member_id)
    said = check_availability(wanted, today)
    row = db.session.get(MemberAvailability, member_id)
    if said == (Availability(row.state, row.until) if row else Availability()):
        return
    if row and said.state == OPEN:
        db.session.delete(row)
    else:
        row = row or MemberAvailability(member_id=member_id)
        row.state, row.until = said.state, said.until
        db.session.add(row)
    _tell(by, member, "availability")


def rest_hint(by: Actor | None, *, member_id: int, today: date) -> None:
    """Leave a member in peace about what their profile lacks, for a while.

    Raise NotAllowed ``members.edit``.
    """
    own(by, member_id).hint_rests_until = rest_from(today)
    db.session.flush()


def _tell(by: Actor | None, member: Member, field: str) -> None:
    db.session.flush()
    record(
        ProfileChanged(
            actor_id=by.id if by else None,
            site_id=member.home_site_id,
            member_id=member.id,
            changed=(field,),
        )
    )
