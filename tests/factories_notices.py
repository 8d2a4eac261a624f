"""Announcements and documents for tests, made by the commands that pages call."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from incubator.domain.documents import commands as documents
from incubator.domain.notices import commands as notices
from incubator.kernel.db import transaction
from incubator.kernel.stored_files import store_file

if TYPE_CHECKING:
    from incubator.domain.documents.models import Document
    from incubator.domain.notices.models import Notice
    from incubator.kernel.stored_files import StoredFile
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

PDF = b"%PDF-1.7 the rules of the house"


def announced(
    make: Make, author: Account, site: Site | None, *, days: int = 7, **more: Any
) -> Notice:
    """An announcement that lasts some days."""
    said = {"title": "Coupure d’eau", "body": "Lundi matin.", "once": secrets.token_hex(8)} | more
    with transaction():
        return notices.publish(
            make.actor(author),
            site_id=site.id if site else None,
            expires_at=make.now + timedelta(days=days),
            now=make.now,
            **said,
        )


def a_file(make: Make, content: bytes = PDF, name: str = "Règlement.pdf") -> StoredFile:
    """A file as an upload leaves it."""
    folder = make.settings.uploads_dir / "documents"
    return store_file(content, name, folder, most_bytes=1_000_000)


def a_document(
    make: Make,
    keeper: Account,
    site: Site | None,
    *,
    title: str = "Règlement",
    audience: str = "site",
    once: str = "",
) -> Document:
    """A document with one version."""
    with transaction():
        return documents.add(
            make.actor(keeper),
            site_id=site.id if site else None,
            cover=documents.Cover(title=title, audience=audience),
            file=a_file(make),
            once=once or secrets.token_hex(8),
            now=make.now,
        )
