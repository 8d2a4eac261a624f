"""Shapes of what is typed about invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from incubator.blueprints.invoices import words
from incubator.domain.exchanges.deals.money import cents_of
from incubator.domain.exchanges.invoices.identities import FIELDS
from incubator.domain.exchanges.invoices.identity_rules import Details
from incubator.domain.exchanges.invoices.models import FOLDER
from incubator.domain.exchanges.invoices.registering import FILE_MOST, Paper
from incubator.edge.forms import Form, choice
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.kernel.stored_files import StoredFile, store_file

if TYPE_CHECKING:
    from datetime import date


def _choices(known: dict[str, Any]) -> list[Any]:
    return [choice(code, str(told)) for code, told in known.items()]


class IdentityForm(Form):
    """Who a firm is on its invoices."""

    legal_name = StringField(_l("Name of the firm"))
    legal_form = StringField(_l("Legal form and capital"))
    siren = StringField(_l("SIREN"))
    street = StringField(_l("Street and number"))
    postcode = StringField(_l("Postcode"))
    city = StringField(_l("Town"))
    country = StringField(_l("Country, in two letters"))
    regime = SelectField(_l("VAT of the firm"))
    vat_number = StringField(_l("VAT number"))
    vat_on = SelectField(_l("VAT on services is due"))
    prefix = StringField(_l("How its numbers begin"))

    def offer(self) -> None:
        """Let the regimes be chosen."""
        self.regime.choices = _choices(words.REGIMES)
        self.vat_on.choices = _choices(words.VAT_ON)

    def details(self) -> Details:
        """What was typed, as the command takes it."""
        return Details(**{name: str(self[name].data or "") for name in FIELDS})


class IssueForm(Form):
    """What the issuer chooses of an invoice."""

    operation = SelectField(_l("Nature of the operation"))
    supplied_on = DateField(_l("Delivered on"), [InputRequired()])

    def offer(self) -> None:
        """Let the operations be chosen."""
        self.operation.choices = _choices(words.OPERATIONS)


class RegisterForm(IssueForm):
    """An invoice that was issued elsewhere."""

    number = StringField(_l("Number of the invoice"))
    issued_on = DateField(_l("Day of the invoice"), [InputRequired()])
    ht = StringField(_l("Total before tax, in euros"))
    vat = StringField(_l("VAT, in euros"))
    ttc = StringField(_l("Total with tax, in euros"))
    file = FileField(_l("The invoice as a PDF"))
    stored: StoredFile | None = None

    def paper(self, today: date) -> Paper:
        """What was typed; Refusal beside the field of an amount that is none."""
        return Paper(
            number=self.number.data or "",
            issued_on=self.issued_on.data or today,
            ht=_amount(self.ht),
            vat=_amount(self.vat),
            ttc=_amount(self.ttc),
            operation=self.operation.data or "",
            supplied_on=self.supplied_on.data or today,
            file=self._kept(),
        )

    def _kept(self) -> StoredFile | None:
        sent = self.file.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        folder = settings().uploads_dir / FOLDER
        self.stored = store_file(sent.read(), sent.filename, folder, most_bytes=FILE_MOST)
        return self.stored

    def forget(self) -> None:
        """Drop the file of an invoice that was refused."""
        if self.stored is not None:
            (settings().uploads_dir / FOLDER / self.stored.key).unlink(missing_ok=True)


class ContestForm(Form):
    """Why an invoice is not right."""

    words = TextAreaField(_l("What is not right?"))


class CreditForm(Form):
    """Why an invoice is taken back, and the number of the credit note issued elsewhere."""

    words = TextAreaField(_l("Why do you take it back?"))
    number = StringField(_l("Number of the credit note"))


class AgreeForm(Form):
    """An agreement to the set-off that stands above it."""

    seen = HiddenField()
    agreed = BooleanField(_l("I have read this set-off and agree to it for my firm"))


class CloseForm(Form):
    """Until which day the books are closed."""

    until = DateField(_l("Close the books until"), [InputRequired()])


def _amount(field: Any) -> int:
    cents = cents_of(str(field.data or ""), field.name)
    if cents is None:
        raise Refusal("deals.amount", field=field.name)
    return cents
