"""Short texts with their signature, for links that work without signing in. Pure."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

DIGITS: Final = 32
# Where a request keeps what its signed cookie said, once it was read.
OPENED: Final = "incubator.session"
# Where it keeps the token of a session that another has just followed.
FORMER: Final = "incubator.former"


def sign(told: str, secret: str, *, purpose: str) -> str:
    """The text and its signature, as part of an address; another ``purpose`` signs otherwise."""
    key = f"{purpose}:{secret}".encode()
    signature = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:DIGITS]
    return f"{told}-{signature}"


def told_by(token: str, secret: str, *, purpose: str) -> str | None:
    """The text of a token; None for one that this house did not sign for this purpose."""
    told = token.rpartition("-")[0]
    ours = sign(told, secret, purpose=purpose)
    return told if hmac.compare_digest(ours.encode(), token.encode()) else None
