"""The pages of those who run the network or a site."""

from flask import request

from incubator.edge.numbers import natural
from incubator.edge.pages import Pages
from incubator.kernel.keyset import Cursor

pages = Pages("admin", __name__)


def cursor(size: int = 30) -> Cursor:
    """Where the page that is asked for begins."""
    return Cursor(after=request.args.get("after"), before=request.args.get("before"), size=size)


def number(name: str) -> int | None:
    """A positive whole number of the address, or None."""
    return natural(request.values.get(name))
