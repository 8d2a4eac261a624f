"""Documents to print: PDF with our own faces embedded, the same bytes for the same content."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import Response
from fpdf import FPDF, fonts
from fpdf.enums import XPos, YPos

from incubator.edge.assets import FOLDER
from incubator.kernel.aside import aside

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime

TEXT, HEADING = "text", "heading"
FACES = {TEXT: "hanken-400-700.woff2", HEADING: "bricolage-650.woff2"}
MARGIN = 18  # millimetres
LINE = 6
PALE = (110, 122, 114)
INK = (19, 34, 26)
RULE = (224, 228, 218)


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, its width in millimetres, and whether it holds numbers."""

    title: str
    width: float
    right: bool = False


def drawable(text: str, known: Container[int]) -> str:
    """The text in characters that a face has: others lose their marks, or become «?».

    The vendored faces hold French and English; a name in other letters is told as near as it goes.
    """
    return "".join(_nearest(char, known) for char in unicodedata.normalize("NFC", text))


NEAREST = {"\u0141": "L", "\u0142": "l", "\u0111": "d", "\u0110": "D", "\u0131": "i"}


def _nearest(char: str, known: Container[int]) -> str:
    if ord(char) in known:
        return char
    plain = NEAREST.get(char) or unicodedata.normalize("NFKD", char)
    kept = "".join(each for each in plain if ord(each) in known)
    return kept or ("" if unicodedata.combining(char) else "?")


class Paper(FPDF):
    """An A4 page with a heading, lines of words and tables; the foot numbers the pages."""

    def __init__(self, *, title: str, foot: str, language: str, made_at: datetime) -> None:
        super().__init__(format="A4")
        self._foot = foot
        for family, name in FACES.items():
            self.add_font(family, fname=str(FOLDER / "vendor" / name))
        self.set_title(title)
        self.set_lang(language)
        # The instant it speaks of, not the one of printing: asked again, it is the same file.
        self.set_creation_date(made_at)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + LINE)
        self.add_page()
        self._write(title, HEADING, size=20, height=10)

    def footer(self) -> None:
        """The foot of a page, which fpdf2 asks for by this name."""
        self.set_y(-MARGIN)
        self.set_font(TEXT, size=8)
        self.set_text_color(*PALE)
        self.cell(0, LINE, self._said(f"{self._foot} · {self.page_no()}", TEXT), align="R")

    def words(self, text: str, *, pale: bool = False, size: int = 10) -> None:
        """A paragraph; a new line in it is one on the page."""
        self._write(text, TEXT, size=size, height=LINE, color=PALE if pale else INK)

    def heading(self, text: str) -> None:
        """A heading inside the page."""
        self.ln(LINE / 2)
        self._write(text, HEADING, size=13, height=8)

    def grid(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """A table of words; its titles come again on each page, long words are cut short."""
        self._row([column.title for column in columns], columns, color=PALE)
        for row in rows:
            if self.will_page_break(LINE + 1):
                self.add_page()
                self._row([column.title for column in columns], columns, color=PALE)
            self._row(row, columns, color=INK)

    def pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Words with an amount each."""
        self.grid([Column("", 60), Column("", 30, right=True)], pairs)

    def response(self, name: str) -> Response:
        """The document as a file to keep."""
        answer = Response(bytes(aside(self.output)), content_type="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
        return answer

    def _write(
        self,
        text: str,
        face: str,
        *,
        size: int,
        height: float,
        color: tuple[int, int, int] = INK,
    ) -> None:
        self.set_font(face, size=size)
        self.set_text_color(*color)
        said = "\n".join(self._said(line, face) for line in text.splitlines())
        self.multi_cell(0, height, said, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def _row(
        self, cells: Sequence[str], columns: Sequence[Column], *, color: tuple[int, int, int]
    ) -> None:
        self.set_font(TEXT, size=9)
        self.set_text_color(*color)
        self.set_draw_color(*RULE)
        for column, text in zip(columns, cells, strict=True):
            align = "R" if column.right else "L"
            self.cell(
                column.width, LINE + 1, self._fit(text, column.width), border="B", align=align
            )
        self.ln()

    def _fit(self, text: str, width: float) -> str:
        said = self._said(text, TEXT)
        room = width - 2 * self.c_margin
        if self.get_string_width(said) <= room:
            return said
        while said and self.get_string_width(said + "…") > room:
            said = said[:-1]
        return said.rstrip() + "…"

    def _said(self, text: str, face: str) -> str:
        return drawable(text, cast("fonts.TTFFont", self.fonts[face]).cmap)
