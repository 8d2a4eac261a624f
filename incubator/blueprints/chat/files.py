"""Files of messages: sent before their message, and handed out to who may read the room."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import request, send_file

from incubator.blueprints.chat.uploads import describe_all, folder, receive
from incubator.blueprints.chat.views import pages
from incubator.domain.chat import file_doors as doors
from incubator.domain.chat import files as reading
from incubator.domain.chat import queries
from incubator.domain.chat import uploads as keeping
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.forms import act
from incubator.edge.pages import redirect_to, render
from incubator.edge.refusals import words_for
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.files import picture_path
from incubator.kernel.kept_files import LARGE, SMALL
from incubator.kernel.schedule import hourly
from incubator.kernel.stored_files import TYPES, file_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from flask import Response
    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.file_models import ChatFile

# An upload that nobody sent is not coming back after this.
LEFT_FOR = timedelta(days=2)
# The browser asks again each time: a room may be left, a message hidden.
ASK_AGAIN = "private, no-cache"


@pages.post("/discussions/salons/<int:id>/fichiers", en="/chat/rooms/<int:id>/files", may=members)
def upload(id: int) -> ResponseReturnValue:
    """Files dropped, pasted or chosen while writing; the list of those that wait."""
    reader, sorry = actor(), ""
    slug = queries.visible_to(reader, id).slug
    try:
        describe_all()
        for sent in request.files.getlist("files"):
            if sent.filename:
                receive(id, sent)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        sorry = str(words_for(refusal))
    return _waiting(id, slug, sorry)


@pages.post(
    "/discussions/fichiers/<int:file_id>/retirer",
    en="/chat/files/<int:file_id>/remove",
    may=members,
)
def remove_file(file_id: int) -> ResponseReturnValue:
    """Take back an upload that was not sent."""
    found = doors.visible_to(actor(), file_id)
    room_id = found.room_id
    act(lambda: keeping.drop(actor(), file_id))
    slug = queries.visible_to(actor(), room_id).slug
    if request.headers.get("X-Quiet"):
        return _waiting(room_id, slug, "")
    return redirect_to("chat.show", slug=slug)


def _waiting(room_id: int, slug: str, sorry: str) -> ResponseReturnValue:
    files = keeping.waiting(actor(), room_id)
    html = render("chat/files.html", files=files, slug=slug, sorry=sorry)
    return html, 422 if sorry else 200


@pages.get(
    "/discussions/fichiers/<int:file_id>/<name>",
    en="/chat/files/<int:file_id>/<name>",
    may=signed_in,
)
def file(file_id: int, name: str) -> ResponseReturnValue:
    """A file as it was sent, always as a file: nothing of it runs in our pages."""
    del name
    found = doors.visible_to(actor(), file_id)
    path = None if found.is_picture else file_path(found.file_key, folder())
    if path is None:
        raise NotFound("chat.file")
    kind = TYPES[found.kind]
    return _guarded(
        send_file(path, mimetype=kind, as_attachment=True, download_name=found.file_name)
    )


@pages.get(
    "/discussions/images/<int:file_id>-<int:width>.webp",
    en="/chat/images/<int:file_id>-<int:width>.webp",
    may=signed_in,
)
def image(file_id: int, width: int) -> ResponseReturnValue:
    """A picture at one of its widths."""
    found = doors.visible_to(actor(), file_id)
    known = found.is_picture and width in {SMALL, LARGE}
    path = picture_path(found.file_key, width, folder()) if known else None
    if path is None:
        raise NotFound("chat.file")
    return _guarded(send_file(path, mimetype="image/webp"))


def _guarded(answer: Response) -> Response:
    answer.headers["Cache-Control"] = ASK_AGAIN
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@hourly("chat.files")
def forget_files(payload: Mapping[str, Any]) -> None:
    """Let go of uploads that nobody sent."""
    del payload
    with transaction():
        keeping.forgotten(utcnow() - LEFT_FOR)


def files_of(member_id: int) -> Iterable[tuple[str, Path]]:
    """The files that a member sent in rooms."""
    for found in reading.sent_by(member_id):
        if path := path_of(found):
            yield f"{found.id}-{found.file_name}", path


def path_of(found: ChatFile) -> Path | None:
    """Where a file lies, a picture at its larger width."""
    if found.is_picture:
        return picture_path(found.file_key, LARGE, folder())
    return file_path(found.file_key, folder())
