"""Comments: written, rewritten, taken away, made an answer of; all those of a post."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.forms import CommentForm, EditCommentForm, RemoveForm, typed
from incubator.blueprints.help.history import history_values
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.quoting import quoted
from incubator.blueprints.help.saving import about_answer, begin_again, send, theirs, words_of
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import (
    attachments,
    converting,
    discussing,
    drafts,
    policy,
    posts,
    queries,
)
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.care import masks
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import render, toast
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.help.models import Question
    from incubator.domain.help.post_models import Comment
    from incubator.domain.help.posts import Said

COMMENT = "<int(max=9223372036854775807):comment_id>"


@pages.form(f"/entraide/{ID}/commenter", en=f"/help/{ID}/comment", may=members)
def comment(id: int) -> ResponseReturnValue:
    """A comment on the question, or on the answer that «reponse» names."""
    answer_id = request.values.get("answer", type=whole)
    form = CommentForm()
    words = about_answer(words_of(form, "comment", id), answer_id)
    said = send(
        form,
        words,
        lambda: discussing.comment(
            actor(), id, body=words.body, once=words.once, answer_id=answer_id, now=now()
        ),
    )
    if said is not None:
        toast(_("Your comment is published."))
        return redirect(thread_url(id, f"comment-{said.id}"), 303)
    question = queries.visible_to(actor(), id)
    _begin(form, question, answer_id)
    return form.page(
        "help/comment.html",
        question=question,
        answer=_answer(question, answer_id),
        answer_id=answer_id,
        files=attachments.waiting(actor(), typed(form, "once")),
    )


def _answer(question: Question, answer_id: int | None) -> Said | None:
    if answer_id is None:
        return None
    queries.answer_visible_to(actor(), answer_id)
    hidden = hidden_author(actor(), question)
    return posts.one_answer(answer_id, reader_id=actor().id, hidden=hidden)


def _begin(form: CommentForm, question: Question, answer_id: int | None) -> None:
    """A comment begun before goes on; a quotation of the post is put first."""
    if form.is_submitted():
        return
    for draft in drafts.in_thread(actor(), question.id):
        begun = draft.kind == "comment" and "edits" not in draft.fields
        if begun and draft.answer_id == answer_id:
            form.body.data, form.once.data = draft.body_md, draft.once
            return
    form.body.data = quoted(question)


@pages.get(f"/entraide/{ID}/commentaires", en=f"/help/{ID}/comments", may=signed_in)
def comments(id: int) -> ResponseReturnValue:
    """All comments of a question, or of one of its answers."""
    reader = actor()
    question = queries.visible_to(reader, id)
    answer = _answer(question, request.args.get("answer", type=whole))
    ids = [answer.id] if answer else []
    found = posts.comments_of(
        question, ids, hidden=hidden_author(reader, question), most=posts.COMMENTS_MOST
    )
    return render(
        "help/comments.html",
        question=question,
        answer=answer,
        remarks=found.get(answer.id if answer else None, posts.Remarks()),
        files=attachments.of_thread(question),
        masks=masks.told_of(reader, question, today(reader.time_zone)).comments_under(
            answer.id if answer else None
        ),
        may_edit=lambda remark: policy.may_edit_comment(reader, question, remark),
    )


@pages.form(
    f"/entraide/commentaire/{COMMENT}/modifier", en=f"/help/comment/{COMMENT}/edit", may=members
)
def edit_comment(comment_id: int) -> ResponseReturnValue:
    """A comment rewritten."""
    question, said = _own(comment_id)
    form = EditCommentForm()
    fields = form.fields(f"comment-{comment_id}")
    words = about_answer(words_of(form, "comment", question.id), said.answer_id)
    begun = begin_again(form, question, said)
    saved = send(
        form,
        replace(words, fields=fields),
        lambda: discussing.edit_comment(
            actor(),
            comment_id,
            body=words.body,
            revision=form.revision.data or 0,
            once=words.once,
            now=now(),
        ),
    )
    if saved is None:
        question, said = _own(comment_id)
        values = {"question": question, "comment": said, "theirs": theirs(form, said)}
        files = attachments.waiting(actor(), typed(form, "once"))
        return form.page("help/edit_post.html", **values, begun=begun, files=files)
    toast(_("Saved. The earlier text stays in the history."))
    return redirect(thread_url(question.id, f"comment-{comment_id}"), 303)


@pages.get(
    f"/entraide/commentaire/{COMMENT}/historique",
    en=f"/help/comment/{COMMENT}/history",
    may=signed_in,
)
def comment_history(comment_id: int) -> ResponseReturnValue:
    """What a comment said before its edits."""
    question, said = queries.comment_visible_to(actor(), comment_id)
    return render("help/history.html", **history_values(question, said))


@pages.form(
    f"/entraide/commentaire/{COMMENT}/supprimer", en=f"/help/comment/{COMMENT}/remove", may=members
)
def remove_comment(comment_id: int) -> ResponseReturnValue:
    """Take a comment away."""
    question, _said = _own(comment_id)
    question_id, form = question.id, RemoveForm()

    def remove() -> bool:
        discussing.remove_comment(actor(), comment_id, reason=typed(form, "reason"), now=now())
        return True

    if attempt(form, remove) is None:
        return form.page("help/remove.html", question=question, what="comment")
    toast(_("The comment is removed."))
    return redirect(thread_url(question_id), 303)


@pages.post(
    f"/entraide/commentaire/{COMMENT}/en-reponse", en=f"/help/comment/{COMMENT}/answer", may=members
)
def comment_to_answer(comment_id: int) -> ResponseReturnValue:
    """A comment that is an answer."""
    given = act(lambda: converting.to_answer(actor(), comment_id, now=now()))
    toast(_("It is an answer now."))
    return redirect(thread_url(given.question_id, f"answer-{given.id}"), 303)


@pages.post(f"/entraide/reponse/{ID}/en-commentaire", en=f"/help/answer/{ID}/comment", may=members)
def answer_to_comment(id: int) -> ResponseReturnValue:
    """An answer that is a remark."""
    said = act(lambda: converting.to_comment(actor(), id, now=now()))
    toast(_("It is a comment now."))
    return redirect(thread_url(said.question_id, f"comment-{said.id}"), 303)


def _own(comment_id: int) -> tuple[Question, Comment]:
    question, said = queries.comment_visible_to(actor(), comment_id)
    if not policy.may_edit_comment(actor(), question, said):
        raise NotAllowed("help.edit_not_yours")
    return question, said
