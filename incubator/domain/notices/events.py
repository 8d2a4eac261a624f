"""What happens to announcements; ``site_id`` of the event is None for one to the network."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePublished(Event):
    """An announcement went out."""

    notice_id: int
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeEdited(Event):
    """An announcement says something else; who read it is asked again."""

    notice_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeWithdrawn(Event):
    """An announcement was taken back."""

    notice_id: int
