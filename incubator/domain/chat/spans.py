"""Which part of a room's log somebody may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from incubator.domain.chat.models import CLOSED

END: Final = 2**62


@dataclass(frozen=True, slots=True)
class Span:
    """Entries after ``after`` up to ``until``, by their ``seq``."""

    after: int = 0
    until: int = END


WHOLE: Final = Span()
NOTHING: Final = Span(END, 0)


def span_of(kind: str, *, from_seq: int | None, to_seq: int | None) -> Span | None:
    """What a seat lets its holder read of a room; None when it takes a seat and they had none.

    Open rooms are read whole, and a direct conversation by its two.
    """
    if kind == "direct" or kind not in CLOSED:
        return WHOLE
    if from_seq is None:
        return None
    return Span(from_seq, END if to_seq is None else to_seq)
