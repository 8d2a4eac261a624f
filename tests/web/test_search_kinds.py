"""One kind only: «in:…» in the search over everything and in its palette."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories_members import a_firm
from tests.web.test_search import full_of, kinds

if TYPE_CHECKING:
    from tests.factories import Make

SignIn = Any


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("in:membres giraf", "members"),
        ("giraf dans:personnes", "members"),
        ("in:Compét giraf", "skills"),
        ("in:entraide giraf", "help"),
        ("in:firms giraf", "firms"),
    ],
)
def test_a_kind_that_is_named_is_the_only_one(
    make: Make, sign_in: SignIn, text: str, kind: str
) -> None:
    _, ada = full_of(make, "Girafe")
    reader = sign_in(ada)
    page = reader.get("/recherche", query_string={"q": text}).text
    assert kinds(page) == {kind}
    assert "<mark>Girafe</mark>" in page
    quick = reader.get("/recherche/vite", query_string={"q": text}).text
    assert quick.count('role="group"') == 1
    assert f'id="hit-{kind}-1"' in quick


def test_a_firm_found_by_its_words_shows_where_they_stand(make: Make, sign_in: SignIn) -> None:
    _, ada = full_of(make, "Girafe")
    a_firm(make, ada, "Copeaux", about="Nous restaurons des fauteuils anciens.")
    page = sign_in(ada).get("/recherche?q=fauteuils&kind=firms").text
    assert "Copeaux" in page
    assert "<mark>fauteuils</mark> anciens" in page


def test_what_names_no_kind_is_looked_for(make: Make, sign_in: SignIn) -> None:
    _, ada = full_of(make, "Girafe")
    page = sign_in(ada).get("/recherche?q=in:nulle giraf").text
    assert kinds(page) == set()
    assert "Rien trouvé" in page


def test_a_kind_that_is_not_for_the_reader_is_none(make: Make, sign_in: SignIn) -> None:
    lyon, _ = full_of(make, "Girafe")
    guest = sign_in(make.member(lyon, role="guest"))
    assert "firms" not in kinds(guest.get("/recherche?q=in:firms giraf").text)
