"""The pages of requests in Chromium: nothing scrolls sideways, and axe finds nothing."""

from __future__ import annotations

import pytest

from tests.browser.house import MONTREAL, PHONE, House, too_wide, violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, (1440, 900)], ids=["phone", "desk"])
def test_the_choice_of_how_often_and_what_waits_are_in_reach_of_everybody(
    house: House, size: tuple[int, int]
) -> None:
    page = house.enter(MONTREAL, size=size)
    for path in ("/entraide/sollicitations", "/entraide/sollicitations/reglages"):
        page.goto(path)
        assert (too_wide(page), violations(page)) == (0, []), path
