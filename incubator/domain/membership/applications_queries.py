"""Applications, for who may read them. ``visible_to`` is the only door of managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from incubator.domain.membership import applications_policy as policy
from incubator.domain.membership.application_models import (
    Application,
    ApplicationMessage,
    ApplicationStep,
    Door,
    FormAnswer,
    FormQuestion,
)
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.reader import MANAGED_SITES, Counter
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

STATES = ("new", "waiting", "accepted", "joined", "declined", "withdrawn")
MOST_COUNTED = 100
MESSAGES_SHOWN = 200


def doors_open() -> Sequence[Site]:
    """The sites that take applications, by city."""
    return db.session.scalars(
        select(Site)
        .join(Door, Door.site_id == Site.id)
        .where(Door.open, Site.closed_on.is_(None))
        .order_by(Site.city, Site.name, Site.id)
    ).all()


def door_of(site_id: int) -> Door:
    """The door of a site; shut and wordless when it never was set up."""
    found = db.session.get(Door, site_id)
    return found or Door(site_id=site_id, open=False, intro_fr="", intro_en="")


def question_for(actor: Actor, question_id: int) -> FormQuestion:
    """A question that is still asked, for who keeps the form; raise NotFound."""
    found = db.session.get(FormQuestion, question_id)
    seen = found is not None and found.archived_at is None
    if found is None or not seen or not policy.may_set_form(actor, found.site_id):
        raise NotFound("membership.question")
    return found


def visible_to(actor: Actor, application_id: int) -> Application:
    """An application with its site, invitation and member; raise NotFound.

    Nobody sees one before its sender confirmed it.
    """
    found = db.session.scalar(
        select(Application)
        .where(Application.id == application_id, Application.state != "unconfirmed")
        .options(
            joinedload(Application.site),
            joinedload(Application.invitation),
            joinedload(Application.member),
        )
    )
    if found is None or not policy.may_review(actor, found.site_id):
        raise NotFound("membership.application")
    return found


def listed(site_id: int, state: str, cursor: Cursor) -> Page[Application]:
    """The applications of a site in a state; who waited longest first, what is over last first."""
    query = select(Application).where(Application.site_id == site_id, Application.state == state)
    if state == "waiting":
        return keyset_page(query, (Application.position, Application.id), cursor)
    key = (Application.changed_at, Application.id)
    return keyset_page(query, key, cursor, newest_first=state != "new")


def count_new(site_ids: Sequence[int]) -> int:
    """How many applications to these sites nobody has decided on, up to a hundred."""
    if not site_ids:
        return 0
    some = (
        select(Application.id)
        .where(Application.site_id.in_(site_ids), Application.state == "new")
        .limit(MOST_COUNTED)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def count_waiting(site_id: int) -> int:
    """How long the waiting list of a site is."""
    last = select(func.max(Application.position)).where(
        Application.site_id == site_id, Application.position.is_not(None)
    )
    return db.session.scalar(last) or 0


_new = (
    select(Application.id)
    .where(Application.site_id.in_(MANAGED_SITES), Application.state == "new")
    .limit(MOST_COUNTED)
    .subquery()
)
# How many applications wait for somebody's decision, at the sites in their grants.
NEW = Counter(select(func.count()).select_from(_new).scalar_subquery(), MOST_COUNTED)


def answers_of(application: Application) -> Sequence[FormAnswer]:
    """The answers to the site's questions, in the order of these, archived ones too."""
    return db.session.scalars(
        select(FormAnswer)
        .join(FormAnswer.question)
        .where(FormAnswer.application_id == application.id)
        .options(joinedload(FormAnswer.question))
        .order_by(FormQuestion.position, FormQuestion.id)
    ).all()


def conversation_of(application: Application, *, with_notes: bool) -> Sequence[ApplicationMessage]:
    """What was said, the last two hundred in their order; notes are for managers only."""
    query = (
        select(ApplicationMessage)
        .where(ApplicationMessage.application_id == application.id)
        .options(joinedload(ApplicationMessage.author))
        .order_by(ApplicationMessage.id.desc())
        .limit(MESSAGES_SHOWN)
    )
    if not with_notes:
        query = query.where(~ApplicationMessage.internal)
    return list(reversed(db.session.scalars(query).all()))


def steps_of(application: Application) -> Sequence[ApplicationStep]:
    """What happened to an application, in order, with who did it."""
    return db.session.scalars(
        select(ApplicationStep)
        .where(ApplicationStep.application_id == application.id)
        .options(joinedload(ApplicationStep.by))
        .order_by(ApplicationStep.id)
    ).all()
