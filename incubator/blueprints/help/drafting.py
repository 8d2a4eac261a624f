"""Drafts: saved while typing or by their button, listed, thrown away; files and pasted pictures."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, request, send_file
from flask_babel import gettext as _

from incubator.blueprints.help.forms import AskForm, EditQuestionForm
from incubator.blueprints.help.pages import pages
from incubator.blueprints.help.saving import attach
from incubator.domain.help import attachments, drafts, policy
from incubator.domain.help.post_models import FOLDER
from incubator.domain.help.typed import Typed
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.numbers import whole
from incubator.edge.pages import back_or, redirect_to, render, toast
from incubator.edge.refusals import words_for
from incubator.edge.state import settings
from incubator.edge.uploads import FOR_EVER
from incubator.kernel.db import transaction, utcnow
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.files import picture_path
from incubator.kernel.kept_files import LARGE, SMALL
from incubator.kernel.schedule import hourly
from incubator.kernel.stored_files import TYPES, file_path
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from flask.typing import ResponseReturnValue

    from incubator.domain.help.post_models import Attachment

# A form that nobody kept as a draft nor sent is not coming back after this.
LEFT_FOR = timedelta(days=30)
KINDS = ("question", "answer", "comment")


@pages.get("/entraide/brouillons", en="/help/drafts", may=members)
def my_drafts() -> ResponseReturnValue:
    """What the reader has begun to write."""
    return _page()


@pages.post("/entraide/brouillons", en="/help/drafts", may=members)
def save_draft() -> ResponseReturnValue:
    """Keep what is typed: by a button, or in silence while typing («X-Quiet»)."""
    words, quiet = _typed(), "X-Quiet" in request.headers
    try:
        kept = act(lambda: drafts.save(actor(), words, now=now())) is not None
    except (Refusal, NotFound) as refusal:
        if quiet:
            return Response(status=409)
        return _unkept(words, refusal)
    if quiet:
        return Response(status=204 if kept else 205)
    toast(_("Kept in your drafts.") if kept else _("There was nothing to keep."))
    return redirect_to("help.my_drafts")


def _unkept(words: Typed, refusal: Refusal) -> ResponseReturnValue:
    """Why there is no draft, with what was typed to copy and the drafts to make room among."""
    return _page(unkept=words, why=words_for(refusal)), 422


def _page(unkept: Typed | None = None, why: str = "") -> str:
    mine = drafts.of_member(actor())
    return render("help/drafts.html", drafts=mine, may_read=policy.may_read, unkept=unkept, why=why)


def _typed() -> Typed:
    sent = request.form
    kind = sent.get("kind", "")
    question = kind == "question"
    fields: dict[str, object] = {}
    if edits := sent.get("edits", ""):
        fields = _rewritten(edits)
    elif question:
        form = AskForm()
        form.prepare(actor(), vocabulary(actor().language), "")
        form.process(sent)
        fields = form.fields()
    return Typed(
        kind=kind if kind in KINDS else "",
        body=sent.get("body", "").replace("\0", ""),
        once=sent.get("once", "").replace("\0", ""),
        title=sent.get("title", "").replace("\0", "") if question else "",
        question_id=sent.get("question", type=whole) if edits or not question else None,
        answer_id=sent.get("answer", type=whole) if edits or kind == "comment" else None,
        fields=fields,
    )


def _rewritten(edits: str) -> dict[str, object]:
    """What a form that rewrites a post holds besides its text."""
    form = EditQuestionForm()
    fields = form.fields(edits.replace("\0", ""))
    return fields | {"skills": form.chosen()} if edits.startswith("question-") else fields


@pages.post(
    "/entraide/brouillons/<int:draft_id>/jeter",
    en="/help/drafts/<int:draft_id>/discard",
    may=members,
)
def discard_draft(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    act(lambda: drafts.discard(actor(), draft_id))
    toast(_("The draft is gone."))
    return back_or("help.my_drafts")


@pages.post("/entraide/fichiers", en="/help/files", may=members)
def attach_file() -> ResponseReturnValue:
    """A file dropped or pasted while writing; the list of those that wait."""
    once = request.form.get("once", "").replace("\0", "")
    sorry = ""
    for sent in request.files.getlist("files"):
        try:
            attach(sent, once)
        except Refusal as refusal:
            sorry = words_for(refusal)
    files = attachments.waiting(actor(), once)
    return render("help/files.html", files=files, once=once, sorry=sorry)


@pages.post(
    "/entraide/fichiers/<int:file_id>/retirer", en="/help/files/<int:file_id>/remove", may=members
)
def detach_file(file_id: int) -> ResponseReturnValue:
    """Take a file away from one's own post."""
    act(lambda: attachments.remove(actor(), file_id))
    toast(_("The file is gone."))
    return back_or("help.my_drafts")


@pages.get(
    "/entraide/fichiers/<int:file_id>/<name>", en="/help/files/<int:file_id>/<name>", may=signed_in
)
def file(file_id: int, name: str) -> ResponseReturnValue:
    """A file as it was sent, always as a file: nothing of it runs in our pages."""
    del name
    found = attachments.visible_to(actor(), file_id)
    path = None if found.is_picture else file_path(found.file_key, _folder())
    if path is None:
        raise NotFound("help.file")
    return send_file(
        path, mimetype=TYPES[found.kind], as_attachment=True, download_name=found.file_name
    )


@pages.get(
    "/entraide/images/<int:file_id>-<int:width>.webp",
    en="/help/images/<int:file_id>-<int:width>.webp",
    may=signed_in,
)
def image(file_id: int, width: int) -> ResponseReturnValue:
    """A picture of a post at one of its widths, for those who may read the post."""
    found = attachments.visible_to(actor(), file_id)
    known = found.is_picture and width in {SMALL, LARGE}
    path = picture_path(found.file_key, width, _folder()) if known else None
    if path is None:
        raise NotFound("help.file")
    response = send_file(path, mimetype="image/webp")
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _folder() -> Path:
    return settings().uploads_dir / FOLDER


@hourly("help.files")
def forget_files(payload: Mapping[str, Any]) -> None:
    """Let go of files whose form was left long ago."""
    del payload
    with transaction():
        drafts.forgotten(utcnow() - LEFT_FOR)


def files_of(member_id: int) -> Iterable[tuple[str, Path]]:
    """The files that a member sent with their posts."""
    for found in attachments.sent_by(member_id):
        if path := _path_of(found):
            yield f"{found.id}-{found.file_name}", path


def _path_of(found: Attachment) -> Path | None:
    if found.is_picture:
        return picture_path(found.file_key, LARGE, _folder())
    return file_path(found.file_key, _folder())
