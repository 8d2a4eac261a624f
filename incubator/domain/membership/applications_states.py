"""How an application comes into another state: one at a time at each site, with its trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from incubator.domain.membership.application_models import Application, ApplicationStep, Door
from incubator.domain.membership.applications_events import ApplicationChanged
from incubator.domain.membership.applications_rules import ONCE_MOST, check_move
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotFound
from incubator.kernel.events import record
from incubator.network.accounts import invitations

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def hold(application_id: int) -> Application:
    """The application, its site's door locked first and it after; raise NotFound.

    The lock on the door puts all decisions of a site in a row, so that places on its waiting
    list have no gap and no double.
    """
    site_id = db.session.scalar(select(Application.site_id).where(Application.id == application_id))
    if site_id is None:
        raise NotFound("membership.application")
    hold_door(site_id)
    found = db.session.scalar(
        select(Application)
        .where(Application.id == application_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("membership.application")
    return found


def hold_uninvited(application_id: int, invitation_id: int | None, *, now: datetime) -> Application:
    """The application, locked, with the invitation that its reader saw cancelled.

    The invitation is locked first, as by who accepts it. Raise NotFound, or Conflict
    ``membership.decided_meanwhile`` when another one was sent meanwhile.
    """
    invitations.cancel(invitation_id, now=now)
    application = hold(application_id)
    if application.invitation_id != invitation_id:
        raise Conflict("membership.decided_meanwhile")
    return application


def hold_door(site_id: int) -> Door | None:
    """The door of a site, locked; None when it never was set up."""
    return db.session.scalar(
        select(Door)
        .where(Door.site_id == site_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def was_done(application: Application, once: str) -> bool:
    """Whether the same form already changed this application."""
    same = select(ApplicationStep.id).where(
        ApplicationStep.application_id == application.id, ApplicationStep.once == once[:ONCE_MOST]
    )
    return db.session.scalar(same) is not None


def change(
    application: Application,
    to: str,
    *,
    by: Actor | None,
    once: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Bring a held application into another state.

    ``by`` is None for the applicant. Raise Conflict ``membership.decided_meanwhile`` when the
    state is not one that ``to`` may follow.
    """
    check_move(application.state, to)
    left = application.position
    place = _last_place(application.site_id) + 1 if to == "waiting" else None
    application.state, application.position = to, place
    application.revision += 1
    application.changed_at = now
    db.session.flush()
    if left is not None:
        _close_gap(application.site_id, left)
    trace(application, to, by=by, once=once, now=now, reason=reason)
    record(
        ApplicationChanged(
            actor_id=by.id if by else None,
            site_id=application.site_id,
            application_id=application.id,
            state=to,
        )
    )


def trace(
    application: Application,
    what: str,
    *,
    by: Actor | None,
    once: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Add a line to the history: the state it came into, or «start» for another first day."""
    db.session.add(
        ApplicationStep(
            application_id=application.id,
            state=what,
            by_id=by.id if by else None,
            at=now,
            reason=reason,
            once=once[:ONCE_MOST],
        )
    )
    db.session.flush()


def swap(first: Application, second: Application) -> None:
    """Let two on the waiting list change places; the unique key sees none twice meanwhile."""
    one, two = first.position or 0, second.position or 0
    first.position = -one
    db.session.flush()
    second.position = one
    db.session.flush()
    first.position = two
    db.session.flush()


def _last_place(site_id: int) -> int:
    return (
        db.session.scalar(
            select(func.max(Application.position)).where(
                Application.site_id == site_id, Application.position.is_not(None)
            )
        )
        or 0
    )


def _close_gap(site_id: int, left: int) -> None:
    """Move up whoever stood behind a place; by way of the negative numbers, where none stands."""
    for there, place in (
        (Application.position > left, -Application.position),
        (Application.position < 0, -Application.position - 1),
    ):
        db.session.execute(
            update(Application)
            .where(Application.site_id == site_id, there)
            .values(position=place)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()
