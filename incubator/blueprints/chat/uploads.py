"""What a form of a message brings along: files to keep, and what pictures show."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from flask import request

from incubator.domain.chat import uploads as keeping
from incubator.domain.chat.file_models import FOLDER
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.numbers import natural, whole
from incubator.edge.state import settings
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.kept_files import keep, throw_away

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.datastructures import FileStorage


def folder() -> Path:
    """Where files of messages lie."""
    return settings().uploads_dir / FOLDER


def receive(room_id: int, sent: FileStorage) -> int:
    """Store one file for a room; its number.

    Refusal as ``check_may_upload`` and ``kept_files.keep``.
    """
    act(lambda: keeping.check_may_upload(actor(), room_id, now=now()))
    place, most = folder(), settings().max_upload_mb * 1024 * 1024
    try:
        with closing(sent):
            kept = keep(sent.read(), sent.filename or "", place, most_bytes=most)
    except Refusal as refusal:
        refusal.field = "files"
        raise
    try:
        return act(lambda: keeping.add(actor(), room_id, kept, now=now()).id)
    except Refusal:
        throw_away(kept, place)
        raise


def describe_all() -> None:
    """Keep what the form says that pictures show, field «alt-12» for the upload 12."""
    for name, told in request.form.items():
        number = natural(name.removeprefix("alt-"))
        if name.startswith("alt-") and number is not None:
            _describe(number, told)


def _describe(file_id: int, told: str) -> None:
    try:
        act(lambda: keeping.describe(actor(), file_id, alt=told.replace("\0", "")))
    except NotFound:
        # Taken back, or sent from another page: nothing to describe any more.
        return


def received(room_id: int) -> list[int]:
    """The uploads that a message form sends along: those that waited, and what it brings itself.

    Refusal as ``receive``.
    """
    describe_all()
    before = request.form.getlist("file", type=whole)
    brought = [each for each in request.files.getlist("files") if each.filename]
    return [*before, *(receive(room_id, each) for each in brought)]
