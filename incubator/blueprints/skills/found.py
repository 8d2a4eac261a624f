"""Skills among what the search over everything finds: each leads to who offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.edge.entries import Hit, SearchSource
from incubator.edge.finding import told_words
from incubator.edge.locale import language
from incubator.edge.pages import url
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def skills(reader: Actor, text: str, most: int) -> list[Hit]:
    """Terms of the vocabulary with words that begin so; below, the family of each."""
    del reader
    known = vocabulary(language())
    found = known.beginning(told_words(text))[:most]
    return [
        Hit(
            term.name,
            url("members.index", skill=term.slug),
            "" if term.parent_id is None else known.terms[known.head_of(term)].name,
        )
        for term in found
    ]


SOURCE = SearchSource(key="skills", label=_l("Skills"), icon="sparkles", find=skills, order=30)
