"""init, run, demo and create-admin, and how they refuse."""

from __future__ import annotations

import socket

import pytest

from tests.cli.rows import change, emails, rows


def test_init_makes_a_database_and_a_secret_that_others_cannot_read(bare):
    done = bare("init")
    assert done.code == 0
    assert "the database is at" in done.out
    assert (bare.folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(rows(bare.database, "SELECT version_num FROM alembic_version")) == 1


def test_init_a_second_time_changes_nothing(installed):
    before = installed.files()
    assert installed("init").code == 0
    assert installed.files() == before


def test_init_refuses_a_database_of_a_newer_version(installed):
    change(installed.database, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version (9999)" in installed("init").sentence


def test_run_on_a_taken_port_says_so(installed):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        sentence = installed("run", INCUBATOR_LISTEN_PORT=port).sentence
    assert f"already answers on 127.0.0.1:{port}" in sentence


def test_run_on_an_address_of_another_machine_says_so(installed):
    assert "cannot listen on" in installed("run", INCUBATOR_LISTEN_HOST="192.0.2.1").sentence


@pytest.mark.parametrize(
    "command",
    [("run",), ("demo",), ("create-admin", "--email=a@b.fr", "--name=A", "--password=x")],
    ids=lambda command: command[0],
)
def test_a_command_on_an_empty_folder_asks_for_init(bare, command):
    assert "run «incubator init» first" in bare(*command).sentence


def test_the_demo_goes_into_an_empty_database_only(installed):
    before = installed.files()
    assert "holds members already" in installed("demo").sentence
    assert installed.files() == before


def test_the_demo_if_empty_leaves_a_network_as_it_is(installed):
    before = installed.files()
    assert installed("demo", "--if-empty").code == 0
    assert installed.files() == before


def test_an_administrator_is_made_from_what_is_typed(installed):
    done = installed("create-admin", typed="Zoe@Example.org\nZoé Petit\n" + "trois moulins\n" * 2)
    assert done.code == 0, done.err
    assert "zoe@example.org" in emails(installed.database)
    query = "SELECT role, site_id FROM accounts_grant ORDER BY id DESC LIMIT 1"
    assert rows(installed.database, query) == [("administrator", None)]


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("zoe@example.org", "short", "at least 10 characters"),
        ("ada@example.org", "trois moulins", "has this e-mail address already"),
        ("zoe", "trois moulins", "Write a full e-mail address"),
    ],
)
def test_an_administrator_is_refused_in_one_sentence(installed, email, password, words):
    given = (f"--email={email}", "--name=Zoé Petit", f"--password={password}")
    assert words in installed("create-admin", *given).sentence
    assert emails(installed.database) == {"ada@example.org"}
