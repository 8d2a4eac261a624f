"""What pages hear of notifications."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class NotificationsMoved(Event):
    """The numbers of these members' bells are other ones; who they are is nobody's business."""

    member_ids: tuple[int, ...]
