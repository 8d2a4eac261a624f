"""The foundation answers before any feature exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def test_health_answers_a_visitor(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/sante").json == {"status": "ok"}


def test_a_member_keeps_their_language(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    account = make.member(make.site())
    sign_in(account).post("/preferences", data={"language": "en", "back": "/health"})
    assert make.actor(account).language == "en"


BROKEN = "//[x"


def test_an_address_that_cannot_be_taken_apart_is_none_of_ours(
    client: FlaskClient, make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    assert client.get("/connexion", query_string={"next": BROKEN}).status_code == 200
    browser = sign_in(make.member(make.site()))
    told = browser.post("/preferences", data={"language": "fr", "back": BROKEN})
    sent = browser.post("/preferences", data={"language": "fr"}, headers={"Referer": BROKEN})
    assert (told.status_code, told.location) == (sent.status_code, sent.location)
    assert told.status_code == 303
    assert told.location.endswith("/")
    assert browser.get("/liens/titres", query_string={"a": BROKEN}).json == {}
