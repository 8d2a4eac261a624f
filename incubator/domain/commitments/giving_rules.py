"""Who gives help to whom, between firms and between cities, and who is alone; pure.

Cells that tell of fewer than five people are not shown in comparisons: their minutes are kept
from the reader, not the fact that there is help.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K = TypeVar("K", bound="int | str | None")
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Given:
    """Confirmed help: from whom to whom, minutes."""

    giver_id: int
    receiver_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Minutes from one to another, and how many people gave or received them."""

    minutes: int
    people: int

    @property
    def hidden(self) -> bool:
        """Whether it tells of too few people to be shown among strangers."""
        return self.people < FEWEST


@dataclass(frozen=True, slots=True)
class Matrix(Generic[K]):
    """Help between groups, by giver's and receiver's group; ``keys`` are those that have any."""

    cells: Mapping[tuple[K, K], Cell] = field(default_factory=dict)
    keys: tuple[K, ...] = ()

    @property
    def most(self) -> int:
        """The minutes of the greatest cell."""
        return max((cell.minutes for cell in self.cells.values()), default=0)

    def given(self, key: K) -> int:
        """What a group gave in all."""
        return sum(cell.minutes for (giver, _), cell in self.cells.items() if giver == key)

    def received(self, key: K) -> int:
        """What a group received in all."""
        return sum(cell.minutes for (_, receiver), cell in self.cells.items() if receiver == key)


def matrix(facts: Iterable[Given], group_of: Mapping[int, K]) -> Matrix[K]:
    """Help between the groups that ``group_of`` tells for each member; others are left out."""
    minutes: dict[tuple[K, K], int] = defaultdict(int)
    people: dict[tuple[K, K], set[int]] = defaultdict(set)
    for one in facts:
        if one.giver_id in group_of and one.receiver_id in group_of:
            pair = (group_of[one.giver_id], group_of[one.receiver_id])
            minutes[pair] += one.minutes
            people[pair] |= {one.giver_id, one.receiver_id}
    cells = {pair: Cell(total, len(people[pair])) for pair, total in minutes.items()}
    keys = dict.fromkeys(key for pair in cells for key in pair)
    return Matrix(cells, tuple(keys))


def isolated(members: Iterable[int], facts: Iterable[Given]) -> set[int]:
    """Those who neither gave nor received."""
    together = {one for fact in facts for one in (fact.giver_id, fact.receiver_id)}
    return set(members) - together
