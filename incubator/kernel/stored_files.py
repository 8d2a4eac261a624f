"""Files that people share: known by content, refused when they could do harm, kept as sent."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.kernel.whole_files import whole

if TYPE_CHECKING:
    from pathlib import Path

MOST_ENTRIES = 5000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_NAME = 120
_KEY = re.compile(r"[a-z0-9]{32}")
_BAD_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|\u202a-\u202e\u2066-\u2069]")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
)
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_TEXTS = ("txt", "csv", "md")
_OFFICE = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
)
_MACROS = ("vbaProject.bin", "Basic/", "Scripts/")


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file as it was kept; ``size`` is in bytes, ``kind`` a key of ``TYPES``."""

    key: str
    name: str
    kind: str
    size: int
    sha256: str


def store_file(data: bytes, name: str, folder: Path, *, most_bytes: int) -> StoredFile:
    """Keep a file under a random key; its type is read from the content, never from the name.

    Raise Refusal ``files.empty``, ``files.too_heavy``, ``files.kind`` (nothing that a page may
    hand out), ``files.macros``, ``files.bomb`` (an archive that unpacks to too much) or
    ``files.no_room``.
    """
    if not data:
        raise Refusal("files.empty", field="file")
    if len(data) > most_bytes:
        raise Refusal("files.too_heavy", field="file", megabytes=most_bytes // 1024 // 1024)
    kind = kind_of(data, name)
    key = secrets.token_hex(16)
    with whole(folder, [key], field="file") as (path,):
        path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return StoredFile(key=key, name=tidy(name, kind), kind=kind, size=len(data), sha256=digest)


def kind_of(data: bytes, name: str) -> str:
    """The kind of a file by what it holds; Refusal for one that is not of the list."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return _text_kind(data, name)


def _office_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
                raise Refusal("files.bomb", field="file")
            if any(mark in name for name in names for mark in _MACROS):
                raise Refusal("files.macros", field="file")
            declared = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Refusal("files.kind", field="file") from error
    plain = declared.decode("ascii", "replace").strip()
    found = next((kind for part, kind in _OFFICE if part in names), None)
    found = found or next((kind for kind, mime in TYPES.items() if mime == plain), None)
    if found is None:
        raise Refusal("files.kind", field="file")
    return found


def _text_kind(data: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\x00"
    if ending not in _TEXTS or "\x00" in text:
        raise Refusal("files.kind", field="file")
    return ending


def tidy(name: str, kind: str) -> str:
    """A name fit for any disk, with the ending that its kind has."""
    stem = _ENDING.sub("", _BAD_IN_NAMES.sub(" ", name))
    plain = " ".join(stem.split()).strip(". ")[:MOST_NAME] or "document"
    return f"{plain}.{kind}"


def file_path(key: str, folder: Path) -> Path | None:
    """Where a kept file lies; None when there is none of that key."""
    if not _KEY.fullmatch(key):
        return None
    path = folder / key
    return path if path.is_file() else None
