"""Looks at people's hours are written once the page is drawn: nothing read is read twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request

from incubator.domain.commitments import look_lists
from incubator.edge.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Response

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
