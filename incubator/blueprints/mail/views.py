"""Previews of every letter with made-up data, and exact copies of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from incubator.blueprints.mail.words import STATES
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.as_mail import as_mail
from incubator.edge.forms import act
from incubator.edge.numbers import whole
from incubator.edge.pages import Pages, render
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.kernel.settings import LANGUAGES
from incubator.reactions.mail import queries
from incubator.reactions.mail.deliver import post_office
from incubator.reactions.mail.samples import KINDS, sample

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.reactions.mail.letters import Letter

pages = Pages("mail", __name__)


@pages.get("/reseau/lettres", en="/network/letters", may=administrators)
def kinds() -> ResponseReturnValue:
    """Every letter that the product writes, in each language."""
    shown = [(kind, _letter(kind, "fr").plain.strip().splitlines()[0]) for kind in KINDS]
    return render("posted/kinds.html", kinds=shown, languages=LANGUAGES)


@pages.get(
    "/reseau/lettres/<kind>/<language>", en="/network/letters/<kind>/<language>", may=administrators
)
def preview(kind: str, language: str) -> ResponseReturnValue:
    """One letter as text, and where its HTML is."""
    letter = _letter(kind, language)
    subject, _, body = letter.plain.strip().partition("\n")
    return render(
        "posted/preview.html", kind=kind, spoken=language, subject=subject, body=body.strip()
    )


@pages.get(
    "/reseau/lettres/<kind>/<language>/html",
    en="/network/letters/<kind>/<language>/html",
    may=administrators,
)
def preview_html(kind: str, language: str) -> ResponseReturnValue:
    """Its HTML as a mail program draws it: its own style, and nothing else, may run there."""
    return as_mail(_letter(kind, language).rich)


def _letter(kind: str, language: str) -> Letter:
    if kind not in KINDS or language not in LANGUAGES:
        raise NotFound("mail.kind")
    address = {"id": "sample", "to": "elise@example.org", "kind": kind, "language": language}
    payload = address | {"values": sample(kind)}
    office = post_office()
    return office.letter_of(payload, office.values_of(payload))


@pages.get("/reseau/lettres-envoyees", en="/network/letters-sent", may=administrators)
def copies() -> ResponseReturnValue:
    """What was sent, the newest first, to everybody or one member."""
    who = request.args.get("who", type=whole)
    cursor = Cursor(request.args.get("after"), request.args.get("before"), 40)
    page = queries.copies_for(actor(), who, cursor)
    return render("posted/copies.html", page=page, who=who, states=STATES)


@pages.get(
    "/reseau/lettres-envoyees/<letter_id>",
    en="/network/letters-sent/<letter_id>",
    may=administrators,
)
def copy(letter_id: str) -> ResponseReturnValue:
    """One letter as it left, but for secret links; that it was read is noted in the log."""
    reader = actor()
    found = act(lambda: queries.read_copy(reader, letter_id))
    return render("posted/copy.html", copy=found, states=STATES)
