"""What solved a question, and what is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask_babel import gettext as _

from incubator.blueprints.help.forms import CloseForm, RemoveForm, typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import commands, policy, queries, resolving
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.post(f"/entraide/reponse/{ID}/retenir", en=f"/help/answer/{ID}/accept", may=members)
def accept(id: int) -> ResponseReturnValue:
    """This answer solved it."""
    acceptance = act(lambda: resolving.accept(actor(), id, now=now()))
    toast(_("Solved. Thank you for saying so."))
    return redirect(thread_url(acceptance.question_id, f"answer-{id}"), 303)


@pages.post(f"/entraide/reponse/{ID}/rouvrir", en=f"/help/answer/{ID}/unaccept", may=members)
def unaccept(id: int) -> ResponseReturnValue:
    """This answer did not solve it after all."""
    question, _given = queries.answer_visible_to(actor(), id)
    question_id = question.id
    act(lambda: resolving.unaccept(actor(), id))
    toast(_("This answer is no longer accepted."))
    return redirect(thread_url(question_id), 303)


@pages.form(f"/entraide/{ID}/resolue-autrement", en=f"/help/{ID}/solved-otherwise", may=members)
def close(id: int) -> ResponseReturnValue:
    """It was solved otherwise."""
    if not policy.may_accept(actor(), queries.visible_to(actor(), id)):
        raise NotAllowed("help.accept_not_asker")
    form = CloseForm()
    done = attempt(form, lambda: _close(id, typed(form, "how")))
    if done is None:
        return form.page("help/close.html", question=queries.visible_to(actor(), id))
    toast(_("Solved. Thank you for saying so."))
    return redirect(thread_url(id), 303)


def _close(question_id: int, how: str) -> bool:
    resolving.close(actor(), question_id, how=how, now=now())
    return True


@pages.post(f"/entraide/{ID}/rouvrir", en=f"/help/{ID}/reopen", may=members)
def reopen(id: int) -> ResponseReturnValue:
    """It is not solved after all."""
    act(lambda: resolving.reopen(actor(), id))
    toast(_("The question is open again."))
    return redirect(thread_url(id), 303)


@pages.form(f"/entraide/{ID}/supprimer", en=f"/help/{ID}/remove", may=members)
def remove(id: int) -> ResponseReturnValue:
    """Take a question away."""
    if not policy.may_remove(actor(), queries.visible_to(actor(), id)):
        raise NotAllowed("help.remove_answered")
    form = RemoveForm()
    done = attempt(form, lambda: _remove(id, typed(form, "reason")))
    if done is None:
        question = queries.visible_to(actor(), id)
        return form.page("help/remove.html", question=question, what="question")
    toast(_("The question is removed."))
    return redirect_to("help.index")


def _remove(question_id: int, reason: str) -> bool:
    commands.remove_question(actor(), question_id, reason=reason, now=now())
    return True


@pages.form(f"/entraide/reponse/{ID}/supprimer", en=f"/help/answer/{ID}/remove", may=members)
def remove_answer(id: int) -> ResponseReturnValue:
    """Take an answer away."""
    question, _given = queries.answer_visible_to(actor(), id)
    form = RemoveForm()
    question_id = question.id
    done = attempt(form, lambda: _remove_answer(id, typed(form, "reason")))
    if done is None:
        return form.page("help/remove.html", question=question, what="answer")
    toast(_("The answer is removed."))
    return redirect(thread_url(question_id), 303)


def _remove_answer(answer_id: int, reason: str) -> bool:
    commands.remove_answer(actor(), answer_id, reason=reason, now=now())
    return True
