"""Writing, publishing and signing charters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.membership import charters_policy as policy
from incubator.domain.membership import charters_queries as queries
from incubator.domain.membership import welcome
from incubator.domain.membership.charter_models import Charter, CharterSignature, CharterVersion
from incubator.domain.membership.charters_events import CharterPublished, CharterSigned
from incubator.domain.membership.charters_rules import Texts, clean_texts
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Conflict, NotAllowed, NotFound
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor


def save_draft(actor: Actor, site_id: int | None, *, texts: Texts, revision: int) -> CharterVersion:
    """Write the next version of a site's charter, or without a site of the network's.

    ``revision`` is the one the writer started from, 0 for a new draft. Raise NotAllowed
    ``membership.charter_not_yours``, Conflict ``membership.charter_edited``, or Refusal on a
    text.
    """
    charter = _held(actor, site_id)
    clean = clean_texts(texts)
    draft = _draft(charter)
    if (draft.revision if draft else 0) != revision:
        raise Conflict("membership.charter_edited", field="body_fr")
    if draft is None:
        draft = CharterVersion(charter_id=charter.id, number=_last(charter) + 1, revision=0)
        db.session.add(draft)
    draft.revision += 1
    draft.title_fr, draft.title_en = clean.title_fr, clean.title_en
    draft.body_fr_md, draft.body_en_md = clean.body_fr, clean.body_en
    draft.body_fr_html = markdown_to_html(clean.body_fr)
    draft.body_en_html = markdown_to_html(clean.body_en)
    db.session.flush()
    return draft


def publish(actor: Actor, site_id: int | None, *, revision: int, now: datetime) -> CharterVersion:
    """Put the draft into force in place of the version before it; all are asked to sign.

    ``revision`` is the one that was read. Raise NotAllowed ``membership.charter_not_yours``,
    Conflict ``membership.charter_edited`` when it changed or was published meanwhile.
    """
    charter = _held(actor, site_id)
    draft = _draft(charter)
    if draft is None or draft.revision != revision:
        raise Conflict("membership.charter_edited")
    before = db.session.scalar(
        select(CharterVersion).where(
            CharterVersion.charter_id == charter.id,
            CharterVersion.published_at.is_not(None),
            CharterVersion.replaced_at.is_(None),
        )
    )
    if before is not None:
        before.replaced_at = now
        db.session.flush()
    draft.published_at, draft.published_by_id = now, actor.id
    db.session.flush()
    record(
        CharterPublished(
            actor_id=actor.id, site_id=site_id, version_id=draft.id, number=draft.number
        )
    )
    return draft


def sign(actor: Actor, version_id: int, *, now: datetime) -> None:
    """Sign a version in force; signing again changes nothing.

    Raise NotFound, NotAllowed ``membership.charter_not_for_you``, Conflict
    ``membership.charter_outdated`` when a newer one came meanwhile.
    """
    version = queries.visible_to(actor, version_id)
    site_id = version.charter.site_id
    if not policy.applies_to(actor, site_id):
        raise NotAllowed("membership.charter_not_for_you")
    # The charter's lock keeps a new version from coming in between.
    db.session.get(Charter, version.charter_id, with_for_update=True)
    db.session.refresh(version, ["published_at", "replaced_at"])
    if not version.is_current:
        raise Conflict("membership.charter_outdated")
    if insert_once(CharterSignature, version_id=version.id, member_id=actor.id, signed_at=now):
        record(
            CharterSigned(
                actor_id=actor.id, site_id=site_id, version_id=version.id, member_id=actor.id
            )
        )
        welcome.charter_signed(actor.id, now=now)


def _held(actor: Actor, site_id: int | None) -> Charter:
    """The charter, made when it is missing, locked for its writers."""
    if not policy.may_write(actor, site_id):
        raise NotAllowed("membership.charter_not_yours")
    insert_once(Charter, site_id=site_id)
    scope = Charter.site_id.is_(None) if site_id is None else Charter.site_id == site_id
    found = db.session.scalar(select(Charter).where(scope).with_for_update())
    if found is None:
        raise NotFound("membership.charter")
    return found


def _draft(charter: Charter) -> CharterVersion | None:
    return db.session.scalar(
        select(CharterVersion)
        .where(CharterVersion.charter_id == charter.id, CharterVersion.published_at.is_(None))
        .execution_options(populate_existing=True)
    )


def _last(charter: Charter) -> int:
    return (
        db.session.scalar(
            select(func.max(CharterVersion.number)).where(CharterVersion.charter_id == charter.id)
        )
        or 0
    )
