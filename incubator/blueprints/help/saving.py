"""Nothing typed is lost: what a form holds is kept as a draft before it is sent, with its files."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from flask import request
from werkzeug.datastructures import FileStorage

from incubator.blueprints.help.forms import EditQuestionForm, typed
from incubator.blueprints.help.quoting import own_addresses
from incubator.domain.help import attachments, drafts
from incubator.domain.help.post_models import FOLDER
from incubator.domain.help.typed import Typed, of_post
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import WholeField, whole
from incubator.edge.pages import render
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.kept_files import keep as keep_file
from incubator.kernel.kept_files import throw_away

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from incubator.blueprints.help.forms import (
        CommentForm,
        EditAnswerForm,
        EditCommentForm,
        FilesForm,
    )
    from incubator.domain.help.models import Answer, Question
    from incubator.domain.help.post_models import Comment, Draft

    EditForm = EditAnswerForm | EditCommentForm | EditQuestionForm

T = TypeVar("T")


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
        most = settings().max_upload_mb * 1024 * 1024
        kept = keep_file(sent.read(), sent.filename or "", folder, most_bytes=most)
    try:
        act(lambda: attachments.add(actor(), once, kept, now=now()))
    except (Refusal, NotAllowed):
        throw_away(kept, folder)
        raise


def draft_asked() -> int | None:
    """The draft that the address names, if any."""
    return request.args.get("draft", type=whole)


def begin_again(
    form: EditForm, question: Question, post: Question | Answer | Comment
) -> Draft | None:
    """Put the published text in a form, or what the reader had begun to make of it: that draft."""
    if form.is_submitted():
        return None
    draft = of_post(drafts.in_thread(actor(), question.id), post)
    form.body.data, form.revision.data = post.body_md, post.revision
    if draft is not None:
        form.body.data, form.once.data = draft.body_md, draft.once
        form.revision.data = int(draft.fields.get("revision", post.revision))
        if isinstance(form, EditQuestionForm):
            form.title.data = draft.title
            form.skills.data = [int(each) for each in draft.fields.get("skills", ())]
    return draft


def gone(form: EditForm, words: Typed) -> ResponseReturnValue:
    """The post was taken away while somebody rewrote it: what they wrote is still theirs.

    Raise NotFound where nothing was typed.
    """
    if form.is_submitted() and keep(words):
        return render("help/gone.html"), 404
    raise NotFound("help.question")


def theirs(form: EditForm, post: Question | Answer | Comment) -> str:
    """The present text when it is not the one the editor saw; saving again then replaces it."""
    if not form.is_submitted() or form.revision.data == post.revision:
        return ""
    shows_now(form.revision, post.revision)
    return post.body_html


def shows_now(field: WholeField, version: int) -> None:
    """Let a hidden field hold what the page shows now, not what was sent with an older one."""
    field.data, field.raw_data = version, None
