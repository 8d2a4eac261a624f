"""A room taken along as an archive: data, text and files."""

from __future__ import annotations

import json
import tempfile
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from flask import send_file

from incubator.blueprints.chat.files import path_of as place_of
from incubator.blueprints.chat.views import pages
from incubator.domain.chat import exporting, file_doors
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.kernel.aside import aside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView

# Kept in memory up to this many bytes, beyond in a file that nobody else sees.
SPOOLED = 4 * 1024 * 1024


@pages.post("/discussions/<slug>/emporter", en="/chat/<slug>/take-along", may=members)
def take_along(slug: str) -> ResponseReturnValue:
    """Everything of a room that the reader may read, as a ZIP archive."""
    room = act(lambda: exporting.begin(actor(), slug, now=now()))
    archive = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115 - closed by the answer
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        _pack(packed, room)
    archive.seek(0)
    name = f"{room.slug.partition('.')[0]}-{now():%Y-%m-%d}.zip"
    return send_file(
        _plain(archive), mimetype="application/zip", as_attachment=True, download_name=name
    )


def _plain(archive: tempfile.SpooledTemporaryFile[bytes]) -> IO[bytes]:
    return archive


def _pack(packed: zipfile.ZipFile, room: RoomView) -> None:
    messages = [*exporting.messages_of(room)][::-1]
    about = {"room": room.name or room.slug, "taken_at": now().isoformat()}
    aside(lambda: _pack_words(packed, messages, about))
    for message in messages:
        _pack_files(packed, message)


def _pack_words(
    packed: zipfile.ZipFile, messages: Sequence[MessageView], about: dict[str, str]
) -> None:
    told = about | {"messages": [exporting.row_of(each) for each in messages]}
    packed.writestr("messages.json", json.dumps(told, ensure_ascii=False, indent=1))
    packed.writestr("messages.txt", "\n".join(exporting.line_of(each) for each in messages))


def _pack_files(packed: zipfile.ZipFile, message: MessageView) -> None:
    for file in message.files:
        # Each by its own door, so that the archive cannot hold what a page would refuse.
        path = place_of(file_doors.visible_to(actor(), file.id))
        if path:
            aside(partial(packed.write, path, exporting.path_of(file.id, file.name)))
