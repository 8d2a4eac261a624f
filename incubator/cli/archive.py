"""Backup of a live SQLite installation to one file, and its restoration."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import make_url

from incubator.kernel import schema
from incubator.kernel.backups import note_backup
from incubator.kernel.settings import BadSettings, Settings
from incubator.kernel.whole_files import PART

DATABASE = "incubator.db"
MANIFEST = "manifest.json"
# What lies beside the database and belongs to the installation; keys are for their owner alone.
SECRET = frozenset({"secret_key", "vapid_key"})
CONFIG = "config.toml"
BESIDE = (*sorted(SECRET), CONFIG)
EMBEDDED = "sqlite:///"
OWNER_ONLY = 0o600
FORMAT = 1
# What reading a broken or foreign file raises, down to the decompressor.
NOT_AN_ARCHIVE = (
    OSError,
    EOFError,
    KeyError,
    TypeError,
    AttributeError,
    ValueError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
)


class CannotArchive(Exception):
    """A backup or restoration was refused; the message is one clear sentence."""


def database_path(settings: Settings) -> Path:
    """Where the embedded database lies; raise CannotArchive when the network uses another."""
    address = settings.database
    if not address.startswith(EMBEDDED):
        msg = (
            "This command saves the embedded SQLite database; save PostgreSQL with pg_dump, "
            "see docs/HOSTING.md."
        )
        raise CannotArchive(msg)
    return Path(make_url(address).database or "")


def _readable(path: Path) -> str:
    """The address under which SQLite opens a file to read it, whatever signs its name holds."""
    return f"{path.resolve().as_uri()}?mode=ro"


def backup(settings: Settings, target: Path) -> dict[str, Any]:
    """Write the database, uploads and secret key to a new file, verified; return its manifest.

    The product may go on running. The target appears only when it is whole.
    """
    source = database_path(settings)
    if not source.is_file():
        msg = f"There is no database at {source}; run «incubator init» first."
        raise CannotArchive(msg)
    if target.exists():
        msg = f"{target} exists already; choose another name."
        raise CannotArchive(msg)
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        copy = Path(folder) / DATABASE
        _copy_database(source, copy)
        made = _write(settings, copy, Path(folder) / "archive")
        verify(Path(folder) / "archive")
        (Path(folder) / "archive").rename(target)
    note_backup(settings)
    return made


def _copy_database(source: Path, copy: Path) -> None:
    with (
        closing(sqlite3.connect(_readable(source), uri=True)) as live,
        closing(sqlite3.connect(copy)) as saved,
    ):
        live.backup(saved)
        # One file without a journal beside it.
        saved.execute("PRAGMA journal_mode=DELETE")


def _write(settings: Settings, copy: Path, target: Path) -> dict[str, Any]:
    files = {DATABASE: copy, **_other_files(settings, copy.parent / "files")}
    made = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "schema": _check_database(copy),
        "files": {name: _digest(path) for name, path in files.items()},
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        os.chmod(target, 0o600)  # noqa: PTH101 - the secret key lies inside
        archive.writestr(MANIFEST, json.dumps(made, indent=1))
        for name, path in files.items():
            archive.write(path, name)
    return made


def _other_files(settings: Settings, folder: Path) -> dict[str, Path]:
    """Second names, in a folder, of the files beside the database: what goes meanwhile is held."""
    root = settings.instance_dir
    held: dict[str, Path] = {}
    for path in (*(root / name for name in BESIDE), *sorted(settings.uploads_dir.rglob("*"))):
        name = path.relative_to(root).as_posix()
        # What is being written is nothing yet.
        if path.is_file() and path.suffix != PART and _hold(path, folder / name):
            held[name] = folder / name
    return held


def _hold(path: Path, copy: Path) -> bool:
    """Give a file a second name, or copy it; False when it is gone meanwhile."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Uploads never change; somebody may write into the others while we read.
        if path.name in BESIDE or not _linked(path, copy):
            shutil.copy2(path, copy)
    except FileNotFoundError:
        return False
    return True


