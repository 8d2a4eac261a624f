"""The address of machines, and the pages where they are made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incubator.blueprints.chat import hooks
from incubator.domain.chat import queries
from incubator.domain.chat.bots import rules
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

pytestmark = pytest.mark.usefixtures("frozen")

SECRET = re.compile(r'id="hook-address"[^>]*value="([^"]+)"')


@pytest.fixture
def ana(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Ana Petit")


@pytest.fixture
def room(make: Make, ana: Account) -> int:
    return fr.private(make, ana).id


def made(browser: FlaskClient, room: int, **fields: str) -> TestResponse:
    return browser.post(
        f"/discussions/salons/{room}/robots", data={"name": "Météo", "url": "", **fields}
    )


@pytest.fixture
def address(ana: Account, room: int, sign_in: SignIn) -> str:
    page = made(sign_in(ana), room)
    found = SECRET.search(page.text)
    assert page.status_code == 200
    assert found
    return found[1].removeprefix("http://localhost")


def test_a_machine_is_made_named_and_revoked(ana: Account, room: int, sign_in: SignIn) -> None:
    hers, base = sign_in(ana), f"/discussions/salons/{room}/robots"
    page = made(hers, room, url="https://hooks.example.org/a?key=1")
    assert ("hook-address" in page.text, "hook-secret" in page.text) == (True, True)
    # Once.
    again = hers.get(base).text
    assert ("hook-address" in again, "hook-secret" in again, "Météo" in again) == (
        False,
        False,
        True,
    )
    about = hers.get(f"/discussions/salons/{room}/a-propos").text
    assert "hooks.example.org" in about
    assert "key=1" not in about
    bot = re.search(r"robots/(\d+)/changer", again)
    assert bot
    fields = {"name": "Pluie", "url": "https://hooks.example.org/b"}
    changed = hers.post(f"{base}/{bot[1]}/changer", data=fields)
    # Another address, another secret: the way to speak stays.
    assert ("hook-secret" in changed.text, "hook-address" in changed.text) == (True, False)
    assert 'value="Pluie"' in hers.get(f"{base}/{bot[1]}/changer").text
    renamed = hers.post(f"{base}/{bot[1]}/changer", data={**fields, "name": "Grêle"})
    assert renamed.status_code == 303
    assert hers.post(f"{base}/{bot[1]}/retirer").status_code == 303
    assert "Grêle" not in hers.get(base).text
    assert hers.get(f"{base}/{bot[1]}/changer").status_code == 404


def test_a_wrong_field_keeps_what_was_typed(ana: Account, room: int, sign_in: SignIn) -> None:
    page = made(sign_in(ana), room, url="http://10.0.0.1/x")
    assert (page.status_code, 'value="http://10.0.0.1/x"' in page.text) == (422, True)
    assert "hook-address" not in page.text


def test_others_do_not_reach_the_page(make: Make, ana: Account, room: int, sign_in: SignIn) -> None:
    bea = make.member(make.site("Nantes"), name="Béa Grand")
    assert made(sign_in(bea), room).status_code == 404
    fr.invite(make, ana, room, bea)
    assert made(sign_in(bea), room).status_code == 403
    assert sign_in(bea).get(f"/discussions/salons/{room}/a-propos").status_code == 200


def test_it_speaks_in_both_spellings_and_once_per_id(
    make: Make, ana: Account, room: int, client: FlaskClient, address: str
) -> None:
    said = client.post(address, json={"text": "Il *pleut*", "id": "7"})
    told: dict[str, Any] = said.get_json()
    assert (said.status_code, told["ok"], told["bot"], told["again"]) == (201, True, "meteo", False)
    english = address.replace("/crochets/", "/hooks/")
    again = client.post(english, json={"text": "Il *pleut*", "id": "7"})
    assert (again.status_code, again.get_json()["no"]) == (200, told["no"])
    other = client.post(address, json={"text": "Autre chose", "id": "7"})
    assert (other.status_code, other.get_json()["error"]) == (409, "id_reused")
    thread = client.post(address, json={"text": "suite", "thread": told["no"]})
    assert thread.status_code == 201
    assert len(fr.words(make, ana, room)) == 1
    assert "Set-Cookie" not in said.headers


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"json": {"text": ""}}, 422, "blank"),
        ({"json": {"text": "x" * 4001}}, 422, "too_long"),
        ({"json": {"text": 3}}, 422, "bad_text"),
        ({"json": ["x"]}, 422, "bad_text"),
        ({"data": b"null", "content_type": "application/json"}, 422, "bad_text"),
        ({"json": {"text": "x", "id": 7}}, 422, "bad_id"),
        ({"json": {"text": "x", "id": ""}}, 422, "bad_id"),
        ({"json": {"text": "x", "id": "y" * 101}}, 422, "bad_id"),
        ({"json": {"text": "x", "thread": "1"}}, 422, "bad_thread"),
        ({"json": {"text": "x", "thread": True}}, 422, "bad_thread"),
        ({"json": {"text": "x", "thread": 99}}, 422, "bad_thread"),
        ({"json": {"text": "@salon"}}, 422, "not_everybody"),
        ({"data": b"{", "content_type": "application/json"}, 422, "bad_text"),
        ({"data": b'{"text": "\xff"}', "content_type": "application/json"}, 422, "bad_text"),
        ({"data": {"text": "x"}}, 415, "not_json"),
        ({"data": b"text", "content_type": "text/plain"}, 415, "not_json"),
        ({"json": {"text": "x", "more": "y" * hooks.MOST_BYTES}}, 413, "too_big"),
    ],
)
def test_what_it_may_not_send(
    client: FlaskClient, address: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(address, **sent)
    told = answer.get_json()
    assert (answer.status_code, told["error"], told["ok"]) == (status, code, False)
    assert told["message"]


def test_unknown_revoked_and_left_are_all_the_same(
    ana: Account, room: int, sign_in: SignIn, client: FlaskClient, address: str
) -> None:
    hers, base = sign_in(ana), f"/discussions/salons/{room}/robots"
    bot = re.search(r"robots/(\d+)/changer", hers.get(base).text)
    assert bot
    hers.post(f"{base}/{bot[1]}/retirer")
    answers = [
        client.post(where, json={"text": "x"})
        for where in (address, "/crochets/x", "/hooks/" + "y" * 43)
    ]
    assert {(each.status_code, each.data) for each in answers} == {(404, answers[0].data)}
    assert answers[0].get_json()["error"] == "unknown"


def test_who_is_too_fast_is_told_when(client: FlaskClient, address: str) -> None:
    codes = []
    for number in range(rules.SPOKEN[0] + 1):
        answer = client.post(address, json={"text": f"n° {number}"})
        codes.append(answer.status_code)
    assert codes == [201] * rules.SPOKEN[0] + [429]
    assert (answer.get_json()["error"], answer.headers["Retry-After"]) == ("too_fast", "2")


def test_who_tries_tokens_is_slowed_down(client: FlaskClient) -> None:
    for _ in range(hooks.CALLS.acts):
        assert client.post("/crochets/x", json={"text": "x"}).status_code == 404
    assert client.post("/crochets/x", json={"text": "x"}).status_code == 429


def test_its_message_wears_a_badge(
    make: Make, ana: Account, room: int, sign_in: SignIn, client: FlaskClient, address: str
) -> None:
    chat.say(make, ana, room, "à vous")
    client.post(address, json={"text": "Beau temps"})
    page = sign_in(ana).get(f"/discussions/{make_slug(make, ana, room)}").text
    assert 'class="msg__bot"' in page.partition('id="m-2"')[2]
    synced = sign_in(ana).get(
        f"/discussions/sync?at={room}:0", headers={"Accept": "application/json"}
    )
    last = synced.get_json()["rooms"][str(room)]["events"][-1]
    assert (last["author"]["name"], last["author"]["bot"]) == ("Météo", True)
    assert "cid" not in last


def make_slug(make: Make, who: Account, room: int) -> str:
    return queries.visible_to(make.actor(who), room).slug
