"""Migration 0007 on rows that were there: sectors mapped, numbers held once, keys for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

import incubator.features  # noqa: F401 - every table
from incubator.kernel import schema
from incubator.kernel.engines import prepare
from incubator.network.members.sectors import SECTORS
from tests import services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = """
INSERT INTO sites_site (id, slug, name, city, country, subdivision, time_zone, address, about_md,
  about_html, capacity, hue) VALUES (1, 'lyon', 'Lyon', 'Lyon', 'FR', '', 'Europe/Paris', '', '',
  '', 24, 3)
"""
MEMBER = """
INSERT INTO members_member (id, slug, name, sort_name, home_site_id, headline, about_md,
  about_html, phone, speaks, active, joined_at)
  VALUES (1, 'ada', 'Ada', 'ada', 1, '', '', '', '', '', true, '2024-01-01 00:00:00')
"""
FIRM = """
INSERT INTO members_firm (id, slug, name, site_id, registration, sector, size, web, pitch,
  about_md, about_html) VALUES (:id, :slug, :name, 1, :number, :sector, 1, '', '', '', '')
"""
ROLE = """
INSERT INTO members_firm_role (member_id, firm_id, title, since_on, until_on)
  VALUES (1, :firm, '', :since, :until)
"""
FIRMS = (
    (1, "Érablière & Cie", "732829320", "Menuiserie et agencement"),
    (2, "Double", "732829320", "Expertise comptable"),
    (3, "Muette", "", ""),
    (4, "Rare", "", "Dressage de papillons"),
    (5, "Bar à jus", "", "Boissons"),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind at the revision before, with firms."""
    if request.param == "sqlite":
        yield from filled(f"sqlite:///{tmp_path / 'x.db'}")
        return
    server = services.postgres()
    assert server
    with services.database_on(server, "incubator_test_firms") as url:
        yield from filled(url)


def filled(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    prepare(engine)
    schema.upgrade(engine, "0006")
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        fill(connection)
    yield engine
    engine.dispose()


def fill(connection: Connection) -> None:
    connection.execute(text(SITE))
    connection.execute(text(MEMBER))
    for number, name, registration, sector in FIRMS:
        row = {"id": number, "slug": f"f{number}", "name": name, "number": registration}
        connection.execute(text(FIRM), row | {"sector": sector})
    for firm, since, until in ((1, "2020-01-01", None), (2, "2020-01-01", "2021-01-01")):
        connection.execute(text(ROLE), {"firm": firm, "since": since, "until": until})


def read(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_free_sectors_become_codes_and_stay_as_the_trade(engine: Engine) -> None:
    schema.upgrade(engine, "0007")
    found = read(engine, "SELECT sector, activity, country FROM members_firm ORDER BY id")
    assert found == [
        ("wood", "Menuiserie et agencement", "FR"),
        ("accounting", "Expertise comptable", "FR"),
        ("", "", "FR"),
        ("other", "Dressage de papillons", "FR"),
        ("food", "Boissons", "FR"),
    ]
    assert {code for code, *_ in found} - {""} <= set(SECTORS)
    words = read(engine, "SELECT word FROM members_firm_word WHERE firm_id = 1 ORDER BY word")
    assert ("erabliere",) in words
    assert ("menuiserie",) in words


def test_of_two_firms_with_one_number_both_keep_it_and_the_older_holds_it(engine: Engine) -> None:
    schema.upgrade(engine, "0007")
    found = read(engine, "SELECT registration, registration_key FROM members_firm ORDER BY id")
    assert found[:3] == [("732829320", "FR:732829320"), ("732829320", None), ("", None)]


def test_whoever_could_change_a_firm_still_can(engine: Engine) -> None:
    schema.upgrade(engine, "0007")
    found = read(engine, "SELECT firm_id, keeper FROM members_firm_role ORDER BY firm_id")
    assert [(firm, bool(keeper)) for firm, keeper in found] == [(1, True), (2, False)]


def test_going_back_gives_the_free_words_again(engine: Engine) -> None:
    schema.upgrade(engine, "0007")
    schema.downgrade(engine, "0006")
    found = read(engine, "SELECT sector FROM members_firm ORDER BY id")
    assert [sector for (sector,) in found] == [sector for *_, sector in FIRMS]
