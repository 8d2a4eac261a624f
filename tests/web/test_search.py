"""The search over everything: what each finds there, what stays hidden, what a failure leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from incubator.edge.state import state_of
from tests import factories_chat as chat
from tests import factories_help as help_
from tests.factories_members import a_firm, offers
from tests.factories_notices import a_document

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

SignIn = Any
KINDS = {"members", "firms", "skills", "help", "messages", "documents", "sites", "guide", "pages"}
# What there is to find whatever the network holds.
ALWAYS = {"guide", "pages"}


def full_of(make: Make, word: str) -> tuple[Site, Account]:
    """A site where everything is called by one word, and who lives there."""
    lyon = make.site(word)
    ada = make.member(lyon, name=f"Ada {word}")
    skill = help_.skill(make, f"{word} fine")
    offers(ada, skill)
    a_firm(make, ada, f"Atelier {word}")
    help_.question(make, ada, skill, title=f"Où trouver {word} à bon prix")
    chat.rooms(make)
    chat.sit(make, ada)
    chat.say(make, ada, chat.topic(make, ada, "Vélos").id, f"J’ai vu {word} ce matin")
    a_document(make, make.member(lyon, role="manager"), lyon, title=f"Guide {word}")
    return lyon, ada


def kinds(page: str) -> set[str]:
    return {kind for kind in KINDS if f'id="kind-{kind}"' in page}


def test_one_word_finds_every_kind_and_leads_there(make: Make, sign_in: SignIn) -> None:
    _, ada = full_of(make, "Girafe")
    reader = sign_in(ada)
    page = reader.get("/recherche?q=giraf").text
    assert kinds(page) == KINDS - ALWAYS
    assert "<mark>Girafe</mark>" in page
    for address in ("/annuaire/ada-girafe", "/entreprises/atelier-girafe", "/entraide?q=giraf"):
        assert f'href="{address}' in page
    assert kinds(reader.get("/recherche?q=annuaire").text) == ALWAYS
    alone = reader.get("/recherche?q=giraf&kind=firms").text
    assert kinds(alone) == {"firms"}
    assert 'value="firms"' in alone


def test_what_a_reader_may_not_open_is_not_found(make: Make, sign_in: SignIn) -> None:
    lyon, ada = full_of(make, "Girafe")
    leo = make.member(lyon, name="Léo Roy")
    chat.sit(make, leo)
    aside = chat.direct(make, ada, leo)
    chat.say(make, ada, aside.id, "Girafe entre nous")
    stranger, guest = make.member(make.site("Lille")), make.member(lyon, role="guest")
    for place in ("/recherche", "/recherche/vite"):
        between = sign_in(leo).get(f"{place}?q=girafe").text
        outside = sign_in(stranger).get(f"{place}?q=girafe").text
        visiting = sign_in(guest).get(f"{place}?q=girafe").text
        assert ("entre nous" in between, "entre nous" in outside) == (True, False)
        assert ("Guide" in between, "Guide" in outside, "Guide" in visiting) == (True, False, False)
        assert "/annuaire/ada-girafe" not in visiting
        assert "/entreprises/" not in visiting


@pytest.mark.parametrize("text", ["", "   ", "!!!", '"(', "%_", "a" * 5000, "AND OR NOT", "🦒"])
def test_nonsense_is_answered_and_kept(make: Make, sign_in: SignIn, text: str) -> None:
    reader = sign_in(make.member(make.site()))
    for place in ("/recherche", "/recherche/vite"):
        page = reader.get(place, query_string={"q": text})
        assert page.status_code == 200
        # A line of the menu may begin so: «not» is the beginning of «Notifications».
        assert not kinds(page.text) - ALWAYS
    if text.isascii() and text.isprintable() and len(text) < 200:
        kept = reader.get("/recherche", query_string={"q": text}).text
        assert 'type="search" value="' in kept


def test_a_word_longer_than_any_finds_nobody_in_the_directory(make: Make, sign_in: SignIn) -> None:
    ada = make.member(make.site(), name="Ada Blin")
    assert "Ada Blin" not in shown(sign_in(ada).get("/annuaire?q=" + "a" * 100).text)


def shown(page: str) -> str:
    """The cards of a page of the directory."""
    return page.partition("<main")[2]


def test_an_unknown_kind_is_every_kind(make: Make, sign_in: SignIn) -> None:
    _, ada = full_of(make, "Girafe")
    assert kinds(sign_in(ada).get("/recherche?q=girafe&kind=zebra").text) == KINDS - ALWAYS


def test_a_kind_that_fails_spoils_no_other(app: Flask, make: Make, sign_in: SignIn) -> None:
    _, ada = full_of(make, "Girafe")

    def broken(*_asked: object) -> Any:
        msg = "broken"
        raise RuntimeError(msg)

    sources = state_of(app).search_sources
    at = next(n for n, each in enumerate(sources) if each.key == "firms")
    whole, sources[at] = sources[at], replace(sources[at], find=broken)
    try:
        page = sign_in(ada).get("/recherche?q=girafe").text
    finally:
        sources[at] = whole
    assert "n’a pas répondu" in page
    assert kinds(page) == KINDS - ALWAYS
    assert "/annuaire/ada-girafe" in page
    assert "broken" not in page


def test_a_search_costs_the_same_however_much_is_found(
    make: Make, sign_in: SignIn, count_queries: Any
) -> None:
    lyon, ada = full_of(make, "Girafe")
    reader = sign_in(ada)
    reader.get("/recherche?q=girafe")
    with count_queries() as few:
        reader.get("/recherche?q=girafe")
    for number in range(6):
        other = make.member(lyon, name=f"Zoé Girafe {number}")
        a_firm(make, other, f"Girafe {number}")
        help_.question(make, other, title=f"Girafe numéro {number}")
    reader.get("/recherche?q=girafe")
    with count_queries() as many:
        reader.get("/recherche?q=girafe")
    assert len(many) <= len(few) + 2
    assert len(few) < 60


def test_the_palette_is_a_page_of_its_own_and_in_both_languages(
    make: Make, sign_in: SignIn
) -> None:
    reader = sign_in(make.member(make.site()))
    assert 'role="combobox"' in reader.get("/recherche/palette").text
    reader.post("/preferences", data={"language": "en"})
    assert "Search everywhere" in reader.get("/search/palette").text
