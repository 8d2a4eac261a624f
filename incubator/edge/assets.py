"""Static files as written, under one content hash: immutable, compressed once, no bundler."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
from flask import Response, request

from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FOLDER = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
SQUEEZABLE = {".css", ".js", ".svg", ".json", ".txt", ".webmanifest", ".html"}
TYPES = {".js": "text/javascript", ".woff2": "font/woff2"}


def asked_encoding() -> str:
    """How the browser wants it packed: «br», «gzip» or not at all."""
    best = request.accept_encodings
    return next((code for code in ("br", "gzip") if best.quality(code) > 0), "")


def packed(content: bytes, encoding: str) -> bytes:
    """As small as it gets: for what is packed once and kept."""
    if not encoding:
        return content
    return brotli.compress(content) if encoding == "br" else gzip.compress(content, mtime=0)


class Assets:
    """The static tree, read at start; its hash is a segment of every address."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
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
            response.content_type = f"{response.mimetype}; charset=utf-8"
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
