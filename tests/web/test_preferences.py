"""Settings in one place: their list, their menu, the look of a browser, earlier addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from incubator.edge.state import state_of
from incubator.kernel.db import db
from incubator.network.members.audience import Audiences
from incubator.network.members.audience_rows import audiences_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

MENU = re.compile(r'<nav class="settings__nav".*?</nav>', re.DOTALL)
ONCE = {
    "/moi/compte": "/moi/reglages/compte",
    "/moi/compte/mot-de-passe": "/moi/reglages/securite/mot-de-passe",
    "/moi/compte/adresse": "/moi/reglages/compte/adresse",
    "/moi/donnees": "/moi/reglages/donnees",
    "/moi/presence": "/moi/reglages/presence",
}


@pytest.fixture
def elise(make: Make, frozen: object) -> Account:
    return make.member(make.site(), name="Élise Nguyen")


def test_the_list_and_every_page_lead_to_all_the_others(
    app: Flask, elise: Account, sign_in: SignIn
) -> None:
    browser = sign_in(elise)
    with app.test_request_context():
        places = [browser.application.url_for(e.endpoint) for e in state_of(app).settings_pages]
    listed = browser.get("/moi/reglages").text
    assert [place for place in places if f'href="{place}"' not in listed] == []
    for place in places:
        menu = MENU.findall(browser.get(place).text)
        assert len(menu) == 1, place
        assert [other for other in places if f'href="{other}"' not in menu[0]] == []
        assert f'href="{place}" aria-current="page"' in menu[0]


@pytest.mark.parametrize(("once", "now"), ONCE.items())
def test_an_earlier_address_leads_to_its_page(
    elise: Account, sign_in: SignIn, once: str, now: str
) -> None:
    browser = sign_in(elise)
    answer = browser.get(f"{once}?from=mail")
    assert (answer.status_code, answer.location) == (303, f"{now}?from=mail")
    assert browser.get(now).status_code == 200


def test_a_guest_has_no_setting_of_presence(make: Make, sign_in: SignIn) -> None:
    guest = sign_in(make.member(make.site(), role="guest"))
    assert "/moi/reglages/presence" not in guest.get("/moi/reglages").text
    assert guest.get("/moi/reglages/visibilite").status_code == 200


def test_the_look_is_kept_in_the_browser_and_drawn_by_the_server(
    elise: Account, sign_in: SignIn
) -> None:
    browser = sign_in(elise)
    before = browser.get("/").text
    assert 'data-theme="auto"' in before
    assert "still.css" not in before
    chosen = browser.post("/moi/reglages/apparence", data={"theme": "dark", "less_motion": "y"})
    assert chosen.status_code == 303
    after = browser.get("/").text
    assert 'data-theme="dark" data-motion="less"' in after
    assert "still.css" in after
    browser.post("/moi/reglages/apparence", data={"theme": "auto"})
    assert "still.css" not in browser.get("/").text


def test_a_look_that_does_not_exist_is_refused(elise: Account, sign_in: SignIn) -> None:
    browser = sign_in(elise)
    answer = browser.post("/moi/reglages/apparence", data={"theme": "purple"})
    assert answer.status_code == 422
    assert 'data-theme="auto"' in browser.get("/").text


def test_who_sees_what_is_chosen_on_its_page_and_other_choices_stay(
    elise: Account, sign_in: SignIn
) -> None:
    browser = sign_in(elise)
    browser.post("/moi/reglages/presence", data={"audience": "site"})
    page = browser.get("/moi/reglages/visibilite").text
    fields = re.findall(r'<select[^>]* name="(audience_\w+)"', page)
    chosen = dict.fromkeys(fields, "network") | {
        "audience_phone": "me",
        "audience_email": "managers",
    }
    assert browser.post("/moi/reglages/visibilite", data=chosen).status_code == 303
    db.session.expire_all()
    kept = audiences_of([elise.id])[elise.id]
    assert kept == Audiences({"phone": "me", "presence": "site"})
    refused = browser.post("/moi/reglages/visibilite", data={**chosen, "audience_email": "me"})
    assert refused.status_code == 422
