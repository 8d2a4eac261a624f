"""People as lists show them: what the reader may see, a constant number of statements a page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Date, bindparam, select

from incubator.kernel.db import BigId, db
from incubator.kernel.text import plain_text
from incubator.network.members.audiences import fields_seen
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.life_models import Absence
from incubator.network.members.marking import extract_of, found_in
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.whereabouts_models import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from typing import Any

    from incubator.network.members.actor import Actor
    from incubator.network.members.helpfulness import Facts


@dataclass(frozen=True, kw_only=True)
class Card:
    """A member as the list shows them; skills are ids, best first.

    ``back_on`` is the first day back of who is away; ``days`` tells whether they let the reader
    know when they are usually on site; ``pointed`` are the words to mark;
    ``extract`` says where else they stand, if nowhere on the card; ``reason`` is why they can
    help now.
    """

    id: int
    slug: str
    name: str
    headline: str
    face: str | None
    site_id: int | None
    joined_at: datetime
    back_on: date | None = None
    days: bool = False
    firms: list[str] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)
    pointed: tuple[str, ...] = ()
    extract: str = ""
    reason: Facts | None = None

    @property
    def shown(self) -> tuple[object, ...]:
        """Everything the card says, for whoever keeps a drawing of it."""
        person = (self.id, self.slug, self.name, self.headline, self.face)
        lists = (tuple(self.firms), tuple(self.offered), tuple(self.wanted))
        found = (self.pointed, self.extract, self.reason)
        when = (self.joined_at, self.back_on, self.days)
        return (*person, self.site_id, *when, *lists, *found)


COLUMNS = (
    Member.id,
    Member.slug,
    Member.name,
    Member.headline,
    Member.portrait.label("face"),
    Member.home_site_id,
    Member.joined_at,
    Member.narrowed,
    Absence.back_on,
    Whereabouts.usual,
)
# The fields of a profile that a card shows, and of which it gives an extract.
ON_CARDS = frozenset({"headline", "portrait", "firms", "offers", "wants", "about", "availability"})


def card(row: Any) -> Card:
    """The card of a row of ``COLUMNS``."""
    return Card(
        id=row.id,
        slug=row.slug,
        name=row.name,
        headline=row.headline,
        face=row.face,
        site_id=row.home_site_id,
        joined_at=row.joined_at,
        back_on=row.back_on,
    )


def cards_of(
    ids: Sequence[int],
    today: date,
    *,
    reader: Actor,
    words: tuple[str, ...] = (),
    skills: Collection[int] = (),
) -> list[Card]:
    """The cards of these members in this order, without what ``reader`` may not see.

    ``words`` are pointed out where they stand; ``skills`` that were looked for come first.
    """
    found = db.session.execute(_PEOPLE_AND_TEXT if words else _PEOPLE, {"ids": ids})
    rows = {row.id: row for row in found}
    people = [rows[each] for each in ids if each in rows]
    if not people:
        return []
    cards = {row.id: card(row) for row in people}
    _add_skills(cards, skills)
    _add_firms(cards, today)
    seen = _seen(reader, people)
    return [
        _pointing(_seen_by(seen[row.id], row, cards), words, _about(row, words, seen[row.id]))
        for row in people
    ]


def _seen_by(seen: frozenset[str], row: Any, cards: dict[int, Card]) -> Card:
    known = _only(seen, cards[row.id])
    return replace(known, days=True) if row.usual and "presence" in seen else known


def _seen(reader: Actor, people: Sequence[Any]) -> dict[int, frozenset[str]]:
    """What the reader sees of each card; only of those who narrowed something is it asked."""
    asked = [row for row in people if row.narrowed or row.usual or reader.is_guest]
    return dict.fromkeys((row.id for row in people), ON_CARDS) | fields_seen(reader, asked)


def _about(row: Any, words: tuple[str, ...], seen: frozenset[str]) -> str:
    return plain_text(row.about_html) if words and "about" in seen else ""


def _pointing(card: Card, words: tuple[str, ...], about: str) -> Card:
    """The card with its words to mark, and where the others stand."""
    if not words:
        return card
    visible = " ".join((card.name, card.headline, *card.firms))
    elsewhere = tuple(word for word in words if not found_in(visible, (word,)))
    return replace(card, pointed=words, extract=extract_of(about, elsewhere))


def _add_skills(cards: dict[int, Card], first: Collection[int]) -> None:
    for member_id, skill_id, wanted in db.session.execute(_SKILLS, {"ids": list(cards)}):
        (cards[member_id].wanted if wanted else cards[member_id].offered).append(skill_id)
    if first:
        for each in cards.values():
            each.offered.sort(key=lambda skill_id: skill_id not in first)


def _add_firms(cards: dict[int, Card], today: date) -> None:
    for member_id, name in db.session.execute(_FIRMS, {"ids": list(cards), "today": today}):
        cards[member_id].firms.append(name)


def _only(seen: frozenset[str], card: Card) -> Card:
    """The card without what its reader may not see."""
    if seen >= ON_CARDS:
        return card
    return replace(
        card,
        headline=card.headline if "headline" in seen else "",
        back_on=card.back_on if "availability" in seen else None,
        face=card.face if "portrait" in seen else None,
        firms=card.firms if "firms" in seen else [],
        offered=card.offered if "offers" in seen else [],
        wanted=card.wanted if "wants" in seen else [],
    )


def lasting(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The roles that have not ended."""
    return (FirmRole.until_on.is_(None)) | (FirmRole.until_on > today)


# Built once: building a statement takes longer than running it.
_IDS = bindparam("ids", type_=BigId, expanding=True)
_PEOPLE = (
    select(*COLUMNS)
    .outerjoin(Absence, Absence.member_id == Member.id)
    .outerjoin(Whereabouts, Whereabouts.member_id == Member.id)
    .where(Member.id.in_(_IDS))
)
_PEOPLE_AND_TEXT = _PEOPLE.add_columns(Member.about_html)
_SKILLS = (
    select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.wanted)
    .where(MemberSkill.member_id.in_(_IDS))
    .order_by(MemberSkill.member_id, MemberSkill.position, MemberSkill.skill_id)
)
_FIRMS = (
    select(FirmRole.member_id, Firm.name)
    .join(FirmRole.firm)
    .where(FirmRole.member_id.in_(_IDS), lasting(bindparam("today", type_=Date)))
    .order_by(FirmRole.since_on, FirmRole.id)
)
