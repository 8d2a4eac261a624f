"""Shapes of what managers type: decisions, the form of their site, its checklist, charters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired, Optional

from incubator.blueprints.membership.forms import NEEDED, most
from incubator.blueprints.membership.words import OWNERS, QUESTION_KINDS, TASK_KINDS
from incubator.domain.membership import applications_rules as rules
from incubator.domain.membership import charters_rules, welcome_rules
from incubator.domain.membership.applications_form import Asked
from incubator.domain.membership.welcome_checklist import Line
from incubator.edge.forms import Form, choice
from incubator.edge.numbers import WholeField

if TYPE_CHECKING:
    from incubator.domain.membership.application_models import FormQuestion
    from incubator.domain.membership.charter_models import CharterVersion
    from incubator.domain.membership.welcome_models import WelcomeItem


class DecideForm(Form):
    """A decision on an application; ``revision`` is the one its page showed."""

    revision = WholeField(widget=widgets.HiddenInput(), default=0)

    @property
    def seen(self) -> int:
        """The revision; one that no row has when it was tampered with."""
        return self.revision.data if self.revision.data is not None else -1


class AcceptForm(DecideForm):
    """From which day somebody is a member."""

    start_on = DateField(_l("First day"), [InputRequired(_l("Choose a day."))])

    def day(self) -> date:
        """The day that was chosen; the field is needed, so there is one."""
        return self.start_on.data or date.min


class DeclineForm(DecideForm):
    """Why somebody cannot come."""

    reason = TextAreaField(_l("The reason, as the applicant will read it"), [NEEDED])


class DoorForm(Form):
    """Whether a site takes applications, and its words above the form."""

    open = BooleanField(_l("This site takes applications"))
    intro_fr = TextAreaField(_l("Words above the form, in French"), [most(rules.MOST_INTRO)])
    intro_en = TextAreaField(_l("Words above the form, in English"), [most(rules.MOST_INTRO)])


class QuestionForm(Form):
    """A question of a site."""

    kind = RadioField(_l("Answered by"), choices=[], default="short", validate_choice=False)
    label_fr = StringField(_l("Question in French"), [NEEDED, most(rules.MOST_LINE)])
    label_en = StringField(_l("Question in English"), [NEEDED, most(rules.MOST_LINE)])
    options_fr = TextAreaField(_l("Answers to choose from, in French"), [Optional()])
    options_en = TextAreaField(_l("Answers to choose from, in English"), [Optional()])
    required = BooleanField(_l("An answer is required"))

    def __init__(self, question: FormQuestion | None = None) -> None:
        start: dict[str, Any] = {}
        if question is not None:
            names = ("kind", "label_fr", "label_en", "required")
            start = {name: getattr(question, name) for name in names}
            for place, name in enumerate(("options_fr", "options_en")):
                start[name] = "\n".join(pair[place] for pair in question.options)
        super().__init__(data=start)
        self.kind.choices = [choice(key, words) for key, words in QUESTION_KINDS.items()]

    def asked(self) -> Asked:
        """What was typed, as the command takes it."""
        return Asked(
            kind=self.kind.data or "",
            label_fr=self.label_fr.data or "",
            label_en=self.label_en.data or "",
            required=bool(self.required.data),
            options_fr=(self.options_fr.data or "").splitlines(),
            options_en=(self.options_en.data or "").splitlines(),
        )


class ItemForm(Form):
    """A line of the checklist."""

    label_fr = StringField(_l("Task in French"), [NEEDED, most(welcome_rules.MOST_LABEL)])
    label_en = StringField(_l("Task in English"), [NEEDED, most(welcome_rules.MOST_LABEL)])
    kind = SelectField(_l("Kind"), default="other", validate_choice=False)
    owner = RadioField(_l("Whose job"), choices=[], default="member", validate_choice=False)
    person = StringField(_l("Name of the person"), [Optional()])
    due_days = WholeField(_l("Days after the arrival"), default=7)

    def __init__(self, item: WelcomeItem | None = None) -> None:
        start: dict[str, Any] = {}
        if item is not None:
            names = ("label_fr", "label_en", "kind", "owner", "due_days")
            start = {name: getattr(item, name) for name in names}
            start["person"] = item.person.name if item.person else ""
        super().__init__(data=start)
        self.kind.choices = [choice(key, words) for key, (words, _icon) in TASK_KINDS.items()]
        self.owner.choices = [choice(key, words) for key, words in OWNERS.items()]

    def typed(self) -> Line:
        """What was typed, as the command takes it."""
        return Line(
            kind=self.kind.data or "",
            label_fr=self.label_fr.data or "",
            label_en=self.label_en.data or "",
            owner=self.owner.data or "",
            due_days=self.due_days.data,
            person=self.person.data or "",
        )


class CharterForm(Form):
    """The draft of a charter; ``revision`` is the one its writer started from."""

    revision = WholeField(widget=widgets.HiddenInput(), default=0)
    title_fr = StringField(_l("Title in French"), [NEEDED, most(charters_rules.MOST_TITLE)])
    title_en = StringField(_l("Title in English"), [NEEDED, most(charters_rules.MOST_TITLE)])
    body_fr = TextAreaField(_l("Text in French"), [NEEDED, most(charters_rules.MOST_BODY)])
    body_en = TextAreaField(_l("Text in English"), [NEEDED, most(charters_rules.MOST_BODY)])

    def __init__(self, version: CharterVersion | None, *, revision: int) -> None:
        start: dict[str, Any] = {"revision": revision}
        if version is not None:
            start |= {
                "title_fr": version.title_fr,
                "title_en": version.title_en,
                "body_fr": version.body_fr_md,
                "body_en": version.body_en_md,
            }
        super().__init__(data=start)

    def texts(self) -> charters_rules.Texts:
        """What was typed, as the command takes it."""
        return charters_rules.Texts(
            **{name: self[name].data or "" for name in charters_rules.Texts._fields}
        )
