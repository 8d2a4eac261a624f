"""Generated drawings: the same each time, well formed, and obedient to the content policy."""

import re
from xml.etree import ElementTree as ET

import pytest

from incubator.edge import art


def drawing(markup):
    return ET.fromstring(str(markup))  # noqa: S314 - our own text


def lengths(markup, layer):
    """How many arcs a layer of a ring has."""
    found = re.search(rf"class='{layer}' d='([^']*)'", str(markup))
    return found.group(1).count("A") if found else 0


@pytest.mark.parametrize("seed", ["camille-dervaux", "", "É & <b>", "a" * 200])
def test_a_portrait_is_a_well_formed_drawing(seed):
    assert drawing(art.portrait(seed)).tag.endswith("svg")


def test_the_same_seed_draws_the_same_face():
    assert art.portrait("ines") == art.portrait("ines")


def test_two_people_rarely_share_a_face():
    assert len({art.portrait(f"member-{n}") for n in range(200)}) > 195


@pytest.mark.parametrize("hue", range(12))
def test_every_site_hue_has_a_mosaic(hue):
    assert drawing(art.mosaic("lyon", hue)).get("viewBox") == "0 0 240 160"


def test_a_mosaic_takes_the_size_it_is_asked():
    assert drawing(art.mosaic("lyon", 1, columns=14, rows=3)).get("viewBox") == "0 0 560 120"


def test_drawings_carry_no_style_and_no_script():
    pieces = [art.portrait("a"), art.mosaic("a", 3), str(art.ring(720, 390, 90, label="x"))]
    for piece in pieces:
        assert not re.search(r"style=|<script|\son\w+=|href=", piece)


def test_the_ring_has_a_petal_for_each_hour_owed():
    assert lengths(art.ring(12 * 60, 0, label="x"), "bg") == 12


def test_hours_awaiting_approval_follow_the_hours_done():
    figure = art.ring(12 * 60, 6 * 60 + 30, 90, label="x")
    assert (lengths(figure, "fg"), lengths(figure, "fg2")) == (7, 2)


def test_giving_more_than_owed_fills_the_ring_and_no_more():
    figure = art.ring(4 * 60, 9 * 60, 60, label="x")
    assert (lengths(figure, "fg"), lengths(figure, "fg2")) == (4, 0)


@pytest.mark.parametrize("owed", [0, 20, 60, 90, 6000])
def test_a_ring_is_drawn_for_any_agreement(owed):
    drawing(art.ring(owed, 45, 10, label="45 min"))


def test_a_ring_says_its_figure_in_words():
    figure = drawing(art.ring(720, 390, label="6 h 30 sur 12 h", big="6 h 30", sub="<sur>"))
    assert figure.get("aria-label") == "6 h 30 sur 12 h"
    assert [text.text for text in figure.iter("text")] == ["6 h 30", "<sur>"]


def test_a_month_that_is_over_and_short_stands_out():
    months = [
        art.Month("J", 720, 720),
        art.Month("A", 240, 720),
        art.Month("N", 60, 720, over=False),
    ]
    figure = drawing(art.year_chart(months, label="2026", goal="12 h"))
    kinds = [bar.get("class") for bar in figure.iter("rect")]
    assert kinds == ["b0", "b1", "b0", "b2", "b0", "b1"]


def test_the_goal_line_needs_one_goal_for_all_months():
    same = art.year_chart([art.Month("J", 0, 720)], label="x", goal="objectif 12 h")
    mixed = [art.Month("J", 0, 720), art.Month("F", 0, 480)]
    assert "objectif 12 h" in same
    assert "objectif" not in art.year_chart(mixed, label="x", goal="objectif")


def test_a_year_without_months_is_an_empty_chart():
    assert "<rect" not in art.year_chart([], label="x", goal="")


def test_a_sheet_shows_each_face_by_its_code():
    codes = [art.code("ines"), art.code("karim")]
    sheet = drawing(art.sheet(codes))
    views = {
        view.get("id"): view.get("viewBox") for view in sheet.iter() if view.tag.endswith("view")
    }
    assert views == {codes[0]: "0 0 80 80", codes[1]: "0 80 80 80"}
    alone = art.portrait("karim").split(">", 1)[1].removesuffix("</svg>")
    assert alone in art.sheet(codes)


def test_a_code_tells_nothing_but_the_face():
    assert re.fullmatch("[a-z2-7]{5}", art.code("É & <b>"))
    assert art.code("ines") != art.code("inès")
