"""Migration 0020 on a vocabulary that has a name twice: the older term keeps it, none is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.engines import prepare
from tests import services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEFORE = "0014"
TERM = """INSERT INTO members_skill (id, slug, name_fr, name_en)
VALUES (:id, :slug, :french, :english)"""
TERMS = (
    (1, "compta", "Comptabilité", "Books"),
    (2, "compta-2", "COMPTABILITE", "Accounting"),
    (3, "gone", "Livres", "Books"),
    (4, "wood", "Bois", "Wood"),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the revision before, with terms."""
    if request.param == "sqlite":
        yield from filled(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_skills") as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    prepare(engine)
    schema.upgrade(engine, BEFORE)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for number, slug, french, english in TERMS:
            values = {"id": number, "slug": slug, "french": french, "english": english}
            connection.execute(text(TERM), values)
        connection.execute(text("INSERT INTO members_skill_merge (gone_id, kept_id) VALUES (3, 1)"))
    yield engine
    engine.dispose()


def test_the_first_of_a_name_holds_it_and_a_merged_one_none(engine: Engine) -> None:
    schema.upgrade(engine, "0020")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, key_fr, key_en FROM members_skill ORDER BY id"))
        assert list(map(tuple, rows)) == [
            (1, "comptabilite", "books"),
            (2, None, "accounting"),
            (3, None, None),
            (4, "bois", "wood"),
        ]
    again = text("UPDATE members_skill SET key_fr = 'bois' WHERE id = 2")
    with (
        pytest.raises(IntegrityError),
        engine.connect().execution_options(write=True) as connection,
        connection.begin(),
    ):
        connection.execute(again)
