"""What the house owes everybody: pages that are open, linked from the door, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.mark.parametrize(
    ("path", "code", "title"),
    [
        ("/accessibilite", "fr", "Accessibilité"),
        ("/accessibility", "en", "Accessibility"),
        ("/donnees", "fr", "Vos données"),
        ("/privacy", "en", "Your data"),
    ],
)
def test_whoever_comes_reads_them(client: FlaskClient, path: str, code: str, title: str) -> None:
    page = client.get(path, headers={"Accept-Language": code})
    assert page.status_code == 200
    assert f">{title}</h1>" in page.text


def test_the_door_leads_to_them(client: FlaskClient) -> None:
    page = client.get("/connexion")
    assert 'href="/accessibilite"' in page.text
    assert 'href="/donnees"' in page.text


def test_single_keys_lead_to_the_places_of_the_menu_until_they_are_switched_off(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    browser = sign_in(make.member(make.site()))
    assert "&#34;gd&#34;: &#34;/discussions&#34;" in browser.get("/annuaire").text.replace(
        '"', "&#34;"
    )
    assert "<kbd>g</kbd> <kbd>h</kbd>" in browser.get("/raccourcis").text
    sent = {"theme": "auto"}
    assert browser.post("/moi/reglages/apparence", data=sent).status_code == 303
    assert "data-keys" not in browser.get("/annuaire").text
    assert "keys_on" in browser.get("/moi/reglages/apparence").text
    assert browser.post("/moi/reglages/apparence", data=sent | {"keys_on": "y"}).status_code == 303
    assert "data-keys" in browser.get("/annuaire").text
