"""A browser tells once a minute that somebody is there, however many of its tabs are open."""

from __future__ import annotations

import pytest

from tests.browser.house import House

pytestmark = pytest.mark.browser

MINUTE = 61_000
ALONE = "localStorage.setItem('somebody-here', `${Date.now() - 56000} active`)"


def test_two_tabs_of_one_browser_tell_as_one(house: House) -> None:
    first = house.enter("pierrick.lebas@passerelles.example")
    context = first.context
    context.clock.install()
    first.goto("/annuaire")
    second = context.new_page()
    second.goto("/sites")
    context.clock.run_for(1_000)
    # What the sign-in told is a minute old.
    first.evaluate(ALONE)
    told: list[str] = []
    context.on(
        "request",
        lambda sent: told.append(sent.post_data or "") if sent.url.endswith("/presence") else None,
    )
    with context.expect_event("response", lambda got: got.url.endswith("/presence")) as beat:
        context.clock.run_for(MINUTE)
    assert beat.value.status == 204
    # Struck by one clock at the same instant, both may tell this once; then they take turns.
    assert {"active" in each for each in told} == {True}
    assert len(told) <= 2
    # Nobody has touched anything for more than five minutes: both agree, and one tells.
    for _ in range(6):
        context.clock.run_for(MINUTE)
    first.wait_for_function("localStorage.getItem('somebody-here').endsWith('idle')")
    assert "idle" in told[-1]
    assert len(told) <= 9
