"""Pages of the posts: comments, votes, quotes, mentions; a thread at one cost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import writing
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Comment
from incubator.kernel.db import db
from incubator.network.sites.models import Site
from tests import factories_help as h

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any


@pytest.fixture
def lyon(make: Make, frozen: datetime) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def helper(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Paul Vasseur")


def address(question: Question) -> str:
    return f"/entraide/{question.id}-{question.slug}"


def once() -> str:
    return uuid.uuid4().hex


def test_a_comment_is_written_rewritten_and_removed(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    browser = sign_in(asker)
    path = f"/entraide/{asked.id}/commenter?answer={given.id}"
    assert "Votre commentaire" in browser.get(path).text
    sent = browser.post(path, data={"body": "Merci **bien** à vous, et à vendredi", "once": once()})
    said = db.session.query(Comment).one()
    assert sent.location == f"{address(asked)}#comment-{said.id}"
    assert "Merci <strong>bien</strong> à vous" in browser.get(address(asked)).text
    own = f"/entraide/commentaire/{said.id}"
    assert "Merci **bien** à vous" in browser.get(f"{own}/modifier").text
    browser.post(
        f"{own}/modifier", data={"body": "Merci **beaucoup** à vous, et à vendredi", "revision": 0}
    )
    late = browser.post(f"{own}/modifier", data={"body": "Merci encore", "revision": 0})
    assert late.status_code == 422
    assert "<strong>beaucoup</strong>" in late.text
    assert "Merci encore" in late.text
    assert "<ins>beaucoup</ins>" in browser.get(f"{own}/historique").text
    assert browser.post(f"{own}/supprimer").status_code == 303
    assert "beaucoup" not in browser.get(address(asked)).text


def test_comments_of_others_are_not_for_change(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    said = h.comment(make, asker, h.question(make, asker))
    browser = sign_in(helper)
    for path in ("modifier", "supprimer"):
        assert browser.get(f"/entraide/commentaire/{said.id}/{path}").status_code == 403
    assert browser.post(f"/entraide/commentaire/{said.id}/en-reponse").status_code == 403


def test_all_comments_of_a_post_have_a_page(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked = h.question(make, asker)
    for number in range(10):
        h.comment(make, asker, asked, body=f"Remarque nº {number}")
    browser = sign_in(asker)
    page = browser.get(address(asked)).text
    assert "Remarque nº 9" in page
    assert "Remarque nº 1<" not in page
    assert "Voir les 10 commentaires" in page
    assert "Remarque nº 1<" in browser.get(f"/entraide/{asked.id}/commentaires").text


def test_a_vote_is_pressed_and_taken_back(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    browser, path = sign_in(asker), f"/entraide/reponse/{given.id}/voter"
    browser.post(path, data={"given": "1"})
    assert db.session.get_one(Answer, given.id).votes == 1
    assert f'id="answer-{given.id}-vote-button" aria-pressed="true"' in (
        browser.get(address(asked)).text
    )
    browser.post(path, data={"given": "0"})
    assert db.session.get_one(Answer, given.id).votes == 0
    assert browser.post(f"/entraide/{asked.id}/voter", data={"given": "1"}).status_code == 403
    assert (
        sign_in(helper).post(f"/entraide/{asked.id}/voter", data={"given": "1"}).status_code == 303
    )


def test_a_comment_becomes_an_answer_and_back(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked = h.question(make, asker)
    said = h.comment(make, asker, asked)
    browser = sign_in(asker)
    where = browser.post(f"/entraide/commentaire/{said.id}/en-reponse").location
    number = int(where.rpartition("-")[2])
    assert db.session.get_one(Answer, number).body_md == said.body_md
    page = browser.get(where).text
    assert f'id="answer-{number}"' in page
    assert f'id="comment-{said.id}"' not in page
    back = browser.post(f"/entraide/reponse/{number}/en-commentaire").location
    page = browser.get(back).text
    assert f'id="{back.rpartition("#")[2]}"' in page
    assert "#comment-" in back
    assert f'id="answer-{number}"' not in page


@pytest.mark.parametrize("what", ["question", "answer", "comment"])
def test_a_post_is_quoted_in_the_answer(
    make: Make, sign_in: SignIn, asker: Account, what: str
) -> None:
    asked = h.question(make, asker, body="Ligne une\nligne deux")
    post = {
        "question": lambda: asked,
        "answer": lambda: h.answer(make, asker, asked, body="Ligne une\nligne deux"),
        "comment": lambda: h.comment(make, asker, asked, body="Ligne une\nligne deux"),
    }[what]()
    page = sign_in(asker).get(f"{address(asked)}?quote={what}-{post.id}").text
    wanted = "&gt; **Camille Dervaux**\n&gt;\n&gt; Ligne une\n&gt; ligne deux"
    assert wanted in page.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "which", ["answer-0", "answer-x", "thing-1", "question-0", "-", "answer-9" + "9" * 40]
)
def test_what_cannot_be_quoted_is_left_out(
    make: Make, sign_in: SignIn, asker: Account, which: str
) -> None:
    asked = h.question(make, asker)
    answer = sign_in(asker).get(f"{address(asked)}?quote={which}")
    assert answer.status_code == 200
    assert "&gt; **" not in answer.text


def test_addresses_of_our_own_pages_are_shown_by_name(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    whole = f"http://localhost/annuaire/{make.actor(helper).slug}"
    body = f"Voir {whole} et https://ailleurs.example/annuaire/paul-vasseur"
    browser.post(address(asked), data={"body": body, "once": once()})
    html = db.session.query(Answer).one().body_html
    assert ">Paul Vasseur</a>" in html
    assert ">https://ailleurs.example/annuaire/paul-vasseur</a>" in html


def test_a_million_brackets_are_refused_and_as_many_as_fit_are_text(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    refused = browser.post(address(asked), data={"body": "[" * 1_000_000, "once": once()})
    assert refused.status_code == 422
    assert "[" * 1_000 in refused.text
    sent = browser.post(address(asked), data={"body": "[" * 30_000, "once": once()})
    assert sent.status_code == 303
    assert "[" * 30_000 in db.session.query(Answer).one().body_html


def test_the_paths_that_are_shown_by_name_are_those_of_our_pages(app: Flask) -> None:
    real = {rule.rule for rule in app.url_map.iter_rules()}
    assert {f"{path}<slug>" for path in (*writing.MEMBERS, *writing.FIRMS)} <= real


def test_members_are_suggested_for_a_mention(
    sign_in: SignIn, asker: Account, helper: Account
) -> None:
    page = sign_in(asker).get("/entraide/personnes?q=pau").text
    assert 'data-value="paul-vasseur' in page
    assert "Camille Dervaux</span>" not in page


def test_a_thread_costs_the_same_whatever_stands_around_its_posts(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, count_queries: Any
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    h.comment(make, helper, asked, answer_id=h.answer(make, helper, asked).id)
    h.answer(make, asker, asked)
    costs = []
    for number in (0, 12):
        for _ in range(number):
            given = h.answer(make, helper, asked)
            h.comment(make, asker, asked, answer_id=given.id)
            h.vote(make, asker, given)
        # The first look at news writes that they are read.
        there = address(asked)
        browser.get(there)
        with count_queries() as seen:
            browser.get(there)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 20
