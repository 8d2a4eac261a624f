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
    assert {"active" in each for each in told} == {True}
    # Nobody has touched anything for more than five minutes: both agree, and one tells.
    with context.expect_event("request", lambda sent: "idle" in (sent.post_data or "")):
        for _ in range(6):
            context.clock.run_for(MINUTE)
    # Each by itself would have told seven times. Struck by one clock at the same instant both may
    # tell, and true time goes on meanwhile.
    assert len(told) <= 11
