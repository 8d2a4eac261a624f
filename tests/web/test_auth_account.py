"""One's own account: devices, password, address, language and time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db
from incubator.network.accounts.models import Account, Session
from tests.factories_accounts import PASSWORD, letters, link_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import Make

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)
ME = {"email": "elise@example.org", "password": PASSWORD}


@pytest.fixture
def elise(make: Make, frozen: object) -> Account:
    return make.member(make.site(), name="Élise Nguyen", **ME)


def enter(app: Flask, device: str) -> FlaskClient:
    browser = app.test_client()
    browser.post("/connexion", data=ME, headers={"User-Agent": device})
    return browser


def others(account: Account) -> list[int]:
    query = select(Session.id).where(Session.account_id == account.id, Session.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(Session.id)))


def test_devices_are_listed_in_words_and_this_one_is_marked(app: Flask, elise: Account) -> None:
    enter(app, SAFARI)
    page = enter(app, FIREFOX).get("/moi/reglages/securite").text
    assert "Safari sur iPhone" in page
    assert "Firefox sur Linux" in page
    assert page.count("cet appareil") == 1
    assert "Adresse 127.0.0.1" in page


def test_a_device_is_signed_out_from_another(app: Flask, elise: Account) -> None:
    phone, desk = enter(app, SAFARI), enter(app, "curl")
    assert "Navigateur inconnu" in desk.get("/moi/reglages/securite").text
    assert (
        desk.post(f"/moi/reglages/securite/appareils/{others(elise)[0]}/fermer").status_code == 303
    )
    assert phone.get("/moi/reglages/compte").status_code == 302
    assert desk.get("/moi/reglages/compte").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(
    app: Flask, elise: Account, make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    desk = enter(app, FIREFOX)
    stranger = sign_in(make.member(make.site()))
    assert (
        stranger.post(f"/moi/reglages/securite/appareils/{others(elise)[0]}/fermer").status_code
        == 404
    )
    assert desk.get("/moi/reglages/compte").status_code == 200


def test_signing_out_everywhere_leaves_nobody_in(app: Flask, elise: Account) -> None:
    phone, desk = enter(app, SAFARI), enter(app, FIREFOX)
    answer = desk.post("/moi/reglages/securite/partout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert {b.get("/moi/reglages/compte").status_code for b in (phone, desk)} == {302}
    assert others(elise) == []


def test_language_and_zone_are_kept_or_refused_together(app: Flask, elise: Account) -> None:
    desk = enter(app, FIREFOX)
    wrong = desk.post("/moi/reglages/langue", data={"language": "en", "time_zone": "Mars/Olympus"})
    assert wrong.status_code == 422
    assert 'value="Mars/Olympus"' in wrong.text
    desk.post("/moi/reglages/langue", data={"language": "en", "time_zone": "america/montreal"})
    kept = db.session.get_one(Account, elise.id)
    assert (kept.language, kept.time_zone) == ("en", "America/Montreal")
    assert "My account" in desk.get("/me/settings/account").text


def test_every_zone_of_the_world_is_offered(app: Flask, elise: Account) -> None:
    page = enter(app, FIREFOX).get("/moi/reglages/langue").text
    for zone in ("Europe/Paris", "Africa/Dakar", "America/Montreal", "Pacific/Chatham", "UTC"):
        assert f'<option value="{zone}">' in page


def test_a_new_password_signs_the_other_devices_out(app: Flask, elise: Account) -> None:
    phone, desk = enter(app, SAFARI), enter(app, FIREFOX)
    typed = {"current": PASSWORD, "password": "un renard sur la colline"}
    assert desk.post("/moi/reglages/securite/mot-de-passe", data=typed).status_code == 303
    assert phone.get("/moi/reglages/compte").status_code == 302
    assert desk.get("/moi/reglages/compte").status_code == 200


def test_the_current_password_is_not_to_be_guessed(app: Flask, elise: Account) -> None:
    desk = enter(app, FIREFOX)
    typed = {"current": "wrong", "password": "un renard sur la colline"}
    codes = [
        desk.post("/moi/reglages/securite/mot-de-passe", data=typed).status_code for _ in range(11)
    ]
    assert codes == [422] * 10 + [429]
    email = {"current": PASSWORD, "email": "new@example.org"}
    assert desk.post("/moi/reglages/compte/adresse", data=email).status_code == 429


@pytest.mark.parametrize("page", ["securite/mot-de-passe", "compte/adresse"])
def test_forms_of_the_account_show_their_errors(app: Flask, elise: Account, page: str) -> None:
    desk = enter(app, FIREFOX)
    assert desk.get(f"/moi/reglages/{page}").status_code == 200
    answer = desk.post(f"/moi/reglages/{page}", data={"current": "wrong", "email": "x@y.fr"})
    assert answer.status_code == 422
    assert "-error" in answer.text


def test_an_address_changes_by_two_mailed_links(app: Flask, make: Make, elise: Account) -> None:
    desk = enter(app, FIREFOX)
    desk.post(
        "/moi/reglages/compte/adresse", data={"current": PASSWORD, "email": "new@example.org"}
    )
    old, new = (link_in(letter) for letter in letters(app, make))
    visitor = app.test_client()
    assert "Confirmer" in visitor.get(new).text
    assert "Encore une confirmation" in visitor.post(new).text
    assert db.session.get_one(Account, elise.id).email == "elise@example.org"
    assert "Votre adresse est changée" in visitor.post(old).text
    assert db.session.get_one(Account, elise.id).email == "new@example.org"
    assert visitor.get(old).status_code == 410


def test_reading_a_link_changes_nothing(app: Flask, make: Make, elise: Account) -> None:
    desk = enter(app, FIREFOX)
    desk.post(
        "/moi/reglages/compte/adresse", data={"current": PASSWORD, "email": "new@example.org"}
    )
    for letter in letters(app, make):
        assert app.test_client().get(link_in(letter)).status_code == 200
    assert db.session.get_one(Account, elise.id).email == "elise@example.org"
