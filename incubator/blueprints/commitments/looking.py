"""Looks at people's hours are written once the page is drawn: nothing read is read twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request

from incubator.domain.commitments import look_lists
from incubator.edge.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Response

    from incubator.domain.commitments.models import Contribution
    from incubator.network.members.actor import Actor


def noted(
    viewer: Actor, member_ids: Iterable[int | None], *, page: str, site_id: int | None
) -> None:
    """Let each of these members see who looked; no page is sent whose looks cannot be written."""
    seen = [one for one in member_ids if one is not None]

    def write(response: Response) -> Response:
        look_lists.note_all(viewer, seen, page=page, site_id=site_id, now=now())
        return response

    after_this_request(write)


def noted_shared(viewer: Actor, lines: Iterable[Contribution], *, site_id: int | None) -> None:
    """The same for hours shared with others; whom somebody helped is no onlooker."""
    givers = [one.giver_id for one in lines if one.helped_id != viewer.id]
    if givers:
        noted(viewer, givers, page="contribution", site_id=site_id)
