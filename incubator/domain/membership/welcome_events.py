"""What happens while a newcomer is welcomed."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeEvent(Event):
    """Anything about the welcome of one member."""

    member_id: int
    welcome_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeStarted(WelcomeEvent):
    """A newcomer got their checklist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeTicked(WelcomeEvent):
    """A task is done, or after all not; ``kind`` says of which sort it is."""

    task_id: int
    kind: str
    done: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WelcomeEnded(WelcomeEvent):
    """Everything is done, or the newcomer moved to another site."""

    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistChanged(Event):
    """The checklist of a site changed; those who are being welcomed keep theirs."""
