"""The reader as parameters of statements that are built once, and the counters made of them.

Building a statement takes longer than running it: what a page asks each time is built when
its module is imported, and only these values are given anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, bindparam, select

from incubator.kernel.db import BigId, db
from incubator.network.members.circles import read_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ScalarSelect

    from incubator.kernel.keyset import Statement
    from incubator.network.members.actor import Actor

READER_ID = bindparam("reader_id", type_=BigId)
READS_ALL = bindparam("reader_reads_all", type_=Boolean)
# Whether they run any site.
RUNS_SOME = bindparam("reader_runs_some", type_=Boolean)
MANAGED_SITES = bindparam("reader_manages", type_=BigId, expanding=True)
# Managed ones and, for members, their own: what is of one of these sites is theirs to read.
READ_SITES = bindparam("reader_sites", type_=BigId, expanding=True)
# Circles they are in: what is of one of these is theirs to read.
READ_CIRCLES = bindparam("reader_circles", type_=BigId, expanding=True)


def values_of(actor: Actor) -> dict[str, Any]:
    """The parameters above for one person; a statement takes those that it names."""
    sites = set(actor.managed_site_ids)
    if not actor.is_guest and actor.home_site_id is not None:
        sites.add(actor.home_site_id)
    return {
        "reader_id": actor.id,
        "reader_reads_all": actor.is_administrator,
        "reader_runs_some": actor.is_manager,
        "reader_manages": sorted(actor.managed_site_ids),
        "reader_sites": sorted(sites),
        "reader_circles": sorted(read_by(actor)),
    }


@dataclass(frozen=True, eq=False)
class Counter:
    """A number for the reader, counted up to ``most``: a subquery that names them as above."""

    number: ScalarSelect[int]
    most: int

    def of(self, actor: Actor) -> int:
        """The number of one person."""
        return counted((self,), actor)[0]


def counted(counters: Sequence[Counter], actor: Actor) -> list[int]:
    """The numbers of several counters, read in one statement."""
    if not counters:
        return []
    row = db.session.execute(_together(tuple(counters)), values_of(actor)).one()
    return [min(number or 0, each.most) for each, number in zip(counters, row, strict=True)]


@cache
def _together(counters: tuple[Counter, ...]) -> Statement:
    """One statement for each choice of counters: menus differ by role only."""
    numbers = [each.number.label(f"number{place}") for place, each in enumerate(counters)]
    return select(*numbers)
