"""What every answer carries, and where the preferences lead back to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.edge.clock import stopped_at
from incubator.kernel.db import utcnow

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.factories import Make

SignIn = Any


@pytest.fixture
def browser(make: Make, sign_in: SignIn) -> FlaskClient:
    browser = sign_in(make.member(make.site("Lyon")))
    with browser.session_transaction() as cookie:
        cookie.permanent = True
    return browser


def test_a_page_renews_the_cookie_of_its_reader_every_few_minutes(browser: FlaskClient) -> None:
    begun = utcnow()
    renewed = []
    for minutes in (0, 1, 4, 6, 7):
        with stopped_at(begun + timedelta(minutes=minutes)):
            renewed.append("Set-Cookie" in browser.get("/plus").headers)
    assert renewed == [True, False, False, True, False]


@pytest.mark.parametrize("kind", ["portrait", "static"])
def test_what_anybody_may_keep_carries_nobodys_cookie(browser: FlaskClient, kind: str) -> None:
    page = browser.get("/plus").text
    static = page.split('<link rel="icon" href="')[1].split('"')[0]
    answer = browser.get({"portrait": "/art/portrait/ines.svg", "static": static}[kind])
    assert answer.cache_control.public
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_the_heads_of_what_is_public_say_no_more_than_needed(client: FlaskClient) -> None:
    heads = client.get("/art/portrait/ines.svg").headers
    assert set(heads.keys()) == {
        *("Cache-Control", "Content-Length", "Content-Security-Policy", "Content-Type"),
        *("Vary", "X-Content-Type-Options"),
    }
    assert client.get("/health").headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_file_opened_by_itself_runs_nothing(client: FlaskClient) -> None:
    answer = client.get("/art/portrait/ines.svg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("back", "language", "leads"),
    [
        ("/annuaire?q=miel", "en", "/directory?q=miel"),
        ("/hours", "fr", "/heures"),
        ("/sites/lyon-1", "en", "/sites/lyon-1"),
        ("/nulle-part", "en", "/nulle-part"),
        ("//example.org/", "en", "/"),
        ("", "en", "/"),
    ],
)
def test_a_change_of_language_leads_to_the_same_page(
    browser: FlaskClient, back: str, language: str, leads: str
) -> None:
    answer = browser.post("/preferences", data={"language": language, "back": back})
    assert answer.status_code == 303
    assert answer.location == leads


def test_a_change_of_theme_keeps_the_language(browser: FlaskClient) -> None:
    answer = browser.post("/preferences", data={"theme": "dark", "back": "/annuaire"})
    assert answer.location == "/annuaire"
