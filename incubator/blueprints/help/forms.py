"""Shapes of what is typed in the help threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import Optional

from incubator.domain.help.rules import CIRCLE, Wish
from incubator.edge.forms import Form
from incubator.edge.numbers import WholeField, natural, whole
from incubator.kernel.hours import format_minutes
from incubator.kernel.text import slugify
from incubator.network.members.circles import open_circles_of

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from incubator.network.members.vocabulary import Vocabulary


# Minutes of help that an asker may say they need.
LENGTHS = (15, 30, 60, 120, 240, 480)
# Longer numbers are no place in a room.
PLACE_DIGITS = 15


class Rewriting:
    """A form that rewrites a post; ``revision`` is the one its editor saw."""

    revision = WholeField(widget=widgets.HiddenInput(), default=0)

    def fields(self, edits: str) -> dict[str, Any]:
        """What a draft keeps besides the text: which post («answer-12»), and the revision."""
        return {"edits": edits, "revision": self.revision.data or 0}


class FilesForm(Form):
    """Files that come with a text."""

    files = MultipleFileField(_l("Files"))


class QuestionForm(FilesForm):
    """A question: title, text, skills."""

    title = StringField(_l("Your question in one line"))
    body = TextAreaField(_l("What you know already, what you have tried"))
    skills = SelectMultipleField(
        _l("Skills you are looking for"),
        coerce=whole,
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
    needed_on = DateField(_l("Before when?"), [Optional()])
    minutes = SelectField(_l("Time it may take"), default="")
    anonymous = BooleanField(_l("Ask without my name"))

    def wish(self) -> Wish:
        """By when, for how long, unnamed or not, in which language."""
        return Wish(
            needed_on=self.needed_on.data,
            minutes=int(self.minutes.data) if self.minutes.data else None,
            anonymous=bool(self.anonymous.data),
            language=str(self.language.data or ""),
        )

    def fields(self) -> dict[str, Any]:
        """What a draft keeps besides the title and the text."""
        names = ("audience", "language", "minutes", "anonymous")
        day = self.needed_on.data
        told = {name: self[name].data for name in names}
        return {**told, "skills": self.chosen(), "needed_on": day.isoformat() if day else None}

    def prepare(self, reader: Actor, vocabulary: Vocabulary, skill: str) -> None:
        """Offer the reader's own site; tick the skill that the address names."""
        self.audience.choices = [SelectChoice("network", _l("The whole network"))]
        if reader.home_site_id is not None:
            self.audience.choices.append(SelectChoice("site", _l("My site only")))
        self.audience.choices += [
            SelectChoice(f"{CIRCLE}{each.id}", _l("My circle %(name)s", name=each.name))
            for each in open_circles_of(reader)
        ]
        wanted = f"{CIRCLE}{request.args.get('circle', '')}"
        if not self.is_submitted() and wanted in {value for value, *_ in self.audience.choices}:
            self.audience.data = wanted
        self.minutes.choices = [SelectChoice("", _l("I cannot tell"))] + [
            SelectChoice(str(each), format_minutes(each)) for each in LENGTHS
        ]
        self.language.data = self.language.data or reader.language
        term = vocabulary.with_slug(skill) if skill and not self.is_submitted() else None
        if term:
            self.skills.data = [term.id]

    def address(self, slug: str) -> None:
        """Begin with a mention of the member of this address part: they will be told."""
        if slug and slug == slugify(slug):
            self.body.data = f"@{slug} "


class MessagesForm(AskForm):
    """A question made of messages of a room: ``seq`` are their places in its log."""

    seq = SelectMultipleField(coerce=str, choices=[], validate_choice=False)

    def places(self) -> list[int]:
        """The places of the messages that are ticked, in the form or in the address."""
        typed_in = request.values.getlist("seq")
        found = [natural(each, digits=PLACE_DIGITS) for each in typed_in]
        return [each for each in found if each is not None]


class EditQuestionForm(Rewriting, QuestionForm):
    """A question rewritten."""


class AnswerForm(FilesForm):
    """An answer."""

    body = TextAreaField(_l("Your answer"))


class CommentForm(Form):
    """A comment; its fields have ids of their own, for it may stand in the page of a thread."""

    files = MultipleFileField(_l("Files"), id="comment-files")
    body = TextAreaField(_l("Your comment"), id="comment-body")
    once = HiddenField(default=lambda: uuid4().hex, id="comment-once")


class EditAnswerForm(Rewriting, AnswerForm):
    """An answer rewritten."""


class EditCommentForm(Rewriting, CommentForm):
    """A comment rewritten."""


class RepeatForm(Form):
    """Which earlier question this one repeats."""

    original = StringField(_l("The earlier thread: its address or its number"))


class LockForm(Form):
    """Why a thread is locked."""

    reason = TextAreaField(_l("Reason"))


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
