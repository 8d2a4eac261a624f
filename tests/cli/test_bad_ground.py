"""A broken configuration, folder, disk or database: one sentence, nothing half-written."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.conftest import Installation
from tests.cli.rows import emails, rows
from tests.disks import fill, read_only, small_disk

ADMIN = ("create-admin", "--email=zoe@example.org", "--name=Zoé Petit", "--password=trois moulins")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("base_url = ", "config.toml cannot be read"),
        ("bass_url = 'x'", "bass_url is not a setting"),
        ("listen_port = 'many'", "listen_port must be a whole number"),
        ("mail_url = 'mail.example'", "mail_url must look like"),
        ("default_time_zone = 'Paris'", "not an IANA time zone"),
    ],
)
def test_a_broken_configuration_is_named_and_no_database_made(bare, text, words):
    bare.folder.mkdir()
    (bare.folder / "config.toml").write_text(text, "utf-8")
    assert words in bare("init").sentence
    assert not bare.database.exists()


def test_a_configuration_of_another_encoding_is_named_with_its_line(bare):
    bare.folder.mkdir()
    (bare.folder / "config.toml").write_bytes("# 1\nnetwork_name = 'Pépinière'".encode("cp1252"))
    assert "config.toml cannot be read: line 2 is not UTF-8" in bare("init").sentence


def test_a_folder_in_the_place_of_the_configuration_is_named(bare):
    (bare.folder / "config.toml").mkdir(parents=True)
    assert "config.toml cannot be read: Is a directory." in bare("init").sentence


def test_a_setting_of_the_environment_is_named_too(bare):
    assert "INCUBATOR_LISTEN_PORT" in bare("init", INCUBATOR_LISTEN_PORT="x").sentence
    assert not bare.folder.exists()


def test_a_setting_of_the_environment_that_is_none_is_named(bare):
    done = bare("init", INCUBATOR_BASE_ULR="https://intranet.example")
    assert "INCUBATOR_BASE_ULR is not a setting; see docs/CONFIGURATION.md" in done.sentence
    assert not bare.folder.exists()


def test_what_tests_name_in_the_environment_is_no_setting(bare):
    done = bare("init", INCUBATOR_TEST_DATABASE="postgresql://x", INCUBATOR_NOT_RUN="x")
    assert done.code == 0


def test_a_folder_that_cannot_be_written_is_named(bare):
    # Root writes into any folder: a file in its place stops everybody.
    bare.folder.write_text("in the way", "utf-8")
    assert f"The folder {bare.folder} cannot be used" in bare("init").sentence
    assert bare.folder.read_text("utf-8") == "in the way"


def test_a_database_that_cannot_be_written_is_told_before_serving(installed):
    # Root writes into any file, but not where the file system takes no writes.
    with read_only(installed.database):
        assert "incubator.db cannot be written" in installed("run").sentence
        assert "incubator.db cannot be written" in installed("doctor").out


@pytest.mark.parametrize("command", [("init",), ("run",), ADMIN], ids=lambda command: command[0])
def test_a_corrupt_database_is_told_and_left_as_it_is(installed, command):
    installed.database.write_bytes(b"not a database" * 1000)
    before = installed.files()
    assert "not a database" in installed(*command).sentence
    assert installed.files() == before


def test_a_database_with_a_torn_page_is_not_backed_up(installed, tmp_path):
    whole = installed.database.read_bytes()
    half = len(whole) // 2
    installed.database.write_bytes(whole[:half] + b"\xff" * 9000 + whole[half + 9000 :])
    installed("backup", tmp_path / "saved").sentence  # noqa: B018 - a refusal in one sentence
    assert not (tmp_path / "saved").exists()


def test_a_disk_too_small_for_the_database_leaves_none(tmp_path):
    with small_disk(tmp_path / "disk", "256k") as disk:
        here = Installation(disk / "instance")
        assert "full" in here("init").sentence
        assert (
            not here.database.exists() or rows(here.database, "SELECT * FROM sqlite_master") == []
        )
        grow = ["mount", "-o", "remount,size=64m", str(disk)]
        subprocess.run(grow, check=True)
        assert here("init").code == 0


def test_a_full_disk_leaves_no_half_secret(tmp_path):
    with small_disk(tmp_path / "disk", "64k") as disk:
        here = Installation(disk / "instance")
        here.folder.mkdir()
        fill(disk)
        assert "No space left" in here("init").sentence
        assert here.files() == {}


def test_a_full_disk_keeps_what_was_there(installed, tmp_path):
    with small_disk(tmp_path / "disk", "4m") as disk:
        here = Installation(disk / "instance")
        subprocess.run(["cp", "-r", str(installed.folder), str(here.folder)], check=True)
        filler = fill(disk)
        assert "full" in here(*ADMIN).sentence
        assert "full" in here("backup", disk / "saved").sentence.replace("No space left", "full")
        assert not (disk / "saved").exists()
        filler.unlink()
        assert emails(here.database) == {"ada@example.org"}
        assert here(*ADMIN).code == 0
