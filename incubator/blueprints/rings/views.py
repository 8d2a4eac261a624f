"""Ideas of rings: those of my firms, one of them, yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.rings import drawing, words
from incubator.blueprints.rings.forms import NoForm, YesForm
from incubator.blueprints.rings.routes import RING, pages
from incubator.domain.exchanges.rings import commands, queries, rules
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.rings.models import Ring
    from incubator.domain.exchanges.rings.queries import Idea


@pages.get("/boucles", en="/rings", may=members)
def index() -> ResponseReturnValue:
    """The ideas for my firms, the newest first."""
    view = request.args.get("view", "open")
    view = view if view in words.VIEWS else "open"
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=queries.PAGE_SIZE,
    )
    page = queries.page_for(actor(), view, cursor)
    ideas = queries.ideas_of(actor(), page)
    return render("rings/index.html", page=page, ideas=ideas, view=view, words=words)


@pages.get(f"/boucles/{RING}", en=f"/rings/{RING}", may=members)
def show(ring_id: int) -> ResponseReturnValue:
    """One ring: what I would give and receive, and the way it goes round."""
    idea = queries.visible_to(actor(), ring_id)
    return render("rings/show.html", **values_of(idea))


def values_of(idea: Idea) -> dict[str, Any]:
    """What a page about a ring shows."""
    size = len(idea.places)
    return {
        "idea": idea,
        "spots": list(zip(drawing.spots(size), idea.places, strict=True)),
        "arrows": drawing.arrows(size),
        "drawing": drawing,
        "rules": rules,
        "words": words,
    }


@pages.form(f"/boucles/{RING}/oui", en=f"/rings/{RING}/yes", may=members)
def yes(ring_id: int) -> ResponseReturnValue:
    """It interests us; the last yes makes the deal."""
    idea = _asked(ring_id)
    form = YesForm()
    form.offer(queries.usual_rate(idea.own.firm_id))

    def agree() -> Ring:
        return commands.interested(actor(), ring_id, vat_bp=form.rate, now=now())

    ring = attempt(form, agree)
    if ring is None:
        return form.page("rings/yes.html", **values_of(queries.visible_to(actor(), ring_id)))
    if ring.state == "became_deal":
        toast(_("All firms are interested: here is the deal. Read it and sign it."))
        return redirect_to("deals.show", deal_id=ring.deal_id)
    if ring.state in rules.ENDED:
        toast(_("The ring came to nothing: one of its listings is gone."))
    else:
        toast(_("Noted. You hear of it once all firms have answered."))
    return redirect_to("rings.show", ring_id=ring_id)


@pages.form(f"/boucles/{RING}/non", en=f"/rings/{RING}/no", may=members)
def no(ring_id: int) -> ResponseReturnValue:
    """Not for us; the others hear that the ring lapsed, and no more."""
    _asked(ring_id)
    form = NoForm()

    def decline() -> bool:
        commands.refuse(actor(), ring_id, reason=form.reason.data or "", now=now())
        return True

    if attempt(form, decline) is None:
        return form.page("rings/no.html", **values_of(queries.visible_to(actor(), ring_id)))
    toast(_("Noted. Nobody hears that it was you."))
    return redirect_to("rings.index")


def _asked(ring_id: int) -> Idea:
    """A ring for a form; once it is over its form is not shown any more."""
    idea = queries.visible_to(actor(), ring_id)
    if request.method == "GET" and not idea.open:
        raise NotAllowed("rings.state")
    return idea
