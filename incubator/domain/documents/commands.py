"""Adding documents, new versions of them, and taking them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.documents import policy
from incubator.domain.documents.events import DocumentAdded, DocumentChanged, DocumentRemoved
from incubator.domain.documents.models import Document, DocumentVersion
from incubator.domain.documents.queries import visible_to
from incubator.domain.documents.searching import index_document
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.kernel.stored_files import StoredFile
    from incubator.network.members.actor import Actor

TITLE_MOST = 120
ABOUT_MOST = 300
NOTE_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What stands on a document: title, a line about it, who may read it."""

    title: str
    about: str = ""
    audience: str = "site"


def add(
    actor: Actor,
    *,
    site_id: int | None,
    cover: Cover,
    file: StoredFile,
    once: str,
    now: datetime,
) -> Document:
    """Put a stored file on the shelf of a site, or of the network (None).

    The same form sent twice gives one document. Raise NotAllowed ``documents.keep``; Refusal
    ``documents.empty``, ``documents.too_long`` or ``documents.audience``.
    """
    if not policy.may_keep(actor, site_id):
        raise NotAllowed("documents.keep")
    values = _checked(cover, site_id)
    made = insert_once(
        Document,
        site_id=site_id,
        once=once[:40],
        created_by_id=actor.id,
        created_at=now,
        **values,
    )
    document = db.session.scalars(
        select(Document).where(Document.created_by_id == actor.id, Document.once == once[:40])
    ).one()
    if made:
        _append(actor, document, file, note="", now=now)
        index_document(document.id)
        record(
            DocumentAdded(
                actor_id=actor.id, site_id=site_id, document_id=document.id, title=document.title
            )
        )
    return document


def change(actor: Actor, document_id: int, *, cover: Cover) -> None:
    """Write another title, line or audience on a document; raise as ``add``, or NotFound."""
    document = _held(actor, document_id)
    values = _checked(cover, document.site_id)
    changed = tuple(name for name, value in values.items() if getattr(document, name) != value)
    for name in changed:
        setattr(document, name, values[name])
    if changed:
        _tell_change(actor, document, changed)


def add_version(
    actor: Actor, document_id: int, *, file: StoredFile, note: str, now: datetime
) -> int:
    """Put a newer file in the place of a document; its number. The same file is no new version.

    Raise NotFound, NotAllowed ``documents.keep``; Refusal ``documents.too_long``.
    """
    document = _held(actor, document_id)
    newest = document.versions[0]
    if newest.sha256 == file.sha256:
        return newest.number
    number = _append(actor, document, file, note=_fit(note, "note", NOTE_MOST), now=now)
    _tell_change(actor, document, ("version",))
    return number


def remove(actor: Actor, document_id: int, *, now: datetime) -> None:
    """Take a document off the shelf; its files stay in backups. Raise NotFound, NotAllowed."""
    document = _held(actor, document_id)
    document.removed_at = now
    index_document(document_id)
    record(DocumentRemoved(actor_id=actor.id, site_id=document.site_id, document_id=document_id))


def _held(actor: Actor, document_id: int) -> Document:
    """The document, locked until the end of the transaction, if ``actor`` may change it."""
    document = visible_to(actor, document_id)
    if not policy.may_keep(actor, document.site_id):
        raise NotAllowed("documents.keep")
    db.session.execute(select(Document.id).where(Document.id == document_id).with_for_update())
    db.session.expire(document)
    return visible_to(actor, document_id)


def _append(actor: Actor, document: Document, file: StoredFile, *, note: str, now: datetime) -> int:
    last = db.session.scalar(
        select(func.max(DocumentVersion.number)).where(DocumentVersion.document_id == document.id)
    )
    number = (last or 0) + 1
    version = DocumentVersion(
        document_id=document.id,
        number=number,
        file_key=file.key,
        file_name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        note=note,
        uploaded_by_id=actor.id,
        uploaded_at=now,
    )
    db.session.add(version)
    db.session.flush()
    return number


def _tell_change(actor: Actor, document: Document, changed: tuple[str, ...]) -> None:
    index_document(document.id)
    record(
        DocumentChanged(
            actor_id=actor.id,
            site_id=document.site_id,
            document_id=document.id,
            changed=changed,
        )
    )


def _checked(cover: Cover, site_id: int | None) -> dict[str, str]:
    title = _fit(cover.title, "title", TITLE_MOST)
    if not title:
        raise Refusal("documents.empty", field="title")
    known = cover.audience in policy.AUDIENCES
    if not known or (site_id is None and cover.audience == "site"):
        raise Refusal("documents.audience", field="audience")
    about = _fit(cover.about, "about", ABOUT_MOST)
    return {
        "title": title,
        "sort_title": fold(title)[:TITLE_MOST],
        "about": about,
        "audience": cover.audience,
    }


def _fit(text: str, field: str, most: int) -> str:
    trimmed = one_line(text)
    if len(trimmed) > most:
        raise Refusal("documents.too_long", field=field, most=most)
    return trimmed
