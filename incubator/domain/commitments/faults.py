"""What a proof of the hours finds wrong."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 20  # faults of one kind that are told one by one


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must not be: the number of the invariant in the model, and a sentence."""

    invariant: int
    words: str
