"""How a report of a text is typed and said, in threads and in rooms alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField, widgets
from wtforms.validators import Optional

from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS: Final = {
    "unkind": _l("Hurtful or disrespectful"),
    "advertising": _l("Advertising"),
    "private": _l("Private or confidential details"),
    "wrong": _l("Wrong, and somebody may come to harm"),
    "misplaced": _l("Not in its place"),
    "other": _l("Something else"),
}


def one_of(label: Any, words: Mapping[str, Any]) -> RadioField:
    """A choice of one among words; the domain judges what was chosen."""
    choices = [choice(value, said) for value, said in words.items()]
    return RadioField(label, choices=choices, validate_choice=False)


class ReportForm(Form):
    """What is wrong with a text."""

    reason = one_of(_l("What is wrong?"), REASONS)
    words = TextAreaField(_l("In a few words"))


class DecisionForm(Form):
    """The version of a case that was decided upon; what is done about it is each domain's."""

    seen = WholeField(widget=widgets.HiddenInput(), validators=[Optional()])
