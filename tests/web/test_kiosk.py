"""The screen of a site, over HTTP: enrolled once, known by its key, saying no more than it must."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.commitments import badges, kiosk_rules
from incubator.edge import clock
from tests.conftest import NOW
from tests.factories_checkins import badge, presumed, screen, sessions
from tests.factories_commitments import pledged, total

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

PRESSES = "/kiosque/pointages"


@pytest.fixture
def house(make: Make, sign_in: Any, app: Any, frozen: datetime) -> Any:
    class House:
        """A site with a manager's browser, an enrolled screen, and a member with a badge."""

        site = make.site()
        ada = make.member(site, name="Ada Martin")
        boss = make.member(site, role="manager")
        manager = sign_in(boss)
        number = badge(make, boss, ada)
        tablet = app.test_client()

    House.device, key = screen(make, House.boss, House.site)
    House.tablet.set_cookie("incubator_screen", key, path="/kiosque/")
    return House


def press(uid: str, number: str, way: str = "in", age: float = 0) -> dict[str, Any]:
    return {"uid": uid, "number": number, "way": way, "age": age}


def sent(tablet: Any, *presses: Any, **more: Any) -> Any:
    body = {"clock": NOW.timestamp() * 1000, "lang": "fr", "presses": list(presses)} | more
    return tablet.post(PRESSES, json=body)


def test_a_manager_enrols_a_screen_with_a_code_that_works_once(
    make: Make, house: Any, app: Any
) -> None:
    place = f"/heures/site/{house.site.slug}/ecrans"
    assert house.manager.get(f"{place}/nouveau").status_code == 200
    shown = house.manager.post(f"{place}/nouveau", data={"name": "Cuisine", "language": "en"})
    assert shown.headers["Cache-Control"] == "no-store"
    code = re.search(r'id="screen-code">([^<]+)<', shown.text)[1]
    tablet, thief = app.test_client(), app.test_client()
    assert "Enrol this screen" in tablet.get("/kiosque/", headers={"Accept-Language": "en"}).text
    answer = tablet.post("/kiosque/", data={"code": code})
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/kiosque/"))
    assert "Your badge number" in tablet.get("/kiosque/").text
    assert thief.post("/kiosque/", data={"code": code}).status_code == 422
    assert "Cuisine" in house.manager.get(place).text


