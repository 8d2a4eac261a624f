"""Doors: signing in and out, invitations, forgotten passwords."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from sqlalchemy import select

from incubator.edge import clock
from incubator.kernel.db import db, transaction
from incubator.network.accounts import commands, passwords, rights, sessions
from incubator.network.accounts.models import Account, Session
from tests.conftest import NOW
from tests.factories_accounts import PASSWORD, invitation, letters, link_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import Make

ME = {"email": "elise@example.org", "password": PASSWORD}


@pytest.fixture
def elise(make: Make, frozen: object) -> Account:
    return make.member(make.site("Nantes"), name="Élise Nguyen", **ME)


def token_of(browser: FlaskClient) -> str:
    with browser.session_transaction() as cookie:
        return str(cookie["_user_id"])


def test_the_right_password_opens_the_page_that_was_asked(
    client: FlaskClient, elise: Account
) -> None:
    asked = client.get("/moi/reglages/compte")
    assert asked.status_code == 302
    answer = client.post(asked.location, data=ME)
    assert (answer.status_code, answer.location) == (303, "/moi/reglages/compte")
    assert client.get("/moi/reglages/compte").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\n//evil.example",
    ],
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, elise: Account, target: str) -> None:
    answer = client.post("/connexion", query_string={"next": target}, data=ME)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_wrong_password_an_unknown_and_a_closed_account_hear_the_same(
    client: FlaskClient, elise: Account, make: Make
) -> None:
    closed = make.member(make.site(), email="closed@example.org", password=PASSWORD)
    boss = make.actor(make.member(role="administrator"))
    with transaction():
        rights.deactivate(boss, member_id=closed.id, now=NOW)
    tries = [
        ME | {"password": "wrong"},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"email": "closed@example.org", "password": PASSWORD},
    ]
    answers = [client.post("/connexion", data=data) for data in tries]
    assert {answer.status_code for answer in answers} == {422}
    assert all("ne convient pas" in answer.text for answer in answers)


def test_an_unknown_address_takes_as_long(
    dear_passwords: None, client: FlaskClient, elise: Account
) -> None:
    house = passwords.hasher()
    checked = mock.Mock(wraps=house)

    def work(email: str) -> list[str]:
        """With which parameters a password was checked, time after time: what it costs."""
        checked.verify.reset_mock()
        client.post("/connexion", data={"email": email, "password": "wrong"})
        return [
            call.args[0].rpartition("$")[0].rpartition("$")[0] for call in checked.verify.mock_calls
        ]

    with mock.patch.object(passwords, "hasher", return_value=checked):
        known = work("elise@example.org")
        unknown = work("nobody@example.org")
    assert known == unknown
    assert known == [house.hash("x").rpartition("$")[0].rpartition("$")[0]]


def test_what_was_typed_is_kept_but_not_the_password(client: FlaskClient, elise: Account) -> None:
    answer = client.post("/connexion", data=ME | {"password": "wrong-wrong"})
    assert 'value="elise@example.org"' in answer.text
    assert "wrong-wrong" not in answer.text


def test_an_empty_or_endless_form_is_refused(client: FlaskClient) -> None:
    for data in ({}, {"email": "x" * 5000, "password": "y" * 5000}):
        assert client.post("/connexion", data=data).status_code == 422


def test_ten_failures_for_an_account_make_it_wait_whoever_tries(
    client: FlaskClient, elise: Account
) -> None:
    wrong = ME | {"password": "wrong"}
    for number in range(10):
        source = {"REMOTE_ADDR": f"192.0.2.{number}"}
        assert client.post("/connexion", data=wrong, environ_base=source).status_code == 422
    answer = client.post("/connexion", data=ME, environ_base={"REMOTE_ADDR": "192.0.2.99"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "90"
    assert "Attendez 2 min" in answer.text
    with clock.stopped_at(NOW + timedelta(seconds=91)):
        assert client.post("/connexion", data=ME).status_code == 303


def test_sixty_failures_from_an_address_make_it_wait_for_any_account(
    client: FlaskClient, elise: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incubator.network.accounts.credentials.check_password", lambda *_: False)
    for number in range(60):
        data = {"email": f"nobody{number}@example.org", "password": "wrong"}
        assert client.post("/connexion", data=data).status_code == 422
    assert client.post("/connexion", data=ME).status_code == 429


def test_a_sign_in_that_succeeds_costs_nothing(client: FlaskClient, elise: Account) -> None:
    for _ in range(12):
        assert client.post("/connexion", data=ME).status_code == 303
        client.post("/deconnexion")


def test_signing_in_gives_a_new_session(client: FlaskClient, elise: Account) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = cookie["planted"] = "planted by a stranger"
    client.post("/connexion", data=ME)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "planted by a stranger"
        assert not cookie.permanent


def test_a_remembered_session_outlives_the_browser(client: FlaskClient, elise: Account) -> None:
    client.post("/connexion", data=ME | {"remember": "y"})
    with client.session_transaction() as cookie:
        assert cookie.permanent


def test_a_change_of_rights_rotates_the_session(
    client: FlaskClient, elise: Account, make: Make
) -> None:
    client.post("/connexion", data=ME)
    before = token_of(client)
    with transaction():
        commands.give_role(None, elise.id, role="administrator", site_id=None, now=NOW)
    assert client.get("/moi/reglages/compte").status_code == 200
    assert token_of(client) != before


def test_a_form_that_was_open_during_a_change_of_rights_is_still_good(
    client: FlaskClient, app: Flask, elise: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/connexion", data=ME)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    form = client.get("/entraide/demander").text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form)
    assert token is not None
    with transaction():
        commands.give_role(None, elise.id, role="administrator", site_id=None, now=NOW)
    # Any request of the page rotates the session meanwhile.
    assert client.get("/moi/reglages/compte").status_code == 200
    sent = {"csrf_token": token[1], "text": "Un mot"}
    assert client.post("/entraide/brouillons", data=sent).status_code != 400
    assert client.post("/entraide/brouillons", data=sent | {"csrf_token": "x"}).status_code == 400


def test_what_was_on_its_way_while_a_session_rotates_is_answered_and_changes_no_cookie(
    client: FlaskClient, app: Flask, elise: Account
) -> None:
    client.post("/connexion", data=ME)
    before = token_of(client)
    with transaction():
        commands.give_role(None, elise.id, role="administrator", site_id=None, now=NOW)
    client.get("/moi/reglages/compte")
    late = app.test_client()
    with late.session_transaction() as cookie:
        cookie["_user_id"] = before
    for _ in range(2):
        answer = late.get("/moi/reglages/compte")
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    kept = select(Session).where(Session.account_id == elise.id, Session.ended_at.is_(None))
    assert len(db.session.scalars(kept).all()) == 1
    with clock.stopped_at(NOW + sessions.GRACE):
        assert late.get("/moi/reglages/compte").status_code == 302
        assert client.get("/moi/reglages/compte").status_code == 200


def test_signing_out_everywhere_ends_what_was_handed_over_too(
    client: FlaskClient, app: Flask, elise: Account
) -> None:
    client.post("/connexion", data=ME)
    before = token_of(client)
    with transaction():
        commands.give_role(None, elise.id, role="administrator", site_id=None, now=NOW)
    client.get("/moi/reglages/compte")
    with transaction():
        sessions.end_all(elise.id, now=NOW)
    late = app.test_client()
    with late.session_transaction() as cookie:
        cookie["_user_id"] = before
    assert late.get("/moi/reglages/compte").status_code == 302


def test_signing_out_kills_the_session_and_empties_the_cache(
    client: FlaskClient, elise: Account
) -> None:
    client.post("/connexion", data=ME)
    token = token_of(client)
    answer = client.post("/deconnexion")
    assert (answer.location, answer.headers["Clear-Site-Data"]) == (
        "/connexion",
        '"cache", "storage"',
    )
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/moi/reglages/compte").status_code == 302


def test_a_closed_account_is_out_at_its_next_page(
    client: FlaskClient, elise: Account, make: Make
) -> None:
    client.post("/connexion", data=ME)
    boss = make.actor(make.member(role="administrator"))
    with transaction():
        rights.deactivate(boss, member_id=elise.id, now=NOW)
    assert client.get("/moi/reglages/compte").status_code == 302


def test_who_is_in_needs_no_door(client: FlaskClient, elise: Account) -> None:
    client.post("/connexion", data=ME)
    assert client.get("/connexion?next=/moi/reglages/compte").location == "/moi/reglages/compte"


TYPED = {
    "name": "Awa Diop",
    "email": "awa@example.org",
    "password": PASSWORD,
    "language": "en",
    "time_zone": "Africa/Dakar",
}


def test_an_invitation_opens_an_account_and_signs_in(
    client: FlaskClient, make: Make, frozen: object
) -> None:
    site = make.site("Dakar", time_zone="Africa/Dakar")
    token = invitation(make, make.member(role="administrator", name="Aminata Sow"), site).token
    page = client.get(f"/invitation/{token}")
    assert "Aminata Sow vous invite à rejoindre le site Dakar" in page.text
    assert 'value="Africa/Dakar"' in page.text
    assert client.post(f"/invite/{token}", data=TYPED).status_code == 303
    account = db.session.scalars(select(Account).where(Account.email == "awa@example.org")).one()
    assert (account.language, account.time_zone) == ("en", "Africa/Dakar")
    assert client.get("/me/settings/account").status_code == 200


def test_errors_stand_beside_the_fields_and_what_was_typed_stays(
    client: FlaskClient, make: Make, frozen: object
) -> None:
    token = invitation(make, make.member(role="administrator"), make.site()).token
    wrong = TYPED | {"password": "motdepasse", "time_zone": "Nowhere"}
    answer = client.post(f"/invitation/{token}", data=wrong)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert 'value="Awa Diop"' in answer.text
    assert client.post(f"/invitation/{token}", data=TYPED).status_code == 303


@pytest.mark.parametrize("how", ["used", "expired", "forged"])
def test_a_dead_invitation_says_so_on_one_page(
    client: FlaskClient, make: Make, frozen: object, how: str
) -> None:
    token = invitation(make, make.member(role="administrator"), make.site()).token
    if how == "used":
        client.post(f"/invitation/{token}", data=TYPED)
        client.post("/deconnexion")
    when = NOW + timedelta(days=15) if how == "expired" else NOW
    with clock.stopped_at(when):
        answer = client.get(f"/invitation/{'forged' if how == 'forged' else token}")
        again = client.post(f"/invitation/{'forged' if how == 'forged' else token}", data=TYPED)
    assert (answer.status_code, again.status_code) == (410, 410)
    assert "n’est plus ouverte" in answer.text


def test_who_is_signed_in_is_told_before_an_invitation_is_spent(
    client: FlaskClient, elise: Account, make: Make
) -> None:
    token = invitation(make, make.member(role="administrator"), make.site()).token
    client.post("/connexion", data=ME)
    assert "Votre session est déjà ouverte" in client.get(f"/invitation/{token}").text
    client.post(f"/invitation/{token}", data=TYPED)
    assert db.session.scalar(select(Account.id).where(Account.email == TYPED["email"])) is None


def test_guessing_invitations_is_slowed(client: FlaskClient, make: Make, frozen: object) -> None:
    token = invitation(make, make.member(role="administrator"), make.site()).token
    wrong = TYPED | {"password": "court"}
    codes = [client.post(f"/invitation/{token}", data=wrong).status_code for _ in range(31)]
    assert codes == [422] * 30 + [429]


def test_a_forgotten_password_is_answered_alike_for_all(
    client: FlaskClient, elise: Account
) -> None:
    answers = [
        client.post("/connexion/oubli", data={"email": email})
        for email in ("elise@example.org", "nobody@example.org")
    ]
    assert {(a.status_code, a.location) for a in answers} == {(303, "/connexion/oubli/envoye")}
    assert "un message est en route" in client.get("/connexion/oubli/envoye").text


def test_a_mailed_link_sets_a_new_password_and_signs_in(
    app: Flask, client: FlaskClient, make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    elise = make.member(make.site(), **ME)
    other = sign_in(elise)
    client.post("/connexion/oubli", data={"email": "elise@example.org"})
    link = link_in(letters(app, make)[0])
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "un renard sur la colline"}).status_code == 303
    assert client.get("/moi/reglages/compte").status_code == 200
    assert other.get("/moi/reglages/compte").status_code == 302
    assert client.get(link).status_code == 410


def test_asking_for_links_again_and_again_is_slowed(client: FlaskClient, elise: Account) -> None:
    codes = [
        client.post("/connexion/oubli", data={"email": "elise@example.org"}).status_code
        for _ in range(5)
    ]
    assert codes == [303] * 4 + [429]


def test_sessions_of_a_month_ago_are_over(client: FlaskClient, elise: Account) -> None:
    client.post("/connexion", data=ME)
    with clock.stopped_at(NOW + timedelta(days=31)):
        assert client.get("/moi/reglages/compte").status_code == 302
