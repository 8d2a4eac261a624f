"""Documents that a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from incubator.domain.documents import policy
from incubator.domain.documents.models import Document, DocumentVersion
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

PAGE_SIZE = 30
MOST_ON_A_PANEL = 8


class Shelved(NamedTuple):
    """A document with its newest version."""

    document: Document
    newest: DocumentVersion


def visible_to(actor: Actor, document_id: int) -> Document:
    """A document with its site and all its versions; raise NotFound when it is not for them."""
    found = db.session.scalar(
        select(Document)
        .where(Document.id == document_id, Document.removed_at.is_(None))
        .options(
            joinedload(Document.site),
            selectinload(Document.versions).joinedload(DocumentVersion.uploaded_by),
        )
    )
    if found is None or not policy.may_read(actor, found):
        raise NotFound("documents.document")
    return found


def version_visible_to(actor: Actor, document_id: int, number: int) -> DocumentVersion:
    """One version of a document; raise NotFound."""
    document = visible_to(actor, document_id)
    found = next((each for each in document.versions if each.number == number), None)
    if found is None:
        raise NotFound("documents.document")
    return found


def versions_by(member_id: int) -> Sequence[DocumentVersion]:
    """What a member added, the oldest first."""
    theirs = DocumentVersion.uploaded_by_id == member_id
    query = select(DocumentVersion).where(theirs).order_by(DocumentVersion.id)
    return db.session.scalars(query).all()


def page_of(actor: Actor, site_id: int | None, cursor: Cursor) -> Page[Shelved]:
    """The documents of a site, or of the network (None), that the reader may see, by title."""
    query = select(Document).where(_of(site_id), Document.removed_at.is_(None), readable(actor))
    page = keyset_page(query, (Document.sort_title, Document.id), cursor)
    newest = _newest([document.id for document in page.rows])
    rows = [Shelved(document, newest[document.id]) for document in page.rows]
    return Page(rows=rows, next=page.next, previous=page.previous)


def _newest(document_ids: list[int]) -> dict[int, DocumentVersion]:
    """The last version of each document, in one statement."""
    rows = db.session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id.in_(document_ids))
        .order_by(DocumentVersion.document_id, DocumentVersion.number)
    )
    return {row.document_id: row for row in rows}


def _of(site_id: int | None) -> ColumnElement[bool]:
    return Document.site_id.is_(None) if site_id is None else Document.site_id == site_id


def readable(actor: Actor) -> ColumnElement[bool]:
    """``policy.may_read`` as a condition on ``Document``."""
    if actor.is_administrator:
        return true()
    kept = Document.site_id.in_(actor.managed_site_ids)
    if actor.is_guest:
        return kept
    at_home = and_(Document.audience == "site", Document.site_id == actor.home_site_id)
    steering = and_(Document.audience == "managers", Document.site_id.is_(None))
    return or_(
        kept,
        Document.audience == "network",
        at_home,
        steering if actor.is_manager else false(),
    )
