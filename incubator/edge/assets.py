"""Static files under one content hash: immutable, compressed once, no bundler.

They are sent as written, but for two things: the sheets of every page go as one, and a line of a
script that is only a remark goes empty (the numbers of the others stay true).
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from flask import Response, request

from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FOLDER = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
# In the order of the cascade: tokens.css names the layers. They share a folder, for their url().
COMMON = ("css/tokens.css", "css/base.css", "css/controls.css", "css/content.css")
TOGETHER = "css/common.css"
REMARK = re.compile(rb"^[ \t]*//.*", re.MULTILINE)
SQUEEZABLE = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest", ".html"}
# Only plain text leaves its encoding to be guessed; the others are UTF-8 by their own standards,
# and a sheet is read like the page that asks for it.
TYPES = {
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


def asked_encoding() -> str:
    """How the browser wants it packed: «br», «gzip» or not at all."""
    best = request.accept_encodings
    return next((code for code in ("br", "gzip") if best.quality(code) > 0), "")


def packed(content: bytes, encoding: str) -> bytes:
    """As small as it gets: for what is packed once and kept."""
    if not encoding:
        return content
    return brotli.compress(content) if encoding == "br" else gzip.compress(content, mtime=0)


def _as_sent(path: Path) -> bytes:
    content = path.read_bytes()
    ours = path.suffix == ".js" and FOLDER / "js" in path.parents
    return REMARK.sub(b"", content) if ours else content


class Assets:
    """The static tree, read at start; its hash is a segment of every address."""

    def __init__(self) -> None:
        self.files = {
            path.relative_to(FOLDER).as_posix(): _as_sent(path)
            for path in sorted(FOLDER.rglob("*"))
            if path.is_file()
        }
        self.files[TOGETHER] = b"\n".join(self.files[name] for name in COMMON)
        digest = hashlib.sha256()
        for name, content in self.files.items():
            digest.update(name.encode() + b"\0" + content)
        self.build = digest.hexdigest()[:12]
        self._packed: dict[tuple[str, str], bytes] = {}

    def path(self, name: str) -> str:
        """The address of a file; KeyError names a file that does not exist."""
        if name not in self.files:
            msg = f"no static file {name}"
            raise KeyError(msg)
        return f"/static/{self.build}/{name}"

    def serve(self, build: str, name: str) -> ResponseReturnValue:
        """A file; an older build still answers, but is not kept."""
        if name not in self.files:
            raise NotFound("edge.file")
        kind = Path(name).suffix
        encoding = asked_encoding() if kind in SQUEEZABLE else ""
        response = Response(
            self._pack(name, encoding),
            content_type=TYPES.get(kind) or mimetypes.guess_type(name)[0],
        )
        if kind in SQUEEZABLE:
            response.vary.add("Accept-Encoding")
        if encoding:
            response.content_encoding = encoding
        response.headers["Cache-Control"] = FOREVER if build == self.build else "no-cache"
        return response

    def _pack(self, name: str, encoding: str) -> bytes:
        content = self.files[name]
        if not encoding:
            return content
        if (name, encoding) not in self._packed:
            self._packed[name, encoding] = packed(content, encoding)
        return self._packed[name, encoding]
