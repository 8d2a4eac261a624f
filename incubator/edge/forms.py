"""Forms: the shape of what is typed; rules stay with the features."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from flask import request
from flask_babel import get_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, fields
from wtforms.i18n import get_translations

from incubator.edge.pages import render
from incubator.edge.refusals import words_for
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

T = TypeVar("T")


def choice(value: str, label: str) -> Any:
    """An entry of a select or of a group of choices; plain pairs are on their way out."""
    return fields.SelectChoice(value, label)  # type: ignore[attr-defined]  # as above


def _texts(sent: MultiDict[str, Any]) -> list[str]:
    return [value for _, value in sent.items(multi=True) if isinstance(value, str)]


class Form(FlaskForm):
    """A form with CSRF protection and a ``once`` key that makes a double submit harmless."""

    class Meta(FlaskForm.Meta):
        """WTForms' own messages in the reader's language; texts as a database can hold them."""

        def wrap_formdata(self, form: object, formdata: object) -> Any:
            """What was sent, without NULs: no key types one and PostgreSQL holds none."""
            found = super().wrap_formdata(form, formdata)
            if not found or not any("\0" in text for text in _texts(found)):
                return found
            kept = [
                (name, value.replace("\0", "") if isinstance(value, str) else value)
                for name, value in found.items(multi=True)
            ]
            return MultiDict(kept)

        def get_translations(self, form: object) -> Any:
            """WTForms' catalogue of the reader's language."""
            del form
            return get_translations([str(get_locale() or "fr")[:2], "en"])

    once = HiddenField(default=lambda: uuid.uuid4().hex)

    def refuse(self, refusal: Refusal) -> None:
        """Put the words of a refusal beside the field they are about."""
        words = words_for(refusal)
        named = self._fields.get(refusal.field) if refusal.field else None
        if named is None:
            self.form_errors.append(words)
        else:
            named.errors = [*named.errors, words]

    def page(self, template: str, **values: Any) -> ResponseReturnValue:
        """The page of this form: 200 to fill in, 422 with what was typed and why not."""
        status = 422 if request.method == "POST" else 200
        return render(template, form=self, **values), status


def attempt(form: Form, command: Callable[[], T]) -> T | None:
    """Run a command with a valid form, in one transaction.

    None when the form was only asked for, is invalid, or the command refused: the words then
    stand in the form. NotAllowed, NotFound and TooMany pass through.
    """
    if not form.validate_on_submit():
        return None
    try:
        return act(command)
    except (NotAllowed, NotFound, TooMany):
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def act(command: Callable[[], T]) -> T:
    """Run a command in one transaction; refusals go to the application's handlers."""
    with transaction():
        return command()
