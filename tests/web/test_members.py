"""The directory and profiles as a browser without JavaScript meets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel.db import db, transaction
from incubator.network.members import commands, queries
from incubator.network.members.models import Member
from tests.factories_members import a_firm, a_skill, offers

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def ines(make: Make) -> Account:
    """A member with everything a profile may hold."""
    account = make.member(make.site("Lyon"), name="Inès Belkacem")
    law, photo = a_skill(make, "Droit des contrats"), a_skill(make, "Photo")
    offers(account, law, wants=(photo,))
    a_firm(make, account, "IB Conseil", web="ib.example", pitch="Contrats courts")
    with transaction():
        commands.edit_profile(
            None, member_id=account.id, name="Inès Belkacem", headline="Juriste",
            about="**Deux pages**", phone="+33 6 39 98 10 03", languages=["fr", "wo"],
        )  # fmt: skip
    return account


def test_a_member_finds_another_by_name_firm_skill_and_site(
    make: Make, sign_in: Any, ines: Account, frozen: datetime
) -> None:
    reader = sign_in(make.member(make.site("Dakar"), name="Ada Reader"))
    for query in ("q=belk", "q=conseil", "skill=droit-des-contrats", "site=lyon-1", ""):
        page = re.sub("</?mark>", "", reader.get(f"/annuaire?{query}").text)
        assert "Inès Belkacem" in page, query
        assert ("Ada Reader</a>" in page) == (query == ""), query
    assert "IB Conseil" in page


def test_a_skill_that_answers_the_reader_is_marked(make: Make, sign_in: Any, ines: Account) -> None:
    reader = make.member(make.site("Dakar"))
    offers(reader, wants=(queries.own_profile(make.actor(ines)).skills[0].skill,))
    assert "tag--match" in sign_in(reader).get("/annuaire").text


def test_an_empty_search_says_what_to_try(make: Make, sign_in: Any) -> None:
    page = sign_in(make.member(make.site())).get("/directory?q=zzz&skill=unknown&after=broken").text
    assert "Essayez moins de mots" in page


def test_the_directory_costs_the_same_for_one_and_for_thirty(
    make: Make, sign_in: Any, count_queries: Any
) -> None:
    site, skill = make.site(), a_skill(make)
    reader = sign_in(make.member(site))
    reader.get("/annuaire")
    counts = []
    for people in (1, 29):
        for _ in range(people):
            offers(make.member(site), skill)
        with count_queries() as seen:
            assert reader.get("/annuaire").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 13


def test_a_profile_shows_what_members_may_see(make: Make, sign_in: Any, ines: Account) -> None:
    page = sign_in(make.member(make.site("Dakar"))).get("/annuaire/ines-belkacem").text
    for words in ("Juriste", "<strong>Deux pages</strong>", "+33 6 39 98 10 03", "wolof",
                  "Droit des contrats", "Pratique régulière", "IB Conseil", "Gérance"):  # fmt: skip
        assert words in page, words


def test_a_guest_sees_name_site_and_headline_only(make: Make, sign_in: Any, ines: Account) -> None:
    guest = sign_in(make.member(make.site("Lille"), role="guest"))
    page = guest.get("/annuaire/ines-belkacem").text
    assert "Inès Belkacem" in page
    assert "Juriste" in page
    for hidden in ("Deux pages", "+33 6 39", "Droit des contrats", "IB Conseil", "wolof"):
        assert hidden not in page
    for closed in ("/annuaire", "/entreprises/ib-conseil", "/entreprises/nouvelle"):
        assert guest.get(closed).status_code == 403


def test_who_left_is_seen_by_the_managers_of_their_site_only(make: Make, sign_in: Any) -> None:
    site = make.site()
    gone = make.member(site, name="Parti Loin")
    with transaction():
        db.session.get_one(Member, gone.id).active = False
    managers = make.member(site, role="manager"), make.member(make.site("Lille"), role="manager")
    pages = [sign_in(each).get("/annuaire/parti-loin") for each in managers]
    assert [page.status_code for page in pages] == [200, 404]
    assert "A quitté le réseau" in pages[0].text
    assert sign_in(make.member(site)).get("/annuaire/parti-loin").status_code == 404


def test_a_member_edits_everything_on_one_page(make: Make, sign_in: Any, ines: Account) -> None:
    browser = sign_in(ines)
    role = queries.roles_of(ines.id, make.now.date())[0]
    law, photo = (each.skill_id for each in queries.own_profile(make.actor(ines)).skills)
    answer = browser.post("/moi", data={
        "name": "Inès B.", "headline": "Droit", "about_md": "*oui*", "phone": "04 72 00 00 00",
        "languages": ["fr", "ar"], "offered": ["", f"{photo}:3"], "wanted": [str(law)],
        f"title_{role.id}": "Fondatrice",
    })  # fmt: skip
    assert (answer.status_code, answer.location) == (303, "/annuaire/ines-belkacem")
    page = browser.get(answer.location).text
    for words in ("Inès B.", "<em>oui</em>", "arabe", "Métier", "Fondatrice", "à jour"):
        assert words in page, words


def test_errors_stand_beside_their_field_and_the_text_is_kept(
    make: Make, sign_in: Any, ines: Account
) -> None:
    answer = sign_in(ines).post(
        "/moi",
        data={"name": "Inès", "phone": "appelez-moi", "about_md": "À garder", "offered": "x:y"},
    )
    assert answer.status_code == 422
    assert "À garder" in answer.text
    answer = sign_in(ines).post("/moi", data={"name": "Inès", "phone": "appelez-moi"})
    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text
    assert "appelez-moi" in answer.text
    assert db.session.get_one(Member, ines.id).name == "Inès Belkacem"


def test_more_than_twelve_skills_are_refused_with_words(make: Make, sign_in: Any) -> None:
    member = make.member(make.site())
    chosen = [f"{a_skill(make, f'Skill {number}').id}:1" for number in range(13)]
    answer = sign_in(member).post("/moi", data={"name": "Ada", "offered": chosen})
    assert answer.status_code == 422
    assert "Gardez les 12 qui comptent le plus" in answer.text


def test_the_first_page_greets_and_shows_whom_to_welcome(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    site = make.site("Lyon")
    reader = make.member(site, name="Camille Dervaux")
    make.member(site, name="Nouvelle Venue")
    page = sign_in(reader).get("/").text
    for words in ("Bonjour Camille", "10 h 41", "à Lyon", "À accueillir à Lyon", "Nouvelle Venue"):
        assert words in page.replace("\u00a0", " "), words


def test_a_panel_that_fails_leaves_the_others(
    make: Make, sign_in: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(reader: object) -> None:
        db.session.execute(db.text("SELECT nothing FROM nowhere"))

    panel = app.extensions["incubator"].panels[0]
    monkeypatch.setattr(
        app.extensions["incubator"], "panels",
        [type(panel)(key="broken", slot="main", template="x", load=broken, order=1),
         *app.extensions["incubator"].panels],
    )  # fmt: skip
    site = make.site("Lyon")
    make.member(site, name="Nouvelle Venue")
    page = sign_in(make.member(site)).get("/").text
    assert "n’a pas pu être chargée" in page
    assert "Nouvelle Venue" in page


def test_the_page_more_shows_the_whole_menu_and_the_way_out(make: Make, sign_in: Any) -> None:
    page = sign_in(make.member(make.site())).get("/plus").text
    for words in ("Annuaire", "Sites", "English", "Se déconnecter"):
        assert words in page, words


def test_pages_speak_english_to_an_english_reader(make: Make, sign_in: Any, ines: Account) -> None:
    reader = sign_in(make.member(make.site(), language="en"))
    page = reader.get("/directory").text
    assert "Who can help, in every city." in page
    assert 'href="/directory/ines-belkacem"' in page
