"""Rules of applications: what may follow what, and how long texts may be; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.domain.membership.wording import line, lines
from incubator.kernel.errors import Conflict, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

KINDS: Final = ("short", "long", "choice", "yes_no")
CHOICES: Final = ("choice", "yes_no")
OPEN: Final = frozenset({"new", "waiting", "accepted"})
FINAL: Final = frozenset({"joined", "declined", "withdrawn"})
# What may follow each state; nothing follows the final ones.
MOVES: Final = {
    "unconfirmed": frozenset({"new"}),
    "new": frozenset({"waiting", "accepted", "declined", "withdrawn"}),
    "waiting": frozenset({"accepted", "declined", "withdrawn"}),
    "accepted": frozenset({"joined", "declined", "withdrawn"}),
    "joined": frozenset[str](),
    "declined": frozenset[str](),
    "withdrawn": frozenset[str](),
}

MOST_LINE: Final = 200
MOST_TEXT: Final = 4000
MOST_REASON: Final = 2000
MOST_INTRO: Final = 2000
MOST_QUESTIONS: Final = 20
OPTIONS_LEAST: Final = 2
OPTIONS_MOST: Final = 12
OPTION_LENGTH: Final = 80
ONCE_MOST: Final = 40
FURTHEST_START: Final = timedelta(days=366)

CONFIRM_LASTS: Final = timedelta(days=3)
FOLLOW_LASTS: Final = timedelta(days=180)
UNCONFIRMED_KEPT: Final = timedelta(days=7)
REFUSED_KEPT: Final = timedelta(days=365)


class Details(NamedTuple):
    """What an applicant says of themselves: one line each, ``why`` and ``gives`` of several."""

    name: str
    phone: str
    firm: str
    activity: str
    city: str
    why: str
    gives: str


class Limit(NamedTuple):
    """How long a field may be, and whether it must be filled in."""

    most: int
    needed: bool
    many_lines: bool = False


FIELDS: Final = {
    "name": Limit(120, needed=True),
    "phone": Limit(40, needed=False),
    "firm": Limit(120, needed=False),
    "activity": Limit(160, needed=True),
    "city": Limit(80, needed=False),
    "why": Limit(MOST_TEXT, needed=True, many_lines=True),
    "gives": Limit(MOST_TEXT, needed=True, many_lines=True),
}


def check_move(state: str, to: str) -> None:
    """Raise Conflict ``membership.decided_meanwhile`` unless ``to`` may follow ``state``."""
    if to not in MOVES[state]:
        raise Conflict("membership.decided_meanwhile")


def clean_details(details: Details) -> Details:
    """What was typed as it is stored; raise Refusal ``membership.empty`` or ``too_long``."""
    clean = {
        field: (lines if limit.many_lines else line)(
            getattr(details, field), field, most=limit.most, needed=limit.needed
        )
        for field, limit in FIELDS.items()
    }
    return Details(**clean)


def clean_answer(kind: str, value: str, *, options: int, required: bool, field: str) -> str:
    """An answer as it is stored, empty for none.

    ``options`` is how many a choice has. Raise Refusal ``membership.empty``,
    ``membership.too_long`` or ``membership.choice``.
    """
    if kind == "long":
        return lines(value, field, most=MOST_TEXT, needed=required)
    text = line(value, field, most=MOST_LINE, needed=required)
    allowed = {"yes", "no"} if kind == "yes_no" else set(map(str, range(options)))
    if text and kind in CHOICES and text not in allowed:
        raise Refusal("membership.choice", field=field)
    return text


def clean_options(kind: str, french: Sequence[str], english: Sequence[str]) -> list[list[str]]:
    """The options of a choice as pairs of French and English; none for another kind.

    Raise Refusal ``membership.options_count`` or ``membership.options_pairs``.
    """
    if kind != "choice":
        return []
    pairs = [
        [line(word, field, most=OPTION_LENGTH) for word in words if word.strip()]
        for field, words in (("options_fr", french), ("options_en", english))
    ]
    if not OPTIONS_LEAST <= len(pairs[0]) <= OPTIONS_MOST:
        raise Refusal(
            "membership.options_count", field="options_fr", least=OPTIONS_LEAST, most=OPTIONS_MOST
        )
    if len(pairs[0]) != len(pairs[1]):
        raise Refusal("membership.options_pairs", field="options_en")
    return [list(pair) for pair in zip(*pairs, strict=True)]


def check_start(start_on: date, today: date) -> None:
    """Raise Refusal ``membership.start`` for a day in the past or too far; both at the site."""
    if not today <= start_on <= today + FURTHEST_START:
        raise Refusal("membership.start", field="start_on")
