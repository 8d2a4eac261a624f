"""The addresses of mutual credit."""

from flask import request

from incubator.edge.pages import Pages
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor

pages = Pages("credit", __name__)
ROOT, ROOT_EN = "/credit-mutuel", "/mutual-credit"
FIRM = "<int:firm_id>"
LONGEST = 19


def cursor(size: int = 30) -> Cursor:
    """Where the page that is asked for begins."""
    return Cursor(after=request.args.get("after"), before=request.args.get("before"), size=size)


def firm_typed(text: str) -> int:
    """The firm that a form names; NotFound ``firms.firm`` of what is no number."""
    if not (text.isascii() and text.isdecimal() and len(text) < LONGEST):
        raise NotFound("firms.firm")
    return int(text)
