"""Pages of asking: by when, how long, without a name; what tells who asked."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import commands
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.models import Question
from incubator.domain.help.news import news_of
from incubator.domain.help.rules import Wish
from incubator.kernel.db import db, transaction
from incubator.network.sites.models import Site
from tests import factories_help as h

if TYPE_CHECKING:
    from datetime import datetime

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


@pytest.fixture
def boss(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Sophie Lambert")


def address(question: Question) -> str:
    return f"/entraide/{question.id}-{question.slug}"


def once() -> str:
    return uuid.uuid4().hex


def asked_with(make: Make, **more: Any) -> dict[str, Any]:
    return {
        "title": "Qui connaît les factures électroniques ?",
        "body": "Nous passons au nouveau format en janvier.",
        "audience": "network",
        "language": "fr",
        "skills": [h.skill(make).id],
        "once": once(),
        **more,
    }


def test_a_question_says_by_when_and_how_long(make: Make, sign_in: SignIn, asker: Account) -> None:
    browser = sign_in(asker)
    form = asked_with(make, needed_on="2026-11-20", minutes="60")
    page = browser.get(browser.post("/entraide/demander", data=form).location).text
    assert re.search(r"avant le [^<]*20 nov", page)
    assert "environ 1\u00a0h" in page


def test_a_day_that_is_over_is_refused_beside_its_field(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    form = asked_with(make, needed_on="2026-01-20")
    answer = sign_in(asker).post("/entraide/demander", data=form)
    assert answer.status_code == 422
    assert 'id="needed_on-error"' in answer.text


def test_the_first_question_recalls_the_charter(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    browser = sign_in(asker)
    assert "Votre première question" in browser.get("/entraide/demander").text
    h.question(make, asker)
    assert "Votre première question" not in browser.get("/entraide/demander").text


def test_a_name_is_left_out_where_the_site_allows(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, helper: Account, boss: Account
) -> None:
    assert "sans donner mon nom" not in sign_in(asker).get("/entraide/demander").text
    with transaction():
        db.session.get_one(Site, lyon.id).hidden_askers = True
    browser = sign_in(asker)
    assert "sans donner mon nom" in browser.get("/entraide/demander").text
    form = asked_with(make, anonymous="y")
    where = browser.post("/entraide/demander", data=form).location
    asked = db.session.query(Question).one()
    h.accept(make, asker, h.answer(make, asker, asked))
    with transaction():
        commands.edit_question(
            make.actor(asker),
            asked.id,
            title=asked.title,
            body="Autre texte",
            skill_ids=form["skills"],
            revision=0,
            now=make.now,
        )
    pages = (where, "/entraide?view=all", f"/entraide/{asked.id}/historique", "/")
    for path in pages:
        assert "Camille" not in sign_in(helper).get(path).text, path
    assert "Camille Dervaux" in sign_in(boss).get(where).text


def test_hours_do_not_tell_who_asked(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, helper: Account
) -> None:
    with transaction():
        db.session.get_one(Site, lyon.id).hidden_askers = True
    asked = h.question(make, asker, wish=Wish(anonymous=True))
    h.answer(make, helper, asked)
    browser = sign_in(helper)
    assert "Compter cette aide" not in browser.get(address(asked)).text
    assert "Camille" not in browser.get(f"/heures/declarer?thread={asked.id}").text


def test_the_site_says_whether_names_may_be_left_out(
    make: Make, sign_in: SignIn, lyon: Site, boss: Account
) -> None:
    browser = sign_in(boss)
    page = browser.get(f"/sites/{lyon.slug}/modifier").text
    fields = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page))
    sent = {
        **fields,
        "name": "Lyon",
        "city": "Lyon",
        "country": "FR",
        "time_zone": "Europe/Paris",
        "capacity": "10",
        "cutoff_at": "1380",
        "auto_close_after": "720",
        "hidden_askers": "y",
    }
    assert browser.post(f"/sites/{lyon.slug}/modifier", data=sent).status_code == 303
    assert db.session.get_one(Site, lyon.id).hidden_askers


def test_neither_search_nor_feeds_nor_letters_tell_who_asked(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, helper: Account
) -> None:
    with transaction():
        db.session.get_one(Site, lyon.id).hidden_askers = True
    asked = h.question(make, asker, title="Parler à ma banque", wish=Wish(anonymous=True))
    h.answer(make, asker, asked, body="Personne ?")
    browser = sign_in(helper)
    assert asked.slug in browser.get("/entraide?view=all&q=banque").text
    assert asked.slug not in browser.get("/entraide?view=all&q=from:camille").text
    assert asked.slug in sign_in(asker).get("/entraide?view=all&q=de:moi").text
    for made in (f"/entraide/{asked.id}/fil", "/entraide/fil?view=all"):
        token = re.search(r'value="https?://[^/]+(/entraide/fil/[^"]+)"', browser.post(made).text)
        assert token
        feed = browser.get(token[1]).text
        assert asked.title in feed
        assert "Camille" not in feed
    event = ThreadNews(
        actor_id=None,
        question_id=asked.id,
        member_id=helper.id,
        why="skill",
        why_id=asked.id,
        first=True,
        after_answer_id=0,
        last_answer_id=10**9,
        solved=False,
    )
    told = news_of(event)
    assert told
    assert told.question
    assert {told.question.author, *(each.author for each in told.answers)} == {""}
