"""The pages of the guide. Nothing in it is secret: whoever is signed in reads every chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect

from incubator.blueprints.guide.topics import TOPICS, icon_of
from incubator.edge.access import managers, signed_in
from incubator.edge.actor import actor
from incubator.edge.guide import GUIDES, beside, chapter_named, chapters
from incubator.edge.locale import language
from incubator.edge.pages import Pages, render
from incubator.kernel.errors import NotFound
from incubator.kernel.text import excerpt

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("guide", __name__)
ABOUT = 110


@pages.get("/aide", en="/guide", may=signed_in)
def index() -> ResponseReturnValue:
    """The topics; those of managers are folded for whoever manages nothing."""
    parts = [[topic for topic in TOPICS if topic.guide == guide] for guide in GUIDES]
    return render(
        "guide/index.html",
        parts=parts,
        steers=managers.allows(actor()),
        about=lambda chapter: excerpt(chapter.parts[0].text, ABOUT),
    )


@pages.get("/aide/<name>", en="/guide/<name>", may=signed_in)
def show(name: str) -> ResponseReturnValue:
    """A chapter in the reader's language; one of another language leads to its twin.

    Raises NotFound where no chapter is called so.
    """
    chapter = chapter_named(name)
    if chapter is None:
        raise NotFound("guide.chapter")
    if name != chapter.slug:
        return redirect(chapter.address, 303)
    before, after = beside(chapter)
    return render(
        "guide/show.html",
        chapter=chapter,
        row=[each for each in chapters(language()) if each.guide == chapter.guide],
        before=before,
        after=after,
        icon_of=icon_of,
    )
