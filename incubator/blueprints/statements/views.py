"""Two public pages, whose texts stand beside the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.edge.access import anybody
from incubator.edge.guide import statement
from incubator.edge.locale import language
from incubator.edge.pages import Pages, render

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("statements", __name__)


@pages.get("/accessibilite", en="/accessibility", may=anybody)
def accessibility() -> ResponseReturnValue:
    """How far everybody can use the product, what is missing, and whom to tell."""
    return _shown("accessibility")


@pages.get("/donnees", en="/privacy", may=anybody)
def privacy() -> ResponseReturnValue:
    """What is kept of whom, for how long, and what may be asked."""
    return _shown("privacy")


def _shown(key: str) -> ResponseReturnValue:
    return render("statements/show.html", chapter=statement(language(), key))
