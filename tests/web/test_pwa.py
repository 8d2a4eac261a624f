"""The product as an application: manifest, icons, worker, and whose a page is."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from incubator.edge.art.app_icon import app_icon, outline
from incubator.edge.offline import KEEP, READER

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]


@pytest.mark.parametrize(("code", "ask"), [("fr", "/entraide/demander"), ("en", "/help/ask")])
def test_the_manifest_has_all_that_installing_needs(
    client: FlaskClient, code: str, ask: str
) -> None:
    answer = client.get(f"/application-{code}.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = json.loads(answer.text)
    assert (told["lang"], told["start_url"], told["scope"], told["display"]) == (
        code,
        "/",
        "/",
        "standalone",
    )
    assert told["shortcuts"][0]["url"] == ask
    assert len(told["shortcuts"]) == 3
    sizes = {(each["sizes"], each["purpose"]) for each in told["icons"]}
    assert sizes == {(s, p) for s in ("192x192", "512x512") for p in ("any", "maskable")}
    for each in told["icons"]:
        with Image.open(io.BytesIO(client.get(each["src"]).data)) as picture:
            assert f"{picture.width}x{picture.height}" == each["sizes"]
            assert picture.format == "PNG"
    assert (
        f'href="/application-{code}.webmanifest"'
        in client.get("/connexion", headers={"Accept-Language": code}).text
    )


def test_a_masked_icon_fills_its_corners_and_the_other_does_not() -> None:
    corners = {}
    for maskable in (False, True):
        with Image.open(io.BytesIO(app_icon(192, maskable=maskable))) as picture:
            corners[maskable] = picture.convert("RGBA").getpixel((0, 0))
    assert corners[False][3] == 0
    assert corners[True] == (0x0B, 0x4A, 0x38, 255)


def test_a_drawing_that_is_not_understood_is_refused() -> None:
    assert outline("M1 2C1 2 3 4 5 6Z")[-1] == (5.0, 6.0)
    for path in ("M0 0Q1 1 2 2Z", "M0 0a1 1 0 0 1 5 0Z"):
        with pytest.raises(ValueError, match=r"path|arc"):
            outline(path)


@pytest.mark.parametrize(
    "path", ["/application-de.webmanifest", "/application/any-13.png", "/application/odd-192.png"]
)
def test_what_is_not_made_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_worker_is_asked_for_anew_and_serves_the_whole_product(client: FlaskClient) -> None:
    answer = client.get("/worker.js")
    assert answer.text.startswith('const HOUSE = {"build": ')
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_each_session_has_a_key_of_its_own(make: Make, sign_in: SignIn) -> None:
    elise = make.member(make.site())
    keys = [sign_in(elise).get("/").headers[READER] for _ in range(2)]
    keys.append(sign_in(make.member(make.site())).get("/").headers[READER])
    assert len(set(keys)) == 3
    browser = sign_in(elise)
    key = browser.get("/").headers[READER]
    assert browser.get("/heures").headers[READER] == key
    assert f'data-reader="{key}"' in browser.get("/").text


def test_a_visitor_is_nobody_and_keeps_nothing(client: FlaskClient) -> None:
    answer = client.get("/connexion")
    assert answer.headers[READER] == "nobody"
    assert KEEP not in answer.headers
    assert "data-keep" not in answer.text


def test_only_pages_to_read_may_be_kept(make: Make, sign_in: SignIn) -> None:
    browser = sign_in(make.member(make.site()))
    assert browser.get("/").headers[KEEP] == "1"
    for path in ("/?x=1", "/heures", "/discussions", "/moi/reglages/compte", "/moi/activite"):
        assert KEEP not in browser.get(path).headers, path
    assert READER not in browser.get("/liens/titres").headers


def test_the_page_without_a_network_holds_nothing_of_anybody(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.member(make.site(), name="Élise Nguyen")).get("/hors-ligne")
    assert "csrf" not in page.text
    assert "Élise" not in page.text
    assert KEEP not in page.headers
