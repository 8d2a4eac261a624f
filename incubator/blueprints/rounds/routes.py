"""The addresses of netting."""

from flask import request

from incubator.edge.numbers import natural
from incubator.edge.pages import Pages
from incubator.kernel.errors import NotFound

pages = Pages("rounds", __name__)
ROOT, ROOT_EN = "/compensations", "/netting"
ROUND, FIRM = "<int:round_id>", "<int:firm_id>"


def number_typed(name: str, code: str) -> int:
    """The number that a field of a form names; NotFound of what is none."""
    number = natural(request.form.get(name))
    if number is None:
        raise NotFound(code)
    return number
