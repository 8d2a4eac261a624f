"""Icons: decoration unless they have words."""

from xml.etree import ElementTree as ET

import pytest

from incubator.edge.icons import drawings, icon


def parsed(markup):
    return ET.fromstring(str(markup))  # noqa: S314 - our own text


def test_an_icon_is_hidden_from_screen_readers():
    assert parsed(icon("plus")).get("aria-hidden") == "true"


def test_an_icon_with_words_is_an_image_that_says_them():
    image = parsed(icon("bell", label='Deux "nouvelles" <ici>'))
    assert (image.get("role"), image.get("aria-label")) == ("img", 'Deux "nouvelles" <ici>')


def test_an_icon_takes_a_class_beside_its_own():
    assert parsed(icon("plus", cls="big")).get("class") == "i big"


def test_an_unknown_icon_is_an_error():
    with pytest.raises(KeyError):
        icon("no-such-icon")


@pytest.mark.parametrize("name", sorted(drawings()))
def test_every_icon_is_well_formed(name):
    assert len(parsed(icon(name))) > 0
