"""Letters of the applications: to the applicant with a private link, to the managers of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.membership import applications_links as links
from incubator.domain.membership.application_models import (
    Application,
    ApplicationMessage,
    ApplicationStep,
)
from incubator.domain.membership.applications_events import (
    ApplicantKnown,
    ApplicantStartMoved,
    ApplicationAnswered,
    ApplicationChanged,
    ConfirmationAsked,
    LinksAsked,
)
from incubator.kernel.db import db, utcnow
from incubator.kernel.events import joins
from incubator.network.accounts.models import Account, Grant
from incubator.network.sites.models import Site
from incubator.reactions.mail.writing import post, write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Sequence


def subscribe() -> None:
    """Hear what applicants and managers must know of each other."""
    joins(ConfirmationAsked, on_form)
    joins(ApplicantKnown, on_known)
    joins(LinksAsked, on_links)
    joins(ApplicationChanged, on_change)
    joins(ApplicantStartMoved, on_start)
    joins(ApplicationAnswered, on_word)


def on_form(event: ConfirmationAsked) -> None:
    """Ask the sender of a form whether it was they."""
    application = db.session.get_one(Application, event.application_id)
    _to_applicant("application_confirm", application, purpose="confirm")


def on_known(event: ApplicantKnown) -> None:
    """Tell somebody who is in already so: nobody else learns it."""
    site = db.session.get_one(Site, event.site_id)
    values: dict[str, str | None] = {"site": site.name}
    kind = "application_member"
    if event.application_id is not None:
        kind = "application_known"
        values["token"] = links.mint(event.application_id, "follow", now=utcnow())
    post(kind, to=event.email, language=event.language, values=values)


def on_links(event: LinksAsked) -> None:
    """A fresh link to each of somebody's applications."""
    for application_id in event.application_ids:
        application = db.session.get_one(Application, application_id)
        _to_applicant("application_link", application)


def on_change(event: ApplicationChanged) -> None:
    """Tell whom the new state concerns; to be accepted is told by the invitation."""
    application = db.session.get_one(Application, event.application_id)
    if event.state == "new":
        _to_applicant("application_received", application)
        _to_managers("application_new", application, activity=application.activity)
    elif event.state == "waiting":
        _to_applicant("application_waiting", application)
    elif event.state == "declined":
        _to_applicant("application_declined", application, purpose="", body=_reason(application))
    elif event.state == "withdrawn":
        _to_managers("application_withdrawn", application, body=_reason(application))


def on_start(event: ApplicantStartMoved) -> None:
    """Another first day, to who waits for it."""
    application = db.session.get_one(Application, event.application_id)
    _to_applicant("application_start", application, starts_on=event.starts_on.isoformat())


def on_word(event: ApplicationAnswered) -> None:
    """A word of one side to the other; a note stays among the managers."""
    if event.internal:
        return
    application = db.session.get_one(Application, event.application_id)
    body = db.session.get_one(ApplicationMessage, event.message_id).body
    if event.actor_id is None:
        _to_managers("application_reply", application, body=body)
    else:
        _to_applicant("application_message", application, body=body)


def _reason(application: Application) -> str:
    """What was said with the last step."""
    return (
        db.session.scalar(
            select(ApplicationStep.reason)
            .where(ApplicationStep.application_id == application.id)
            .order_by(ApplicationStep.id.desc())
            .limit(1)
        )
        or ""
    )


def _to_applicant(
    kind: str, application: Application, *, purpose: str = "follow", **values: str
) -> None:
    """A letter with a link of its own, unless it has no ``purpose``."""
    site = db.session.get_one(Site, application.site_id)
    if purpose:
        values["token"] = links.mint(application.id, purpose, now=utcnow())
    values |= {"name": application.name, "site": site.name}
    post(kind, to=application.email, language=application.language, values=values)


def _to_managers(kind: str, application: Application, **values: str) -> None:
    site = db.session.get_one(Site, application.site_id)
    values |= {
        "name": application.name,
        "site": site.name,
        "application_id": str(application.id),
    }
    about = About("application", application.id, kind, site_id=site.id)
    write("desk_applications", kind, _managers(site.id), values=values, about=about)


def _managers(site_id: int) -> Sequence[Account]:
    """Who runs a site; the administrators while nobody does."""
    holders = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.ended_at.is_(None), Account.deactivated_at.is_(None))
        .order_by(Account.id)
    )
    here = holders.where(Grant.role == "manager", Grant.site_id == site_id)
    found = db.session.scalars(here).all()
    return found or db.session.scalars(holders.where(Grant.role == "administrator")).all()
