"""Pages to find and follow threads, their feeds, and the links in letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import follows
from incubator.domain.help.opened import opened
from incubator.domain.help.stop_links import Stop
from incubator.kernel.db import transaction
from tests import factories_help as h
from tests.kernel.test_atom import ATOM, parsed
from tests.web.test_help import address, unmarked

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.testing import FlaskClient

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any


@pytest.fixture
def asker(make: Make, frozen: datetime) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


@pytest.fixture
def reader(make: Make, asker: Account) -> Account:
    return make.member(make.site("Lille"), name="Léo Blin")


def test_typed_filters_become_the_choices_of_the_form(
    make: Make, sign_in: SignIn, asker: Account, reader: Account
) -> None:
    term = h.skill(make, "Droit")
    h.question(make, asker, term, title="Étiquette de savon à relire")
    h.question(make, reader, title="Étiquette de miel à relire")
    path = "/entraide?q=site:lyon+compétence:droit+est:ouverte+de:camille+étiquettes"
    page = sign_in(reader).get(path).text
    assert "Étiquette de savon" in unmarked(page)
    assert "Étiquette de miel" not in unmarked(page)
    assert "<mark>Étiquette</mark>" in page
    assert 'name="q" type="search" value="étiquettes"' in page
    assert re.search(rf'value="{term.slug}" selected', page)
    assert 'name="from" value="camille"' in page


def test_each_choice_can_be_dropped_and_pages_keep_them_all(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    term = h.skill(make, "Droit")
    for number in range(22):
        h.question(make, asker, term, title=f"Étiquette numéro {number}")
    browser = sign_in(asker)
    page = browser.get(f"/entraide?q=étiquette&skill={term.slug}&sort=oldest").text
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after
    second = unmarked(browser.get(after[1].replace("&amp;", "&")).text)
    assert "Étiquette numéro 21" in second
    assert "Étiquette numéro 0<" not in second
    dropped = re.search(r'<a class="tag tag--line" href="([^"]+)">Droit', page)
    assert dropped
    assert "skill" not in dropped[1]


def test_a_typing_error_is_read_as_what_was_meant_and_can_be_meant(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    h.question(make, asker, title="Étiquette de savon à relire")
    browser = sign_in(asker)
    assert "Étiquette de savon" in unmarked(browser.get("/entraide?q=etiqeutte").text)
    assert "Aucun fil de ce genre" in browser.get("/entraide?q=etiqeutte&exact=1").text


@pytest.mark.parametrize(("view", "words"), [("followed", "aucun fil"), ("saved", "Garder")])
def test_empty_queues_say_how_to_fill_them(
    sign_in: SignIn, asker: Account, view: str, words: str
) -> None:
    assert words in sign_in(asker).get(f"/entraide?view={view}").text


def test_similar_threads_are_a_part_of_a_page(make: Make, sign_in: SignIn, asker: Account) -> None:
    solved = h.question(make, asker, title="Relancer un client qui ne paie pas")
    h.accept(make, asker, h.answer(make, asker, solved, body="Appelez-le d’abord."))
    browser = sign_in(asker)
    page = browser.get("/entraide/semblables?title=Un+client+à+relancer").text
    assert "Appelez-le d’abord." in unmarked(page)
    assert "<mark>client</mark>" in page
    assert "Personne ne l’a encore demandé" in browser.get("/help/similar?title=zzz").text
    assert 'data-similar="/entraide/semblables"' in browser.get("/entraide/demander").text


def test_a_thread_is_followed_and_kept_with_one_button_each(
    make: Make, sign_in: SignIn, asker: Account, reader: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(reader)
    path = f"/entraide/{asked.id}"
    for act, sign in (
        ("suivre", "Ne plus suivre"),
        ("ne-plus-suivre", "Suivre ce fil"),
        ("garder", "Ne plus garder"),
        ("ne-plus-garder", "Garder"),
    ):
        assert browser.post(f"{path}/{act}").status_code == 303
        assert sign in browser.get(address(asked)).text


def test_news_of_a_followed_thread_are_marked_until_it_is_opened(
    make: Make, sign_in: SignIn, asker: Account, reader: Account
) -> None:
    asked = h.question(make, asker)
    h.answer(make, reader, asked)
    browser = sign_in(asker)
    assert "à voir</span>" in browser.get("/entraide?view=followed").text
    browser.get(address(asked), headers={"Sec-Purpose": "prefetch"})
    assert "à voir</span>" in browser.get("/entraide?view=followed").text
    browser.get(address(asked))
    assert "à voir</span>" not in browser.get("/entraide?view=followed").text


def test_skills_and_sites_are_followed_from_their_lists(
    make: Make, sign_in: SignIn, asker: Account, reader: Account
) -> None:
    term, site = h.skill(make, "Droit"), make.actor(asker).home_site_id
    browser = sign_in(reader)
    assert "Aucune pour l’instant" in browser.get("/entraide/suivis").text
    for path in (f"competences/{term.id}", f"sites/{site}"):
        assert browser.post(f"/entraide/{path}/suivre").status_code == 303
    page = browser.get("/entraide/suivis").text
    assert "Droit" in page
    assert "Lyon" in page
    listed = browser.get(f"/entraide?skill={term.slug}&q=site:lyon").text
    assert "Ne plus suivre cette compétence" in listed
    assert "Ne plus suivre ce site" in listed
    for path in (f"competences/{term.id}", f"sites/{site}"):
        browser.post(f"/entraide/{path}/ne-plus-suivre")
    assert "Droit" not in browser.get("/entraide/suivis").text


def made(browser: FlaskClient, path: str) -> str:
    """The path of a feed's address, made by a form and shown this once."""
    assert browser.get(path).status_code == 200
    shown = re.search(r'value="https?://[^/]+(/[^"]+\.atom)"', browser.post(path).text)
    assert shown
    return shown[1]


