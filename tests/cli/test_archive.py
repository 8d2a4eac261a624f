"""backup and restore: a live copy that verifies itself, put back whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from incubator.cli import archive
from tests.cli.conftest import Installation
from tests.cli.rows import change, emails, rows
from tests.disks import small_disk

if TYPE_CHECKING:
    from collections.abc import Generator

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
    with working(WRITER, database):
        yield


@contextmanager
def working(program: str, path: Path) -> Generator[None]:
    """A process that goes on with its work at a path."""
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        try:
            yield
            assert process.poll() is None
        finally:
            process.kill()


# Files that are whole for a moment, and one that is always half-written.
CHURNER = """
import sys
from itertools import count
from pathlib import Path
folder = Path(sys.argv[1])
(folder / "half.part").write_bytes(b"half")
for n in count():
    (folder / f"picture-{n % 500}.webp").write_bytes(b"picture")
    (folder / f"picture-{(n + 250) % 500}.webp").unlink(missing_ok=True)
    if n == 1000:
        print("writing", flush=True)
"""


@contextmanager
def churning(uploads: Path) -> Generator[None]:
    """A process that goes on storing and deleting uploads."""
    with working(CHURNER, uploads):
        yield


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
    (kept,) = installed.folder.glob("before-*/incubator.db")
    assert emails(kept) == {"later@example.org"}


def test_what_is_put_aside_lies_in_one_folder_that_no_backup_holds(installed, saved, tmp_path):
    portrait = installed.folder / "uploads" / "ab" / "portrait.webp"
    portrait.write_bytes(b"another")
    assert installed("restore", saved, "--force").code == 0
    (aside,) = installed.folder.glob("before-*")
    assert (aside / "uploads" / "ab" / "portrait.webp").read_bytes() == b"another"
    uploads = [path for path in portrait.parent.parent.rglob("*") if path.is_file()]
    assert uploads == [portrait]
    archive.backup(installed.settings, tmp_path / "again")
    with zipfile.ZipFile(tmp_path / "again") as made:
        assert not any("before-" in name for name in made.namelist())


@pytest.mark.parametrize("kept", [None, 0o640], ids=["new", "known"])
def test_what_comes_back_is_for_its_owner_alone_or_whom_it_was_for(installed, tmp_path, kept):
    (installed.folder / "config.toml").write_text("network_name = 'Essai'", "utf-8")
    archive.backup(installed.settings, tmp_path / "saved")
    names = ("incubator.db", "config.toml", "secret_key", "vapid_key")
    for name in names:
        (installed.folder / name).unlink() if kept is None else (installed.folder / name).chmod(
            kept
        )
    assert installed("restore", tmp_path / "saved", "--force").code == 0
    modes = [(installed.folder / name).stat().st_mode & 0o777 for name in names]
    assert modes == [kept or 0o600, kept or 0o600, 0o600, 0o600]


def test_a_network_is_saved_and_put_back_whose_folder_has_odd_signs(installed, tmp_path):
    odd = Installation(installed.folder.rename(tmp_path / "a #b%41?c=1 'd'"))
    assert odd("backup", tmp_path / "saved").code == 0
    assert odd("restore", tmp_path / "saved", "--force").code == 0
    assert emails(odd.database) == {"ada@example.org"}


def moved(installed, place: Path) -> None:
    """The network keeps its database elsewhere from now on, as its own settings say."""
    place.parent.mkdir()
    installed.database.rename(place)
    (installed.folder / "config.toml").write_text(f'database_url = "sqlite:///{place}"', "utf-8")


def test_a_restored_database_lies_where_the_restored_settings_say(installed, bare, tmp_path):
    moved(installed, tmp_path / "data" / "network.db")
    assert installed("backup", tmp_path / "saved").code == 0
    installed.folder.rename(tmp_path / "gone")
    (tmp_path / "data").rename(tmp_path / "old-data")
    done = bare("restore", tmp_path / "saved")
    assert done.code == 0, done.err
    assert f"{tmp_path / 'data' / 'network.db'}" in done.out
    assert emails(tmp_path / "data" / "network.db") == {"ada@example.org"}
    assert not bare.database.exists()


def test_the_environment_says_over_the_restored_settings_where_the_database_lies(
    installed, bare, tmp_path
):
    moved(installed, tmp_path / "data" / "network.db")
    assert installed("backup", tmp_path / "saved").code == 0
    installed.folder.rename(tmp_path / "gone")
    (tmp_path / "data").rename(tmp_path / "old-data")
    there = {"INCUBATOR_DATABASE_URL": f"sqlite:///{tmp_path / 'here.db'}"}
    assert bare("restore", tmp_path / "saved", **there).code == 0
    assert emails(tmp_path / "here.db") == {"ada@example.org"}
    assert not (tmp_path / "data").exists()


def test_a_database_there_already_is_kept_whichever_settings_name_it(installed, bare, tmp_path):
    place = tmp_path / "data" / "network.db"
    moved(installed, place)
    assert installed("backup", tmp_path / "saved").code == 0
    change(place, "UPDATE accounts_account SET email = 'later@example.org'")
    # The restored settings name it.
    installed.folder.rename(tmp_path / "gone")
    assert f"{place} exists; stop the product and add --force" in (
        bare("restore", tmp_path / "saved").sentence
    )
    assert bare("restore", tmp_path / "saved", "--force").code == 0
    assert emails(place) == {"ada@example.org"}
    (kept,) = bare.folder.glob("before-*/network.db")
    assert emails(kept) == {"later@example.org"}
    # The settings before name it, and those restored another.
    place.rename(bare.database)
    (bare.folder / "config.toml").unlink()
    assert f"{bare.database} exists" in bare("restore", tmp_path / "saved").sentence
    assert bare("restore", tmp_path / "saved", "--force").code == 0
    assert emails(place) == emails(bare.database) == {"ada@example.org"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 'green'", "config.toml: colour is not a setting"),
        ("database_url = 'postgresql://nobody@127.0.0.1:1/none'", "name PostgreSQL"),
    ],
)
def test_saved_settings_that_cannot_serve_it_are_refused_before_anything(
    installed, bare, tmp_path, text, named
):
    before = installed.settings
    (installed.folder / "config.toml").write_text(text, "utf-8")
    archive.backup(before, tmp_path / "saved")
    installed.folder.rename(tmp_path / "gone")
    assert named in bare("restore", tmp_path / "saved").sentence
    assert {Path(path).name for path in bare.files()} == {"secret_key"}


def test_uploads_that_come_and_go_break_no_backup(installed, tmp_path):
    uploads = installed.folder / "uploads"
    uploads.mkdir(exist_ok=True)
    with churning(uploads):
        done = [installed("backup", tmp_path / f"saved-{n}") for n in range(3)]
    assert [each.code for each in done] == [0, 0, 0], done
    with zipfile.ZipFile(tmp_path / "saved-2") as made:
        assert not any(name.endswith(".part") for name in made.namelist())


def test_a_database_on_another_disk_is_put_back_and_the_old_one_kept(installed, saved, tmp_path):
    with small_disk(tmp_path / "disk", "64m") as disk:
        elsewhere = {"INCUBATOR_DATABASE_URL": f"sqlite:///{disk / 'network.db'}"}
        assert installed("restore", saved, **elsewhere).code == 0
        assert emails(disk / "network.db") == {"ada@example.org"}
        change(disk / "network.db", "UPDATE accounts_account SET email = 'later@example.org'")
        assert installed("restore", saved, "--force", **elsewhere).code == 0
        assert emails(disk / "network.db") == {"ada@example.org"}
        asides = sorted(installed.folder.glob("before-*/network.db"))
        assert emails(asides[-1]) == {"later@example.org"}
        assert not list(disk.glob("*.part"))


def test_a_database_too_large_for_another_disk_changes_nothing(installed, saved, tmp_path):
    with small_disk(tmp_path / "disk", "256k") as disk:
        elsewhere = {"INCUBATOR_DATABASE_URL": f"sqlite:///{disk / 'network.db'}"}
        before = installed.files()
        assert "No space left" in installed("restore", saved, **elsewhere).sentence
        assert installed.files() == before
        assert list(disk.iterdir()) == []
        assert not list(installed.folder.glob("before-*"))


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
