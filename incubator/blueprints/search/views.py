"""Looking for anything: a page with every kind, and the short list of the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.finding import LONGEST, groups_for, narrowed, sources_for, told_words
from incubator.edge.pages import Pages, render
from incubator.network.members.marking import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.edge.entries import SearchSource
    from incubator.network.members.actor import Actor

pages = Pages("search", __name__)
# Of each kind: in the palette, on the page, and on the page of that kind alone.
IN_PALETTE, ON_PAGE, ALONE = 4, 5, 30


def _text() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


def _looked_for(
    reader: Actor, text: str
) -> tuple[str, SearchSource | None, Sequence[SearchSource]]:
    """The text to look for, the one kind asked for (words before chips), and every kind."""
    sources = sources_for(reader)
    plain, named = narrowed(text, sources)
    kind = request.args.get("kind")
    return plain, named or next((each for each in sources if each.key == kind), None), sources


@pages.get("/recherche", en="/search", may=signed_in)
def index() -> ResponseReturnValue:
    """What was found of every kind, or of the kind that is asked for."""
    reader, text = actor(), _text()
    plain, chosen, sources = _looked_for(reader, text)
    looked_in, most = ([chosen], ALONE) if chosen else (sources, ON_PAGE)
    return render(
        "search/index.html",
        text=text,
        plain=plain,
        words=told_words(plain),
        sources=sources,
        chosen=chosen,
        groups=groups_for(reader, plain, most=most, sources=looked_in),
        pieces=pieces,
    )


@pages.get("/recherche/palette", en="/search/palette", may=signed_in)
def palette() -> ResponseReturnValue:
    """The empty palette; a browser puts it over the page that is read."""
    return render("search/palette.html", sources=sources_for(actor()))


@pages.get("/recherche/vite", en="/search/quick", may=signed_in)
def quick() -> ResponseReturnValue:
    """The few best of each kind, or more of the one asked for, as the palette lists them."""
    reader, text = actor(), _text()
    plain, chosen, sources = _looked_for(reader, text)
    looked_in, most = ([chosen], ON_PAGE * 2) if chosen else (sources, IN_PALETTE)
    return render(
        "search/quick.html",
        text=text,
        plain=plain,
        chosen=chosen,
        words=told_words(plain),
        groups=groups_for(reader, plain, most=most, sources=looked_in),
        pieces=pieces,
    )
