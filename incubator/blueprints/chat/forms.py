"""What is typed in the chat."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired

from incubator.edge.forms import Form


class MessageForm(Form):
    """A message; ``once`` is its cid. The rules judge its text."""

    text = TextAreaField(_l("Message"))


class TopicForm(Form):
    """A room on a topic."""

    name = StringField(_l("Name of the room"), validators=[DataRequired()])
    purpose = StringField(_l("What it is for"))
