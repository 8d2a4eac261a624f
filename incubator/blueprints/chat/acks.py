"""How an error is told to a client: one code, and whether the same act may be tried again."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from incubator.kernel.db import DatabaseDown
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany

log = logging.getLogger(__name__)

# The words for a person go by these codes; see templates/chat/show.html.
CODES = {
    "chat.bad_cid": "bad_request",
    "chat.bad_sign": "bad_request",
    "chat.blank": "blank",
    "chat.cid_reused": "cid_reused",
    "chat.edited_meanwhile": "conflict",
    "chat.gone": "absent",
    "chat.files_gone": "files",
    "chat.files_too_many": "files",
    "chat.guests_listen": "forbidden",
    "chat.mentions_too_many": "mentions",
    "chat.not_everybody": "everybody",
    "chat.archived": "archived",
    "chat.muted": "muted",
    "chat.not_seated": "not_member",
    "chat.too_long": "too_long",
    "live.bad_payload": "bad_request",
    "live.not_for_you": "forbidden",
    "live.signed_out": "auth_expired",
    "live.unknown_event": "bad_request",
}


def explain(error: Exception) -> dict[str, Any]:
    """The acknowledgement of what failed. ``retry``: the same cid may be sent again."""
    if isinstance(error, TooMany):
        return {"err": "rate_limited", "retry": True, "retry_after": error.retry_after}
    if isinstance(error, Refusal):
        until = error.details.get("until")
        known = {"until": until.isoformat()} if isinstance(until, datetime) else {}
        return {"err": _code(error), "retry": False, **known}
    if isinstance(error, DatabaseDown):
        log.warning("the database does not answer: %s", error.orig)
    return {"err": "busy", "retry": True, "retry_after": 1}


def _code(refusal: Refusal) -> str:
    if isinstance(refusal, NotFound):
        return "no_message" if refusal.code == "chat.message" else "gone"
    if isinstance(refusal, NotAllowed):
        return CODES.get(refusal.code, "forbidden")
    return CODES.get(refusal.code, "refused")


def status(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return 401 if refusal.code == "live.signed_out" else refusal.status
