"""Saying that one is on site, and what others then see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories_presence import arrive, shows_presence

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make


def test_the_first_time_leads_to_the_choice_of_who_may_know(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    person = make.member(lyon)
    browser = sign_in(person)
    answer = browser.post(f"/sites/{lyon.slug}/arrivee")
    assert answer.location == "/moi/reglages/presence"
    page = browser.get("/moi/reglages/presence").text
    assert "pour vous seulement" in page
    answer = browser.post(
        "/moi/reglages/presence", data={"audience": "site", "usual": ["0", "1", "6"]}
    )
    assert answer.status_code == 303
    neighbour = sign_in(make.member(lyon)).get(f"/sites/{lyon.slug}").text
    assert make.actor(person).name in neighbour


def test_the_page_of_a_site_shows_who_lets_it_be_seen(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    here = shows_presence(make, make.member(lyon, name="Ada Martin"), "site")
    arrive(make, here, lyon)
    seen = sign_in(make.member(lyon)).get("/").text
    assert "Depuis 10 h 41" in seen.replace("\u00a0", " ")
    assert "Depuis" not in sign_in(make.member(dakar)).get(f"/sites/{lyon.slug}").text


def test_leaving_is_one_tap(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = make.site()
    person = shows_presence(make, make.member(lyon))
    browser = sign_in(person)
    browser.post(f"/sites/{lyon.slug}/arrivee")
    assert "Je m’en vais" in browser.get("/").text
    assert browser.post("/moi/depart").status_code == 303
    assert "Je suis sur place" in browser.get("/").text


def test_a_profile_tells_where_somebody_is_and_lets_one_wait(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    awaited = shows_presence(make, make.member(lyon, name="Ada Martin"))
    slug = make.actor(awaited).slug
    browser = sign_in(make.member(lyon))
    page = browser.get(f"/annuaire/{slug}").text
    assert 'id="presence"' in page
    assert "lundi matin" in page
    assert "Prévenez-moi à l’arrivée" in page
    browser.post(f"/annuaire/{slug}/attendre")
    assert "Ne plus attendre" in browser.get(f"/annuaire/{slug}").text
    assert "Ada Martin" in browser.get("/moi/reglages/presence").text
    arrive(make, awaited, lyon)
    assert "Prévenez-moi" not in browser.get(f"/annuaire/{slug}").text


def test_a_hidden_presence_leaves_no_trace_on_the_profile(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    hidden = shows_presence(make, make.member(lyon), "me")
    arrive(make, hidden, lyon)
    browser = sign_in(make.member(lyon))
    slug = make.actor(hidden).slug
    assert 'id="presence"' not in browser.get(f"/annuaire/{slug}").text
    assert browser.post(f"/annuaire/{slug}/attendre").status_code == 403


def test_a_choice_that_no_page_offers_is_refused(make: Make, sign_in: Any) -> None:
    browser = sign_in(make.member(make.site()))
    answer = browser.post("/moi/reglages/presence", data={"audience": "everybody", "usual": ["99"]})
    assert answer.status_code == 422
    assert 'aria-labelledby="summary-title"' in answer.text
