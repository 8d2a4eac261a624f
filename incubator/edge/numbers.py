"""Numbers that come from an address or a form: only those that a database can hold."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField

ROW_BITS: Final = 63
DIGITS: Final = 18


def whole(typed: Any) -> int:
    """The whole number that was typed, for ``type=`` and ``coerce=``.

    Raise ValueError of what is none, or none that both databases hold.
    """
    number = int(typed)
    if number.bit_length() > ROW_BITS:
        msg = "beyond 63 bits"
        raise ValueError(msg)
    return number


def natural(typed: object, *, digits: int = DIGITS) -> int | None:
    """The number that a text says in at most so many plain digits and nothing else, or None.

    Of 18 digits, as many as are read by itself, every row of a database holds it.
    """
    text = str(typed or "")
    plain = text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if plain else None


class WholeField(IntegerField):
    """A whole number; one beyond what a database holds is refused beside the field."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it; ValueError of what is no number, or too large a one."""
        super().process_formdata(valuelist)
        if self.data is not None and self.data.bit_length() > ROW_BITS:
            self.data = None
            raise ValueError(str(_l("This number is too large.")))
