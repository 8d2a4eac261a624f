"""The guide inside the product: its first page, its chapters, the ways in and between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.factories import Make

SignIn = Any


def english(reader: Any) -> Any:
    """The same reader, who now reads English."""
    reader.post("/preferences", data={"language": "en"})
    return reader


def test_the_first_page_leads_to_every_chapter_of_members(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.member(make.site())).get("/aide").text
    for path in ("/aide/entrer", "/aide/vos-heures", "/aide/les-discussions", "/aide/un-souci"):
        assert f'href="{path}"' in page
    assert "Pour commencer" in page


def test_chapters_of_managers_are_folded_for_members_and_open_for_managers(
    make: Make, sign_in: SignIn
) -> None:
    site = make.site()
    member = sign_in(make.member(site)).get("/aide").text
    manager = sign_in(make.member(site, role="manager")).get("/aide").text
    assert "Ce que lisent les responsables" in member
    assert "Pour les responsables de site" not in member
    assert "Pour les responsables de site" in manager
    assert "Ce que lisent" not in manager
    assert sign_in(make.member(site)).get("/aide/valider-des-heures").status_code == 200


def test_a_visitor_is_asked_to_sign_in(app: Any, make: Make) -> None:
    make.site()
    answer = app.test_client().get("/aide/entrer", headers={"Accept-Language": "fr"})
    assert answer.status_code == 302
    assert "/connexion" in answer.location


def test_a_chapter_has_its_parts_its_neighbours_and_one_first_heading(
    make: Make, sign_in: SignIn
) -> None:
    page = sign_in(make.member(make.site())).get("/aide/vos-heures").text
    main = page.partition("<main")[2]
    assert re.findall(r"<h1[^>]*>([^<]+)", main) == ["Vos heures"]
    assert '<h2 id="hours-read">Lire Mes heures' in main
    assert 'href="#hours-read"' in main
    assert re.search(r'rel="prev" href="/aide/[a-z-]+"', main)
    assert 'rel="next" href="/aide/les-creneaux"' in main
    assert 'href="/aide/vos-heures" aria-current="page"' in main


def test_lines_of_the_file_are_no_lines_of_the_page_and_lists_stay_lists(
    make: Make, sign_in: SignIn
) -> None:
    reader = sign_in(make.member(make.site()))
    for name in ("vos-heures", "accueillir-de-la-candidature-au-premier-cafe"):
        page = reader.get(f"/aide/{name}").text.partition("<main")[2]
        assert "<br" not in page
        assert page.count("<li>") > 30
    assert re.search(r"</p>\s*<ul>\s*<li>\s*<strong>Accepter", page)


def test_a_link_between_chapters_leads_to_the_page_in_the_readers_language(
    make: Make, sign_in: SignIn
) -> None:
    reader = sign_in(make.member(make.site()))
    assert 'href="/aide/l-entraide#help-thanks"' in reader.get("/aide/vos-heures").text
    assert 'href="/guide/mutual-help#help-thanks"' in english(reader).get("/guide/your-hours").text


@pytest.mark.parametrize("name", ["hours", "your-hours", "vos-heures"])
def test_a_chapter_is_found_by_its_key_and_by_its_name_in_any_language(
    make: Make, sign_in: SignIn, name: str
) -> None:
    reader = sign_in(make.member(make.site()))
    assert "Vos heures" in reader.get(f"/aide/{name}", follow_redirects=True).text
    assert "Your hours" in english(reader).get(f"/guide/{name}", follow_redirects=True).text


def test_changing_the_language_leads_to_the_twin_chapter(make: Make, sign_in: SignIn) -> None:
    reader = sign_in(make.member(make.site()))
    answer = reader.post(
        "/preferences",
        data={"language": "en"},
        headers={"Referer": "http://localhost/aide/les-creneaux"},
        follow_redirects=True,
    )
    assert answer.request.path == "/guide/slots"
    assert "<h1" in answer.text
    assert "Slots" in answer.text


@pytest.mark.parametrize("name", ["nulle-part", "hours-read", "x" * 500])
def test_no_such_chapter_is_not_found(make: Make, sign_in: SignIn, name: str) -> None:
    assert sign_in(make.member(make.site())).get(f"/aide/{name}").status_code == 404


@pytest.mark.parametrize(
    ("path", "chapter"),
    [
        ("/heures", "/aide/vos-heures"),
        ("/entraide", "/aide/l-entraide"),
        ("/discussions", "/aide/les-discussions"),
        ("/annuaire", "/aide/trouver-quelqu-un"),
        ("/notifications", "/aide/etre-prevenu#bell"),
        ("/recherche", "/aide/rechercher"),
        ("/sites", "/aide"),
    ],
)
def test_the_question_mark_leads_to_what_the_guide_says_of_the_page(
    make: Make, sign_in: SignIn, path: str, chapter: str
) -> None:
    page = sign_in(make.member(make.site())).get(path).text
    assert f'href="{chapter}" aria-label="Comment ça marche' in page


@pytest.mark.parametrize("path", ["/heures", "/entraide", "/discussions/salons", "/annuaire"])
def test_the_main_pages_ask_how_it_works_in_words(make: Make, sign_in: SignIn, path: str) -> None:
    main = sign_in(make.member(make.site())).get(path).text.partition("<main")[2]
    assert re.search(r'class="sm backlink" href="/aide/[a-z-]+"', main)


def test_the_account_menu_leads_to_the_guide(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.member(make.site(), role="guest")).get("/").text
    assert page.count('class="account__link" href="/aide"') == 2


def test_the_address_of_a_chapter_is_shown_by_its_title(make: Make, sign_in: SignIn) -> None:
    reader = sign_in(make.member(make.site()))
    told = reader.get("/liens/titres?a=/aide/vos-heures&a=/aide/nulle-part").json
    assert told == {"/aide/vos-heures": {"title": "Vos heures", "kind": "Aide"}}
