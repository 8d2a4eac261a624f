"""A transfer: on its day the member lives at another site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.membership import processes
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.network.accounts.moving import move_home
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.membership.life_models import Process
    from incubator.network.members.actor import Actor


def check_site(to_site_id: int | None, *, home_site_id: int | None) -> int:
    """The id of a site one may move to; raise Refusal ``membership.site``, ``site_same``."""
    open_one = select(Site.id).where(Site.id == to_site_id, Site.closed_on.is_(None))
    found = db.session.scalar(open_one)
    if found is None:
        raise Refusal("membership.site", field="to_site")
    if found == home_site_id:
        raise Refusal("membership.site_same", field="to_site")
    return found


def finish(process: Process, by: Actor | None, *, now: datetime) -> None:
    """The day has come: home, role, rooms and search follow."""
    process.state = processes.after(process.kind, process.state, "finish")
    process.begun_at = process.ended_at = now
    db.session.flush()
    if process.to_site_id is not None:
        move_home(by, member_id=process.member_id, to_site_id=process.to_site_id, now=now)
