"""Step of the loader: what the houses announce and keep."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.demo.stage import key_of
from incubator.domain.documents import commands as documents
from incubator.domain.documents.models import FOLDER
from incubator.domain.notices import commands as notices
from incubator.edge.state import settings
from incubator.kernel.db import as_of
from incubator.kernel.stored_files import store_file

if TYPE_CHECKING:
    from incubator.demo.shapes import Announced, Shelved
    from incubator.demo.stage import Stage

MOST_BYTES = 100_000


def furnish(stage: Stage) -> str:
    """Announce and shelve."""
    house = stage.content.house
    for notice in house.notices:
        _announce(stage, notice)
    for document in house.documents:
        _shelve(stage, document)
    return f"{len(house.notices)} announcements, {len(house.documents)} documents"


def _announce(stage: Stage, notice: Announced) -> None:
    at = stage.now - timedelta(hours=notice.hours_ago)
    with as_of(at):
        notices.publish(
            stage.actors[notice.by],
            site_id=stage.sites[notice.site] if notice.site else None,
            title=notice.title,
            body=notice.body,
            expires_at=stage.now + timedelta(days=notice.days),
            once=key_of("notice", notice.title),
            now=at,
        )


def _shelve(stage: Stage, document: Shelved) -> None:
    at = stage.opened_at + timedelta(days=2)
    folder = settings().uploads_dir / FOLDER
    content = document.text.strip().encode() + b"\n"
    with as_of(at):
        documents.add(
            stage.actors[document.by],
            site_id=stage.sites[document.site] if document.site else None,
            cover=documents.Cover(
                title=document.title, about=document.about, audience=document.audience
            ),
            file=store_file(content, document.file, folder, most_bytes=MOST_BYTES),
            once=key_of("document", document.title),
            now=at,
        )
