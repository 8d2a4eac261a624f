"""Documents on paper: the same bytes for the same content, no letter lost without a sign."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from incubator.edge.paper import Column, Paper, drawable

LETTERS = {ord(char) for char in "Lukas Elise\u00e9?"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Élise", "Elise"),
        ("e\u0301", "é"),
        ("Łukaš", "Lukas"),
        ("李", "?"),
        ("l\u0308\u0323", "l"),
    ],
)
def test_what_a_face_cannot_draw_is_told_as_near_as_it_goes(text: str, said: str) -> None:
    assert drawable(text, LETTERS) == said


def sheet() -> Paper:
    made = Paper(
        title="Relevé", foot="Réseau", language="fr", made_at=datetime(2026, 11, 1, tzinfo=UTC)
    )
    made.words("Inès\u202f!", pale=True)
    made.heading("Compte")
    made.pairs([("Donné", "3 h")])
    made.grid([Column("Jour", 20), Column("Quoi", 40, right=True)], [["1", "x" * 200]] * 80)
    return made


def test_a_document_is_the_same_file_each_time_and_goes_on_over_pages(app) -> None:
    # Made into a file, a sheet closes the faces that it read.
    sheets = sheet(), sheet()
    with app.test_request_context():
        first, again = (each.response("releve").data for each in sheets)
    assert first == again
    assert first.startswith(b"%PDF-")
    assert sheets[0].pages_count == 3


def test_a_new_line_is_a_new_line_on_the_page(app) -> None:
    made = sheet()
    made.words("12 rue des Tables\n69001 Lyon")
    with app.test_request_context():
        pages = PdfReader(BytesIO(made.response("releve").data)).pages
    told = pages[-1].extract_text().splitlines()
    assert [line for line in told if "rue" in line or "69001" in line] == [
        "12 rue des Tables",
        "69001 Lyon",
    ]