def titles(answer: Any) -> list[str]:
    """The titles of the entries of a feed."""
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return [
        str(entry.findtext(f"{ATOM}title")) for entry in parsed(answer.text).findall(f"{ATOM}entry")
    ]


def test_a_feed_holds_what_its_owner_would_find_today(
    make: Make, sign_in: SignIn, client: FlaskClient, asker: Account, reader: Account
) -> None:
    h.question(make, asker, title="Étiquette de <savon> & co")
    h.question(make, asker, title="Étiquette pour la cour", audience="site")
    h.question(make, asker, title="Un tout autre sujet")
    feed = made(sign_in(reader), "/entraide/fil?q=étiquettes")
    assert titles(client.get(feed)) == ["Étiquette de <savon> & co"]
    own = made(sign_in(asker), "/entraide/fil?view=all&sort=oldest")
    assert len(titles(client.get(own))) == 3


def test_a_feed_of_a_thread_ends_when_it_is_taken_back(
    make: Make, sign_in: SignIn, client: FlaskClient, asker: Account, reader: Account
) -> None:
    asked = h.question(make, asker)
    h.answer(make, reader, asked, body="Par **courriel**.")
    browser = sign_in(reader)
    feed = made(browser, f"/entraide/{asked.id}/fil")
    answer = client.get(feed)
    assert titles(answer) == ["Réponse donnée par Léo Blin", asked.title]
    assert "&lt;strong&gt;courriel&lt;/strong&gt;" in answer.text
    assert client.get(feed).headers["Cache-Control"].startswith("private")
    page = browser.get("/entraide/suivis").text
    revoke = re.search(r'action="(/entraide/fils/\d+/retirer)"', page)
    assert revoke
    assert sign_in(asker).post(revoke[1]).status_code == 404
    browser.post(revoke[1])
    assert client.get(feed).status_code == 404


def test_a_link_in_a_letter_stops_it_without_signing_in(
    make: Make, client: FlaskClient, asker: Account
) -> None:
    asked, term = h.question(make, asker), h.skill(make)
    home = make.actor(asker).home_site_id
    assert home
    with transaction():
        follows.follow_skill(make.actor(asker), term.id, now=make.now)
        follows.follow_site(make.actor(asker), home, now=make.now)

    def followed() -> list[bool]:
        return [
            opened(make.actor(asker), asked.id).kept.followed,
            follows.follows_skill(asker.id, term.id),
            follows.follows_site(asker.id, home),
        ]

    left = 3
    for kind, id_ in (("thread", asked.id), ("skill", term.id), ("site", home)):
        token = Stop(asker.id, kind, id_).token(make.settings.secret_key)
        path = f"/entraide/ne-plus-ecrire/{token}"
        assert "Plus d’e-mails" in client.get(path).text
        assert sum(followed()) == left
        assert "C’est fait." in client.post(path).text
        left -= 1
        assert sum(followed()) == left
    assert client.get("/entraide/ne-plus-ecrire/1-thread-1-x").status_code == 404


def test_a_search_costs_the_same_for_one_and_twenty_threads(
    make: Make, sign_in: SignIn, asker: Account, count_queries: Callable[[], Any]
) -> None:
    def ask() -> Question:
        return h.question(make, asker, term, title="Étiquette de savon à relire")

    browser, term = sign_in(asker), h.skill(make)
    costs: dict[str, list[int]] = {}
    for number in (1, 19):
        for _ in range(number):
            h.answer(make, asker, ask())
        for path in ("/entraide?q=étiquettes", "/entraide/semblables?title=Étiquette+du+savon"):
            browser.get(path)
            with count_queries() as seen:
                browser.get(path)
            costs.setdefault(path, []).append(len(seen))
    for (one, many), most in zip(costs.values(), (16, 8), strict=True):
        assert one == many <= most
