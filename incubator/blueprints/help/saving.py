"""Nothing typed is lost: what a form holds is kept as a draft before it is sent, with its files."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from flask import request
from werkzeug.datastructures import FileStorage

from incubator.blueprints.help.forms import typed
from incubator.blueprints.help.quoting import own_addresses
from incubator.domain.help import attachments, drafts
from incubator.domain.help.attachments import Kept
from incubator.domain.help.drafts import Typed
from incubator.domain.help.post_models import FOLDER
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.files import picture_size, store_picture
from incubator.kernel.stored_files import kind_of, store_file, tidy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from incubator.blueprints.help.forms import (
        CommentForm,
        EditAnswerForm,
        EditCommentForm,
        EditQuestionForm,
        FilesForm,
    )
    from incubator.domain.help.models import Answer, Question
    from incubator.domain.help.post_models import Comment

    EditForm = EditAnswerForm | EditCommentForm | EditQuestionForm

T = TypeVar("T")
# Pixels: in the page, and to look into.
SMALL, LARGE = 480, 1600
PICTURES = frozenset({"png", "jpg", "gif", "webp"})


def send(form: FilesForm | CommentForm, words: Typed, command: Callable[[], T]) -> T | None:
    """Keep what was typed and its files, then run the command, which ends the draft.

    None when the form was only asked for or refused: what was kept is there the next time.
    """
    if not form.is_submitted():
        return None
    keep(words)
    if not _attached(form):
        return None
    return attempt(form, command)


def keep(words: Typed) -> bool:
    """Save a draft; whether there is one. What may not be kept must not stop what is sent."""
    try:
        return act(lambda: drafts.save(actor(), words, now=now())) is not None
    except (Refusal, NotFound):
        return False


def words_of(form: FilesForm | CommentForm, kind: str, question_id: int | None = None) -> Typed:
    """What a form of an answer or a comment holds."""
    body, once = own_addresses(typed(form, "body")), typed(form, "once")
    return Typed(kind=kind, body=body, once=once, question_id=question_id)


def about_answer(words: Typed, answer_id: int | None) -> Typed:
    """The same, as a comment on an answer."""
    return replace(words, answer_id=answer_id)


def _attached(form: FilesForm | CommentForm) -> bool:
    """Store the files of a form; False with the reason beside the field when one is refused."""
    sent = [each for each in form.files.data or [] if isinstance(each, FileStorage)]
    try:
        for each in sent:
            if each.filename:
                attach(each, typed(form, "once"))
    except Refusal as refusal:
        refusal.field = "files"
        form.refuse(refusal)
        return False
    return True


def attach(sent: FileStorage, once: str) -> None:
    """Store one file for the post of a form; Refusal as ``store_file`` and ``store_picture``."""
    folder = settings().uploads_dir / FOLDER
    with closing(sent):
        kept = _stored(sent.read(), sent.filename or "", folder)
    try:
        act(lambda: attachments.add(actor(), once, kept, now=now()))
    except (Refusal, NotAllowed):
        for path in folder.glob(f"{kept.key}*"):
            path.unlink(missing_ok=True)
        raise


def _stored(data: bytes, name: str, folder: Path) -> Kept:
    most = settings().max_upload_mb * 1024 * 1024
    if len(data) > most:
        raise Refusal("files.too_heavy", field="files", megabytes=most // 1024 // 1024)
    if not data or kind_of(data, name) not in PICTURES:
        file = store_file(data, name, folder, most_bytes=most)
        return Kept(key=file.key, name=file.name, kind=file.kind, size=file.size)
    # Made anew, so that neither a camera's place nor a hidden payload comes along.
    key = store_picture(data, folder, (SMALL, LARGE), field="files")
    width, height = picture_size(key, LARGE, folder)
    name = tidy(name or "image", "webp")
    return Kept(key=key, name=name, kind="webp", size=len(data), width=width, height=height)


def draft_asked() -> int | None:
    """The draft that the address names, if any."""
    return request.args.get("draft", type=int)


def theirs(form: EditForm, post: Question | Answer | Comment) -> str:
    """The present text when it is not the one the editor saw; saving again then replaces it."""
    if not form.is_submitted() or form.revision.data == post.revision:
        return ""
    form.revision.data = post.revision
    return post.body_html
