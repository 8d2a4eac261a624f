"""The addresses of mutual credit."""

from flask import request

from incubator.edge.numbers import natural
from incubator.edge.pages import Pages
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor

pages = Pages("credit", __name__)
ROOT, ROOT_EN = "/credit-mutuel", "/mutual-credit"
FIRM = "<int:firm_id>"


def cursor(size: int = 30) -> Cursor:
    """Where the page that is asked for begins."""
    return Cursor(after=request.args.get("after"), before=request.args.get("before"), size=size)


def firm_typed(text: str) -> int:
    """The firm that a form names; NotFound ``firms.firm`` of what is no number."""
    number = natural(text)
    if number is None:
        raise NotFound("firms.firm")
    return number
