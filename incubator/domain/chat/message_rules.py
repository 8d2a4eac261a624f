"""Rules of what hangs on a message: for how long it is changed, signs, reasons, limits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.domain.chat.rules import clean
from incubator.kernel.errors import Refusal, TooMany
from incubator.kernel.text import one_line
from incubator.kernel.throttle import spend

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.members.actor import Actor

EDITABLE: Final = timedelta(hours=24)
REASON_MOST: Final = 200
# The order in which a message shows them, whoever came first.
SIGNS: Final = (
    *("👍", "❤️", "🙏", "👏", "🎉", "🔥", "💡", "👀", "😂", "😊"),
    *("🙂", "🤔", "😮", "😢", "💪", "🤝", "✅", "❌", "❓", "🚀"),
    *("☕", "🥐", "🌱", "🌍", "📌", "⏰", "🎯", "💶", "🛠️", "🌧️"),
)
SIGNS_MOST: Final = 20
PINS_MOST: Final = 50
MENTIONS_MOST: Final = 10
# Those who are on site are called by name, one row each: never more than this.
ON_SITE_MOST: Final = 60
# With these begin the paths that members paste, in French and in English.
OUR_PAGES = frozenset(
    {
        *("annuaire", "directory", "cercles", "circles", "discussions", "chat", "documents"),
        *("entraide", "help", "entreprises", "firms", "sites", "annonces", "notices"),
        *("heures", "hours", "competences", "skills"),
    }
)
# Acts of one kind that a member may do in so many seconds.
LIMITS: Final = {
    "edit": (20, 60),
    "del": (20, 60),
    "react": (30, 60),
    "pin": (10, 60),
    "call": (5, 3_600),
}


def sign(emoji: str) -> str:
    """One of the signs of the house; raise Refusal ``chat.bad_sign``."""
    if emoji not in SIGNS:
        raise Refusal("chat.bad_sign")
    return emoji


def reason(text: str) -> str:
    """Why a message of somebody else was removed; raise Refusal ``chat.reason_missing``."""
    line = one_line(clean(text))[:REASON_MOST]
    if not any(letter.isalnum() for letter in line):
        raise Refusal("chat.reason_missing", field="reason")
    return line


def check_age(said_at: datetime, now: datetime) -> None:
    """Refuse with ``chat.too_old`` to change what was said more than a day ago."""
    if now - said_at > EDITABLE:
        raise Refusal("chat.too_old", field="text")


def slow_down(actor: Actor, act: str, now: datetime) -> None:
    """Count an act; raise TooMany ``chat.acts_too_fast``."""
    limit, seconds = LIMITS[act]
    wait = spend(f"chat.{act}:{actor.id}", limit=limit, per_seconds=seconds, now=now)
    if wait:
        raise TooMany("chat.acts_too_fast", retry_after=wait)
