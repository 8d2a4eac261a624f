"""The manager's list as a file: every field as far as its audience reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.roster.words import STATES
from incubator.edge import spreadsheets
from incubator.edge.locale import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask import Response

    from incubator.reactions.roster.queries import Row


def answer(rows: Sequence[Row], sites: Mapping[int, str], *, kind: str) -> Response:
    """The rows as a file; ``kind`` as in ``edge.spreadsheets``."""
    cells = _cells(rows, sites)
    return spreadsheets.answer(_("members"), _header(), cells, kind=kind, zone=time_zone())


def _header() -> Sequence[str]:
    return (
        _("Name"),
        _("E-mail"),
        _("Phone"),
        _("Home site"),
        _("In one line"),
        _("Languages"),
        _("State"),
        _("Arrived on"),
        _("Last seen"),
    )


def _cells(rows: Sequence[Row], sites: Mapping[int, str]) -> Iterator[Sequence[spreadsheets.Cell]]:
    for row in rows:
        member, seen = row.member, row.fields
        yield (
            member.name,
            row.email if "email" in seen else "",
            member.phone if "phone" in seen else "",
            sites.get(member.home_site_id or 0, ""),
            member.headline if "headline" in seen else "",
            member.speaks if "languages" in seen else "",
            str(STATES[row.state]),
            member.joined_at.date(),
            row.seen_at,
        )
