"""Hours as a table for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.commitments import words
from incubator.edge import spreadsheets
from incubator.edge.locale import language, time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask import Response

    from incubator.domain.commitments.models import Contribution


def answer(lines: Iterable[Contribution], *, year: int, kind: str = "") -> Response:
    """The lines as a file; ``kind`` as in ``edge.spreadsheets``."""
    rows = (_cells(line) for line in lines)
    name = f"{_('hours')}-{year}"
    return spreadsheets.answer(name, _header(), rows, kind=kind, zone=time_zone())


def _header() -> Sequence[str]:
    return (
        _("Day"),
        _("Activity"),
        _("With"),
        _("Note"),
        _("State"),
        _("Minutes"),
        _("Decided by"),
        _("Decided on"),
        _("Reason"),
    )


def _cells(line: Contribution) -> Sequence[spreadsheets.Cell]:
    return (
        line.day,
        line.kind.name_in(language()),
        words.helped(line),
        line.note,
        str(words.STATES[line.state][0]),
        line.minutes,
        words.decider(line),
        line.decided_at.date() if line.decided_at else None,
        line.reason,
    )
