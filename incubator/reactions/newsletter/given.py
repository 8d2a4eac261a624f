"""Hours between a site and others in a span: figures only, never of fewer than five people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from incubator.domain.commitments.giving import around_site
from incubator.domain.commitments.rules import Span
from incubator.domain.newsletter.rules import days_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.sites.queries import Place


class Given(NamedTuple):
    """Minutes from the people of one site to those of another."""

    giver_id: int
    receiver_id: int
    minutes: int


def given_between(place: Place, since: datetime, until: datetime) -> list[Given]:
    """The most first; without sums, from which what is hidden could be reckoned."""
    matrix = around_site(place.id, Span(*days_of(since, until, place.time_zone)))
    shown = [Given(*pair, cell.minutes) for pair, cell in matrix.cells.items() if not cell.hidden]
    return sorted(shown, key=lambda each: (-each.minutes, each.giver_id, each.receiver_id))
