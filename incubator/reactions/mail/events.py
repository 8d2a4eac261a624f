"""What is done with letters."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRead(Event):
    """An administrator read the copy of a letter that went to ``member_id``, or to an address."""

    member_id: int | None
    letter: str
