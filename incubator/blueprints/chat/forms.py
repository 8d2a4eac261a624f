"""What is typed in the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import DataRequired, NumberRange

from incubator.domain.chat import drafts
from incubator.edge.forms import Form
from incubator.edge.numbers import WholeField

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


class MessageForm(Form):
    """A message; ``once`` is its cid. The rules judge its text."""

    text = TextAreaField(_l("Message"))
    files = MultipleFileField(_l("Add files"))


def begun(reader: Actor, room_id: int, root: int | None = None) -> MessageForm:
    """The form of a room or a thread with what its reader has begun there."""
    form = MessageForm(formdata=None)
    form.text.data = drafts.begun(reader, room_id, root)
    return form


class TopicForm(Form):
    """A room on a topic."""

    name = StringField(_l("Name of the room"), validators=[DataRequired()])
    purpose = StringField(_l("What it is for"))
    access = RadioField(
        _l("Who reads it?"),
        choices=[
            SelectChoice("open", _l("Open: any member can join")),
            SelectChoice("private", _l("Private: only people who are invited see it")),
        ],
        default="open",
    )


class AboutForm(Form):
    """What a room is called and for."""

    name = StringField(_l("Name of the room"))
    purpose = StringField(_l("What it is for"))


class WhomForm(Protocol):
    """A form with a field for people."""

    who: StringField


class GuestForm(Form):
    """Whom to let in, and whether they read what was said before."""

    who = StringField(_l("Who?"))
    whole = BooleanField(_l("They also read what was said before"))


class GroupForm(MessageForm):
    """With whom to talk, and the first word."""

    who = StringField(_l("With whom?"))


class FollowForm(Form):
    """How much of a room one wants to know."""

    involvement = RadioField(
        _l("What counts as new here?"),
        choices=[
            SelectChoice("all", _l("Everything: each message counts as new")),
            SelectChoice("mentions", _l("Only when I am mentioned")),
            SelectChoice("none", _l("Nothing: it stays in my list, without a count")),
            SelectChoice("hidden", _l("Hide it from my list, until somebody writes to me there")),
        ],
    )


class LinkForm(Form):
    """For how long a link leads in."""

    days = RadioField(
        _l("How long does it work?"),
        choices=[
            SelectChoice("1", _l("One day")),
            SelectChoice("7", _l("One week")),
            SelectChoice("30", _l("One month")),
        ],
        default="7",
    )
    whole = BooleanField(_l("Who comes by it also reads what was said before"))


class BotForm(Form):
    """A machine of a room: its name, whom to tell when it is called, whether it calls everybody."""

    name = StringField(_l("Name of the bot"), validators=[DataRequired()])
    url = StringField(_l("Address to tell when it is called by its name"))
    to_all = BooleanField(_l("It may call everybody in the room"))


class EditForm(MessageForm):
    """Another text for a message; ``base_rev`` is the revision that was before the author."""

    base_rev = WholeField(
        widget=widgets.HiddenInput(), validators=[NumberRange(0, 10**6)], default=0
    )


class DeletionForm(Form):
    """Why a message of somebody else is removed."""

    reason = StringField(_l("Why"))
