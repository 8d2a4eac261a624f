"""The page of a deal that holds says at its head what comes next, and for whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories_deals as f

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.testing import FlaskClient

    from tests.factories import Make


@pytest.fixture
def one(make: Make, frozen: datetime) -> f.House:
    del frozen
    return f.house(make, "Bois")


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Image")


def said(browser: FlaskClient, page: str) -> list[str]:
    """The sentences of what comes next, as their reader sees them."""
    text = browser.get(page).text
    found = re.search(r'<ul class="plain dnext"[^>]*>(.*?)</ul>', text, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


def test_each_step_is_told_to_both_sides_the_own_one_first(
    make: Make, sign_in: Callable[..., Any], one: f.House, other: f.House
) -> None:
    deal = f.proposed(make, one, other)
    home = f"/accords/{deal.id}"
    mine, theirs = sign_in(one.account), sign_in(other.account)
    assert said(mine, home) == []
    for house in (other, one):
        f.signs(make, house, deal)
    given, back = f.looked_at(deal).legs
    to_deliver, not_yet = "À vous de livrer\u00a0: {}.", "{} doit encore livrer\u00a0: {}."
    assert said(mine, home) == [
        to_deliver.format(given.title),
        not_yet.format(other.name, back.title),
    ]
    assert said(theirs, home) == [
        to_deliver.format(back.title),
        not_yet.format(one.name, given.title),
    ]
    f.delivers(make, one, deal, given)
    assert said(mine, home) == [
        f"{other.name} doit encore dire si c’est conforme\u00a0: {given.title}.",
        not_yet.format(other.name, back.title),
    ]
    assert said(theirs, home)[0] == f"À vous de dire si c’est conforme\u00a0: {given.title}."
    f.contests(make, other, deal, given)
    for browser in (mine, theirs):
        assert any(told.startswith("Réserve en cours sur «") for told in said(browser, home))


def test_no_card_stands_empty_while_a_delivery_is_contested(
    make: Make, sign_in: Callable[..., Any], one: f.House, other: f.House
) -> None:
    deal = f.bound(make, one, other)
    leg, mine = deal.legs[0], sign_in(one.account)
    page = f"/accords/{deal.id}"
    assert 'aria-labelledby="acts"' in mine.get(page).text
    f.delivers(make, one, deal, leg)
    f.contests(make, other, deal, leg)
    assert 'aria-labelledby="acts"' not in mine.get(page).text


def test_who_asked_to_call_it_off_may_still_go_on_with_it(
    make: Make, sign_in: Callable[..., Any], one: f.House, other: f.House
) -> None:
    deal = f.bound(make, one, other)
    mine, page = sign_in(one.account), f"/accords/{deal.id}"
    assert "En cas d’imprévu" in mine.get(page).text
    assert mine.post(f"{page}/annuler").status_code == 303
    text = mine.get(page).text
    assert "En cas d’imprévu" not in text
    assert f"{page}/poursuivre" in text
