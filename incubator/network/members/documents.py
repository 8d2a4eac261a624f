"""What search may know of a member: at most three texts, for the network, the site, managers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import or_, select

from incubator.kernel.db import db, utcnow
from incubator.kernel.fulltext import tokens_of
from incubator.kernel.stems import spellings
from incubator.kernel.text import plain_text
from incubator.network.members.audience import EVERYTHING_AS_USUAL, Reach
from incubator.network.members.audience_rows import audiences_of
from incubator.network.members.availability import mentoring_on
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member, MemberMentoring, MemberSkill
from incubator.network.members.scopes import CLOSED, NETWORK, marks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPERT = 3
MENTOR = "_q"
REACHES = (Reach.NETWORK, Reach.SITE, Reach.MANAGER)


class Work(NamedTuple):
    """A firm that a member works in at present."""

    firm: str
    title: str
    activity: str
    sector: str
    pitch: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is searched of a member, before anybody's audience."""

    name: str
    headline: str
    about: str
    site_id: int | None
    speaks: tuple[str, ...]
    offered: tuple[tuple[int, int], ...]
    wanted: tuple[int, ...]
    work: tuple[Work, ...]
    mentor: bool = False


@dataclass(frozen=True)
class Text:
    """One document: its texts, the most telling first, and what it can be chosen by."""

    texts: tuple[str, ...]
    marks: frozenset[str]


def sector_mark(sector: str) -> str:
    """The mark of a sector, by its code."""
    return f"_t{sector}"


def known_of(member: Member) -> Known:
    """Read what search may know of a member."""
    skills = db.session.execute(
        select(MemberSkill.skill_id, MemberSkill.level, MemberSkill.wanted)
        .where(MemberSkill.member_id == member.id)
        .order_by(MemberSkill.position, MemberSkill.skill_id)
    ).all()
    work = db.session.execute(
        select(Firm.name, FirmRole.title, Firm.activity, Firm.sector, Firm.pitch)
        .join(FirmRole.firm)
        .where(FirmRole.member_id == member.id)
        .where(or_(FirmRole.until_on.is_(None), FirmRole.until_on > utcnow().date()))
        .order_by(FirmRole.since_on, FirmRole.id)
    )
    return Known(
        name=member.name,
        headline=member.headline,
        about=plain_text(member.about_html),
        site_id=member.home_site_id,
        speaks=tuple(code for code in member.speaks.split(",") if code),
        offered=tuple((row.skill_id, row.level) for row in skills if not row.wanted),
        wanted=tuple(row.skill_id for row in skills if row.wanted),
        work=tuple(Work(*row) for row in work),
        mentor=mentoring_on(db.session.get(MemberMentoring, member.id), utcnow().date()).welcomes,
    )


def text_for(known: Known, seen: frozenset[str]) -> Text:
    """What those who see these fields may search.

    The texts: name; nothing (skills are marks); firms and headline; the rest.
    """
    work = known.work if "firms" in seen else ()
    headline = known.headline if "headline" in seen else ""
    about = known.about if "about" in seen else ""
    marks = {f"_p{known.site_id}"} if known.site_id else set()
    if "languages" in seen:
        marks |= {f"_l{code}" for code in known.speaks}
    if "offers" in seen:
        marks |= {f"_k{skill}" for skill, _level in known.offered}
        marks |= {f"_e{skill}" for skill, level in known.offered if level == EXPERT}
    if "wants" in seen:
        marks |= {f"_w{skill}" for skill in known.wanted}
    if "mentoring" in seen and known.mentor:
        marks.add(MENTOR)
    marks |= {sector_mark(each.sector) for each in work if each.sector}
    firms = " ".join((*(each.firm for each in work), headline))
    rest = [about, *(part for each in work for part in (each.title, each.activity, each.pitch))]
    return Text((known.name, "", firms, " ".join(rest)), frozenset(marks))


def documents_of(member: Member) -> list[str]:
    """The tokens of each document of a member, the widest first; of who left, only the name."""
    known = known_of(member)
    if not member.active:
        return [tokens_of((member.name,), {CLOSED})]
    audiences = audiences_of([member.id]).get(member.id, EVERYTHING_AS_USUAL)
    texts: list[Text] = []
    levels: list[list[str]] = []
    for reach, scopes in zip(REACHES, _scopes(known.site_id), strict=True):
        text = text_for(known, audiences.seen_by(reach))
        if not texts or (text != texts[-1] and scopes):
            texts.append(text)
            levels.append([])
        levels[-1] += scopes
    # What reads the whole network reads its widest document: other marks would say nothing.
    levels[0] = [NETWORK]
    return [
        tokens_of(text.texts, text.marks | marks_of(levels, number))
        for number, text in enumerate(texts)
    ]


def _scopes(site_id: int | None) -> tuple[Sequence[str], ...]:
    if site_id is None:
        return [NETWORK], [], ["m"]
    return [NETWORK], [f"s{site_id}"], [f"m{site_id}", "m"]


def spelled_in(member: Member) -> dict[str, str]:
    """Every searched word of a member with how it is written."""
    known = known_of(member)
    work = [part for each in known.work for part in each]
    return spellings((known.name, known.headline, known.about, *work))
