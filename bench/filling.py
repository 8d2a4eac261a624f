"""Installations of a chosen size, filled by bulk inserts: the same rows at every size."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert

from bench.bulk import hurry_all, in_bulk
from incubator.app import create_app
from incubator.domain.help.models import Answer, Question, QuestionSkill
from incubator.kernel import schema
from incubator.kernel.db import Base, db, transaction, utcnow
from incubator.kernel.fulltext import number_of, tokens_of
from incubator.kernel.settings import Settings
from incubator.kernel.spelling import KnownWord, WordLeft, lefts, mistakes
from incubator.kernel.stems import spellings
from incubator.kernel.text import slugify
from incubator.network.accounts import commands as accounts
from incubator.network.accounts import sessions
from incubator.network.accounts.models import Account
from incubator.network.members.audience import DEFAULTS
from incubator.network.members.documents import Known, Work, text_for
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member, MemberSkill, Skill
from incubator.network.members.skill_models import MemberDocument
from incubator.network.sites import commands as sites

CITIES = ("Lyon", "Nantes", "Lille", "Montréal", "Dakar")
SKILLS = 60
# One skill more, which one in three offers; and languages of as many people at every size.
COMMON = SKILLS + 1
SPOKEN_BY = {"eu": 30, "oc": 400}
BATCH = 5_000
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
FIRST = 1_000
# The secret of every cookie, from which the tokens of pages are made.
RAW = "c" * 40
QUESTIONS_PER_MEMBER = 0.2
BULKY = (
    *("members_member", "members_member_skill", "members_document", "members_firm"),
    *("members_firm_role", "kernel_word_left", "help_question", "help_answer"),
)
ANSWERS = 3


Row = dict[str, Any]


@dataclass(frozen=True)
class Filled:
    """An installation ready to serve, and how to read it as a member."""

    instance: Path
    cookie: str
    thread_path: str


def fill(instance: Path, *, members: int) -> Filled:
    """An instance folder with so many members, and a fifth as many questions."""
    settings = Settings.load(instance, {})
    app = create_app(settings)
    with app.app_context():
        schema.upgrade(db.engine)
        hurry_all(db.engine)
        with transaction():
            site_ids = [_site(city) for city in CITIES]
            reader = _reader(site_ids[0])
            with in_bulk(_raw(), *BULKY):
                _people(site_ids, members)
                thread = _threads(site_ids, members)
            token = sessions.start(reader.id, address="127.0.0.1", device="bench", now=utcnow())
        db.session.remove()
        db.engine.dispose()
    return Filled(instance, f"incubator={cookie_of(app, token)}", thread)


def _raw() -> sqlite3.Connection:
    """The connection of this transaction, as SQLite knows it."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def _site(city: str) -> int:
    details = sites.SiteDetails(name=city, city=city, country="FR", time_zone="Europe/Paris")
    return sites.open_site(None, details=details).id


def _reader(site_id: int) -> Account:
    person = accounts.Newcomer(
        name="Camille Dervaux",
        email="reader@example.org",
        roles=[("resident", site_id)],
        password=None,
        time_zone="Europe/Paris",
        home_site_id=site_id,
    )
    return accounts.admit(None, person, now=utcnow())


