"""What happens to documents; ``site_id`` of the event is None for one of the network."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentAdded(Event):
    """There is a new document."""

    document_id: int
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentChanged(Event):
    """A document has a new version, another title or another audience (``changed``)."""

    document_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRemoved(Event):
    """A document was taken away; its files are kept."""

    document_id: int
