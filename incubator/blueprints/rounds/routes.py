"""The addresses of netting."""

from flask import request

from incubator.edge.pages import Pages
from incubator.kernel.errors import NotFound

pages = Pages("rounds", __name__)
ROOT, ROOT_EN = "/compensations", "/netting"
ROUND, FIRM = "<int:round_id>", "<int:firm_id>"
DIGITS = 18


def number_typed(name: str, code: str) -> int:
    """The number that a field of a form names; NotFound of what is none."""
    typed = request.form.get(name, "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS):
        raise NotFound(code)
    return int(typed)
