"""What is typed at the door and on one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from incubator.edge.forms import Form
from incubator.network.accounts.passwords import MOST_LENGTH
from incubator.network.accounts.rules import MOST_EMAIL, MOST_NAME

NEEDED = InputRequired(_l("Fill in this field."))
_PASSWORD = Length(max=MOST_LENGTH, message=_l("This is too long."))
_EMAIL = Length(max=MOST_EMAIL, message=_l("This is too long."))


def languages() -> list[tuple[str, str]]:
    """The languages of the product, each in its own words."""
    return [("fr", "Français"), ("en", "English")]


class SignInForm(Form):
    """Who comes in."""

    email = EmailField(_l("E-mail address"), [NEEDED, _EMAIL])
    password = PasswordField(_l("Password"), [NEEDED, _PASSWORD])
    remember = BooleanField(_l("Keep me signed in on this device"), default=True)


class ForgottenForm(Form):
    """Whose password is lost."""

    email = EmailField(_l("E-mail address"), [NEEDED, _EMAIL])


class NewPasswordForm(Form):
    """A new password, by a mailed link."""

    password = PasswordField(_l("New password"), [NEEDED])


class ConfirmForm(Form):
    """A button to press."""


class InvitationForm(Form):
    """How a newcomer wants to be known."""

    name = StringField(
        _l("First and last name"), [NEEDED, Length(max=MOST_NAME, message=_l("This is too long."))]
    )
    email = EmailField(_l("E-mail address"), [NEEDED, _EMAIL])
    password = PasswordField(_l("Password"), [NEEDED])
    language = SelectField(_l("Language"), choices=languages)
    time_zone = StringField(_l("Time zone"), [NEEDED])


class DisplayForm(Form):
    """How the product is shown to a member."""

    language = SelectField(_l("Language"), choices=languages)
    time_zone = StringField(_l("Time zone"), [NEEDED])


class ChangePasswordForm(Form):
    """A new password, knowing the current one."""

    current = PasswordField(_l("Current password"), [NEEDED, _PASSWORD])
    password = PasswordField(_l("New password"), [NEEDED])


class ChangeEmailForm(Form):
    """A new address, to be confirmed at both."""

    email = EmailField(_l("New e-mail address"), [NEEDED, _EMAIL])
    current = PasswordField(_l("Current password"), [NEEDED, _PASSWORD])
