"""What is forgotten of applications, once an hour, a part at a time until all is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from incubator.domain.membership.application_models import (
    Application,
    ApplicationLink,
    ApplicationMessage,
    ApplicationStep,
    FormAnswer,
)
from incubator.domain.membership.applications_events import ApplicationForgotten
from incubator.domain.membership.applications_rules import OPEN, REFUSED_KEPT, UNCONFIRMED_KEPT
from incubator.domain.membership.applications_states import change, hold, hold_uninvited
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.events import record
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

AT_ONCE = 100
_PERSON = ("name", "email", "phone", "firm", "activity", "city", "why", "gives")


@hourly("membership.retention")
def forget_applications(payload: Mapping[str, Any]) -> None:
    """Forget forms never confirmed, links that expired, and people refused a year ago."""
    del payload
    now = utcnow()
    with transaction():
        drop_unconfirmed(now)
        db.session.execute(delete(ApplicationLink).where(ApplicationLink.expires_at <= now))
    while forget_refused(now):
        pass


def drop_unconfirmed(now: datetime) -> None:
    """Delete the forms whose sender did not confirm within a week."""
    db.session.execute(
        delete(Application).where(
            Application.state == "unconfirmed", Application.changed_at <= now - UNCONFIRMED_KEPT
        )
    )


def forget_refused(now: datetime) -> int:
    """Take the person out of some applications that ended a year ago; of how many."""
    with transaction():
        old = db.session.scalars(
            select(Application)
            .where(
                Application.state.in_(("declined", "withdrawn")),
                Application.changed_at <= now - REFUSED_KEPT,
                Application.anonymised_at.is_(None),
            )
            .order_by(Application.changed_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for application in old:
            forget_application(application, now)
        return len(old)


def forget_sender(email: str, *, now: datetime) -> None:
    """Take who has this address out of all they sent, whether or not they came in by it.

    What is still open is withdrawn, with the invitation that was sent; a form that was never
    confirmed goes whole.
    """
    sent = Application.email == email
    db.session.execute(delete(Application).where(sent, Application.state == "unconfirmed"))
    known = (
        select(Application.id, Application.state, Application.invitation_id)
        .where(sent, Application.anonymised_at.is_(None))
        .order_by(Application.id)
    )
    for application_id, state, invitation_id in db.session.execute(known).all():
        if state in OPEN:
            application = hold_uninvited(application_id, invitation_id, now=now)
            change(application, "withdrawn", by=None, once="erased", now=now)
        else:
            application = hold(application_id)
        forget_application(application, now)


def forget_application(application: Application, now: datetime) -> None:
    """Take the person out of an application; that there was one stays."""
    for name in _PERSON:
        setattr(application, name, "")
    application.anonymised_at = now
    for row in (FormAnswer, ApplicationMessage, ApplicationLink):
        db.session.execute(delete(row).where(row.application_id == application.id))
    db.session.execute(
        update(ApplicationStep)
        .where(ApplicationStep.application_id == application.id)
        .values(reason="")
    )
    record(
        ApplicationForgotten(
            actor_id=None, site_id=application.site_id, application_id=application.id
        )
    )
