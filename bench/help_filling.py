"""Help threads for an installation of any size, written in bulk as the commands would have."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from bench.filling import BATCH, FIRST, SKILLS, Filled, fill
from incubator.app import create_app
from incubator.domain.help.models import Acceptance, Answer, Question, QuestionSkill
from incubator.domain.help.search_marks import era_of
from incubator.domain.help.search_models import ThreadDocument
from incubator.kernel.db import Base, db, transaction, utcnow
from incubator.kernel.fulltext import number_of, tokens_of
from incubator.kernel.settings import Settings
from incubator.kernel.spelling import KnownWord, WordLeft, lefts, mistakes
from incubator.kernel.text import slugify
from incubator.network.sites.models import Site

MEMBERS = 1_000
ANSWERS = 9
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
# One question in five is about invoices, one in three is solved.
TOPICS = ("facture", "assurance", "atelier", "vitrine", "livraison")
SOLVED = 3

Row = dict[str, Any]


@dataclass(frozen=True)
class Threads:
    """An installation with threads, and the page of one of them."""

    filled: Filled
    thread_path: str


@dataclass
class _Writer:
    """Rows that wait to be written together, by table; tables are written in this order."""

    rows: dict[type[Base], list[Row]]

    def add(self, table: type[Base], row: Row) -> None:
        """Take a row."""
        self.rows.setdefault(table, []).append(row)

    def write(self) -> None:
        """Write what waits."""
        for table, rows in self.rows.items():
            for start in range(0, len(rows), BATCH):
                db.session.execute(insert(table), rows[start : start + BATCH])
            rows.clear()


def fill_threads(instance: Path, *, threads: int) -> Threads:
    """A house of a thousand members with so many threads, ten posts each."""
    filled = fill(instance, members=MEMBERS)
    app = create_app(Settings.load(instance, {}))
    with app.app_context():
        for table in (Answer, QuestionSkill, Question):
            with transaction():
                db.session.execute(delete(table))
        site_ids = list(db.session.scalars(select(Site.id).order_by(Site.id)))
        begun = utcnow() - timedelta(days=300)
        step = timedelta(days=299) / threads
        known: set[str] = set()
        for start in range(1, threads + 1, BATCH):
            writer = _Writer({})
            for number in range(start, min(start + BATCH, threads + 1)):
                at = begun + number * step
                known |= _thread(writer, number, at=at, site_id=site_ids[number % len(site_ids)])
            with transaction():
                writer.write()
        with transaction():
            _learn(known)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
        db.session.remove()
        db.engine.dispose()
    title = _title(threads // 2)
    return Threads(filled, f"/entraide/{threads // 2}-{slugify(title)}")


def _learn(words: set[str]) -> None:
    known = set(db.session.scalars(select(KnownWord.word)))
    told = set(db.session.scalars(select(WordLeft.word)))
    writer = _Writer({})
    for word in sorted(words - known):
        writer.add(KnownWord, {"word": word, "written": word})
    for word in sorted(words - told):
        for left in lefts(word) if mistakes(word) else ():
            writer.add(WordLeft, {"left": left, "word": word})
    writer.write()


def _said(dice: random.Random) -> Iterator[str]:
    """Words as people use them: few of them often, many of them seldom."""
    while True:
        number = int(dice.paretovariate(0.7)) % 20_000
        digits = [number // len(SYLLABLES) ** place % len(SYLLABLES) for place in range(4)]
        yield "".join(SYLLABLES[digit] for digit in digits)


def _text(number: int, words: int) -> str:
    return " ".join(itertools.islice(_said(random.Random(number)), words))


def _title(number: int) -> str:
    return f"{TOPICS[number % 5].title()} pour {_text(number, 4)}"


def _thread(writer: _Writer, number: int, *, at: datetime, site_id: int) -> set[str]:
    """Take the rows of a thread; the words that it holds."""
    solved = number % SOLVED == 0
    state, title, body = "solved" if solved else "open", _title(number), _text(-number, 25)
    last = at + timedelta(minutes=ANSWERS)
    skills = [(number + shift) % SKILLS + 1 for shift in range(2)]
    writer.add(
        Question,
        {
            "id": number,
            "author_id": FIRST + number % MEMBERS,
            "once": f"q{number}",
            "site_id": site_id,
            "title": title,
            "body_md": body,
            "body_html": f"<p>{body}</p>",
            "summary": body[:200],
            "language": "fr",
            "audience": "network",
            "asked_at": at,
            "last_activity_at": last,
            "state": state,
            "answer_count": ANSWERS,
            "first_reply_at": at,
            "solved_at": last if solved else None,
        },
    )
    for place, skill_id in enumerate(skills):
        row = {"question_id": number, "skill_id": skill_id, "position": place}
        writer.add(QuestionSkill, row | {"state": state, "last_activity_at": last})
    texts = _answers(writer, number, at=at, solved=solved)
    marks = {"_z", "_n", f"_r{FIRST + number % MEMBERS}", f"_a{FIRST + number % MEMBERS}", "_lfr"}
    marks |= {
        era_of(number),
        f"_p{site_id}",
        "_d" if solved else "_o",
        *(f"_k{skill}" for skill in skills),
    }
    parts = (title, "", f"{body} {texts[0] if solved else ''}", " ".join(texts[solved:]))
    row = {"id": number_of(number), "question_id": number, "useful": 5 * solved}
    writer.add(ThreadDocument, row | {"tokens": tokens_of(parts, marks, names=0)})
    return set(" ".join((slugify(title).replace("-", " "), *parts[1:])).split())


def _answers(writer: _Writer, number: int, *, at: datetime, solved: bool) -> list[str]:
    texts = [_text(number * ANSWERS + turn + 10_000_000, 20) for turn in range(ANSWERS)]
    for turn, text in enumerate(texts):
        row = {
            "id": number * ANSWERS + turn,
            "question_id": number,
            "author_id": FIRST + (number + turn + 1) % MEMBERS,
            "once": f"a{number}-{turn}",
            "body_md": text,
            "body_html": f"<p>{text}</p>",
            "answered_at": at + timedelta(minutes=turn + 1),
            "removed": False,
        }
        writer.add(Answer, row)
    if solved:
        row = {"question_id": number, "answer_id": number * ANSWERS}
        by = {"by_id": FIRST + number % MEMBERS, "accepted_at": at + timedelta(minutes=ANSWERS)}
        writer.add(Acceptance, row | by)
    return texts
