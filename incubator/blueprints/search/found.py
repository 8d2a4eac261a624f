"""Pages of the menu among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.edge.access import signed_in
from incubator.edge.entries import Hit, SearchSource
from incubator.edge.finding import told_words
from incubator.edge.pages import url
from incubator.edge.state import state
from incubator.kernel.text import begun_in

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def menu(reader: Actor, text: str, most: int) -> list[Hit]:
    """Lines of the reader's menu in which words begin so."""
    wanted = told_words(text)
    lines = [each for each in state().navigation if each.may.allows(reader)]
    found = [each for each in lines if begun_in(str(each.label), wanted)]
    return [Hit(str(each.label), url(each.endpoint)) for each in found[:most]]


SOURCE = SearchSource(
    key="pages", label=_l("Go to"), icon="arrow-right", find=menu, order=90, may=signed_in
)
