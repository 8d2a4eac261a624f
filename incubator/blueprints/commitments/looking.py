"""Whoever opens somebody else's hours leaves a trace that this person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request

from incubator.domain.commitments import looks
from incubator.edge.actor import actor
from incubator.edge.clock import now

if TYPE_CHECKING:
    from flask import Response

READ = 200  # the page was shown


def leave_trace(member_id: int, page: str) -> None:
    """Write down once the page is drawn that the reader looked: a write in the middle ends reads.

    ``page`` is one of ``looks.PAGES``. A page fetched ahead counts too: it may be shown later
    without asking again.
    """
    reader, instant = actor(), now()

    def write(response: Response) -> Response:
        if response.status_code == READ:
            looks.note(reader, member_id, page=page, now=instant)
        return response

    after_this_request(write)
