"""Shapes of what is typed in the help threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)

from incubator.edge.forms import Form

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from incubator.network.members.vocabulary import Vocabulary


class QuestionForm(Form):
    """A question: title, text, skills."""

    title = StringField(_l("Your question in one line"))
    body = TextAreaField(_l("What you know already, what you have tried"))
    skills = SelectMultipleField(
        _l("Skills you are looking for"),
        coerce=int,
        choices=[],
        validate_choice=False,
        widget=widgets.ListWidget(),
        option_widget=widgets.CheckboxInput(),
    )

    def chosen(self) -> list[int]:
        """The ids of the skills ticked."""
        return list(self.skills.data or [])


class AskForm(QuestionForm):
    """A new question, with who may read it and in which language it is."""

    audience = RadioField(_l("Who may read it"), default="network", choices=[])
    language = RadioField(
        _l("Language of the question"),
        choices=[SelectChoice("fr", "Français"), SelectChoice("en", "English")],
    )

    def prepare(self, reader: Actor, vocabulary: Vocabulary, skill: str) -> None:
        """Offer the reader's own site; tick the skill that the address names."""
        self.audience.choices = [SelectChoice("network", _l("The whole network"))]
        if reader.home_site_id is not None:
            self.audience.choices.append(SelectChoice("site", _l("My site only")))
        self.language.data = self.language.data or reader.language
        term = vocabulary.with_slug(skill) if skill and not self.is_submitted() else None
        if term:
            self.skills.data = [term.id]


class EditQuestionForm(QuestionForm):
    """A question rewritten; ``revision`` is the one its editor saw."""

    revision = IntegerField(widget=widgets.HiddenInput(), default=0)


class AnswerForm(Form):
    """An answer."""

    body = TextAreaField(_l("Your answer"))


class EditAnswerForm(AnswerForm):
    """An answer rewritten; ``revision`` is the one its editor saw."""

    revision = IntegerField(widget=widgets.HiddenInput(), default=0)


class CloseForm(Form):
    """Solved otherwise, and how."""

    how = TextAreaField(_l("How was it solved?"))


class RemoveForm(Form):
    """Why something is taken away."""

    reason = TextAreaField(_l("Reason"))


def typed(form: Form, name: str) -> str:
    """What was typed in a field of text, never None."""
    field: Any = form[name]
    return str(field.data or "")
