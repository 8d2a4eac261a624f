"""Choices that look free and are the same every time for the same seed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """A stream of choices drawn from a seed; not for secrets."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` - 1."""
        digest = sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        self._drawn += 1
        return int.from_bytes(digest[:6], "big") % limit

    def pick(self, options: Sequence[T]) -> T:
        """One of the options; write an option twice to see it twice as often."""
        return options[self.below(len(options))]

    def once_in(self, times: int) -> bool:
        """True once in ``times``, on average."""
        return self.below(times) == 0
