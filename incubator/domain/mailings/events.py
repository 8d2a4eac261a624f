"""What happens to messages to many."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class MailingSent(Event):
    """A message to many left; each recipient has a letter on its way."""

    mailing_id: int
    how_many: int
    subject: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MembersExported(Event):
    """Somebody took a list of members away as a file."""

    how_many: int
