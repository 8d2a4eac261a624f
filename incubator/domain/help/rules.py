"""Rules of the house for questions and answers; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

TITLE_LEAST: Final = 8
TITLE_MOST: Final = 150
BODY_MOST: Final = 30_000
SKILLS_MOST: Final = 5
COMMENT_MOST: Final = 3_000
HOW_MOST: Final = 500
MENTIONS_MOST: Final = 20
ACCEPTED_MOST: Final = 10
NEEDED_WITHIN: Final = timedelta(days=366)
MINUTES: Final = (5, 40 * 60)
ONCE_MOST: Final = 36


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an asker hopes for: an answer by a day, so many minutes of help, to stay unnamed.

    ``language`` is that of the question, «fr» or «en»; the asker's own when left out.
    """

    needed_on: date | None = None
    minutes: int | None = None
    anonymous: bool = False
    language: str = ""


AUDIENCES: Final = ("network", "site")
# «circle:12» is the audience of the circle of that number.
CIRCLE: Final = "circle:"
LANGUAGES: Final = ("fr", "en")

# Controls that no text needs: PostgreSQL refuses NUL, and the directional ones forge what is read.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_SAID_BY_ALL = frozenset(
    words(
        "and are avec aux ces cette comment dans des does est for from how les leur mes mon nos"
        " notre nous ou our par pas plus pour pourquoi qu que quel quelle quelles quels qui sans"
        " ses son sont sur the une vos votre vous what when where which who why with you your"
    )
)
_SHORTEST_WORD: Final = 3


def clean_title(title: str) -> str:
    """The title on one line; raise Refusal ``help.title_too_short`` or ``help.title_too_long``."""
    line = clean_words(title)
    if len(line) < TITLE_LEAST:
        raise Refusal("help.title_too_short", field="title", least=TITLE_LEAST)
    if len(line) > TITLE_MOST:
        raise Refusal("help.title_too_long", field="title", most=TITLE_MOST)
    return line


def clean_body(body: str, most: int = BODY_MOST) -> str:
    """The Markdown as stored; raise Refusal ``help.body_empty`` or ``help.body_too_long``."""
    text = _CONTROLS.sub("", body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise Refusal("help.body_empty", field="body")
    if len(text) > most:
        raise Refusal("help.body_too_long", field="body", most=most)
    return text


def clean_how(how: str) -> str:
    """How it was solved elsewhere; raise Refusal ``help.how_empty`` or ``help.how_too_long``."""
    text = clean_words(how)
    if not text:
        raise Refusal("help.how_empty", field="how")
    if len(text) > HOW_MOST:
        raise Refusal("help.how_too_long", field="how", most=HOW_MOST)
    return text


def clean_words(words: str) -> str:
    """A remark on one line; may be empty."""
    return one_line(_CONTROLS.sub("", words))


def clean_reason(reason: str) -> str:
    """Why something was removed, cut to its longest; may be empty."""
    return clean_words(reason)[:HOW_MOST]


def clean_skills(skill_ids: Iterable[int]) -> tuple[int, ...]:
    """The skills once each; raise Refusal ``help.skills_none`` or ``help.skills_too_many``."""
    chosen = tuple(dict.fromkeys(skill_ids))
    if not chosen:
        raise Refusal("help.skills_none", field="skills")
    if len(chosen) > SKILLS_MOST:
        raise Refusal("help.skills_too_many", field="skills", most=SKILLS_MOST)
    return chosen


def clean_audience(
    audience: str, site_id: int | None, circle_ids: Collection[int]
) -> tuple[str, int | None]:
    """Who reads it, and the circle if it is one of ``circle_ids``.

    A thread of a site needs a site. Raise Refusal ``help.audience``.
    """
    number = audience.removeprefix(CIRCLE)
    if audience.startswith(CIRCLE) and number in map(str, circle_ids):
        return "circle", int(number)
    if audience not in AUDIENCES or (audience == "site" and site_id is None):
        raise Refusal("help.audience", field="audience")
    return audience, None


def clean_wish(wish: Wish, now: datetime) -> Wish:
    """By when and for how long; raise Refusal ``help.needed_on`` or ``help.minutes``."""
    # A day of tolerance: it may still be yesterday where the asker lives.
    first = (now - timedelta(days=1)).date()
    if wish.needed_on and not first <= wish.needed_on <= first + NEEDED_WITHIN:
        raise Refusal("help.needed_on", field="needed_on")
    if wish.minutes is not None and not MINUTES[0] <= wish.minutes <= MINUTES[1]:
        raise Refusal("help.minutes", field="minutes", most=MINUTES[1] // 60)
    return wish


def state_of(solved_at: datetime | None, *, removed: bool) -> str:
    """What the records say of a question: «open», «solved» or «removed»."""
    if removed:
        return "removed"
    return "solved" if solved_at else "open"


def is_telling(word: str) -> bool:
    """Whether a folded word says what a title is about: not the shortest, not everybody's."""
    return len(word) >= _SHORTEST_WORD and word not in _SAID_BY_ALL
