"""The form of a letter: own words above, and what becomes of each item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from incubator.domain.newsletter.commands import Change
from incubator.domain.newsletter.rules import TITLE_MOST, WORDS_MOST
from incubator.edge.forms import Form
from incubator.edge.numbers import WholeField, natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.domain.newsletter.models import Item

FURTHEST = 999


class EditionForm(Form):
    """Title and own words; the items are fields named by their numbers."""

    title = StringField(_l("Title"), [Length(max=TITLE_MOST)])
    words = TextAreaField(_l("Your words"), [Length(max=WORDS_MOST)])
    revision = WholeField(validators=[InputRequired()], widget=HiddenInput())


def as_kept(items: Iterable[Item]) -> dict[int, Change]:
    """What the items are now, by their ids."""
    return {
        each.id: Change(kept=each.kept, position=each.position, line=each.line) for each in items
    }


def as_typed(items: Iterable[Item], sent: Mapping[str, str]) -> dict[int, Change]:
    """What was typed of each item that was shown; a place that is no number changes none."""
    return {
        each.id: Change(
            kept=f"kept-{each.id}" in sent,
            position=_place(sent[f"place-{each.id}"], each.position),
            line=sent.get(f"line-{each.id}", ""),
        )
        for each in items
        if f"place-{each.id}" in sent
    }


def _place(typed: str, usual: int) -> int:
    found = natural(typed.strip())
    return usual if found is None else min(found, FURTHEST)
