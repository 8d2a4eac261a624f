"""Who is admitted as a resident is welcomed by the checklist of their site, until they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.membership import welcome
from incubator.kernel.db import db, utcnow
from incubator.kernel.events import joins, joins_all
from incubator.network.accounts.events import MemberAdmitted, MemberDeactivated, RightsChanged
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence


def members_admitted(events: Sequence[MemberAdmitted]) -> None:
    """New members of a site that has a checklist get theirs."""
    lived_at = {e.member_id: e.site_id for e in events if e.role == "resident" and e.site_id}
    welcoming = welcome.sites_that_welcome(lived_at.values())
    for member_id, site_id in lived_at.items():
        if site_id in welcoming:
            welcome.start(member_id, site_id, now=utcnow())


def rights_changed(event: RightsChanged) -> None:
    """So does a guest who becomes a resident, unless they live at another site."""
    if not event.given or event.role != "resident" or event.site_id is None:
        return
    home = db.session.get_one(Member, event.member_id).home_site_id
    if home in {None, event.site_id}:
        welcome.start(event.member_id, event.site_id, now=utcnow())


def member_deactivated(event: MemberDeactivated) -> None:
    """Nobody waits any more for who has left."""
    welcome.stop(event.member_id, now=utcnow())


def subscribe() -> None:
    """Hear them in their own transaction."""
    joins_all(MemberAdmitted, members_admitted)
    joins(RightsChanged, rights_changed)
    joins(MemberDeactivated, member_deactivated)
