"""Coming and going, for tests, by the commands that pages and screens call."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import badges, kiosk, presence
from incubator.domain.commitments.kiosk import Told
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_wishes import Wish
from incubator.domain.commitments.presses import Answer, Press
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from incubator.domain.commitments.kiosk_models import Device
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

_numbers = count(1)


def pressed(site: Site, **more: Any) -> Press:
    """A tap on the page, each with a uid of its own."""
    values: dict[str, Any] = {"uid": f"press-{next(_numbers)}", "source": "web"}
    return Press(site_id=site.id, **(values | more))


def came(make: Make, member: Account, site: Site, at: datetime, **more: Any) -> Answer:
    """Somebody checks in at an instant."""
    with transaction():
        return presence.check_in(make.actor(member), pressed(site, **more), now=at)


def left(make: Make, member: Account, site: Site, at: datetime, **more: Any) -> Answer:
    """Somebody checks out at an instant."""
    with transaction():
        return presence.check_out(make.actor(member), pressed(site, **more), now=at)


def stayed(make: Make, member: Account, site: Site, start: datetime, hours: float) -> Presence:
    """Somebody was there for some hours and checked out as they should."""
    came(make, member, site, start)
    session = left(make, member, site, start + timedelta(hours=hours)).session
    assert session is not None
    return session


def sessions(member: Account) -> list[Presence]:
    """The sessions of a member, oldest first."""
    query = select(Presence).where(Presence.member_id == member.id).order_by(Presence.started_at)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def presumed(make: Make, member: Account, site: Site, start: datetime, **more: Any) -> Presence:
    """A session that its member forgot to end, as the site's cut-off leaves it."""
    session = came(make, member, site, start, **more).session
    assert session is not None
    with transaction():
        found = db.session.get_one(Presence, session.id)
        found.ended_at = found.planned_end_at or start + timedelta(hours=8)
        found.state, found.end_source, found.asked_at = "presumed", "cutoff", found.ended_at
    return found


def wish(start: datetime, hours: float, **more: Any) -> Wish:
    """From an instant, for some hours."""
    return Wish(started_at=start, ended_at=start + timedelta(hours=hours), **more)


def screen(make: Make, manager: Account, site: Site) -> tuple[Device, str]:
    """An enrolled screen and its key."""
    secret = make.settings.secret_key
    with transaction():
        actor = make.actor(manager)
        _device, code = kiosk.add(
            actor, site.id, name="Accueil", language="fr", secret=secret, now=make.now
        )
    with transaction():
        return kiosk.enrol(code, secret=secret, now=make.now)


def badge(make: Make, manager: Account, member: Account) -> str:
    """The number of a new badge."""
    with transaction():
        actor, secret = make.actor(manager), make.settings.secret_key
        return badges.issue(actor, member.id, secret=secret, now=make.now)[1]


def told(number: str, *, way: str = "in", ago: timedelta = timedelta(), uid: str = "") -> Told:
    """A press as a screen tells of it."""
    return Told(uid=uid or f"screen-{next(_numbers)}", way=way, number=number, age=ago)
