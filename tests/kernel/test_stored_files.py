"""Files that people share: known by what they hold, refused when they could do harm."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from incubator.kernel import stored_files
from incubator.kernel.errors import Refusal
from incubator.kernel.stored_files import file_path, kind_of, store_file, tidy

if TYPE_CHECKING:
    from pathlib import Path

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
MEGABYTE = 1024 * 1024


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


WORD = packed(**{"word__document.xml": b"<w/>"})
WRITER = packed(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<o/>"})


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "rules.pdf", "pdf"),
        (PDF, "rules.png", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "plan", "png"),
        (b"RIFF....WEBPVP8 ", "a.webp", "webp"),
        (WORD, "letter.docx", "docx"),
        (WRITER, "letter.odt", "odt"),
        ("Règlement".encode(), "rules.txt", "txt"),
        (b"a;b\n1;2\n", "hours.CSV", "csv"),
    ],
)
def test_a_file_is_what_it_holds_whatever_its_name(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "empty.pdf", "files.empty"),
        (b"MZ\x90\x00 an executable", "setup.pdf", "files.kind"),
        (b"<script>alert(1)</script>", "page.html", "files.kind"),
        (b"<svg onload='x'/>", "drawing.svg", "files.kind"),
        (b"\xff\xfe\x00binary", "notes.txt", "files.kind"),
        (packed(**{"readme.txt": b"any zip"}), "many.zip", "files.kind"),
        (WORD[:40], "cut.docx", "files.kind"),
        (
            packed(**{"word__document.xml": b"", "word__vbaProject.bin": b"x"}),
            "macro.docx",
            "files.macros",
        ),
    ],
)
def test_what_could_do_harm_is_refused(data: bytes, name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=code):
        store_file(data, name, tmp_path, most_bytes=MEGABYTE)
    assert list(tmp_path.iterdir()) == []


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_files, "MOST_UNPACKED", 10_000)
    bomb = packed(**{"word__document.xml": b"0" * 20_000})
    with pytest.raises(Refusal, match=r"files\.bomb"):
        kind_of(bomb, "bomb.docx")


def test_too_heavy_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"files\.too_heavy"):
        store_file(PDF + b"0" * MEGABYTE, "big.pdf", tmp_path, most_bytes=MEGABYTE)


def test_a_file_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    kept = store_file(PDF, "Règlement.pdf", tmp_path, most_bytes=MEGABYTE)
    path = file_path(kept.key, tmp_path)
    assert path
    assert path.read_bytes() == PDF
    assert (kept.name, kept.size) == ("Règlement.pdf", len(PDF))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "etc passwd.pdf"),
        ("a\u202efdp.exe", "a fdp.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_fits_any_disk_and_says_the_true_kind(name: str, kept: str) -> None:
    assert tidy(name, "pdf") == kept


@pytest.mark.parametrize("key", ["../secret", "", "z" * 31, "A" * 32])
def test_only_keys_of_ours_lead_to_files(key: str, tmp_path: Path) -> None:
    assert file_path(key, tmp_path) is None
