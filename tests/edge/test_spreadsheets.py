"""Tables as files: dialects, dates, and cells that must not run."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from incubator.edge import spreadsheets

if TYPE_CHECKING:
    from flask import Flask, Response

HEADER = ("Nom", "Minutes", "Jour", "Instant")
ROW = ("Élise", 90, date(2026, 11, 12), datetime(2026, 11, 12, 9, 41, tzinfo=UTC))


def made(app: Flask, *rows: tuple[object, ...], kind: str = "", language: str = "fr") -> Response:
    with app.test_request_context(headers={"Accept-Language": language}):
        return spreadsheets.answer("table", HEADER, rows, kind=kind, zone="Europe/Paris")  # type: ignore[arg-type]


def sheet(answer: Response) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("kind", "language", "mark"),
    [("csv", "fr", ","), ("csv-fr", "en", ";"), ("", "fr", ";"), ("", "en", ","), ("x", "en", ",")],
)
def test_the_separator_is_the_chosen_one_or_that_of_the_reader(
    app: Flask, kind: str, language: str, mark: str
) -> None:
    text = made(app, ROW, kind=kind, language=language).data.decode()
    assert text.startswith("\ufeff")
    assert text[1:].splitlines() == [
        mark.join(HEADER),
        mark.join(("Élise", "90", "2026-11-12", "2026-11-12 10:41")),
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+33 6 12", "-2", "@SUM(A1)", "\tx"])
def test_a_cell_never_becomes_a_formula(app: Flask, cell: str) -> None:
    text = made(app, (cell, 1, None, None), kind="csv").data.decode()
    assert f"'{cell}" in text
    assert "<f>" not in sheet(made(app, (cell, 1, None, None), kind="xlsx"))


def test_numbers_and_dates_stay_numbers_and_dates_in_xlsx(app: Flask) -> None:
    answer = made(app, ROW, kind="xlsx")
    assert answer.mimetype == spreadsheets.XLSX
    cells = sheet(answer)
    assert '<c r="B2"><v>90</v></c>' in cells
    assert "<v>46338</v>" in cells
    assert "filename=table.xlsx" in answer.headers["Content-Disposition"]


def test_minus_is_kept_where_it_is_a_number(app: Flask) -> None:
    assert ",-5," in made(app, ("x", -5, None, None), kind="csv").data.decode()
