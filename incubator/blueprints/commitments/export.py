"""Hours as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from flask import Response
from flask_babel import gettext as _

from incubator.blueprints.commitments.words import STATES
from incubator.edge.locale import language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.domain.commitments.models import Contribution

# What spreadsheets take for a formula at the beginning of a cell.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def answer(lines: Iterable[Contribution], *, year: int) -> Response:
    """The lines as a file; semicolons in French, as spreadsheets expect there."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if language() == "fr" else ",")
    writer.writerow(_header())
    writer.writerows([_safe(cell) for cell in _cells(line)] for line in lines)
    name = f"{_('hours')}-{year}.csv"
    # The mark tells spreadsheets that the text is UTF-8.
    return Response(
        "\ufeff" + buffer.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


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


def _cells(line: Contribution) -> Sequence[str]:
    return (
        line.day.isoformat(),
        line.kind.name_in(language()),
        line.receiver.name if line.receiver else "",
        line.note,
        str(STATES[line.state][0]),
        str(line.minutes),
        line.decided_by.name if line.decided_by else "",
        line.decided_at.date().isoformat() if line.decided_at else "",
        line.reason,
    )


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
