"""What is kept of the course of a membership; days and choices stay, words may go."""

from __future__ import annotations

from sqlalchemy import select, update

from incubator.domain.membership.application_models import (
    Application,
    ApplicationMessage,
    ApplicationStep,
    FormAnswer,
)
from incubator.domain.membership.applications_retention import forget_application
from incubator.domain.membership.charter_models import CharterSignature, CharterVersion
from incubator.domain.membership.life_models import Erasure, Process
from incubator.domain.membership.welcome_models import Welcome, WelcomeItem, WelcomeTask
from incubator.kernel.db import db, utcnow
from incubator.kernel.personal import Part, PersonalData, Through

_OF_APPLICANT = (Application.id, Application.member_id)

personal_data = PersonalData(
    {
        "membership": Part(Process, (Process.member_id,)),
        "erasure-requests": Part(Erasure, (Erasure.member_id,)),
        "applications": Part(Application, (Application.member_id,), secret=("once",)),
        "application-answers": Part(
            FormAnswer, (), through=Through(FormAnswer.application_id, *_OF_APPLICANT)
        ),
        "application-words": Part(
            ApplicationMessage,
            (),
            secret=("once",),
            through=Through(ApplicationMessage.application_id, *_OF_APPLICANT),
            only=~ApplicationMessage.internal,
        ),
        "words-to-applicants": Part(
            ApplicationMessage, (ApplicationMessage.author_id,), secret=("once",)
        ),
        "decisions-on-applicants": Part(
            ApplicationStep, (ApplicationStep.by_id,), secret=("once",)
        ),
        "charters-published": Part(CharterVersion, (CharterVersion.published_by_id,)),
        "charters-signed": Part(CharterSignature, (CharterSignature.member_id,)),
        "welcomes": Part(Welcome, (Welcome.member_id,)),
        "welcome-tasks": Part(WelcomeTask, (WelcomeTask.person_id, WelcomeTask.done_by_id)),
        "welcome-duties": Part(WelcomeItem, (WelcomeItem.person_id,)),
    }
)


def forget(member_id: int) -> None:
    """Take away the reasons that were written, and what an applicant said of themselves."""
    theirs = Process.member_id == member_id
    db.session.execute(update(Process).where(theirs).values(reason="", answer=""))
    applied = select(Application).where(
        Application.member_id == member_id, Application.anonymised_at.is_(None)
    )
    for application in db.session.scalars(applied).all():
        forget_application(application, utcnow())
    db.session.flush()
    db.session.expire_all()
