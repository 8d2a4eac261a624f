"""The guide in the search over everything: stems, accents, extracts, and who finds what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.test_guide import english

if TYPE_CHECKING:
    from tests.factories import Make

SignIn = Any


def guide_finds(reader: Any, text: str) -> list[tuple[str, str]]:
    """The addresses and the marked lines of what the guide has for a text."""
    place = "/search" if "/guide" in reader.get("/").text else "/recherche"
    page = reader.get(place, query_string={"q": text, "kind": "guide"}).text
    return re.findall(r'<a class="hit" href="([^"]+)">(.*?)</a>', page)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("declarer des heures", "/aide/vos-heures#hours-declare"),
        ("déclaration heure", "/aide/vos-heures#hours-declare"),
        ("comment déclarer mes heures", "/aide/vos-heures#hours-declare"),
        ("BROUILLONS", "/aide/l-entraide#help-drafts"),
        ("signaler", "/aide/signaler-ce-qui-ne-va-pas"),
        ("mot de pas", "/aide/entrer"),
        ("cloche", "/aide/etre-prevenu#bell"),
    ],
)
def test_a_question_finds_the_part_that_answers(
    make: Make, sign_in: SignIn, text: str, address: str
) -> None:
    found = guide_finds(sign_in(make.member(make.site())), text)
    assert address in [where for where, _line in found[:4]]
    assert all("<mark>" in line for _where, line in found)


def test_the_guide_answers_in_the_readers_language(make: Make, sign_in: SignIn) -> None:
    reader = english(sign_in(make.member(make.site())))
    found = guide_finds(reader, "declaring hours")
    assert found[0][0] == "/guide/your-hours#hours-declare"
    assert all(where.startswith("/guide/") for where, _line in found)


def test_a_title_comes_before_what_is_said_in_passing(make: Make, sign_in: SignIn) -> None:
    found = guide_finds(sign_in(make.member(make.site())), "créneaux")
    assert found[0][0] == "/aide/les-creneaux"
    assert len(found) > 2


def test_chapters_of_managers_are_found_by_those_who_manage(make: Make, sign_in: SignIn) -> None:
    site = make.site()
    found = {
        role: guide_finds(sign_in(make.member(site, role=role)), "annoncer une fermeture")
        for role in ("resident", "manager")
    }
    place = "/aide/annoncer-une-fermeture"
    assert place in [where for where, _line in found["manager"]]
    assert place not in [where for where, _line in found["resident"]]


@pytest.mark.parametrize("text", ["in:aide cloche", "cloche dans:guide", "in:guide cloche"])
def test_the_guide_can_be_named_as_the_one_kind(make: Make, sign_in: SignIn, text: str) -> None:
    reader = sign_in(make.member(make.site()))
    quick = reader.get("/recherche/vite", query_string={"q": text}).text
    assert 'data-kind="guide" data-plain="cloche"' in quick
    assert 'id="hit-guide-1"' in quick
    assert quick.count('role="group"') == 1


def test_a_chip_asks_for_one_kind_and_words_go_before_it(make: Make, sign_in: SignIn) -> None:
    reader = sign_in(make.member(make.site()))
    chip = reader.get("/recherche/vite?q=annuaire&kind=pages").text
    assert 'data-kind="pages"' in chip
    assert "hit-guide" not in chip
    assert "kind=pages" in chip.partition('id="hit-all"')[2]
    words = reader.get("/recherche/vite?q=in:aide annuaire&kind=pages").text
    assert 'data-kind="guide"' in words
    unknown = reader.get("/recherche/vite?q=annuaire&kind=zebra").text
    assert 'data-kind=""' in unknown


def test_the_palette_has_a_chip_for_each_kind_of_the_reader(make: Make, sign_in: SignIn) -> None:
    site = make.site()
    member = sign_in(make.member(site)).get("/recherche/palette").text
    guest = sign_in(make.member(site, role="guest")).get("/recherche/palette").text
    assert member.count("aria-pressed=") == 11
    assert 'data-kind="firms"' in member
    assert 'data-kind="firms"' not in guest
    assert 'data-kind="guide"' in guest
