"""What the log tells, as its reader reads it: roles, days and instants instead of codes."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from flask_babel import gettext as _

from incubator.blueprints.admin.words import ROLES
from incubator.edge.formats import long_day, moment

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")


def value_words(name: str, value: object) -> str:
    """A detail of the log; what nobody has words for is told as it was written."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value_words(name, each) for each in value)
    return _text(name, str(value))


def _text(name: str, value: str) -> str:
    if name == "role" and value in ROLES:
        return str(ROLES[value])
    try:
        if _INSTANT.fullmatch(value):
            return moment(datetime.fromisoformat(value))
        return long_day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:
        # It only looks like a day.
        return value
