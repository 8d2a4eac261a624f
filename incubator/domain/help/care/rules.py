"""Rules of care: reasons, words, what still waits, and how much one may write in a day. Pure.

How much depends on trust, which grows with help that others confirmed and with months of
membership. It only keeps back who writes far more than people do; managers are never kept back,
and nobody is in the thread of their own question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.domain.help.rules import clean_words as tidied
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

REASONS: Final = ("unkind", "advertising", "private", "wrong", "misplaced", "other")
DECISIONS: Final = ("dismiss", "hide", "lock", "warn")
# A report is answered by any of these, as long as it stands.
ANSWERS: Final = frozenset({"dismiss", "hide", "lock", "warn", "move"})
WORDS_MOST: Final = 1000
PINS_MOST: Final = 3
PIN_DAYS: Final = 90

DAY: Final = timedelta(days=1)
NEW, KNOWN, TRUSTED = LEVELS = ("new", "known", "trusted")
# Texts in twenty-four hours, by level.
ALLOWED: Final = {
    "question": {NEW: 3, KNOWN: 8, TRUSTED: 20},
    "answer": {NEW: 20, KNOWN: 50, TRUSTED: 120},
    "comment": {NEW: 20, KNOWN: 60, TRUSTED: 150},
    "report": {NEW: 10, KNOWN: 20, TRUSTED: 40},
}
KNOWN_HELP, KNOWN_MONTHS = 1, 3
TRUSTED_HELP, TRUSTED_MONTHS = 5, 12
DAYS_A_MONTH: Final = 30


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What trust rests on: whole months of membership, and help that others confirmed."""

    months: int = 0
    helped: int = 0


def level(standing: Standing) -> str:
    """How far a member is trusted; more of anything is never less.

    «known» is who helped once or has been here for three months; «trusted» who helped five times,
    or once in a year of membership.
    """
    seasoned = standing.months >= TRUSTED_MONTHS and standing.helped >= KNOWN_HELP
    if standing.helped >= TRUSTED_HELP or seasoned:
        return TRUSTED
    known = standing.helped >= KNOWN_HELP or standing.months >= KNOWN_MONTHS
    return KNOWN if known else NEW


def months_since(joined_at: datetime, now: datetime) -> int:
    """Whole months of membership, of thirty days."""
    return max(0, (now - joined_at).days // DAYS_A_MONTH)


def clean_reason(reason: str, words: str) -> tuple[str, str]:
    """A reason of the list and the words that go with it.

    Raise Refusal ``care.reason``, ``care.words`` when «other» says nothing more,
    ``care.words_long``.
    """
    if reason not in REASONS:
        raise Refusal("care.reason", field="reason")
    told = clean_words(words, needed=reason == "other")
    return reason, told


def clean_words(words: str, *, needed: bool, field: str = "words") -> str:
    """Words on one line; raise Refusal ``care.words`` or ``care.words_long``."""
    text = tidied(words)
    if needed and not text:
        raise Refusal("care.words", field=field)
    if len(text) > WORDS_MOST:
        raise Refusal("care.words_long", field=field, most=WORDS_MOST)
    return text


def clean_until(until: date | None, today: date) -> date:
    """The last day of a pin; raise Refusal ``help.care_until``."""
    if until is None or not today <= until <= today + timedelta(days=PIN_DAYS):
        raise Refusal("help.care_until", field="until", most=PIN_DAYS)
    return until


def waiting_since(reported: Sequence[datetime], answered: Sequence[datetime]) -> datetime | None:
    """When the first report came that no standing measure answers; None when none waits."""
    last = max(answered, default=None)
    return min((at for at in reported if last is None or at > last), default=None)


def is_wider(old: tuple[str, int | None], new: tuple[str, int | None]) -> bool:
    """Whether a thread («network» or «site», with its site) gets readers it did not have."""
    if new[0] == "network":
        return old[0] != "network"
    return old[0] == "site" and old[1] != new[1]
