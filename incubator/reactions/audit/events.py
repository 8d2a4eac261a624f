"""What happens to the log itself."""

from __future__ import annotations

from dataclasses import dataclass

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class LogExported(Event):
    """So many entries of the log left as a file of this kind."""

    how_many: int
    kind: str
