"""What happens to charters; without a site they are the network's."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CharterPublished(Event):
    """A version came into force; all whom it concerns are asked to sign it."""

    version_id: int
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CharterSigned(Event):
    """A member signed a version."""

    version_id: int
    member_id: int
