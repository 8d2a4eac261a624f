"""Pages of the announcements."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.factories_notices import announced

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make


def test_an_announcement_goes_from_the_form_to_the_first_page(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    typed = {
        "to": str(lyon.id),
        "title": "Coupure d’eau lundi",
        "body": "De **9 h** à 11 h.",
        "last_day": "2026-11-16",
        "once": "a",
    }
    answer = sign_in(make.member(lyon, role="manager")).post("/annonces/nouvelle", data=typed)
    assert answer.status_code == 303
    browser = sign_in(make.member(lyon))
    assert "Coupure d’eau lundi" in browser.get("/").text
    page = browser.get(answer.location).text
    assert "<strong>9 h</strong>" in page
    browser.post(f"{answer.location}/lue")
    assert "Coupure d’eau lundi" not in browser.get("/").text
    assert "Coupure d’eau lundi" in browser.get("/annonces").text


def test_a_nul_is_no_part_of_a_text(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = make.site()
    typed = {"to": str(lyon.id), "title": "Fê\0te", "body": "Sa\0medi", "last_day": "2026-11-16"}
    browser = sign_in(make.member(lyon, role="manager"))
    answer = browser.post("/annonces/nouvelle", data={**typed, "once": "a\0"})
    assert answer.status_code == 303
    assert "Fête" in browser.get(answer.location).text


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_is_kept(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    browser = sign_in(make.member(lyon, role="manager"))
    typed = {"to": str(lyon.id), "title": "Fête", "body": "Samedi", "last_day": "2026-11-01"}
    page = browser.post("/annonces/nouvelle", data=typed)
    assert page.status_code == 422
    assert "Choisissez un jour qui n’est pas encore passé." in page.text
    assert 'value="Fête"' in page.text


def test_the_network_and_other_sites_are_not_offered_to_a_manager(make: Make, sign_in: Any) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    browser = sign_in(make.member(lyon, role="manager"))
    page = browser.get(f"/annonces/nouvelle?site={dakar.id}").text
    assert f'value="{lyon.id}"' in page
    assert 'value="network"' not in page
    assert f'value="{dakar.id}"' not in page


def test_publishers_alone_see_who_read_it(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = make.site()
    sophie, reader = make.member(lyon, role="manager"), make.member(lyon, name="Ada Martin")
    notice = announced(make, sophie, lyon)
    address = f"/annonces/{notice.id}"
    assert "Ada Martin" in sign_in(sophie).get(f"{address}?readers=missing").text
    sign_in(reader).post(f"{address}/lue")
    assert "Ada Martin" in sign_in(sophie).get(address).text
    assert "Qui l’a lue" not in sign_in(make.member(lyon)).get(address).text


def test_correcting_and_withdrawing(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    address = f"/annonces/{announced(make, sophie, lyon).id}"
    browser = sign_in(sophie)
    last = (make.now + timedelta(days=3)).date().isoformat()
    browser.post(f"{address}/modifier", data={"title": "T", "body": "B", "last_day": last})
    assert "corrigée" in browser.get(address).text
    browser.post(f"{address}/retirer")
    assert "retirée" in browser.get(address).text
    assert sign_in(make.member(lyon)).get(address).status_code == 404


def test_a_day_beyond_all_calendars_is_refused(make: Make, sign_in: Any) -> None:
    lyon = make.site()
    typed = {"to": str(lyon.id), "title": "T", "body": "B", "last_day": "9999-12-31"}
    browser = sign_in(make.member(lyon, role="manager"))
    assert browser.post("/annonces/nouvelle", data=typed).status_code == 422


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    make: Make, sign_in: Any, count_queries: Any, frozen: datetime
) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    browser = sign_in(make.member(lyon))
    announced(make, sophie, lyon)
    browser.get("/annonces")
    with count_queries() as few:
        browser.get("/annonces")
    for _ in range(10):
        announced(make, sophie, lyon)
    with count_queries() as many:
        browser.get("/annonces")
    assert len(many) == len(few)
