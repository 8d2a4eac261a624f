"""Tables that leave as files for a spreadsheet: CSV in two dialects, and XLSX."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response
from xlsxwriter import Workbook

from incubator.edge.locale import language
from incubator.kernel.aside import aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell = str | int | date | datetime | None
# What spreadsheets take for a formula at the beginning of a cell.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
# csv-fr is what Excel opens by a double click where the comma is a decimal sign.
KINDS = ("csv", "csv-fr", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def usual_kind() -> str:
    """The dialect of CSV that spreadsheets of the reader's language expect."""
    return "csv-fr" if language() == "fr" else "csv"


def answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: str = "", zone: str
) -> Response:
    """The table as a file called ``name``; instants are written in ``zone`` (IANA name).

    ``kind`` is one of ``KINDS``; any other means the usual one of the reader's language.
    """
    chosen = kind if kind in KINDS else usual_kind()
    if chosen == "xlsx":
        # Words are put in now, in the language of the request.
        table = [[_said(cell) for cell in row] for row in rows]
        titles = [str(title) for title in header]
        return _file(f"{name}.xlsx", aside(lambda: _xlsx(name, titles, table, zone=zone)), XLSX)
    text = _csv(header, rows, zone, delimiter=";" if chosen == "csv-fr" else ",")
    # The mark tells spreadsheets that the text is UTF-8.
    return _file(f"{name}.csv", ("\ufeff" + text).encode(), "text/csv; charset=utf-8")


def _file(name: str, content: bytes, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _csv(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], zone: str, *, delimiter: str
) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([_text(cell, zone) for cell in row] for row in rows)
    return buffer.getvalue()


def _said(cell: Cell) -> Cell:
    return cell if cell is None or isinstance(cell, (int, date)) else str(cell)


def _text(cell: Cell, zone: str) -> str:
    plain = _plain(cell, zone)
    if isinstance(plain, datetime):
        return plain.isoformat(sep=" ", timespec="minutes")
    text = "" if plain is None else str(plain)
    return f"'{text}" if isinstance(plain, str) and text.startswith(DANGEROUS) else text


def _plain(cell: Cell, zone: str) -> Cell:
    """An instant as the clock of the zone shows it, which is all that spreadsheets know."""
    if isinstance(cell, datetime):
        return cell.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return cell


def _xlsx(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, zone: str) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as book:
        sheet = book.add_worksheet(name[:31])
        formats: dict[type, Any] = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                plain = _plain(cell, zone)
                sheet.write(number, column, plain, formats.get(type(plain)))
        sheet.autofit()
    return buffer.getvalue()
