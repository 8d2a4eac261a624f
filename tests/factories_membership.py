"""Applications, checklists and charters for tests, made by the commands that pages call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select

from incubator.domain.membership import (
    applications,
    applications_form,
    applications_links,
    applications_review,
    charters,
    welcome_checklist,
)
from incubator.domain.membership.application_models import Application
from incubator.domain.membership.applications_form import Asked
from incubator.domain.membership.applications_rules import Details
from incubator.domain.membership.charters_rules import Texts
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from incubator.domain.membership.application_models import FormQuestion
    from incubator.domain.membership.charter_models import CharterVersion
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

TYPED = {
    "name": "Awa Diop",
    "phone": "",
    "firm": "Teranga Conseil",
    "activity": "Je forme les commerçants aux chiffres",
    "city": "Villeurbanne",
    "why": "Travailler seule, je sais faire ; j’aimerais mieux.",
    "gives": "Deux heures d’accueil par semaine, et la comptabilité.",
}
TEXTS = Texts("Charte de la maison", "House charter", "On **range** sa tasse.", "We *wash up*.")


def open_door(make: Make, site: Site, by: Account, **more: str) -> None:
    """Let a site take applications."""
    words = {"intro_fr": "", "intro_en": ""} | more
    with transaction():
        applications_form.set_door(make.actor(by), site.id, opened=True, **words)


def question(make: Make, site: Site, by: Account, **more: Any) -> FormQuestion:
    """A question of a site's form."""
    asked = {"kind": "short", "label_fr": "D’où nous connaissez-vous ?", "label_en": "How come?"}
    with transaction():
        return applications_form.add_question(
            make.actor(by), site.id, asked=Asked(**(asked | more))
        )


def sent(make: Make, site: Site, *, email: str = "", **more: Any) -> Application:
    """A form that came in and was not confirmed yet."""
    once = more.pop("once", uuid4().hex)
    answers, language = more.pop("answers", {}), more.pop("language", "fr")
    with transaction():
        applications.send(
            site.id,
            details=Details(**(TYPED | more)),
            email=email or f"applicant{next(make.numbers)}@example.org",
            answers=answers,
            language=language,
            once=once,
            now=make.now,
        )
    return db.session.scalars(select(Application).where(Application.once == once)).one()


def confirmed(make: Make, application: Application) -> str:
    """Its sender confirms; the secret of their private link."""
    with transaction():
        token = applications_links.mint(application.id, "confirm", now=make.now)
        return applications.confirm(token, now=make.now)


def applied(make: Make, site: Site, **more: Any) -> Application:
    """An application that waits for the managers."""
    found = sent(make, site, **more)
    confirmed(make, found)
    return again(found)


def again(application: Application) -> Application:
    """The application as it stands now."""
    return db.session.get_one(Application, application.id, populate_existing=True)


def listed(make: Make, by: Account, application: Application) -> Application:
    """Put on the waiting list."""
    with transaction():
        applications_review.put_on_list(
            make.actor(by),
            application.id,
            revision=again(application).revision,
            once=uuid4().hex,
            now=make.now,
        )
    return again(application)


def accepted(make: Make, by: Account, application: Application, *, days: int = 0) -> Application:
    """Accepted from so many days from now on."""
    with transaction():
        applications_review.accept(
            make.actor(by),
            application.id,
            start_on=make.now.date() + timedelta(days=days),
            revision=again(application).revision,
            once=uuid4().hex,
            now=make.now,
        )
    return again(application)


def declined(make: Make, by: Account, application: Application, **more: str) -> Application:
    """Declined with a reason."""
    with transaction():
        applications_review.decline(
            make.actor(by),
            application.id,
            reason=more.get("reason", "La maison est pleine."),
            revision=again(application).revision,
            once=uuid4().hex,
            now=make.now,
        )
    return again(application)


def checklist(make: Make, site: Site, by: Account) -> None:
    """The usual checklist of a site."""
    with transaction():
        welcome_checklist.use_usual_list(make.actor(by), site.id)


def charter(make: Make, site: Site | None, by: Account) -> CharterVersion:
    """A charter in force."""
    site_id = site.id if site else None
    with transaction():
        draft = charters.save_draft(make.actor(by), site_id, texts=TEXTS, revision=0)
        return charters.publish(make.actor(by), site_id, revision=draft.revision, now=make.now)