def _rows(table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            db.session.execute(insert(table), batch)
            batch = []
    if batch:
        db.session.execute(insert(table), batch)


def _people(site_ids: list[int], members: int) -> None:
    dice = random.Random(members)
    numbers = range(FIRST, FIRST + members)
    skill = {"parent_id": None}
    _rows(Skill, ({**skill, "id": n + 1, "slug": f"s{n}", **_names(n)} for n in range(COMMON)))
    _rows(Member, (_member(n, site_ids) for n in numbers))
    skills = {n: dice.sample(range(1, SKILLS + 1), 3) for n in numbers}
    for n in numbers[::3]:
        skills[n].append(COMMON)
    _rows(
        MemberSkill,
        (
            {"member_id": n, "skill_id": s, "wanted": False, "level": 2, "position": 0}
            for n in numbers
            for s in skills[n]
        ),
    )
    firm = {"size": 1, "pitch": "Furniture made to last", "sector": "wood"}
    _rows(
        Firm,
        (
            {
                **firm,
                "id": n,
                "slug": f"firm-{n}",
                "name": f"Atelier {n}",
                "sort_name": f"atelier {n:07d}",
            }
            for n in numbers[::2]
        ),
    )
    since = date(2024, 1, 1)
    _rows(
        FirmRole,
        (
            {"member_id": n, "firm_id": n, "title": "Founder", "since_on": since}
            for n in numbers[::2]
        ),
    )
    _search(site_ids, skills)


def _search(site_ids: list[int], skills: dict[int, list[int]]) -> None:
    """The search index as the commands would have written it."""
    everything = frozenset(DEFAULTS)
    spelled: dict[str, str] = {}
    documents: list[Row] = []
    for number, offered in skills.items():
        rare = tuple(code for code, few in SPOKEN_BY.items() if number % (len(skills) // few) == 0)
        known = _known(number, site_ids[number % len(site_ids)], offered, speaks=("fr", *rare))
        text = text_for(known, everything)
        tokens = tokens_of(text.texts, text.marks | {"_n"})
        documents.append({"id": number_of(number), "member_id": number, "tokens": tokens})
        spelled |= spellings(text.texts)
    _rows(MemberDocument, documents)
    _rows(KnownWord, ({"word": word, "written": written} for word, written in spelled.items()))
    guessable = [word for word in spelled if mistakes(word)]
    _rows(WordLeft, ({"left": left, "word": word} for word in guessable for left in lefts(word)))


def _known(number: int, site_id: int, offered: list[int], *, speaks: tuple[str, ...]) -> Known:
    member = _member(number, [site_id])
    return Known(
        name=member["name"],
        headline=member["headline"],
        about=member["about_md"],
        site_id=site_id,
        speaks=speaks,
        offered=tuple((skill_id, 2) for skill_id in offered),
        wanted=(),
        work=(Work(f"Atelier {number}", "Founder", "", "wood", "Furniture made to last"),)
        if number % 2 == 0
        else (),
    )


def _names(number: int) -> dict[str, str]:
    return {"name_fr": f"Compétence {number}", "name_en": f"Skill {number}"}


def person_name(number: int) -> str:
    """A name as people have them: few first names, many family names, the same each time."""
    dice = random.Random(number)
    return f"{_word(dice.randrange(300), 3)} {_word(dice.randrange(6000) + 1000, 4)}".title()


def _word(number: int, syllables: int) -> str:
    digits = [number // len(SYLLABLES) ** place % len(SYLLABLES) for place in range(syllables)]
    return "".join(SYLLABLES[digit] for digit in digits)


def _about(number: int) -> str:
    """Thirty words, of which one person in five says that they restore."""
    dice = random.Random(-number)
    said = [_word(int(dice.paretovariate(0.6)) % 4000, 5) for _ in range(30)]
    return " ".join([*said, "restauration"] if number % 5 == 0 else said)


def _member(number: int, site_ids: list[int]) -> dict[str, Any]:
    name = person_name(number)
    return {
        "id": number,
        "slug": f"member-{number}",
        "name": name,
        "sort_name": name.lower(),
        "home_site_id": site_ids[number % len(site_ids)],
        "headline": "Furniture, restored with the neighbours",
        "about_md": _about(number),
        "about_html": f"<p>{_about(number)}</p>",
        "active": True,
        "joined_at": utcnow() - timedelta(hours=number % 10_000),
    }


def _threads(site_ids: list[int], members: int) -> str:
    begun = utcnow() - timedelta(days=200)
    numbers = range(1, int(members * QUESTIONS_PER_MEMBER) + 1)
    _rows(
        Question, (_question(n, members=members, site_ids=site_ids, begun=begun) for n in numbers)
    )
    _rows(
        QuestionSkill,
        (
            {
                "question_id": n,
                "skill_id": (n + shift) % SKILLS + 1,
                "position": shift,
                "state": "open",
                "last_activity_at": begun + timedelta(minutes=n),
            }
            for n in numbers
            for shift in range(2)
        ),
    )
    _rows(
        Answer,
        (_answer(n, k, members=members, begun=begun) for n in numbers for k in range(ANSWERS)),
    )
    first = _question(1, members=members, site_ids=site_ids, begun=begun)
    return f"/entraide/1-{slugify(first['title'])}"


def _question(number: int, *, members: int, site_ids: list[int], begun: datetime) -> Row:
    text = "Who has done this before and can tell me what to look out for. " * 6
    return {
        "id": number,
        "author_id": FIRST + number % members,
        "once": f"q{number}",
        "site_id": site_ids[number % len(site_ids)],
        "title": f"Which insurance for workshop {number}",
        "body_md": text,
        "body_html": f"<p>{text}</p>",
        "summary": text[:200],
        "language": "en",
        "audience": "network",
        "asked_at": begun,
        "last_activity_at": begun + timedelta(minutes=number),
        "state": "open",
        "answer_count": ANSWERS,
    }


def _answer(number: int, turn: int, *, members: int, begun: datetime) -> Row:
    text = "We asked three insurers and kept the one that knew workshops like ours. " * 5
    return {
        "question_id": number,
        "author_id": FIRST + (number + turn + 1) % members,
        "once": f"a{number}-{turn}",
        "body_md": text,
        "body_html": f"<p>{text}</p>",
        "answered_at": begun + timedelta(minutes=number),
        "removed": False,
    }


def cookie_of(app: Flask, token: str) -> str:
    """The value of the cookie of a device whose session has this token."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    # As a browser holds it from its second page on.
    held = {"_user_id": token, "_fresh": True, "_permanent": True, "csrf_token": RAW}
    return str(serializer.dumps(held))
