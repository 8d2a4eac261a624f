"""Votes, threads asked before, threads that are locked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.forms import LockForm, RepeatForm, typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import policy, queries, resolving, search_marks, similar, voting
from incubator.domain.help.care import locking
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import toast
from incubator.kernel.errors import NotAllowed, NotFound, Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_NUMBER = re.compile(r"(?:^|/)([0-9]{1,15})(?:-[a-z0-9-]*)?(?:[?#].*)?$")


@pages.post(f"/entraide/{ID}/voter", en=f"/help/{ID}/vote", may=members)
def vote(id: int) -> ResponseReturnValue:
    """«Me too», or no longer."""
    given = request.form.get("given") == "1"
    act(lambda: voting.vote(actor(), id, given=given, now=now()))
    return redirect(thread_url(id, "question"), 303)


@pages.post(f"/entraide/reponse/{ID}/voter", en=f"/help/answer/{ID}/vote", may=members)
def vote_answer(id: int) -> ResponseReturnValue:
    """«Useful», or no longer."""
    question, _given = queries.answer_visible_to(actor(), id)
    question_id, given = question.id, request.form.get("given") == "1"
    act(lambda: voting.vote_answer(actor(), id, given=given, now=now()))
    return redirect(thread_url(question_id, f"answer-{id}"), 303)


@pages.form(f"/entraide/{ID}/deja-posee", en=f"/help/{ID}/asked-before", may=members)
def repeats(id: int) -> ResponseReturnValue:
    """This was asked before: there."""
    question = queries.visible_to(actor(), id)
    if not policy.may_accept(actor(), question):
        raise NotAllowed("help.accept_not_asker")
    form = RepeatForm()
    done = attempt(
        form,
        lambda: resolving.repeats(
            actor(), id, original_id=_number(typed(form, "original")), now=now()
        ),
    )
    if done is None:
        question = queries.visible_to(actor(), id)
        near = similar.like(actor(), question, search_marks.newest_document())
        return form.page("help/repeats.html", question=question, similar=near)
    toast(_("Thank you: whoever comes here will be led to the earlier thread."))
    return redirect(thread_url(done.original_id), 303)


def _number(words: str) -> int:
    """The thread of an address or a number; Refusal when it is none that one may read."""
    found = _NUMBER.search(words.strip())
    try:
        return queries.visible_to(actor(), int(found[1]) if found else 0).id
    except NotFound as error:
        raise Refusal("help.repeats_unknown", field="original") from error


@pages.form(f"/entraide/{ID}/verrouiller", en=f"/help/{ID}/lock", may=managers)
def lock(id: int) -> ResponseReturnValue:
    """Only managers write here from now on."""
    question = queries.visible_to(actor(), id)
    if not policy.may_run(actor(), question):
        raise NotAllowed("help.run_not_manager")
    form = LockForm()

    def done() -> bool:
        locking.lock(actor(), id, reason=typed(form, "reason"), now=now())
        return True

    if attempt(form, done) is None:
        return form.page("help/lock.html", question=queries.visible_to(actor(), id))
    toast(_("The thread is locked: managers alone write in it."))
    return redirect(thread_url(id), 303)


@pages.post(f"/entraide/{ID}/deverrouiller", en=f"/help/{ID}/unlock", may=managers)
def unlock(id: int) -> ResponseReturnValue:
    """Everybody writes again."""
    act(lambda: locking.unlock(actor(), id, now=now()))
    toast(_("The thread is open to all again."))
    return redirect(thread_url(id), 303)
