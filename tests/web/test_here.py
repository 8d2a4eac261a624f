"""Who is on site, for managers: noted for somebody without a phone, by one tap or by name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.edge import clock
from tests.conftest import NOW
from tests.factories_checkins import came, sessions
from tests.factories_commitments import total
from tests.factories_presence import shows_presence
from tests.factories_slots import a_slot, signed_up

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

HOUR = timedelta(hours=1)


def plain(page: str) -> str:
    return page.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def house(make: Make, sign_in: Any, frozen: datetime) -> Any:
    class House:
        """A site, a member who lets it be known, a manager before the list."""

        site = make.site()
        ada = shows_presence(make, make.member(site, name="Ada Martin"), "site")
        boss = make.member(site, role="manager", name="Zoé Roux")
        browser = sign_in(boss)
        place = f"/heures/site/{site.slug}/sur-place"

    return House


def test_a_manager_notes_by_name_that_somebody_came_and_left(make: Make, house: Any) -> None:
    sent = house.browser.post(house.place, data={"with_name": "Ada Martin", "way": "in"})
    assert sent.location == house.place
    page = plain(house.browser.get(house.place).text)
    assert "Ada Martin est sur place, depuis 10 h 41" in page
    assert f'data-live-site="{house.site.id}"' in page
    with clock.stopped_at(NOW + 2 * HOUR):
        house.browser.post(house.place, data={"with_name": "Ada Martin", "way": "out"})
        assert "reparti·e : ses heures comptent" in plain(house.browser.get(house.place).text)
    assert total(house.ada) == 120
    assert [one.source for one in sessions(house.ada)] == ["manager"]


def test_one_tap_lets_the_expected_come_and_the_present_go(make: Make, house: Any) -> None:
    signed_up(
        make, house.ada, a_slot(make, house.boss, house.site, day=NOW.date(), local_start=840)
    )
    page = house.browser.get(f"/heures/site/{house.site.slug}/aujourd-hui").text
    tap = f"{house.place}/{house.ada.id}"
    assert page.count(f'action="{tap}"') == 1
    house.browser.post(tap, data={"way": "in"})
    assert [one.state for one in sessions(house.ada)] == ["open"]
    with clock.stopped_at(NOW + HOUR):
        house.browser.post(tap, data={"way": "out"})
        house.browser.post(tap, data={"way": "out"})
        assert "n’était pas sur place" in house.browser.get(house.place).text
    assert [one.state for one in sessions(house.ada)] == ["counted"]


def test_a_double_tap_is_one_session(make: Make, house: Any) -> None:
    for _twice in range(2):
        house.browser.post(f"{house.place}/{house.ada.id}", data={"way": "in"})
    assert len(sessions(house.ada)) == 1


def test_nobody_notes_themselves_so(make: Make, house: Any) -> None:
    came(make, house.boss, house.site, NOW)
    tap = f"{house.place}/{house.boss.id}"
    assert f'action="{tap}"' not in house.browser.get(house.place).text
    answer = house.browser.post(tap, data={"way": "out"})
    assert answer.status_code == 403
    assert [one.state for one in sessions(house.boss)] == ["open"]


def test_a_name_of_several_is_asked_for_again(make: Make, house: Any) -> None:
    other = make.member(house.site, name="Ada Morin")
    answer = house.browser.post(house.place, data={"with_name": "Ada", "way": "in"})
    assert answer.status_code == 422
    assert "Ada Morin" in answer.text
    chosen = {"with_name": "Ada", "receiver": str(other.id), "way": "in"}
    house.browser.post(house.place, data=chosen)
    assert [len(sessions(one)) for one in (house.ada, other)] == [0, 1]


@pytest.mark.parametrize("name", ["", "Personne Inconnue"])
def test_an_unknown_name_is_said_beside_it(house: Any, name: str) -> None:
    answer = house.browser.post(house.place, data={"with_name": name, "way": "in"})
    assert answer.status_code == 422
    assert 'id="with_name-error"' in answer.text


def test_a_closed_site_takes_nobody(make: Make, house: Any) -> None:
    house.browser.post(
        f"/sites/{house.site.slug}/fermetures",
        data={"starts_on": "2026-11-12", "ends_on": "2026-11-12", "kind": "works"},
    )
    house.browser.post(f"{house.place}/{house.ada.id}", data={"way": "in"})
    assert "rien n’est noté pour Ada Martin" in house.browser.get(house.place).text
    assert sessions(house.ada) == []


def test_guests_and_other_sites_are_out_of_reach(make: Make, house: Any, sign_in: Any) -> None:
    guest = make.member(house.site, role="guest")
    tap = house.browser.post(f"{house.place}/{guest.id}", data={"way": "in"})
    assert tap.status_code == 403
    assert house.browser.post(f"{house.place}/99999", data={"way": "in"}).status_code == 404
    other = sign_in(make.member(make.site("Nantes"), role="manager"))
    assert other.get(house.place).status_code == 403
    assert other.post(f"{house.place}/{house.ada.id}", data={"way": "in"}).status_code == 403
    assert sessions(house.ada) == []


def test_the_first_page_keeps_the_list_fresh_too(make: Make, house: Any) -> None:
    assert f'data-live-site="{house.site.id}"' in house.browser.get("/").text
