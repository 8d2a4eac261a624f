"""Searches that the reader keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.exchanges import looking, words
from incubator.blueprints.exchanges.forms import SearchForm
from incubator.blueprints.exchanges.routes import pages
from incubator.domain.exchanges.listings import lists, saved
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, toast
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SEARCH = "<int:search_id>"


@pages.form("/echanges/recherches", en="/exchanges/searches", may=members)
def searches() -> ResponseReturnValue:
    """The searches that the reader keeps; keep the one that the address says."""
    reader = actor()
    known, places = vocabulary(reader.language), open_places()
    form = SearchForm()
    asked = looking.read(request.args, known, places)
    if attempt(
        form,
        lambda: saved.keep(
            reader, name=form.name.data or "", filters=asked.filters(known), now=now()
        ),
    ):
        toast(_("Kept: you hear once a day at most when something new fits."))
        return redirect_to("exchanges.searches")
    told = [
        (each, looking.of_filters(saved.filters_of(each), known, places))
        for each in saved.of_member(reader)
    ]
    return form.page(
        "exchanges/searches.html",
        searches=told,
        looking=asked,
        numbers=lists.numbers(reader),
        words=words,
    )


@pages.get(f"/echanges/recherches/{SEARCH}", en=f"/exchanges/searches/{SEARCH}", may=members)
def search(search_id: int) -> ResponseReturnValue:
    """What a search finds now."""
    reader = actor()
    kept = saved.own(reader, search_id)
    known, places = vocabulary(reader.language), open_places()
    found = looking.of_filters(saved.filters_of(kept), known, places)
    return redirect_to("exchanges.index", **found.address)


@pages.post(
    f"/echanges/recherches/{SEARCH}/avis", en=f"/exchanges/searches/{SEARCH}/news", may=members
)
def search_news(search_id: int) -> ResponseReturnValue:
    """Hear of what is new, or no more."""
    wanted = request.form.get("told") == "1"
    act(lambda: saved.set_told(actor(), search_id, told=wanted, now=now()))
    toast(_("You hear of what is new.") if wanted else _("You hear of it no more."))
    return redirect_to("exchanges.searches")


@pages.post(
    f"/echanges/recherches/{SEARCH}/oublier", en=f"/exchanges/searches/{SEARCH}/drop", may=members
)
def drop_search(search_id: int) -> ResponseReturnValue:
    """Keep a search no more."""
    act(lambda: saved.drop(actor(), search_id))
    toast(_("The search is gone."))
    return redirect_to("exchanges.searches")
