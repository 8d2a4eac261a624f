"""Coming and going on pages: the button, the code of the site, the forgotten end, corrections."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.commitments import presence_corrections, presence_queries, site_codes
from incubator.edge import clock
from incubator.kernel.db import transaction
from tests.conftest import NOW
from tests.factories_checkins import came, presumed, sessions, stayed, wish
from tests.factories_commitments import total
from tests.factories_presence import shows_presence

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=2)


def plain(page: str) -> str:
    return page.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def house(make: Make, sign_in: Any, frozen: datetime) -> Any:
    class House:
        """A site, a member and a manager, each with a browser."""

        site = make.site()
        ada = shows_presence(make, make.member(site, name="Ada Martin"), "site")
        boss = make.member(site, role="manager", name="Zoé Roux")
        browser = sign_in(ada)
        manager = sign_in(boss)

    return House


def correction_of(member: Any) -> int:
    (found,) = presence_queries.corrections_of(member.id)
    return found.id


def test_one_tap_in_one_tap_out(make: Make, house: Any) -> None:
    assert 'id="check-in"' in house.browser.get("/").text
    answer = house.browser.post(f"/sites/{house.site.slug}/arrivee")
    assert answer.status_code == 303
    page = plain(house.browser.get("/heures").text)
    assert "depuis 10 h 41" in page
    assert 'id="leave-now"' in page
    with clock.stopped_at(NOW + 2 * HOUR):
        house.browser.post("/moi/depart")
        assert "départ enregistré" not in house.browser.get("/heures").text
    assert total(house.ada) == 120
    assert 'id="check-in"' in house.browser.get("/").text
    assert "2 h" in plain(house.browser.get("/heures/presences").text)


def test_a_second_tap_says_since_when(make: Make, house: Any) -> None:
    for _twice in range(2):
        house.browser.post(f"/sites/{house.site.slug}/arrivee")
    assert "déjà sur place, depuis 10 h 41" in plain(house.browser.get("/").text)
    assert len(sessions(house.ada)) == 1


def test_a_closed_site_says_so_and_leads_to_the_form(make: Make, house: Any) -> None:
    house.manager.post(
        f"/sites/{house.site.slug}/fermetures",
        data={"starts_on": "2026-11-12", "ends_on": "2026-11-12", "kind": "works"},
    )
    answer = house.browser.post(f"/sites/{house.site.slug}/arrivee", follow_redirects=True)
    assert "fermé aujourd’hui" in answer.text
    assert answer.request.path == "/heures/presences/oubli"


def test_planning_to_leave_and_taking_a_mistake_back(make: Make, house: Any) -> None:
    came(make, house.ada, house.site, NOW)
    (session,) = sessions(house.ada)
    place = f"/heures/presences/{session.id}"
    planned = (NOW + HOUR).isoformat()
    house.browser.post(f"{place}/prevu", data={"planned": planned})
    assert "Départ prévu à 11 h 41" in plain(house.browser.get("/").text)
    assert house.browser.post(f"{place}/prevu", data={"planned": "now"}).status_code == 303
    house.browser.post(f"{place}/annuler")
    assert sessions(house.ada)[0].state == "void"
    assert house.browser.post("/moi/depart").status_code == 303


def test_coming_in_at_another_site_asks_when_one_left_the_first(make: Make, house: Any) -> None:
    nantes = make.site("Nantes")
    house.browser.post(f"/sites/{house.site.slug}/arrivee")
    with clock.stopped_at(NOW + HOUR):
        house.browser.post(f"/sites/{nantes.slug}/arrivee")
        page = plain(house.browser.get("/heures/presences").text)
    first, second = sessions(house.ada)
    assert (first.state, first.ended_at, second.state) == ("presumed", NOW + HOUR, "open")
    assert f"/heures/presences/{first.id}/depart" in page
    assert "arrivée ailleurs" in house.browser.get(f"/heures/presences/{first.id}").text
    assert total(house.ada) == 0


@pytest.mark.parametrize(
    ("started", "ended", "words"),
    [
        ("15:00", "17:00", "Ce moment n’est pas encore venu"),
        ("10:00", "09:30", "12 heures au plus"),
        ("10:00", "quand", "Écrivez une heure"),
    ],
)
def test_a_session_that_cannot_be_is_refused_in_a_sentence(
    make: Make, house: Any, started: str, ended: str, words: str
) -> None:
    asked = {"site": house.site.slug, "day": "2026-11-12", "started": started, "ended": ended}
    at = LATER if "encore" not in words else NOW
    with clock.stopped_at(at):
        answer = house.browser.post("/heures/presences/oubli", data=asked)
    assert answer.status_code == 422
    assert words in plain(answer.text)


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"how": "planned"}, "counted"),
        ({"how": "other", "ended": "11 h 30"}, "counted"),
        ({"how": "other", "ended": "18:00"}, "disputed"),
    ],
)
def test_when_did_you_leave(make: Make, house: Any, data: dict[str, str], state: str) -> None:
    session = presumed(make, house.ada, house.site, NOW, planned_end=NOW + 3 * HOUR)
    with clock.stopped_at(LATER):
        page = house.browser.get("/").text
        assert f"/heures/presences/{session.id}/depart" in page
        assert house.browser.get(f"/heures/presences/{session.id}/depart").status_code == 200
        answer = house.browser.post(f"/heures/presences/{session.id}/depart", data=data)
    assert (answer.status_code, sessions(house.ada)[0].state) == (303, state)


def test_a_time_nobody_can_read_is_said_beside_its_field(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    place = f"/heures/presences/{session.id}/depart"
    with clock.stopped_at(LATER):
        answer = house.browser.post(place, data={"how": "other", "ended": "25:00"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert house.manager.get(place).status_code == 403


def test_a_forgotten_check_in_is_asked_and_agreed(make: Make, house: Any) -> None:
    asked = {"site": house.site.slug, "day": "2026-11-12", "started": "11:00", "ended": "13:00"}
    with clock.stopped_at(LATER):
        assert house.browser.get("/heures/presences/oubli").status_code == 200
        answer = house.browser.post("/heures/presences/oubli", data=asked)
        assert answer.status_code == 303
        queue = house.manager.get(f"/heures/site/{house.site.slug}/presences").text
        assert "Ada Martin demande une correction" in queue
        place = f"/heures/corrections/{correction_of(house.ada)}"
        page = house.manager.get(place).text
        assert "12 nov." in plain(page)
        house.manager.post(place, data={"verdict": "yes"})
    assert total(house.ada) == 120


def test_a_longer_session_is_asked_a_shorter_one_is_done(make: Make, house: Any) -> None:
    session = stayed(make, house.ada, house.site, NOW, 4)
    place = f"/heures/presences/{session.id}"
    data = {"day": "2026-11-12", "started": "10:41", "ended": "12:41"}
    with clock.stopped_at(LATER):
        assert house.browser.get(f"{place}/corriger").status_code == 200
        house.browser.post(f"{place}/corriger", data=data)
        assert total(house.ada) == 120
        house.browser.post(f"{place}/corriger", data={**data, "ended": "16:41", "once": "x"})
        assert total(house.ada) == 120
        mine = house.browser.get("/heures/presences").text
        assert "attend un accord" in mine
        house.browser.post(f"/heures/corrections/{correction_of(house.ada)}/retirer")
        assert "retirée" in house.browser.get("/heures/presences").text
        assert "Raccourci par le membre" in house.browser.get(place).text


def test_managers_settle_change_and_discard(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    place, site = f"/heures/presences/{session.id}", f"/heures/site/{house.site.slug}/presences"
    with clock.stopped_at(LATER):
        assert "Ada Martin" in house.manager.get(site).text
        house.manager.post(f"{place}/valider")
        assert total(house.ada) == 480
        data = {"day": "2026-11-12", "started": "10:41", "ended": "11:41"}
        assert house.manager.get(f"{place}/modifier").status_code == 200
        assert house.manager.post(f"{place}/modifier", data=data).status_code == 422
        house.manager.post(f"{place}/modifier", data={**data, "why": "Vue partir"})
        assert total(house.ada) == 60
        assert house.manager.get(f"{place}/ecarter").status_code == 200
        house.manager.post(f"{place}/ecarter", data={"why": "Mauvais badge"})
        assert "Mauvais badge" in house.browser.get(place).text
    assert total(house.ada) == 0


def test_nobody_settles_their_own_session_nor_sees_that_of_others(
    make: Make, house: Any, sign_in: Any
) -> None:
    own = presumed(make, house.boss, house.site, NOW)
    with clock.stopped_at(LATER):
        assert house.manager.post(f"/heures/presences/{own.id}/valider").status_code == 403
        site = house.manager.get(f"/heures/site/{house.site.slug}/presences").text
        assert f"/heures/presences/{own.id}" in site
        stranger = sign_in(make.member(house.site))
        assert stranger.get(f"/heures/presences/{own.id}").status_code == 404


def test_a_witness_gives_their_word(make: Make, house: Any, sign_in: Any) -> None:
    friend = make.member(house.site, name="Hugo Petit")
    stayed(make, friend, house.site, NOW, 5)
    with transaction():
        presence_corrections.ask_missing(
            make.actor(house.ada),
            house.site.id,
            wish(NOW, 2, witness_id=friend.id),
            once="x",
            now=LATER,
        )
    browser, place = sign_in(friend), f"/heures/corrections/{correction_of(house.ada)}"
    with clock.stopped_at(LATER):
        assert "Ada Martin" in browser.get("/heures/presences").text
        assert browser.post(place, data={"verdict": "no"}).status_code == 422
        answer = browser.post(place, data={"verdict": "no", "reason": "Absente"})
        assert answer.location == "/heures/presences"


def code_of(make: Make, house: Any, kind: str) -> str:
    secret = make.settings.secret_key
    with transaction():
        boss = make.actor(house.boss)
        code = site_codes.make(boss, house.site.id, kind=kind, secret=secret, now=NOW)
        return site_codes.token_of(code, secret=secret, now=NOW)


@pytest.mark.parametrize("kind", ["printed", "rotating"])
def test_a_code_of_the_site_shows_first_and_acts_at_a_tap(
    make: Make, house: Any, kind: str
) -> None:
    place = f"/p/{code_of(make, house, kind)}"
    assert 'value="in"' in house.browser.get(place).text
    assert sessions(house.ada) == []
    answer = house.browser.post(place, data={"way": "in", "once": "tap-1"})
    assert answer.location == "/heures/presences"
    assert sessions(house.ada)[0].source == "qr"
    assert 'value="out"' in house.browser.get(place).text
    with clock.stopped_at(NOW + timedelta(minutes=9)):
        house.browser.post(place, data={"way": "out", "once": "tap-2"})
    assert sessions(house.ada)[0].state == "void"


def test_an_end_that_nobody_knows_is_not_agreed_to_as_it_stands(make: Make, house: Any) -> None:
    unproven = presumed(make, house.ada, house.site, NOW)
    other = make.member(house.site)
    proven = presumed(make, other, house.site, NOW, planned_end=NOW + HOUR)
    with clock.stopped_at(LATER):
        page = house.manager.get(f"/heures/presences/{unproven.id}").text
        assert "on ne sait pas encore" in page
        assert f'action="/heures/presences/{unproven.id}/valider"' not in page
        page = house.manager.get(f"/heures/presences/{proven.id}").text
        assert f'action="/heures/presences/{proven.id}/valider"' in page


def test_an_old_code_says_scan_again(make: Make, house: Any, client: Any) -> None:
    place = f"/p/{code_of(make, house, 'rotating')}"
    with clock.stopped_at(LATER):
        answer = house.browser.get(place)
        assert answer.status_code == 422
        assert "scannez-le de nouveau" in answer.text
    assert "/connexion?next=" in client.get(place).location


def test_who_is_on_site_has_a_page_that_keeps_secrets(make: Make, house: Any, sign_in: Any) -> None:
    came(make, house.ada, house.site, NOW)
    came(make, make.member(house.site, name="Secret Person"), house.site, NOW)
    page = sign_in(make.member(house.site)).get(f"/sites/{house.site.slug}/sur-place").text
    assert "Ada Martin" in page
    assert "Secret Person" not in page
    assert f'data-live-site="{house.site.id}"' in page
