"""Documents among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.domain.documents import searching
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.pages import url

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def documents(reader: Actor, text: str, most: int) -> list[Hit]:
    """Documents that the reader may open, the newest first."""
    found = searching.find(reader, text, most)
    return [
        Hit(each.title, url("documents.show", document_id=each.id), each.about) for each in found
    ]


SOURCE = SearchSource(
    key="documents", label=_l("Documents"), icon="file-text", find=documents, order=60
)
