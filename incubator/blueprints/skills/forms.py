"""Forms of the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from incubator.edge.forms import Form, choice

if TYPE_CHECKING:
    from collections.abc import Collection

    from incubator.network.members.vocabulary import Vocabulary


def terms_of(known: Vocabulary, but: Collection[int] = ()) -> list[Any]:
    """Every term as a choice, families first among their own; ``but`` are left out."""
    chosen = []
    for family in known.families():
        for term in (family.head, *family.terms):
            if term.id not in but:
                label = term.name if term.parent_id is None else f"— {term.name}"
                chosen.append(choice(str(term.id), label))
    return chosen


class SkillForm(Form):
    """How a term is called, where it belongs and which other words mean it."""

    name_fr = StringField(_l("In French"), [InputRequired(), Length(max=80)])
    name_en = StringField(_l("In English"), [InputRequired(), Length(max=80)])
    parent = SelectField(_l("Belongs to"))
    synonyms_fr = TextAreaField(_l("Other French words"), [Length(max=2000)])
    synonyms_en = TextAreaField(_l("Other English words"), [Length(max=2000)])

    def place_in(self, known: Vocabulary, but: Collection[int] = ()) -> SkillForm:
        """Offer the terms it may belong to."""
        self.parent.choices = [choice("", str(_l("No family: it is one"))), *terms_of(known, but)]
        return self

    @property
    def parent_id(self) -> int | None:
        """The chosen family."""
        return int(self.parent.data) if self.parent.data else None

    @property
    def synonyms(self) -> dict[str, list[str]]:
        """The other words, one a line, by language."""
        return {
            "fr": (self.synonyms_fr.data or "").splitlines(),
            "en": (self.synonyms_en.data or "").splitlines(),
        }


class MergeForm(Form):
    """The term that stays."""

    into = SelectField(_l("Merge into"), [InputRequired()])


class ProposeForm(Form):
    """A term that somebody misses."""

    name = StringField(_l("Skill"), [InputRequired(), Length(min=2, max=80)])


class JoinForm(Form):
    """A term that the proposed word is to mean."""

    skill = SelectField(_l("It is another word for"), [InputRequired()])


class DeclineForm(Form):
    """A word to whoever proposed."""

    word = TextAreaField(_l("A word to them"), [InputRequired(), Length(max=300)])
