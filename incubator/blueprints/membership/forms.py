"""Shapes of what is typed by applicants: the form of a site, words, a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from incubator.blueprints.membership import stamps
from incubator.domain.membership import applications_rules as rules
from incubator.edge.clock import now
from incubator.edge.forms import Form, choice
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.network.accounts.rules import MOST_EMAIL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.membership.application_models import FormQuestion

NEEDED = InputRequired(_l("Fill in this field."))


def languages() -> list[Any]:
    """The languages of the product, each in its own words."""
    return [choice("fr", "Français"), choice("en", "English")]


def most(length: int) -> Length:
    """At most so many characters, said in the reader's language."""
    return Length(max=length, message=_l("This is too long."))


def _limits(field: str) -> list[Any]:
    limit = rules.FIELDS[field]
    return [NEEDED if limit.needed else Optional(), most(limit.most)]


class ApplicationForm(Form):
    """Who asks to join; a site adds its own questions. ``website`` is bait for machines."""

    name = StringField(_l("First and last name"), _limits("name"))
    email = EmailField(_l("E-mail address"), [NEEDED, most(MOST_EMAIL)])
    phone = StringField(_l("Phone"), _limits("phone"))
    firm = StringField(_l("Firm or project"), _limits("firm"))
    activity = StringField(_l("What you do, in one line"), _limits("activity"))
    city = StringField(_l("Where you live"), _limits("city"))
    why = TextAreaField(_l("Why would you like to join us?"), _limits("why"))
    gives = TextAreaField(_l("What could you give to the others?"), _limits("gives"))
    website = StringField(_l("Leave this field empty"))
    stamp = HiddenField()

    @property
    def is_bait_taken(self) -> bool:
        """Whether a field that nobody sees was filled in."""
        return bool(self.website.data)

    def stamped(self) -> None:
        """Sign the instant at which the form is shown, unless it goes on from before."""
        if not self.stamp.data:
            self.stamp.data = stamps.issue(settings().secret_key, now=now())

    def is_in_time(self) -> bool:
        """Whether it was shown a while ago; if not it says why, and an old one begins anew."""
        try:
            stamps.check(self.stamp.data or "", settings().secret_key, now=now())
        except Refusal as refusal:
            self.refuse(refusal)
            if refusal.code == "membership.form_old":
                self.stamp.data = ""
            return False
        return True

    def details(self) -> rules.Details:
        """What was typed, as the command takes it."""
        return rules.Details(**{name: self[name].data or "" for name in rules.Details._fields})

    def answers(self) -> dict[int, str]:
        """The answers by the id of the question."""
        found = {name[1:]: field for name, field in self._fields.items() if name[:1] == "q"}
        return {int(key): str(field.data or "") for key, field in found.items()}


def application_form(questions: Sequence[FormQuestion], language: str) -> ApplicationForm:
    """The form of a site with its questions, in a language."""
    own = {f"q{question.id}": _asked(question, language) for question in questions}
    made = type("SiteApplicationForm", (ApplicationForm,), own)
    return cast("ApplicationForm", made())


def _asked(question: FormQuestion, language: str) -> Field:
    label = question.label_in(language)
    needed: Any = NEEDED if question.required else Optional()
    if question.kind == "long":
        return TextAreaField(label, [needed, most(rules.MOST_TEXT)])
    if question.kind == "short":
        return StringField(label, [needed, most(rules.MOST_LINE)])
    if question.kind == "yes_no":
        offered = [choice("yes", _l("Yes")), choice("no", _l("No"))]
        return RadioField(label, [needed], choices=offered, validate_choice=False)
    words = [choice("", "–")]
    words += [choice(str(place), text) for place, text in enumerate(question.options_in(language))]
    return SelectField(label, [needed], choices=words, validate_choice=False)


class ConfirmForm(Form):
    """A button to press."""


class MessageForm(Form):
    """A word to the other side."""

    body = TextAreaField(_l("Your message"), [NEEDED, most(rules.MOST_TEXT)])


class WordForm(MessageForm):
    """A manager's word, or a note that the applicant does not see."""

    internal = BooleanField(_l("Note for the managers only"))


class WithdrawForm(Form):
    """Why somebody takes their application back."""

    reason = TextAreaField(_l("A word on why"), [Optional(), most(rules.MOST_REASON)])


class LostLinkForm(Form):
    """Whose link is lost."""

    email = EmailField(_l("E-mail address"), [NEEDED, most(MOST_EMAIL)])


class LanguageForm(Form):
    """In which language letters are written."""

    language = SelectField(_l("Language of our letters"), choices=languages)
