"""After many new rows the databases count anew, and no search reads what an index put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, insert, text

from incubator.kernel.db import db, transaction
from incubator.kernel.engines import settle
from incubator.kernel.fulltext import tokens_of
from incubator.network.members.models import Member
from incubator.network.members.skill_models import MemberDocument
from tests.conftest import NOW
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

PEOPLE = 300
PUT_OFF = text("SELECT gin_clean_pending_list('ix_members_document_tokens')")
COUNTED = text("SELECT reltuples FROM pg_class WHERE relname = 'members_member'")


@pytest.fixture
def postgres(tmp_path: Path, postgres_url: str) -> Iterator[Flask]:
    with real_app(tmp_path, postgres_url) as app, app.app_context():
        yield app


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Flask]:
    with real_app(tmp_path) as app, app.app_context():
        yield app


def load(first: int) -> None:
    """Many members with their documents, as a bulk load writes them."""
    ids = range(first, first + PEOPLE)
    with transaction():
        db.session.execute(
            insert(Member),
            [
                {
                    "id": n,
                    "slug": f"m{n}",
                    "name": f"M {n}",
                    "sort_name": f"m {n}",
                    "joined_at": NOW,
                }
                for n in ids
            ],
        )
        db.session.execute(
            insert(MemberDocument),
            [{"id": n, "member_id": n, "tokens": tokens_of([f"mot{n}"], ["_n"])} for n in ids],
        )


@pytest.mark.postgres
def test_postgresql_counts_anew_and_files_what_it_put_off(postgres: Flask) -> None:
    load(1)
    with db.engine.connect() as connection:
        assert connection.execute(PUT_OFF).scalar(), "a bulk load leaves something to file"
        connection.commit()
    load(1 + PEOPLE)
    settle(db.engine)
    with db.engine.connect() as connection:
        assert connection.execute(PUT_OFF).scalar() == 0
        assert connection.execute(COUNTED).scalar() == 2 * PEOPLE


def test_sqlite_is_asked_to_look_in_its_turn_as_a_writer(sqlite: Flask) -> None:
    load(1)
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: seen.append(sql))
    settle(db.engine)
    settle(db.engine)
    asked = ["BEGIN IMMEDIATE", "PRAGMA analysis_limit=400", "PRAGMA optimize"]
    assert seen == asked * 2
    load(1 + PEOPLE)
