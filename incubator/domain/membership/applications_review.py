"""What the managers of a site do with applications: answer, accept, put on the list, decline.

Each decision names the ``revision`` its page showed: who decides second hears of the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from incubator.domain.membership import applications, applications_policy, applications_queries
from incubator.domain.membership import applications_rules as rules
from incubator.domain.membership.application_models import Application
from incubator.domain.membership.applications_events import ApplicantStartMoved, WaitingListMoved
from incubator.domain.membership.applications_states import (
    change,
    hold,
    hold_uninvited,
    swap,
    trace,
    was_done,
)
from incubator.domain.membership.wording import lines
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.accounts import invitations
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from datetime import date, datetime

    from incubator.network.members.actor import Actor


def write(
    actor: Actor, application_id: int, *, body: str, internal: bool, once: str, now: datetime
) -> None:
    """Write to the applicant, or a note that only managers read; a repeated ``once`` is one.

    Raise NotFound, Refusal ``membership.empty``, ``too_long`` or ``erased``.
    """
    application = _hold(actor, application_id)
    applications.add_message(
        application, by=actor, body=body, internal=internal, once=once, now=now
    )


def accept(
    actor: Actor, application_id: int, *, start_on: date, revision: int, once: str, now: datetime
) -> None:
    """Accept from a day on, and invite by mail; the account opens that day at the earliest.

    Raise NotFound, Conflict ``membership.decided_meanwhile``, Refusal ``membership.start`` or
    ``accounts.already_member``.
    """
    application = _hold(actor, application_id)
    if was_done(application, once):
        return
    _same(application, revision)
    rules.check_start(start_on, _today(application.site_id, now))
    change(application, "accepted", by=actor, once=once, now=now)
    issued = invitations.invite(
        actor,
        role="resident",
        site_id=application.site_id,
        email=application.email,
        language=application.language,
        once=f"application-{application.id}",
        now=now,
        starts_on=start_on,
    )
    application.start_on, application.invitation_id = start_on, issued.invitation.id


def move_start(
    actor: Actor, application_id: int, *, start_on: date, revision: int, once: str, now: datetime
) -> None:
    """Give an accepted applicant another first day; the invitation they have opens from it on.

    Raise NotFound, Conflict ``membership.decided_meanwhile`` also when they came in, Refusal
    ``membership.start``, ``membership.start_same`` or ``accounts.invitation_over`` when it was
    taken back by hand.
    """
    found = applications_queries.visible_to(actor, application_id)
    # Before the application, as by who comes in.
    invitation = invitations.hold(found.invitation_id)
    application = hold(application_id)
    if was_done(application, once):
        return
    _same(application, revision)
    if invitation is None or not applications_policy.may_move_start(actor, application):
        raise Conflict("membership.decided_meanwhile")
    rules.check_start(start_on, _today(application.site_id, now))
    if start_on == application.start_on:
        raise Refusal("membership.start_same", field="start_on")
    invitations.open_from(invitation, start_on, now=now)
    application.start_on = start_on
    application.revision += 1
    trace(application, "start", by=actor, once=once, now=now)
    record(
        ApplicantStartMoved(
            actor_id=actor.id,
            site_id=application.site_id,
            application_id=application.id,
            starts_on=start_on,
        )
    )


def put_on_list(
    actor: Actor, application_id: int, *, revision: int, once: str, now: datetime
) -> None:
    """Put an applicant at the end of the waiting list; raise NotFound or Conflict."""
    application = _hold(actor, application_id)
    if was_done(application, once):
        return
    _same(application, revision)
    change(application, "waiting", by=actor, once=once, now=now)


def decline(
    actor: Actor, application_id: int, *, reason: str, revision: int, once: str, now: datetime
) -> None:
    """Decline, with a reason that the applicant reads; an invitation that was sent dies.

    Raise NotFound, Conflict ``membership.decided_meanwhile``, Refusal ``membership.empty`` or
    ``membership.too_long``.
    """
    found = applications_queries.visible_to(actor, application_id)
    why = lines(reason, "reason", most=rules.MOST_REASON, needed=True)
    application = hold_uninvited(found.id, found.invitation_id, now=now)
    if was_done(application, once):
        return
    _same(application, revision)
    change(application, "declined", by=actor, reason=why, once=once, now=now)


def move(actor: Actor, application_id: int, *, up: bool, seen: int) -> None:
    """Move an applicant one place on the waiting list; at its end nothing changes.

    ``seen`` is the place that the page showed. Raise NotFound, Conflict
    ``membership.list_moved`` when they stand elsewhere by now.
    """
    application = _hold(actor, application_id)
    if application.position is None or application.position != seen:
        raise Conflict("membership.list_moved")
    there = application.position + (-1 if up else 1)
    other = db.session.scalar(
        select(Application)
        .where(Application.site_id == application.site_id, Application.position == there)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if other is None:
        return
    swap(application, other)
    record(
        WaitingListMoved(
            actor_id=actor.id,
            site_id=application.site_id,
            application_id=application.id,
            position=there,
        )
    )


def _hold(actor: Actor, application_id: int) -> Application:
    """The application, locked, for who may review it; unconfirmed ones are nobody's to see."""
    application = hold(application_id)
    unseen = application.state == "unconfirmed"
    if unseen or not applications_policy.may_review(actor, application.site_id):
        raise NotFound("membership.application")
    return application


def _today(site_id: int, now: datetime) -> date:
    """The day that it is at a site."""
    site = db.session.get_one(Site, site_id)
    return now.astimezone(ZoneInfo(site.time_zone)).date()


def _same(application: Application, revision: int) -> None:
    if application.revision != revision:
        raise Conflict("membership.decided_meanwhile")
