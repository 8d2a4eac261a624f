"""Pages of the sites, for members and for those who keep them."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from incubator.blueprints.sites.words import parse_spans, write_spans
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.errors import Refusal
from incubator.network.sites import commands, queries
from tests.factories_presence import arrive, shows_presence
from tests.factories_slots import a_slot, signed_up

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from incubator.network.sites.models import Site
    from tests.factories import Make


def with_hours(site: Site) -> Site:
    with transaction():
        commands.set_hours(
            None, site_id=site.id, week={day: [(480, 720), (780, 1140)] for day in range(5)}
        )
    return site


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "green").save(file, "PNG")
    file.seek(0)
    return file


def test_the_network_page_says_who_is_open(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = with_hours(make.site("Lyon"))
    with_hours(make.site("Montréal", time_zone="America/Toronto"))
    page = plain(sign_in(make.member(lyon)).get("/sites").text)
    assert "Ouvert jusqu’à 12 h 00" in page
    assert "Fermé, ouvre à 8 h 00" in page
    assert "4 h 41 là-bas" in page


def test_the_network_page_says_how_many_are_there_and_who_runs_it(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site("Lyon")
    make.member(lyon, role="manager", name="Sophie Lambert")
    arrive(make, shows_presence(make, make.member(lyon)), lyon, frozen)
    arrive(make, make.member(lyon), lyon, frozen)
    page = sign_in(make.member(make.site("Dakar"))).get("/sites").text
    assert "1 personne y est en ce moment" in page
    assert "Géré par Sophie Lambert" in page
    assert "en ce moment" not in sign_in(make.member(lyon, role="guest")).get("/sites").text


def test_a_site_far_away_shows_its_hours_on_both_clocks(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    site = with_hours(make.site("Montréal", time_zone="America/Toronto"))
    page = plain(sign_in(make.member(site)).get(f"/sites/{site.slug}").text)
    assert "8 h 00 – 12 h 00, 13 h 00 – 19 h 00" in page
    assert "14 h 00 – 18 h 00, 19 h 00 – 1 h 00 (lendemain)" in page


def test_a_site_shows_closures_holidays_managers_and_arrivals(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    site = with_hours(make.site("Lyon"))
    make.member(site, name="Sophie Lambert", role="manager")
    with transaction():
        commands.close_days(
            None, site_id=site.id, starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 22),
            reason="Ponçage",
        )  # fmt: skip
    page = plain(sign_in(make.member(site, name="Ada")).get(f"/sites/{site.slug}").text)
    for words in ("Sophie Lambert", "Ponçage", "ven. 20 nov. – sam. 21 nov.", "Noël", "Ada"):
        assert words in page, words
    assert "Modifier le site" not in page


def test_only_those_who_keep_a_site_reach_its_forms(make: Make, sign_in: Any) -> None:
    site, other = make.site("Lyon"), make.site("Lille")
    paths = [f"/sites/{site.slug}/{page}" for page in ("modifier", "horaires", "fermetures")]
    asked = [
        (make.member(site), 403),
        (make.member(other, role="manager"), 403),
        (make.member(site, role="manager"), 200),
        (make.member(role="administrator"), 200),
    ]
    for account, status in asked:
        browser = sign_in(account)
        assert [browser.get(path).status_code for path in paths] == [status] * 3
    assert browser.get("/sites/atlantis").status_code == 404


def test_a_manager_describes_their_site_with_a_photo(make: Make, sign_in: Any, app: Flask) -> None:
    site = make.site("Lyon")
    browser = sign_in(make.member(site, role="manager"))
    data = {
        "name": "Lyon, Croix-Rousse", "city": "Lyon", "country": "FR", "subdivision": "69",
        "time_zone": "Europe/Paris", "capacity": "24", "about_md": "**Ici**",
    }  # fmt: skip
    answer = browser.post(f"/sites/{site.slug}/modifier", data={**data, "photo": (picture(), "x")})
    assert answer.status_code == 422, "69 is not a region of the holidays library"
    data["subdivision"] = ""
    answer = browser.post(f"/sites/{site.slug}/modifier", data={**data, "photo": (picture(), "x")})
    assert answer.location == f"/sites/{site.slug}"
    key = queries.with_address(site.slug).photo
    photo = browser.get(f"/sites/photos/{key}-320.webp")
    assert (photo.status_code, photo.mimetype) == (200, "image/webp")
    assert "immutable" in photo.headers["Cache-Control"]
    photo.close()
    assert app.test_client().get(f"/sites/photos/{key}-320.webp").status_code == 302
    assert browser.get("/sites/photos/unknown-320.webp").status_code == 404
    browser.post(f"/sites/{site.slug}/modifier", data={**data, "no_photo": "y"})
    assert queries.with_address(site.slug).photo is None


def test_what_is_no_picture_is_refused_beside_the_field(make: Make, sign_in: Any) -> None:
    site = make.site("Lyon")
    data = {
        "name": "Lyon", "city": "Lyon", "country": "FR", "time_zone": "Europe/Paris",
        "capacity": "1", "photo": (io.BytesIO(b"<svg onload=alert(1)>"), "a.png"),
    }  # fmt: skip
    answer = sign_in(make.member(site, role="manager")).post(
        f"/sites/{site.slug}/modifier", data=data
    )
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text


def test_hours_are_typed_as_people_write_them(make: Make, sign_in: Any) -> None:
    site = make.site("Lyon")
    browser = sign_in(make.member(site, role="manager"))
    path = f"/sites/{site.slug}/horaires"
    answer = browser.post(path, data={"day0": "8h30 - 12h et 13 h – 19 h", "day6": ""})
    assert answer.status_code == 303
    rows = queries.with_address(site.slug).hours
    assert [(r.weekday, r.opens_at, r.closes_at) for r in rows] == [(0, 510, 720), (0, 780, 1140)]
    assert "8 h 30 – 12 h 00, 13 h 00 – 19 h 00" in plain(browser.get(path).text)
    answer = browser.post(path, data={"day0": "le matin", "day1": "9:00-18:00"})
    assert answer.status_code == 422
    assert 'id="day0-error"' in answer.text
    assert "le matin" in answer.text


@pytest.mark.parametrize("text", ["8-9-10", "25h", "8h75-9h", "x", "8h"])
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="hours_unreadable"):
        parse_spans(text, "day0")


def test_hours_written_are_read_back(app: Flask) -> None:
    spans = [(0, 61), (1200, 1440)]
    with app.test_request_context():
        assert parse_spans(write_spans(spans), "day0") == spans


def test_closures_are_announced_and_removed(make: Make, sign_in: Any, frozen: datetime) -> None:
    site = make.site("Lyon")
    browser = sign_in(make.member(site, role="manager"))
    path = f"/sites/{site.slug}/fermetures"
    data = {
        "starts_on": "2026-12-24",
        "ends_on": "2027-01-01",
        "kind": "holiday",
        "reason": "Fêtes",
    }
    assert browser.post(path, data=data).status_code == 303
    assert "Fêtes" in browser.get(path).text
    closure = queries.closures_of([site.id], frozen.date())[0]
    assert (closure.starts_on, closure.ends_on) == (date(2026, 12, 24), date(2027, 1, 2))
    browser.post(f"{path}/{closure.id}/retirer")
    assert not queries.closures_of([site.id], frozen.date())


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [("2026-12-24", "2026-12-23", "ends_on"), ("", "", "starts_on"),
     ("2026-12-24", "9999-12-31", "ends_on"), ("2026-01-01", "2027-06-01", "ends_on")],
)  # fmt: skip
def test_an_impossible_closure_is_refused(
    make: Make, sign_in: Any, first: str, last: str, field: str
) -> None:
    site = make.site("Lyon")
    answer = sign_in(make.member(site, role="manager")).post(
        f"/sites/{site.slug}/fermetures",
        data={"starts_on": first, "ends_on": last, "kind": "works"},
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_all_sites_are_shut_after_a_look_at_what_it_touches(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    boss = make.member(role="administrator")
    slot = a_slot(make, boss, lyon)
    signed_up(make, make.member(lyon), slot)
    browser = sign_in(boss)
    day = {"starts_on": f"{slot.local_date}", "kind": "exceptional", "reason": "Fête du réseau"}
    seen = browser.post("/sites/fermetures", data=day | {"preview": "1"})
    for words in ("2 sites seraient fermés", "Un créneau serait annulé", "une personne prévenue"):
        assert words in plain(seen.text)
    assert 'value="Fête du réseau"' in seen.text
    assert not queries.closures_of([], frozen.date())
    with as_of(frozen):
        assert browser.post("/sites/fermetures", data=day).status_code == 303
    assert "Fête du réseau" in browser.get(f"/sites/{nantes.slug}").text
    assert "Fête du réseau" in browser.get(f"/heures/creneaux/{slot.id}").text
    (closure,) = queries.closures_of([], frozen.date())
    with as_of(frozen):
        assert browser.post(f"/sites/fermetures/{closure.id}/retirer").status_code == 303
    assert not queries.closures_of([], frozen.date())
    db.session.refresh(slot)
    assert slot.state == "planned"


def test_a_look_at_days_that_cannot_be_is_refused_beside_its_field(
    make: Make, sign_in: Any
) -> None:
    browser = sign_in(make.member(role="administrator"))
    data = {"starts_on": "2026-12-24", "ends_on": "2026-12-23", "kind": "works", "preview": "1"}
    answer = browser.post("/sites/fermetures", data=data)
    assert answer.status_code == 422
    assert 'id="ends_on-error"' in answer.text


def test_an_administrator_opens_a_site(make: Make, sign_in: Any) -> None:
    boss = sign_in(make.member(role="administrator"))
    data = {"name": "Metz, gare", "city": "Metz", "country": "FR", "time_zone": "Europe/Paris",
            "capacity": "12"}  # fmt: skip
    answer = boss.post("/sites/ouvrir", data=data)
    assert answer.location == "/sites/metz/horaires"
    again = boss.post("/sites/ouvrir", data=data)
    assert again.status_code == 422
    assert "Il y a déjà un site à Metz" in plain(again.text)
    manager = make.member(make.site(), role="manager")
    assert sign_in(manager).get("/sites/ouvrir").status_code == 403


def test_the_list_of_sites_costs_the_same_for_one_and_for_ten(
    make: Make, sign_in: Any, count_queries: Any
) -> None:
    browser = sign_in(make.member(with_hours(make.site())))
    browser.get("/sites")
    counts = []
    for more in (0, 9):
        for _ in range(more):
            with_hours(make.site("Lille"))
        with count_queries() as seen:
            browser.get("/sites")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_my_site_is_on_the_first_page(make: Make, sign_in: Any, frozen: datetime) -> None:
    site = with_hours(make.site("Lyon"))
    page = plain(sign_in(make.member(site)).get("/").text)
    assert "Ouvert jusqu’à 12 h 00" in page
    assert "8 h 00 – 12 h 00, 13 h 00 – 19 h 00" in page
