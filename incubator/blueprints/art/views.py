"""Generated pictures: the same seed always draws the same, so browsers keep them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response

from incubator.edge import art
from incubator.edge.access import anybody
from incubator.edge.assets import asked_encoding, packed
from incubator.edge.pages import Pages
from incubator.edge.portraits import codes_of
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("art", __name__)
A_WEEK = "public, max-age=604800"


@pages.get("/art/portrait/<seed>.svg", may=anybody)
def portrait(seed: str) -> ResponseReturnValue:
    """The portrait of a seed."""
    return _drawing(art.portrait(seed[:80]))


@pages.get("/art/portraits/<codes>.svg", may=anybody)
def portraits(codes: str) -> ResponseReturnValue:
    """Several faces in one file, named by their codes with a dot between."""
    found = codes_of(codes)
    if found is None:
        raise NotFound("edge.file")
    # Packed with the answer: a browser asks once, and few browsers show the same people.
    response = Response(art.sheet(found), content_type="image/svg+xml")
    response.headers["Cache-Control"] = A_WEEK
    return response


@pages.get("/art/mosaic/<seed>-<int:hue>.svg", may=anybody)
def mosaic(seed: str, hue: int) -> ResponseReturnValue:
    """The mosaic of a seed in a colour (0 to 11)."""
    return _drawing(art.mosaic(seed[:80], hue % 12))


@pages.get("/art/banner/<seed>-<int:hue>.svg", may=anybody)
def banner(seed: str, hue: int) -> ResponseReturnValue:
    """A wide mosaic for the top of a page, of a seed in a colour (0 to 11)."""
    return _drawing(art.mosaic(seed[:80], hue % 12, columns=14, rows=3))


def _drawing(svg: str) -> Response:
    encoding = asked_encoding()
    response = Response(_kept(svg, encoding), content_type="image/svg+xml")
    response.vary.add("Accept-Encoding")
    if encoding:
        response.content_encoding = encoding
    response.headers["Cache-Control"] = A_WEEK
    return response


@lru_cache(maxsize=1_000)
def _kept(svg: str, encoding: str) -> bytes:
    return packed(svg.encode(), encoding)
