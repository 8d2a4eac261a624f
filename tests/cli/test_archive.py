"""backup and restore: a live copy that verifies itself, put back whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from incubator.cli import archive
from tests.cli.rows import change, emails, rows

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

# Two rows a transaction: a copy that holds one of them was torn.
WRITER = """
import sqlite3, sys
from itertools import count
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
for n in count():
    connection.execute("BEGIN IMMEDIATE")
    for side in "ab":
        row = (f"{side}-{n}", "2026-01-01 00:00:00")
        connection.execute("INSERT INTO kernel_throttle (key, full_at) VALUES (?, ?)", row)
    connection.execute("COMMIT")
    if n == 20:
        print("writing", flush=True)
"""
PAIRS = "SELECT count(*) FROM kernel_throttle WHERE key LIKE '{}-%'"


@contextmanager
def writing(database: Path) -> Generator[None]:
    """A process that goes on writing."""
    command = [sys.executable, "-c", WRITER, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        try:
            yield
            assert process.poll() is None
        finally:
            process.kill()


@pytest.fixture
def saved(installed, tmp_path) -> Path:
    """A backup of the small network, with one upload."""
    upload = installed.folder / "uploads" / "ab" / "portrait.webp"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"picture")
    archive.backup(installed.settings, tmp_path / "saved")
    return tmp_path / "saved"


def repacked(source: Path, target: Path, **files: bytes) -> Path:
    """The archive with other files in it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, files.get(name, old.read(name)))
    return target


def test_a_backup_of_a_database_in_use_holds_whole_transactions(installed, bare, tmp_path):
    with writing(installed.database):
        done = installed("backup", tmp_path / "saved")
    assert done.code == 0, done.err
    assert "verified" in done.out
    (installed.folder).rename(tmp_path / "gone")
    assert bare("restore", tmp_path / "saved").code == 0
    left, right = (rows(bare.database, PAIRS.format(side))[0][0] for side in "ab")
    assert left == right > 20
    assert emails(bare.database) == {"ada@example.org"}


def test_a_backup_is_for_its_owner_alone_and_replaces_nothing(installed, saved):
    assert saved.stat().st_mode & 0o777 == 0o600
    before = saved.read_bytes()
    assert "exists already" in installed("backup", saved).sentence
    assert saved.read_bytes() == before


def test_a_backup_before_init_is_refused(bare, tmp_path):
    assert "no database" in bare("backup", tmp_path / "saved").sentence


def test_a_backup_of_postgresql_is_pg_dump_s_work(bare, tmp_path):
    address = {"INCUBATOR_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert "pg_dump" in bare("backup", tmp_path / "saved", **address).sentence


def test_restore_refuses_a_network_in_place_unless_forced(installed, saved):
    change(installed.database, "UPDATE accounts_account SET email = 'later@example.org'")
    before = installed.files()
    assert "add --force" in installed("restore", saved).sentence
    assert installed.files() == before
    assert installed("restore", saved, "--force").code == 0
    assert emails(installed.database) == {"ada@example.org"}
    (kept,) = installed.folder.glob("incubator.db.before-*[0-9]")
    assert emails(kept) == {"later@example.org"}


def test_a_restored_network_has_its_secret_and_its_pictures(installed, saved, tmp_path):
    secret = (installed.folder / "secret_key").read_bytes()
    installed.folder.rename(tmp_path / "gone")
    installed.folder.mkdir()
    archive.restore(installed.settings, saved)
    assert (installed.folder / "secret_key").read_bytes() == secret
    assert (installed.folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (installed.folder / "uploads/ab/portrait.webp").read_bytes() == b"picture"


def refused(installed, source: Path) -> str:
    """Why an archive is refused; nothing may change."""
    before = installed.files()
    with pytest.raises(archive.CannotArchive) as caught:
        archive.restore(installed.settings, source, force=True)
    assert installed.files() == before
    return str(caught.value)


def test_a_backup_of_a_newer_version_is_refused(installed, tmp_path):
    change(installed.database, "UPDATE alembic_version SET version_num = '9999'")
    archive.backup(installed.settings, tmp_path / "newer")
    assert "newer version (9999)" in refused(installed, tmp_path / "newer")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_backup_with_a_changed_byte_is_refused(installed, saved, part):
    content = bytearray(saved.read_bytes())
    content[int(len(content) * part)] ^= 0xFF
    saved.write_bytes(content)
    assert "damaged" in refused(installed, saved)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 100])
def test_another_file_is_refused(installed, tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    assert "not a backup of this product" in refused(installed, tmp_path / "other")


def test_half_a_backup_is_refused_on_the_command_line(installed, saved):
    saved.write_bytes(saved.read_bytes()[:-2000])
    before = installed.files()
    assert "damaged" in installed("restore", saved, "--force").sentence
    assert installed.files() == before


def test_a_file_that_differs_from_the_list_is_refused(installed, saved, tmp_path):
    forged = repacked(saved, tmp_path / "forged", **{"uploads/ab/portrait.webp": b"another"})
    assert "portrait.webp differs" in refused(installed, forged)


@pytest.mark.parametrize(
    "name", ["../outside", "/outside", "uploads/../../outside", "wsgi.py", "uploads\\..\\outside"]
)
def test_a_backup_that_names_a_file_elsewhere_is_refused(installed, saved, tmp_path, name):
    with zipfile.ZipFile(saved) as old:
        listed = json.loads(old.read(archive.MANIFEST))
    listed["files"][name] = listed["files"]["secret_key"]
    made = json.dumps(listed).encode()
    forged = repacked(saved, tmp_path / "forged", **{archive.MANIFEST: made})
    assert "not one of ours" in refused(installed, forged)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("made", [b"[]", b"{}", b'{"format": 1, "files": 3}', b"\xff"])
def test_a_list_of_files_of_another_kind_is_refused(installed, saved, tmp_path, made):
    forged = repacked(saved, tmp_path / "forged", **{archive.MANIFEST: made})
    assert "not a backup of this product" in refused(installed, forged)


def test_a_database_that_is_none_is_not_saved(installed, tmp_path):
    installed.database.write_bytes(b"not a database" * 1000)
    assert "not a database" in installed("backup", tmp_path / "new").sentence
    assert not (tmp_path / "new").exists()


def test_a_restoration_that_fails_half_way_is_undone(installed, saved):
    (installed.folder / "uploads" / "ab" / "portrait.webp").unlink()
    (installed.folder / "uploads" / "ab").rmdir()
    (installed.folder / "uploads" / "ab").write_bytes(b"a file where a folder should be")
    before = installed.files()
    with pytest.raises(OSError, match="exists"):
        archive.restore(installed.settings, saved, force=True)
    assert installed.files() == before
