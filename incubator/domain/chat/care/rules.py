"""Rules of care in rooms: reasons, words, what still waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.chat.rules import clean
from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

REASONS: Final = ("unkind", "advertising", "private", "wrong", "misplaced", "other")
DECISIONS: Final = ("dismiss", "hide", "mute")
WORDS_MOST: Final = 1000
# A room shows why a message is hidden on one line.
WHY_MOST: Final = 200
REPORTS_A_DAY: Final = 20
DAY: Final = 86_400
# What was said just before a reported message, where who decides does not read the room.
BEFORE: Final = 2


def words_of(text: str, *, needed: bool, most: int = WORDS_MOST) -> str:
    """Words on one line; raise Refusal ``care.words`` or ``care.words_long``."""
    line = one_line(clean(text))
    if needed and not any(letter.isalnum() for letter in line):
        raise Refusal("care.words", field="words")
    if len(line) > most:
        raise Refusal("care.words_long", field="words", most=most)
    return line


def reason_of(reason: str, words: str) -> tuple[str, str]:
    """A reason of the list and the words that go with it; Refusal ``care.reason``."""
    if reason not in REASONS:
        raise Refusal("care.reason", field="reason")
    return reason, words_of(words, needed=reason == "other")


def waiting_since(reported: Sequence[datetime], answered: Sequence[datetime]) -> datetime | None:
    """When the first report came that no standing measure answers; None when none waits."""
    last = max(answered, default=None)
    return min((at for at in reported if last is None or at > last), default=None)
