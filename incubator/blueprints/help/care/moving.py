"""A thread moved to another site or to other readers, and its asker's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.care.forms import MoveForm
from incubator.blueprints.help.forms import typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import policy, queries
from incubator.domain.help.care import moving
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import toast
from incubator.kernel.errors import NotAllowed
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.members.actor import Actor
    from incubator.network.sites.queries import Place


@pages.form(f"/entraide/{ID}/deplacer", en=f"/help/{ID}/move", may=managers)
def move(id: int) -> ResponseReturnValue:
    """Where this thread belongs."""
    question = queries.visible_to(actor(), id)
    if not policy.may_run(actor(), question):
        raise NotAllowed("help.run_not_manager")
    form = MoveForm(audience=question.audience, site=str(question.site_id or ""))
    form.offer(run_by(actor()))
    kind = attempt(
        form,
        lambda: (
            moving.move(
                actor(), id, audience=typed(form, "audience"), site_id=form.site_id(), now=now()
            ).kind
        ),
    )
    if kind is None:
        return form.page("help/care/move.html", question=queries.visible_to(actor(), id))
    if kind == "offer":
        toast(_("The person who asked is asked first: the thread moves once they agree."))
    else:
        toast(_("The thread is moved."))
    return redirect(thread_url(id), 303)


def run_by(reader: Actor) -> list[Place]:
    """The open sites that somebody runs."""
    return [each for each in open_places() if reader.manages(each.id)]


@pages.post(f"/entraide/{ID}/deplacement", en=f"/help/{ID}/moving", may=members)
def answer_move(id: int) -> ResponseReturnValue:
    """The asker agrees to the move of their thread, or not."""
    agreed = request.form.get("agreed") == "1"
    act(lambda: moving.answer_offer(actor(), id, agreed=agreed, now=now()))
    toast(_("Thank you: the thread is moved.") if agreed else _("The thread stays where it is."))
    return redirect(thread_url(id), 303)
