"""What our own addresses are called: for readers who may open them, in both languages, in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import commands
from incubator.domain.help.writing import THREAD, write
from incubator.edge.pages import ENGLISH
from incubator.edge.state import state_of
from incubator.kernel.db import db, transaction
from incubator.network.accounts import rights
from incubator.network.members.models import Member
from tests import factories_care as care
from tests import factories_circles as circles
from tests import factories_help as h
from tests import factories_members as of_members

if TYPE_CHECKING:
    from flask import Flask

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

SignIn = Any
PATH = "/liens/titres"


def readable(browser: Any, *addresses: str) -> dict[str, str]:
    """The titles that a reader gets."""
    told = browser.get(PATH, query_string={"a": addresses}).json
    return {address: each["title"] for address, each in told.items()}


def at(question: Question) -> str:
    """Where a thread is read."""
    return f"/entraide/{question.id}-{question.slug}"


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def ada(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Ada Blin")


def test_a_thread_is_named_by_each_of_its_addresses(
    make: Make, sign_in: SignIn, ada: Account
) -> None:
    asked, browser = h.question(make, ada, title="Qui relit un bail ?"), sign_in(ada)
    places = [
        at(asked),
        f"/help/{asked.id}-{asked.slug}",
        f"/entraide/{asked.id}",
        f"/help/{asked.id}",
        f"/entraide/{asked.id}-un-ancien-titre",
        f"{at(asked)}?after=x#answer-3",
        f"http://localhost{at(asked)}",
    ]
    assert readable(browser, *places) == dict.fromkeys(places, "Qui relit un bail ?")
    told = browser.get("/links/titles", query_string={"a": places[0]}).json
    assert told == {places[0]: {"title": "Qui relit un bail ?", "kind": "Fil d’entraide"}}


def test_what_leads_elsewhere_or_nowhere_has_no_title(
    make: Make, sign_in: SignIn, ada: Account
) -> None:
    place = at(h.question(make, ada))
    foreign = (
        f"https://ailleurs.example{place}",
        f"//ailleurs.example{place}",
        f"http://localhost.ailleurs.example{place}",
        f"http://localhost@ailleurs.example{place}",
        f"/\\ailleurs.example{place}",
        f"{place}/",
        f"{place}/modifier",
        f"{place}#{'x' * 400}",
        "/entraide/999999",
        f"/entraide/{10**30}-x",
        "/entraide",
        "http://[",
        "javascript:alert(1)",
        "",
    )
    assert readable(sign_in(ada), *foreign) == {}


def test_a_thread_is_named_for_its_readers_alone(
    make: Make, sign_in: SignIn, lyon: Site, ada: Account
) -> None:
    leo, guest = make.member(make.site("Lille")), make.member(lyon, role="guest")
    friend, away = make.member(lyon), make.member(lyon)
    circle = circles.circle(make, ada, friend)
    whole = at(h.question(make, ada))
    local = at(h.question(make, ada, audience="site"))
    inner = at(h.question(make, ada, audience=f"circle:{circle.id}"))
    hidden, removed = h.question(make, ada), h.question(make, ada)
    care.hide(make, make.member(lyon, role="manager"), hidden)
    with transaction():
        commands.remove_question(make.actor(ada), removed.id, now=make.now)
    places = (whole, local, inner, at(hidden), at(removed))
    assert {*readable(sign_in(friend), *places)} == {whole, local, inner}
    assert {*readable(sign_in(away), *places)} == {whole, local}
    assert {*readable(sign_in(leo), *places)} == {whole}
    assert {*readable(sign_in(guest), *places)} == {whole}
    circles.left(make, friend, circle)
    assert {*readable(sign_in(friend), *places)} == {whole, local}


def test_members_firms_and_sites_are_named_to_who_may_open_their_pages(
    make: Make, sign_in: SignIn, lyon: Site, ada: Account
) -> None:
    boss, guest = make.member(role="administrator"), make.member(lyon, role="guest")
    gone = make.member(lyon, name="Paul Vasseur")
    firm = of_members.a_firm(make, ada, "Atelier Nord")
    with transaction():
        rights.deactivate(make.actor(boss), member_id=gone.id, now=make.now)
    slug, left = make.actor(ada).slug, db.session.get_one(Member, gone.id).slug
    people = (f"/annuaire/{slug}", f"/directory/{slug}")
    firms = (f"/entreprises/{firm.slug}", f"/firms/{firm.slug}")
    place = f"/sites/{lyon.slug}"
    places = (*people, f"/annuaire/{left}", *firms, place, "/annuaire/x", "/firms/x", "/sites/x")
    shown = dict.fromkeys(people, "Ada Blin") | {place: "Lyon"}
    assert readable(sign_in(guest), *places) == shown
    assert readable(sign_in(ada), *places) == shown | dict.fromkeys(firms, "Atelier Nord")
    assert readable(sign_in(boss), *places)[f"/annuaire/{left}"] == "Paul Vasseur"


def test_visitors_are_told_nothing(make: Make, client: Any, ada: Account) -> None:
    place = at(h.question(make, ada))
    answer = client.get(PATH, query_string={"a": place})
    assert (answer.status_code, answer.is_json) == (302, False)


def test_many_addresses_cost_as_much_as_one_and_twenty_are_looked_up(
    make: Make, sign_in: SignIn, ada: Account, count_queries: Any
) -> None:
    term = h.skill(make)
    places = [at(h.question(make, ada, term)) for _number in range(25)]
    browser = sign_in(ada)
    browser.get(PATH)
    with count_queries() as few:
        assert len(readable(browser, places[0])) == 1
    with count_queries() as many:
        assert {*readable(browser, *places[:1] * 30, *places)} == {*places[:20]}
    assert len(many) == len(few) <= 4


def test_every_page_with_a_title_is_one_of_ours(app: Flask) -> None:
    state = state_of(app)
    pages = {rule.endpoint.removesuffix(ENGLISH) for rule in app.url_map.iter_rules()}
    assert {"help.show", "members.show", "firms.show", "sites.show"} < state.titles.keys() <= pages


def test_the_path_of_a_thread_in_a_text_is_a_link_that_says_no_more(
    make: Make, sign_in: SignIn, ada: Account
) -> None:
    asked = h.question(make, ada, title="Qui relit un bail ?")
    html = write(f"Voir {at(asked)}, /help/99-x et /entraide/poser").html
    assert f'href="{at(asked)}"' in html
    assert f">{at(asked)}</a>, " in html
    assert ">/help/99-x</a> et /entraide/poser" in html
    assert "relit un bail" not in html
    assert sign_in(ada).get(at(asked)).text.count("data-titles=") == 1


def test_the_paths_drawn_as_links_are_those_of_threads(app: Flask) -> None:
    real = {rule.endpoint: rule.rule.partition("<")[0] for rule in app.url_map.iter_rules()}
    for endpoint in ("help.by_id", "help.by_id__en", "help.show", "help.show__en"):
        assert THREAD.fullmatch(f"{real[endpoint]}12-x")
