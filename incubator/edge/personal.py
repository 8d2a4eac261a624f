"""What one feature keeps about a person, as the pages about one's own data ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from incubator.kernel.personal import PersonalRows


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """A feature's name, its rows and files about a member, and how it forgets one."""

    name: str
    data: Callable[[int], PersonalRows]
    files: Callable[[int], Iterable[tuple[str, Path]]]
    forget: Callable[[int], None]
