"""What happens to letters about a week; ``actor_id`` is None where the machine did it."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionDrafted(Event):
    """A letter waits for its site's managers."""

    edition_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionEdited(Event):
    """A manager changed a draft."""

    edition_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionHeld(Event):
    """A draft will not leave by itself, or will again."""

    edition_id: int
    held: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionSent(Event):
    """A letter went out."""

    edition_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionSkipped(Event):
    """A draft will never go out."""

    edition_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitChosen(Event):
    """A site's letters leave by themselves from now on, or no longer."""

    by_itself: bool