def test_guessing_codes_is_slowed_down(app: Any, session: object, frozen: datetime) -> None:
    tablet = app.test_client()
    answers = [tablet.post("/kiosque/", data={"code": "AAAA"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_badge_is_greeted_by_first_name_and_what_is_left(make: Make, house: Any) -> None:
    pledged(make, house.ada, house.boss, minutes_per_period=190, valid_from=NOW.date())
    (answer,) = sent(house.tablet, press("a", house.number)).json["answers"]
    told = f"{answer['title']} {answer['more']}".replace("\u00a0", " ")
    assert told.startswith("Bienvenue, Ada Encore ")
    assert "Martin" not in told
    with clock.stopped_at(NOW + timedelta(hours=2)):
        (answer,) = sent(house.tablet, press("b", house.number, "out"), lang="en").json["answers"]
    assert answer["title"] == "Goodbye, Ada"
    assert total(house.ada) == 120 - 120


@pytest.mark.parametrize(
    ("hours_ago", "words"),
    [(-1, "L’horloge de cet écran est fausse"), (24 * 4, "Trop ancien pour compter de soi-même")],
)
def test_a_press_that_cannot_be_now_says_what_is_wrong(
    make: Make, house: Any, hours_ago: int, words: str
) -> None:
    (answer,) = sent(house.tablet, press("a", house.number, age=hours_ago * 3_600_000)).json[
        "answers"
    ]
    assert words in answer["title"]
    assert (answer["done"], sessions(house.ada)) == (True, [])


def test_a_queue_sent_again_is_answered_alike(make: Make, house: Any) -> None:
    hour = 3_600_000
    queue = [press("a", house.number, age=3 * hour), press("b", house.number, "out", age=hour)]
    first, again = (sent(house.tablet, *queue).json["answers"] for _ in range(2))
    assert first == again
    assert all(answer["done"] for answer in first)
    assert [one.state for one in sessions(house.ada)] == ["counted"]


def test_who_forgets_often_says_at_the_screen_when_they_leave(make: Make, house: Any) -> None:
    for day in (3, 2, 1):
        presumed(make, house.ada, house.site, NOW - timedelta(days=day))
    (answer,) = sent(house.tablet, press("a", house.number)).json["answers"]
    assert [one["label"].replace("\u00a0", " ") for one in answer["ask"]][:2] == [
        "11 h 30",
        "12 h 30",
    ]
    plan = {"uid": "a", "at": answer["ask"][0]["at"]}
    assert house.tablet.post("/kiosque/prevu", json=plan).json == {"done": True}
    assert sessions(house.ada)[-1].planned_end_at == NOW + timedelta(minutes=49)
    for bad in ({}, {"uid": "b", "at": plan["at"]}, {"uid": "a", "at": "now"}, []):
        assert house.tablet.post("/kiosque/prevu", json=bad).status_code in {303, 422}


def test_only_an_enrolled_screen_may_press(make: Make, house: Any, client: Any) -> None:
    assert sent(client, press("a", house.number)).status_code == 403
    assert client.post("/kiosque/prevu", json={}).status_code == 403
    house.manager.post(f"/heures/ecrans/{house.device.id}/retirer")
    assert sent(house.tablet, press("a", house.number)).status_code == 403
    assert sessions(house.ada) == []


@pytest.mark.parametrize(
    "bad",
    [
        None,
        {"uid": "a"},
        press("a", "123"),
        {**press("a", "x"), "age": "1"},
        {**press("a", "x"), "age": True},
        {**press("a", "x"), "age": 1e300},
        {**press("a", "x"), "way": "up"},
        {**press("", "x"), "uid": 7},
    ],
)
def test_what_a_screen_cannot_mean_is_answered_and_dropped(
    make: Make, house: Any, bad: Any
) -> None:
    (answer,) = sent(house.tablet, bad).json["answers"]
    assert (answer["done"], answer["outcome"]) == (True, "unknown")


@pytest.mark.parametrize(
    "body", ["[]", "nonsense", '{"presses": 3, "clock": 1e400}', '{"lang": 1}']
)
def test_nonsense_is_no_crash(house: Any, body: str) -> None:
    answer = house.tablet.post(PRESSES, data=body, content_type="application/json")
    assert answer.status_code in {200, 303, 422}


def test_guessing_numbers_is_slowed_down(make: Make, house: Any) -> None:
    guesses = [press(f"g{n}", kiosk_rules.new_number()) for n in range(21)]
    answers = sent(house.tablet, *guesses).json["answers"]
    assert [answer["done"] for answer in answers] == [True] * 20 + [False]
    (mine,) = sent(house.tablet, press("a", house.number)).json["answers"]
    assert not mine["done"]


def test_a_screen_without_a_script_is_a_form_that_forgets(make: Make, house: Any) -> None:
    data = {"number": kiosk_rules.shown_number(house.number), "way": "in", "once": "x"}
    answer = house.tablet.post("/kiosque/?lang=fr", data=data)
    assert "Bienvenue, Ada" in answer.text
    assert answer.headers["Refresh"].endswith("/kiosque/?lang=fr")
    assert "Ada" not in house.tablet.get("/kiosque/?lang=en").text
    wrong = house.tablet.post("/kiosque/", data={**data, "number": "1", "once": "y"})
    assert (wrong.status_code, len(sessions(house.ada))) == (422, 1)


def test_the_screen_shows_the_rotating_code_of_its_site(
    make: Make, house: Any, client: Any
) -> None:
    assert house.tablet.get("/kiosque/code.svg").status_code == 404
    house.manager.post(f"/heures/site/{house.site.slug}/codes/nouveau", data={"kind": "rotating"})
    first = house.tablet.get("/kiosque/code.svg")
    assert (first.mimetype, first.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert "/kiosque/code.svg" in house.tablet.get("/kiosque/").text
    with clock.stopped_at(NOW + timedelta(seconds=30)):
        assert house.tablet.get("/kiosque/code.svg").data != first.data
    assert client.get("/kiosque/code.svg").status_code == 404


def test_a_printed_code_is_a_poster_until_it_is_revoked(make: Make, house: Any) -> None:
    data = {"kind": "printed", "place": "Porte"}
    place = f"/heures/site/{house.site.slug}/codes/nouveau"
    assert house.manager.get(place).status_code == 200
    poster = house.manager.post(place, data=data).location
    assert "Porte" in house.manager.get(poster).text
    assert house.manager.get(f"{poster}/image.svg").mimetype == "image/svg+xml"
    house.manager.post(f"{poster}/revoquer")
    assert "révoqué" in house.manager.get(poster).text
    assert house.manager.get(f"{poster}/image.svg").status_code == 422


def test_a_badge_is_given_by_name_shown_once_and_revoked(make: Make, house: Any) -> None:
    place = f"/heures/site/{house.site.slug}/badges/nouveau"
    assert house.manager.get(place).status_code == 200
    assert house.manager.post(place, data={"with_name": ""}).status_code == 422
    shown = house.manager.post(place, data={"with_name": "Ada Martin"})
    number = re.search(r'id="badge-number">([^<]+)<', shown.text)[1]
    assert kiosk_rules.clean_number(number)
    page = house.manager.get(f"/heures/site/{house.site.slug}/ecrans").text
    assert f"finit par {number[-3:]}" in page
    (given,) = badges.of_member(house.ada.id)
    house.manager.post(f"/heures/badges/{given.id}/revoquer")
    (answer,) = sent(house.tablet, press("a", number)).json["answers"]
    assert answer["outcome"] == "unknown"


def test_the_worker_of_the_screen_stays_in_its_place(client: Any) -> None:
    answer = client.get("/kiosque/travailleur.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert "Service-Worker-Allowed" not in answer.headers
