"""Rules of listings: their kinds, how they may move, how long they last. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("need", "offer")
MODES: Final = ("barter", "hours", "gift", "cash")
STATES: Final = ("draft", "published", "paused", "part_filled", "filled", "expired", "withdrawn")
VISIBILITIES: Final = ("network", "site")
LANGUAGES: Final = ("fr", "en")
# What others find and may answer.
LIVE: Final = ("published", "part_filled")
# What has an end that comes.
RUNNING: Final = ("published", "paused", "part_filled")
TITLE_MOST: Final = 120
BODY_MOST: Final = 6_000
UNIT_MOST: Final = 40
REASON_MOST: Final = 300
SKILLS_MOST: Final = 5
QUANTITY_MOST: Final = 1_000_000
RADIUS_MOST: Final = 1_000
# Kilometres that somebody goes who says nothing else.
USUAL_RADIUS: Final = 30
LASTS: Final = {"need": timedelta(days=30), "offer": timedelta(days=365)}
LONGEST: Final = timedelta(days=731)
# An offer without an end sorts after all others.
NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
# Before the end, and at it: when the owner is told.
NOTICES: Final = {"week": timedelta(days=7), "day": timedelta(hours=24), "end": timedelta(0)}

# From which state each act leads where.
MOVES: Final[Mapping[str, Mapping[str, str]]] = {
    "publish": {"draft": "published"},
    "pause": {"published": "paused"},
    "resume": {"paused": "published"},
    "part": {"published": "part_filled"},
    "fill": {"published": "filled", "part_filled": "filled"},
    "renew": {
        "published": "published",
        "paused": "paused",
        "part_filled": "part_filled",
        "expired": "published",
    },
    "withdraw": {
        "published": "withdrawn",
        "paused": "withdrawn",
        "part_filled": "withdrawn",
        "expired": "withdrawn",
    },
    "expire": {"published": "expired", "paused": "expired", "part_filled": "expired"},
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a listing says. Amounts are in cents without VAT, the radius in kilometres.

    ``radius_km`` None means remote only; ``until`` None the usual end of a need, no end of an
    offer.
    """

    title: str
    body: str = ""
    skill_ids: tuple[int, ...] = ()
    quantity: int | None = None
    unit: str = ""
    min_cents: int | None = None
    max_cents: int | None = None
    site_id: int
    remote: bool = False
    radius_km: int | None = USUAL_RADIUS
    modes: frozenset[str] = field(default_factory=frozenset)
    until: datetime | None = None
    visibility: str = "network"
    language: str = "fr"


def next_state(state: str, act: str) -> str:
    """Where an act leads; raise Refusal ``listings.state`` where it leads nowhere."""
    found = MOVES[act].get(state)
    if found is None:
        raise Refusal("listings.state")
    return found


def acts_from(state: str) -> tuple[str, ...]:
    """The acts that people may do in a state; the clock alone expires."""
    return tuple(act for act, ways in MOVES.items() if state in ways and act != "expire")


def end_of(kind: str, until: datetime | None, now: datetime) -> datetime | None:
    """When a listing ends that is published now, if ever.

    Raise Refusal ``listings.until`` for an end that is over or beyond two years.
    """
    if until is None:
        return now + LASTS["need"] if kind == "need" else None
    if not now < until <= now + LONGEST:
        raise Refusal("listings.until", field="until")
    return until


def renewed_end(kind: str, now: datetime) -> datetime:
    """The end of a listing that is renewed now: the usual time of its kind from now on."""
    return now + LASTS[kind]


def due_notice(until: datetime | None, now: datetime) -> str | None:
    """The nearest notice that is due: «week», «day» or «end»; None before them all.

    Only the last of several that were missed is told.
    """
    if until is None:
        return None
    left = until - now
    due = [name for name, before in NOTICES.items() if left <= before]
    return due[-1] if due else None


def check(terms: Terms, *, whole: bool) -> Terms:
    """The terms as stored; a draft need not be ``whole``. Raise Refusal beside each field."""
    title, unit = one_line(terms.title), one_line(terms.unit)
    _need(title, "listings.title_empty", "title")
    _fits(title, TITLE_MOST, "title")
    _fits(terms.body, BODY_MOST, "body")
    _fits(unit, UNIT_MOST, "unit")
    _need(terms.modes <= set(MODES), "listings.modes", "modes")
    _need(terms.visibility in VISIBILITIES, "listings.visibility", "visibility")
    _need(terms.language in LANGUAGES, "listings.visibility", "language")
    _need(len(terms.skill_ids) <= SKILLS_MOST, "listings.skills", "skills")
    _check_numbers(terms)
    if whole:
        _need(terms.body.strip(), "listings.body_empty", "body")
        _need(terms.skill_ids, "listings.skills", "skills")
        _need(terms.modes, "listings.modes", "modes")
        _need(terms.remote or terms.radius_km is not None, "listings.nowhere", "radius_km")
    values = {**vars(terms), "title": title, "unit": unit, "body": _clean(terms.body)}
    return Terms(**values)


def _check_numbers(terms: Terms) -> None:
    quantity, radius = terms.quantity, terms.radius_km
    _need(quantity is None or 0 < quantity <= QUANTITY_MOST, "listings.quantity", "quantity")
    _need(radius is None or 0 <= radius <= RADIUS_MOST, "listings.radius", "radius_km")
    low, high = terms.min_cents, terms.max_cents
    in_order = low is None or high is None or low <= high
    _need(in_order, "listings.amounts_crossed", "max_euros")


def _clean(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _need(condition: object, code: str, field_name: str) -> None:
    if not condition:
        raise Refusal(code, field=field_name, most=SKILLS_MOST)


def _fits(text: str, most: int, field_name: str) -> None:
    if len(text) > most:
        raise Refusal("listings.too_long", field=field_name, most=most)
