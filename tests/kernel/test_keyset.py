"""Pages by key."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import transaction
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.members.models import Member
from incubator.network.sites.models import Site
from tests.conftest import NOW

if TYPE_CHECKING:
    from tests.factories import Make


@pytest.fixture
def twelve(make: Make) -> list[str]:
    # Names repeat: only the id tells them apart.
    return [make.site(name).slug for name in "AABBCCDDEEFF"]


def page(
    after: str | None = None, before: str | None = None, *, newest: bool = False
) -> Page[Site]:
    return keyset_page(
        select(Site), [Site.name, Site.id], Cursor(after, before, size=5), newest_first=newest
    )


def test_every_row_is_seen_once_in_order(twelve: list[str]) -> None:
    first = page()
    second = page(first.next)
    third = page(second.next)
    seen = [site.slug for part in (first, second, third) for site in part.rows]
    assert seen == twelve
    assert third.next is None


def test_the_way_back_is_the_way_there(twelve: list[str]) -> None:
    first = page()
    second = page(first.next)
    back = page(before=second.previous)
    assert [site.id for site in back.rows] == [site.id for site in first.rows]
    assert back.previous is None
    assert back.next == first.next


def test_newest_first_turns_the_order_round(twelve: list[str]) -> None:
    first = page(newest=True)
    assert [site.slug for site in first.rows] == twelve[::-1][:5]
    assert [s.slug for s in page(first.next, newest=True).rows] == twelve[::-1][5:10]


def test_a_row_added_before_shifts_nothing(twelve: list[str], make: Make) -> None:
    first = page()
    make.site("A")
    assert [site.slug for site in page(first.next).rows] == twelve[5:10]


@pytest.mark.parametrize(
    "token", ["x", "bm9wZQ", "WzFd", "W3siYSI6MX0sMV0", "é", "[]", "A" * 5000, "W1tb" * 1500]
)
def test_a_forged_token_gives_the_first_page(twelve: list[str], token: str) -> None:
    assert [site.slug for site in page(token).rows] == twelve[:5]


def test_an_empty_table_has_one_empty_page(make: Make) -> None:
    assert page() == Page(rows=[], next=None, previous=None)


@pytest.mark.parametrize(
    "values", [["A", "1"], [1, 1], ["A", 2**70], ["A", True], [None, 1], ["\ud800", 1], ["\0", 1]]
)
def test_a_token_of_the_wrong_types_gives_the_first_page(
    twelve: list[str], values: list[object]
) -> None:
    token = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()
    assert [site.slug for site in page(token).rows] == twelve[:5]


def test_instants_are_keys(make: Make) -> None:
    for days in (1, 2, 3):
        make.now = NOW - timedelta(days=days)
        make.member(make.site())
    by = [Member.joined_at, Member.id]
    first = keyset_page(select(Member), by, Cursor(size=2), newest_first=True)
    second = keyset_page(select(Member), by, Cursor(first.next, size=2), newest_first=True)
    ages = [(NOW - member.joined_at).days for member in (*first.rows, *second.rows)]
    assert ages == [1, 2, 3]


def test_days_are_keys(make: Make) -> None:
    some = [make.site() for _ in range(3)]
    with transaction():
        for days, site in enumerate(some, start=1):
            site.opened_on = NOW.date() - timedelta(days=days)
    by = [Site.opened_on, Site.id]
    first = keyset_page(select(Site), by, Cursor(size=2), newest_first=True)
    second = keyset_page(select(Site), by, Cursor(first.next, size=2), newest_first=True)
    assert [site.id for site in (*first.rows, *second.rows)] == [site.id for site in some]
    forged = base64.urlsafe_b64encode(json.dumps([{"d": "some day"}, 1]).encode()).decode()
    assert len(keyset_page(select(Site), by, Cursor(forged, size=3)).rows) == 3


@pytest.mark.parametrize(
    "text",
    ["2026-11-12T09:00:00", "yesterday", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"],
)
def test_what_is_no_instant_is_no_key(make: Make, text: str) -> None:
    make.member(make.site())
    token = base64.urlsafe_b64encode(json.dumps([{"t": text}, 1]).encode()).decode()
    by = [Member.joined_at, Member.id]
    assert len(keyset_page(select(Member), by, Cursor(token, size=2)).rows) == 1