def _linked(path: Path, copy: Path) -> bool:
    try:
        copy.hardlink_to(path)
    except FileNotFoundError:
        raise
    except OSError:
        # Another disk, or one that knows no links.
        return False
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_database(path: Path) -> str:
    """The schema revision of a sound database; raise CannotArchive for a broken one."""
    try:
        with closing(sqlite3.connect(_readable(path), uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, TypeError) as error:
        msg = f"{path.name} is not a sound database of this product: {error}."
        raise CannotArchive(msg) from error
    if verdict != "ok" or orphans:
        msg = f"{path.name} is damaged: {verdict if verdict != 'ok' else 'rows without owner'}."
        raise CannotArchive(msg)
    return str(revision)


def verify(source: Path) -> dict[str, Any]:
    """The manifest of an archive whose every file is as it was saved; raise CannotArchive."""
    with tempfile.TemporaryDirectory(dir=source.resolve().parent) as folder:
        return _unpack(source, Path(folder))


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Write the files of a sound archive into a folder; raise CannotArchive for another."""
    try:
        with zipfile.ZipFile(source) as archive:
            made: dict[str, Any] = json.loads(archive.read(MANIFEST))
            _check_names(made)
            for name, digest in made["files"].items():
                if _digest(Path(archive.extract(name, folder))) != digest:
                    msg = f"{source} is damaged: {name} differs from what was saved."
                    raise CannotArchive(msg)
    except NOT_AN_ARCHIVE as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise
        msg = f"{source} is damaged, or not a backup of this product: {error}."
        raise CannotArchive(msg) from error
    _check_database(folder / DATABASE)
    return made


def _check_names(made: dict[str, Any]) -> None:
    files = made["files"]
    if made["format"] != FORMAT or DATABASE not in files or not all(map(_is_ours, files)):
        msg = "its list of files is not one of ours"
        raise ValueError(msg)


def _is_ours(name: str) -> bool:
    """Whether a backup may hold a file of this name: nothing outside the instance folder."""
    parts = PurePosixPath(name).parts
    upload = parts[:1] == ("uploads",) and ".." not in parts and "\\" not in name
    return upload or name in {DATABASE, *BESIDE}


def restore(settings: Settings, source: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup in place of what is there, whole or not at all; return its manifest.

    The database goes where the settings will say once those of the backup are in place. Raise
    CannotArchive when the backup needs a newer version of the product, when its settings cannot
    serve it here, when a database is there already (unless ``force``, which keeps it aside), or
    when the archive is damaged.
    """
    _refuse_present(database_path(settings), force=force)
    root = settings.instance_dir
    with tempfile.TemporaryDirectory(dir=root) as folder:
        made = _unpack(source, Path(folder))
        if made["schema"] not in schema.revisions():
            msg = f"{source} was made by a newer version ({made['schema']}); upgrade first."
            raise CannotArchive(msg)
        target = _database_to_be(settings, source, Path(folder))
        _refuse_present(target, force=force)
        places = {name: target if name == DATABASE else root / name for name in made["files"]}
        for name in {DATABASE, *BESIDE} & places.keys():
            (Path(folder) / name).chmod(_mode(places[name]))
        _put_in_place({Path(folder) / name: place for name, place in places.items()}, target, root)
    return made


def _refuse_present(database: Path, *, force: bool) -> None:
    if database.exists() and not force:
        msg = f"{database} exists; stop the product and add --force to keep it and restore."
        raise CannotArchive(msg)


def _database_to_be(settings: Settings, source: Path, unpacked: Path) -> Path:
    """Where the database lies under the settings of an unpacked archive, the environment first."""
    if not (unpacked / CONFIG).exists():
        return database_path(settings)
    try:
        saved = Settings.load(unpacked)
    except BadSettings as error:
        # The folder of the moment would lead nobody to the fault.
        fault = str(error).replace(f"{unpacked}/", "")
        msg = f"The settings saved in {source} cannot be used here: {fault}"
        raise CannotArchive(msg) from error
    if not saved.database.startswith(EMBEDDED):
        msg = f"The settings saved in {source} name PostgreSQL, which it holds nothing of."
        raise CannotArchive(msg)
    return database_path(replace(saved, instance_dir=settings.instance_dir))


def _mode(place: Path) -> int:
    """Who may read what comes to a place: the owner alone, or who could read what is there."""
    if place.name in SECRET or not place.exists():
        return OWNER_ONLY
    return place.stat().st_mode & 0o777


def _put_in_place(files: dict[Path, Path], database: Path, root: Path) -> None:
    """Move what is there into one folder and the files to their places; undo all on a failure."""
    kept = root / f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    journals = [database.with_name(database.name + suffix) for suffix in ("-wal", "-shm")]
    present = [place for place in (*journals, *files.values()) if place.exists()]
    aside = [(old, kept / _told_apart(old, root)) for old in present]
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in (*aside, *files.items()):
            there.parent.mkdir(parents=True, exist_ok=True)
            _move(here, there)
            done.append((here, there))
    except OSError:
        for here, there in reversed(done):
            _move(there, here)
        shutil.rmtree(kept, ignore_errors=True)
        raise


def _told_apart(path: Path, root: Path) -> Path:
    """The name of a file below the instance folder; a database elsewhere has its own."""
    return path.relative_to(root) if path.is_relative_to(root) else Path(path.name)


def _move(here: Path, there: Path) -> None:
    """Rename a file, to another disk as well: there it appears whole or not at all."""
    try:
        here.rename(there)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        near = there.with_name(there.name + PART)
        try:
            shutil.copy2(here, near)
            near.rename(there)
        except OSError:
            near.unlink(missing_ok=True)
            raise
        here.unlink()
