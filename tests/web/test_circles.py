"""The pages of circles."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.help import lists
from incubator.kernel.db import db
from incubator.network.members.circle_models import Circle
from tests import factories_help as h
from tests.factories_circles import circle, invited, joined
from tests.web.test_help import address, filled

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any


@pytest.fixture
def ada(make: Make, frozen: datetime) -> Account:
    return make.member(make.site("Lyon"), name="Ada Blum")


@pytest.fixture
def leo(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Léo Roy")


def test_a_circle_is_opened_and_a_member_invited_who_asks_in_it(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    browser, other = sign_in(ada), sign_in(leo)
    form = {"name": "Export", "description": "Vendre loin", "joining": "invitation"}
    form |= {"site": "network", "once": uuid.uuid4().hex}
    assert browser.post("/cercles/nouveau", data=form).location == "/cercles/export"
    assert other.get("/cercles/export").status_code == 404
    assert "Vendre loin" not in other.get("/cercles").text
    browser.post("/cercles/export/inviter", data={"who": "leo roy"})
    assert "une invitation pour vous" in other.get("/cercles").text
    assert other.post("/cercles/export/rejoindre").status_code == 303
    assert "Léo Roy" in browser.get("/cercles/export").text
    made = db.session.scalars(select(Circle)).one()
    page = other.get(f"/entraide/demander?circle={made.id}").text
    assert "Mon cercle Export" in page
    term = h.skill(make)
    sent = other.post(
        "/entraide/demander", data=filled(audience=f"circle:{made.id}", skills=[term.id])
    )
    assert sent.status_code == 303
    assert "cercle Export" in browser.get(sent.location).text
    assert "cercle Export" in browser.get("/entraide?view=all").text
    third = sign_in(make.member(make.site("Dakar")))
    assert third.get(sent.location).status_code == 404
    assert "factures électroniques" not in third.get("/entraide?view=all").text
    refused = third.post(
        "/entraide/demander", data=filled(audience=f"circle:{made.id}", skills=[term.id])
    )
    assert refused.status_code == 422


def test_a_listed_circle_is_asked_for_and_its_people_are_for_those_inside(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    made = circle(make, ada)
    browser, own = sign_in(leo), sign_in(ada)
    assert "Ada Blum" not in browser.get("/cercles/export").text
    browser.post("/cercles/export/rejoindre")
    assert "demande à entrer" in own.get("/cercles/export").text
    own.post(f"/cercles/export/membres/{leo.id}/admettre")
    assert "Ada Blum" in browser.get("/cercles/export").text
    own.post(f"/cercles/export/membres/{leo.id}/responsable")
    assert browser.get("/cercles/export/modifier").status_code == 200
    own.post(f"/cercles/export/membres/{leo.id}/simple-membre")
    assert browser.get("/cercles/export/modifier").status_code == 403
    own.post(f"/cercles/export/membres/{leo.id}/retirer")
    assert "Ada Blum" not in browser.get("/cercles/export").text
    own.post("/cercles/export/fermer")
    assert browser.get("/cercles/export").status_code == 404
    assert "Ce cercle est fermé" in own.get("/cercles/export").text
    assert made.slug == "export"


@pytest.mark.parametrize(
    ("change", "sorry"),
    [
        ({"name": " "}, "Donnez au cercle un nom de 2 à 60 caractères."),
        ({"description": "x" * 501}, "Gardez un texte de moins de 500 caractères."),
        ({"joining": "x"}, "field--error"),
        ({"site": "x"}, "field--error"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    sign_in: SignIn, ada: Account, change: dict[str, str], sorry: str
) -> None:
    form = {"name": "Export", "joining": "request", "site": "network", **change}
    page = sign_in(ada).post("/cercles/nouveau", data=form)
    assert page.status_code == 422
    assert "field--error" in page.text
    assert sorry in page.text


def test_somebody_who_is_not_found_is_not_invited(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    circle(make, ada)
    for _ in range(2):
        make.member(make.site("Nice"), name="Jean Petit")
    browser = sign_in(ada)
    for who, sorry in (("Personne", "Ce membre n’existe pas"), ("Jean Petit", "Plusieurs membres")):
        page = browser.post("/cercles/export/inviter", data={"who": who})
        assert page.status_code == 422
        assert sorry in page.text
        assert f'value="{who}"' in page.text
    slug = make.actor(leo).slug
    browser.post("/cercles/export/inviter", data={"who": f"https://x.example/annuaire/{slug}"})
    assert "Léo Roy" in browser.get("/cercles/export").text


def test_lists_cost_the_same_for_any_number_of_circles(
    make: Make, sign_in: SignIn, ada: Account, leo: Account, count_queries: Callable[[], Any]
) -> None:
    browser, costs = sign_in(ada), []
    for number in (1, 6):
        for _ in range(number):
            invited(make, leo, circle(make, leo), ada)
            joined(make, leo, circle(make, ada))
        with count_queries() as seen:
            assert "Export" in browser.get("/cercles").text
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_a_circle_thread_is_no_announcement(make: Make, sign_in: SignIn, ada: Account) -> None:
    boss, made = make.member(role="administrator"), circle(make, ada)
    asked = h.question(make, ada, audience=f"circle:{made.id}")
    browser = sign_in(boss)
    assert browser.get(address(asked)).status_code == 200
    assert f"thread={asked.id}" not in browser.get(address(asked)).text
    assert asked.title not in browser.get(f"/annonces/nouveau?thread={asked.id}").text


def test_a_circle_shows_what_was_asked_in_it_to_who_is_in_it(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    made, other = circle(make, ada), circle(make, ada, name="Douane")
    browser, outside = sign_in(ada), sign_in(leo)
    empty = browser.get("/cercles/export").text
    assert "Rien n’a encore été demandé ici" in empty
    h.question(make, ada, title="Demandé à tout le réseau")
    h.question(make, ada, title="Demandé ailleurs", audience=f"circle:{other.id}")
    h.question(make, ada, title="Demandé au cercle", audience=f"circle:{made.id}")
    solved = h.question(make, ada, title="Déjà résolu au cercle", audience=f"circle:{made.id}")
    h.accept(make, ada, h.answer(make, ada, solved))
    page = browser.get("/cercles/export").text
    assert "Demandé au cercle" in page
    assert "Déjà résolu au cercle" in page
    assert "Demandé à tout" not in page
    assert "Demandé ailleurs" not in page
    seen = outside.get("/cercles/export")
    assert seen.status_code == 200
    assert "au cercle" not in seen.text
    assert "Demandé dans ce cercle" not in seen.text
    boss = sign_in(make.member(role="administrator"))
    assert "Demandé au cercle" in boss.get("/cercles/export").text


def test_the_questions_of_a_circle_are_in_pages_at_one_cost(
    make: Make, sign_in: SignIn, ada: Account, leo: Account, count_queries: Callable[[], Any]
) -> None:
    made = circle(make, ada, leo)
    browser, costs = sign_in(leo), []
    for number in (1, lists.PAGE_SIZE):
        for _ in range(number):
            at = make.now + timedelta(minutes=len(costs))
            h.question(make, ada, audience=f"circle:{made.id}", now=at)
        with count_queries() as seen:
            page = browser.get("/cercles/export").text
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert page.count('class="thread"') == lists.PAGE_SIZE
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further
    rest = browser.get(further[1].replace("&amp;", "&")).text
    assert rest.count('class="thread"') == 1
    assert 'rel="prev"' in rest
