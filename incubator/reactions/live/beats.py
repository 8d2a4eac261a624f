"""Beats of pages that have no line of their own: heard by the process that answers them."""

from __future__ import annotations

import time

from flask import current_app  # noqa: TID251 - a page is answered beside the sockets of its process

from incubator.reactions.live.service import of


def seen(member_id: int, *, session_id: int, active: bool) -> None:
    """A browser of a session shows a page to its person; other processes learn it in a moment."""
    presence = of(current_app).presence
    presence.beat(member_id, f"page {session_id}", active=active, now=time.monotonic())
