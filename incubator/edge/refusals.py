"""The words of a refusal in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import euros, moment
from incubator.edge.state import state

if TYPE_CHECKING:
    from incubator.kernel.errors import Refusal

REFUSALS = {
    "edge.sign_in": _l("Please sign in first."),
    "edge.not_for_you": _l("This page is not open to your role."),
    "files.empty": _l("Choose a file that holds something."),
    "files.too_heavy": _l("Choose a smaller file, under %(megabytes)s MB."),
    "files.kind": _l("Choose a PDF, a picture, a text or an office document."),
    "files.macros": _l("This document holds macros: save it without them and send it again."),
    "files.bomb": _l("This document unpacks to far too much: it cannot be kept."),
    "files.not_a_picture": _l("Choose a picture: JPEG, PNG, WebP or GIF."),
    "files.too_large": _l("Choose a smaller picture, under %(megapixels)s million pixels."),
    "files.no_room": _l(
        "The disk of the intranet is full: nothing was kept. Write to those who look after it."
    ),
    "care.reason": _l("Choose what is wrong."),
    "care.words": _l("Write a few words: somebody will read them."),
    "care.words_long": _l("Keep it under %(most)s characters."),
    "care.act": _l("Choose what to do."),
    "care.own_post": _l("You wrote this yourself: you can edit it or take it away."),
    "care.meanwhile": _l(
        "Somebody was faster: things have changed meanwhile. Look at what was done, then decide "
        "again if need be."
    ),
    "care.undone": _l("This was taken back already."),
}


def words_for(refusal: Refusal) -> str:
    """One sentence that says why, with the details filled in."""
    words = state().refusals.get(refusal.code) or REFUSALS.get(refusal.code)
    if words is None:
        return _("This cannot be done.")
    details = {name: _told(name, value) for name, value in refusal.details.items()}
    return str(words) % details if details else str(words)


def _told(name: str, value: object) -> object:
    """A detail as people read it: instants by their clock, «cents» in euros."""
    if isinstance(value, datetime):
        return moment(value)
    return euros(value) if name == "cents" and isinstance(value, int) else value
