"""Pages of routing: what is asked of the reader, what they do with it, how often they want it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.help.routing.models import Asking
from incubator.kernel.db import as_of, db, transaction
from incubator.network.members.audiences import set_audience
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.network.accounts.models import Account
    from incubator.network.members.models import Skill
    from tests.factories import Make

SignIn = Any
WHY = "On compte sur vous parce que vous proposez Comptabilité (à l’aise)."


@pytest.fixture(autouse=True)
def _present(frozen: datetime) -> Iterator[None]:
    with as_of(frozen):
        yield


@pytest.fixture
def asker(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


@pytest.fixture
def term(make: Make) -> Skill:
    return h.skill(make, "Comptabilité")


@pytest.fixture
def helper(make: Make, term: Skill) -> Account:
    return r.offers(make.member(make.site("Nantes"), name="Léo Blin"), term)


def test_the_first_page_and_the_list_say_what_is_asked_and_why(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn
) -> None:
    browser = sign_in(helper)
    assert (
        'id="asked" data-asked data-news="/entraide/sollicitations" hidden' in browser.get("/").text
    )
    question = h.question(make, asker, term)
    for path in ("/", "/entraide", "/entraide/sollicitations"):
        page = browser.get(path).text
        assert WHY in page, path
        assert f"/entraide/{question.id}-{question.slug}#reply" in page
        assert page.count(f'action="/entraide/{question.id}/pas-moi"') == 1
    # In the list it stands above, and not again below.
    assert browser.get("/entraide?view=for_me").text.count("Comment relancer un client") == 1
    elsewhere = browser.get("/entraide?view=open").text
    assert WHY not in elsewhere
    assert "1 question compte sur vous" in elsewhere


def test_the_thread_tells_its_helper_why_and_its_asker_how_far_it_is(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn
) -> None:
    question = h.question(make, asker, term)
    path = f"/entraide/{question.id}-{question.slug}"
    assert WHY in sign_in(helper).get(path).text
    mine = sign_in(asker).get(path).text
    assert "1 membre sollicité." in mine
    assert re.search(r"les responsables de votre site l’apprennent le 13 nov\. à 10\sh\s41", mine)
    assert "Léo Blin" not in mine.split('id="thread-rail"')[0]
    stranger = sign_in(make.member(make.site())).get(path).text
    assert 'id="routing"' not in stranger
    assert 'id="asked-here"' not in stranger


def test_not_me_takes_it_off_the_page_and_tells_nobody(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn
) -> None:
    question, browser = h.question(make, asker, term), sign_in(helper)
    assert WHY in browser.get(f"/entraide/{question.id}/pas-moi").text
    done = browser.post(f"/entraide/{question.id}/pas-moi", follow_redirects=True)
    assert "personne n’en saura rien" in done.text
    assert WHY not in browser.get("/").text
    assert (
        "1 membre sollicité." in sign_in(asker).get(f"/entraide/{question.id}-{question.slug}").text
    )
    assert "ne vous attend plus" in browser.get(f"/entraide/{question.id}/pas-moi").text
    assert "ne vous attend plus" in browser.get(f"/entraide/{question.id}/plutot").text


def test_rather_somebody_else_among_those_proposed(
    make: Make, asker: Account, term: Skill, sign_in: SignIn
) -> None:
    nantes = make.site("Nantes")
    seven = [r.offers(make.member(nantes, name=f"Zoé Blin {n}"), term) for n in range(7)]
    question = h.question(make, asker, term)
    first, *_others = [each for each in seven if each.id in r.asked(question)]
    page = sign_in(first).get(f"/entraide/{question.id}/plutot").text
    proposed = [int(number) for number in re.findall(r'name="chosen"[^>]*value="(\d+)"', page)]
    assert len(proposed) == 2
    assert not set(proposed) & set(r.asked(question))
    sign_in(first).post(f"/entraide/{question.id}/plutot", data={"chosen": proposed[0]})
    there = sign_in(next(each for each in seven if each.id == proposed[0])).get("/").text
    assert re.search(r"Zoé Blin \d pense que vous pouvez aider\.", there)


def test_rather_somebody_else_by_name(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn
) -> None:
    question, browser = h.question(make, asker, term), sign_in(helper)
    path = f"/entraide/{question.id}/plutot"
    lille = make.site("Lille")
    twins = [make.member(lille, name="Ana Petit") for _ in range(2)]
    for typed, sorry in (
        ("", "écrivez un nom"),
        ("Nobody Atall", "écrivez un nom"),
        ("Camille Dervaux", "ne peut pas être sollicitée"),
        ("Ana Petit", "choisissez laquelle"),
    ):
        answer = browser.post(path, data={"person": typed})
        assert (answer.status_code, sorry in answer.text) == (422, True), typed
        assert f'value="{typed}"' in answer.text
    chosen = {"person": "Ana Petit", "chosen": twins[1].id}
    assert browser.post(path, data=chosen).status_code == 303
    assert r.asked(question) == {helper.id: "passed", twins[1].id: "open"}


def test_whoever_is_not_asked_passes_nothing_on(
    make: Make, asker: Account, term: Skill, sign_in: SignIn
) -> None:
    question = h.question(make, asker, term)
    other = make.member(make.site(), name="Ana Petit")
    browser = sign_in(make.member(make.site()))
    answer = browser.post(f"/entraide/{question.id}/plutot", data={"person": "Ana Petit"})
    assert (answer.status_code, r.asked(question)) == (404, {})
    assert other


def test_the_choice_of_how_often_holds_at_once(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn
) -> None:
    browser, path = sign_in(helper), "/entraide/sollicitations/reglages"
    assert 'value="3"' in browser.get(path).text
    until = (NOW + timedelta(days=9)).date().isoformat()
    typed = {"weekly_cap": "5", "paused": "y", "paused_until": until}
    page = browser.post(path, data=typed, follow_redirects=True).text
    assert "On ne vous sollicite pas jusqu’au sam. 21 nov. inclus." in page
    assert r.asked(h.question(make, asker, term)) == {}
    browser.post(path, data={"weekly_cap": "5"})
    row = db.session.scalars(select(Asking)).one()
    assert (row.weekly_cap, row.paused) == (5, False)
    assert r.asked(h.question(make, asker, term)) == {helper.id: "open"}


@pytest.mark.parametrize(
    ("typed", "sorry"),
    [
        ({"weekly_cap": "11"}, "de 0 à 10"),
        ({"weekly_cap": "-1"}, "de 0 à 10"),
        ({"weekly_cap": "beaucoup"}, "entier"),
        ({"weekly_cap": ""}, "entier"),
        (
            {"weekly_cap": "3", "paused": "y", "paused_until": "2026-11-01"},
            "à partir d’aujourd’hui",
        ),
        ({"weekly_cap": "3", "paused": "y", "paused_until": "2036-11-01"}, "deux ans"),
    ],
)
def test_a_choice_that_makes_no_sense_is_explained_and_kept(
    helper: Account, sign_in: SignIn, typed: dict[str, str], sorry: str
) -> None:
    answer = sign_in(helper).post("/entraide/sollicitations/reglages", data=typed)
    assert (answer.status_code, sorry in answer.text) == (422, True)
    assert f'value="{typed["weekly_cap"]}"' in answer.text
    assert db.session.scalars(select(Asking)).all() == []


def test_what_somebody_shows_to_few_is_in_no_page_of_others(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn
) -> None:
    shy = r.offers(make.member(make.site("Nantes"), name="Ida Secret"), term)
    with transaction():
        set_audience(make.actor(shy), name="offers", audience="me")
    question = h.question(make, asker, term)
    page = sign_in(helper).get(f"/entraide/{question.id}/plutot").text
    assert "Ida Secret" not in page


def test_the_panel_costs_one_statement_while_there_is_nothing(
    make: Make, asker: Account, helper: Account, term: Skill, sign_in: SignIn, count_queries: Any
) -> None:
    browser = sign_in(helper)

    def statements() -> int:
        browser.get("/entraide/sollicitations")
        with count_queries() as seen:
            assert browser.get("/entraide/sollicitations").status_code == 200
        return len(seen)

    nothing = statements()
    h.question(make, asker, term)
    one = statements()
    for _ in range(2):
        h.question(make, asker, term)
    assert statements() == one
    # The threads, their skills, who answered, and the vocabulary.
    assert one - nothing <= 4
