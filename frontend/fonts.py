"""Cut the two OFL typefaces to French and English, and give them U+202F.

French sets a narrow no-break space before ``; ! ?`` and inside guillemets; the
published Latin files have no such glyph, so browsers would borrow a wider one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib import instancer

if TYPE_CHECKING:
    from pathlib import Path

NARROW_SPACE = 0x202F
NARROW_WIDTH = 0.17  # em: what French typesetters call "une fine"
HYPHENS = (0x2010, 0x2011)
PAIRS = 2  # the type of a GPOS lookup that moves pairs
LEAST_KERN = 0.04  # em: a pixel of a title, two thirds of one in a text; finer pairs are heavy

LATIN = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
FRENCH = {0x152, 0x153, 0x178, 0x160, 0x161, 0x17D, 0x17E}
# Seldom or never in a title, where they would weigh an eighth of the file: the next face has them.
NOT_IN_TITLES = {
    *(set(range(0xA1, 0xC0)) - set(map(ord, "«»°²³·\u00ad"))),
    0xF7,
    *(0x201A, 0x201E, 0x2032, 0x2033, 0x2039, 0x203A, 0x2122),
    *(0x2190, 0x2191, 0x2192, 0x2193, 0x2215, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713),
}
SIGNS = {
    *(0x2009, 0x200A, 0x200B, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
    *(0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122),
    *(0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215, 0x2248, 0x2260, 0x2264, 0x2265, 0x2713),
}


@dataclass(frozen=True)
class Face:
    """One file to cut: where it is, which axes to pin, what to keep."""

    source: str
    target: str
    axes: dict[str, float | tuple[float, float]]
    features: tuple[str, ...]
    without: frozenset[int] = frozenset()


FACES = (
    Face(
        "hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2",
        "hanken-400-700.woff2",
        {"wght": (400, 700)},
        ("kern", "ccmp", "locl", "mark", "mkmk", "frac"),
    ),
    Face(
        "bricolage-grotesque/files/bricolage-grotesque-latin-opsz-normal.woff2",
        "bricolage-650.woff2",
        {"opsz": 30, "wght": 650},
        ("kern", "ccmp", "locl", "mark", "tnum"),
        frozenset(NOT_IN_TITLES),
    ),
)


def cut(face: Face, packages: Path, out: Path) -> None:
    """Write the small copy of ``face`` into ``out``; the same input gives the same bytes."""
    font = TTFont(packages / face.source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = list(face.features)
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=(LATIN | FRENCH | SIGNS) - face.without)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, face.axes)
    add_narrow_space(font)
    drop_fine_kerns(font, LEAST_KERN * font["head"].unitsPerEm)
    font.flavor = "woff2"
    font.save(out / face.target)


def add_narrow_space(font: TTFont) -> None:
    """Add an empty glyph for U+202F and map the two missing hyphens to the plain one."""
    name = "nnbsp"
    font["glyf"].ensureDecompiled()
    variations = font["gvar"].variations if "gvar" in font else None
    order = [*font.getGlyphOrder(), name]
    font.setGlyphOrder(order)
    font["glyf"].setGlyphOrder(order)
    font["glyf"].glyphs[name] = Glyph()
    font["hmtx"][name] = (int(font["head"].unitsPerEm * NARROW_WIDTH), 0)
    font["maxp"].numGlyphs = len(order)
    font["post"].formatType = 3.0
    if variations is not None:
        variations[name] = []
        if "HVAR" in font:
            del font["HVAR"]  # optional table; it would miss the new glyph
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[NARROW_SPACE] = name
            for hyphen in HYPHENS:
                table.cmap.setdefault(hyphen, table.cmap[0x2D])


def drop_fine_kerns(font: TTFont, least: float) -> None:
    """Forget pairs that are moved by less than ``least`` units."""
    lookups = font["GPOS"].table.LookupList.Lookup
    tables = (getattr(table, "ExtSubTable", table) for each in lookups for table in each.SubTable)
    for table in tables:
        if table.LookupType == PAIRS:
            for pairs in getattr(table, "PairSet", ()):
                pairs.PairValueRecord = [
                    pair for pair in pairs.PairValueRecord if not _is_fine(pair.Value1, least)
                ]
            for first in getattr(table, "Class1Record", ()):
                for second in first.Class2Record:
                    if _is_fine(second.Value1, least):
                        second.Value1.XAdvance = 0


def _is_fine(value: object, least: float) -> bool:
    return abs(getattr(value, "XAdvance", least)) < least
