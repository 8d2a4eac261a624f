"""What the reader does with what is asked of them: not me, or rather somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.routing.forms import DeclineForm, PassForm, line_of
from incubator.domain.help import mentioning
from incubator.domain.help import queries as threads
from incubator.domain.help.routing import passing, queries
from incubator.domain.help.routing.proposing import proposed
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import Refusal
from incubator.kernel.text import fold, words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

LONGEST = 120


@pages.get(f"/entraide/{ID}/repondre", en=f"/help/{ID}/answer", may=members)
def answer_here(id: int) -> ResponseReturnValue:
    """I answer: where one writes, by a short address."""
    question = threads.visible_to(actor(), id)
    return redirect_to("help.show", id=question.id, slug=question.slug, _anchor="reply")


@pages.form(f"/entraide/{ID}/pas-moi", en=f"/help/{ID}/not-me", may=members)
def decline(id: int) -> ResponseReturnValue:
    """Not me; asked again by the link of a letter, since programs open links too."""
    form = DeclineForm()
    done = attempt(form, lambda: _decline(id))
    if done is None:
        return form.page("help/routing/decline.html", **_values(id))
    toast(_("Noted, and told to nobody. Somebody else will be asked."))
    return redirect_to("help.index", view="for_me")


def _decline(question_id: int) -> bool:
    passing.decline(actor(), question_id, now=now())
    return True


@pages.form(f"/entraide/{ID}/plutot", en=f"/help/{ID}/rather", may=members)
def pass_on(id: int) -> ResponseReturnValue:
    """Rather somebody else."""
    form = PassForm()
    people = proposed(actor(), threads.visible_to(actor(), id), now=now())
    form.offer((each.id, line_of(each.name, each.city)) for each in people)
    done = attempt(form, lambda: _pass_on(id, form))
    if done is None:
        return form.page("help/routing/pass.html", **_values(id))
    toast(_("Passed on. Thank you: they will know that it comes from you."))
    return redirect_to("help.index", view="for_me")


def _pass_on(question_id: int, form: PassForm) -> bool:
    passing.pass_on(actor(), question_id, to_id=_meant(form), now=now())
    return True


def _meant(form: PassForm) -> int:
    """Who is chosen or named; several of one name are offered to choose from."""
    typed = (form.person.data or "").strip()[:LONGEST]
    found = mentioning.suggested(actor(), typed, None) if words(typed) else []
    known = form.offered | {each.id for each in found}
    chosen = natural(form.chosen.data)
    if chosen is not None and chosen in known:
        return chosen
    exact = [each for each in found if fold(each.name) == fold(typed)] or found
    if len(exact) == 1:
        return exact[0].id
    if not exact:
        raise Refusal("help.pass_unknown", field="person")
    form.offer((each.id, each.name) for each in exact)
    raise Refusal("help.pass_several", field="chosen")


def _values(question_id: int) -> dict[str, Any]:
    reader = actor()
    question = threads.visible_to(reader, question_id)
    return {"question": question, "asked": queries.asked_in(reader, question_id)}
