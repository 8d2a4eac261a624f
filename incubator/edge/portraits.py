"""Addresses of drawn portraits: alone, or one sheet for many people of a page."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from flask import request

from incubator.edge.actor import viewer
from incubator.edge.art import code
from incubator.edge.pages import url

if TYPE_CHECKING:
    from collections.abc import Iterable

GATHERED = "incubator.portraits"
MOST = 100
CODE = re.compile(r"[a-z2-7]{5}")


class Faced(Protocol):
    """Somebody with an address and perhaps a picture (its key) that the reader may see."""

    @property
    def slug(self) -> str:
        """The last part of the address of their profile."""

    @property
    def face(self) -> str | None:
        """The key of their picture; without one they are drawn."""


def gather(people: Iterable[Faced]) -> None:
    """Show those of some people who are drawn from one file, on the page that is being made.

    A file costs more in headers than a face in lines. Who was gathered before stays there; those
    beyond ``MOST`` are fetched alone, and the reader too, whose face stands on every page.
    """
    known: dict[str, str] = request.environ.setdefault(GATHERED, {})
    reader = viewer()
    apart = known.keys() | {reader.slug if reader else ""}
    drawn = dict.fromkeys(one.slug for one in people if not one.face and one.slug not in apart)
    faces = {slug: code(slug) for slug in islice(drawn, MOST)}
    sheet = url("art.portraits", codes=".".join(sorted(set(faces.values())))) if faces else ""
    known.update({slug: f"{sheet}#{face}" for slug, face in faces.items()})


def portrait_url(seed: str) -> str:
    """The drawing that stands for a person, from their slug."""
    gathered: dict[str, str] = request.environ.get(GATHERED, {})
    return gathered.get(seed) or url("art.portrait", seed=seed)


def codes_of(text: str) -> list[str] | None:
    """The faces that the address of a sheet names, each once; None when it is none of ours."""
    codes = list(dict.fromkeys(text.split(".")))
    fit = len(codes) <= MOST and all(CODE.fullmatch(each) for each in codes)
    return codes if fit else None
