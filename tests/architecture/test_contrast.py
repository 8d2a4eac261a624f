"""Colours can be read: WCAG contrast of the tokens, in the light and in the dark theme."""

import re
from pathlib import Path

import pytest

import incubator
from incubator.edge.art.palettes import HUES

CSS = Path(incubator.__file__).parent / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
HEX = r"(#[0-9A-Fa-f]{6})"
THEMES = ("light", "dark")

TEXT = [  # words on grounds: 4.5 to 1
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface")),
    *(("ink-3", "sunken"), ("ink", "raised"), ("ink-2", "brand-soft")),
    *(("brand-text", ground) for ground in ("surface", "paper", "brand-soft")),
    *(("on-brand", ground) for ground in ("brand", "brand-hover")),
    ("on-sprout", "sprout"),
    *((f"{name}-text", f"{name}-soft") for name in ("honey", "poppy", "sky", "lilac")),
    *((f"{name}-text", "surface") for name in ("honey", "poppy", "sky", "lilac")),
    *(("on-poppy", "poppy"), ("on-hero", "hero"), ("on-hero", "hero-2"), ("on-hero-2", "hero")),
]
SIGNS = [  # borders and drawings that carry meaning: 3 to 1
    *(("edge", "surface"), ("edge", "paper"), ("brand", "surface"), ("poppy", "surface")),
    *(("sprout", "hero"), ("focus", "paper"), ("focus", "surface"), ("sprout", "hero-2")),
]


def token(name, theme):
    both = re.search(rf"--{name}: light-dark\({HEX}, {HEX}\)", TOKENS)
    if both:
        return both.group(1 + THEMES.index(theme))
    return re.search(rf"--{name}: {HEX}", TOKENS).group(1)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_words_can_be_read(ink, ground, theme):
    assert contrast(token(ink, theme), token(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_signs_can_be_seen(sign, ground, theme):
    assert contrast(token(sign, theme), token(ground, theme)) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", range(12))
def test_every_site_hue_can_be_seen(hue, theme):
    found = re.search(rf"\.site--h{hue} {{ --c: light-dark\({HEX}, {HEX}\)", TOKENS)
    colour = found.group(1 + THEMES.index(theme))
    for ground in ("paper", "surface", "sunken"):
        assert contrast(colour, token(ground, theme)) >= 3


def test_site_hues_and_mosaics_have_the_same_number_of_colours():
    assert len(HUES) == len(re.findall(r"\.site--h\d+ ", TOKENS)) == 12


def test_black_on_white_measures_twenty_one():
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
