"""When a public form was shown, signed: a machine answers too fast, or with a form kept for days.

No session and no row is needed: the form carries its own instant.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

from incubator.edge.numbers import natural
from incubator.kernel.errors import Refusal

LEAST: Final = timedelta(seconds=3)
MOST: Final = timedelta(hours=24)
_DIGITS: Final = 12


def issue(secret: str, *, now: datetime) -> str:
    """The stamp of a form that is shown now."""
    shown = str(int(now.timestamp()))
    return f"{shown}.{_sign(shown, secret)}"


def check(stamp: str, secret: str, *, now: datetime) -> None:
    """Raise Refusal ``membership.form_fast`` or ``membership.form_old``; a forged one is old."""
    shown, _, signature = stamp.partition(".")
    good = hmac.compare_digest(signature.encode(), _sign(shown, secret).encode())
    seconds = natural(shown, digits=_DIGITS)
    if not good or seconds is None:
        raise Refusal("membership.form_old")
    age = now - datetime.fromtimestamp(seconds, UTC)
    if age > MOST:
        raise Refusal("membership.form_old")
    if age < LEAST:
        raise Refusal("membership.form_fast")


def _sign(shown: str, secret: str) -> str:
    key = hashlib.sha256(f"membership.form:{secret}".encode()).digest()
    return hmac.new(key, shown.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
