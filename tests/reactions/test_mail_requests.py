"""Letters to those who are asked: the question whole, why, and links that work."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from incubator.domain.help.routing import letters as due
from incubator.domain.help.rules import Wish
from incubator.kernel.db import db, transaction
from incubator.network.members.skill_models import Proof
from incubator.network.sites.models import Site
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW
from tests.factories_accounts import letters
from tests.factories_letters import refused, texts

pytestmark = pytest.mark.usefixtures("present")
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def asker(make, lyon):
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def ada(make):
    return make.member(make.site("Nantes"), name="Ada", email="ada@example.org", language="en")


def told(app, make, question):
    with transaction():
        due.write_due(question.id, now=LATER)
    return letters(app, make)


def test_the_letter_holds_the_question_the_reason_and_what_to_do(app, make, asker, ada):
    term = h.skill(make, "Dyeing")
    r.offers(ada, term, level=3)
    with transaction():
        db.session.add(Proof(member_id=ada.id, skill_id=term.id, count=2, last_at=NOW))
    asked = h.question(
        make, asker, term, title="Dyeing linen & wool", body="Use **alum**, <never> iron."
    )
    (letter,) = told(app, make, asked)
    assert letter["To"] == "ada@example.org"
    assert letter["Subject"] == "Could you help? Dyeing linen & wool"
    plain, rich = texts(letter)
    why = "You are asked because you offer Dyeing (expert) and you have helped 2 times with Dyeing."
    for text in (plain, rich):
        assert why in text
        assert "Camille Dervaux, from Lyon, asks:" in text
    assert "Use **alum**, <never> iron." in plain
    assert "<strong>alum</strong>" in rich
    paths = {urlsplit(link).path for link in re.findall(r"https?://\S+", plain)}
    pages = ("answer", "rather", "not-me")
    assert {f"/help/{asked.id}/{page}" for page in pages} | {"/help/requests/settings"} <= paths
    assert letter["List-Unsubscribe"].strip(" <>") in plain


def test_every_link_of_the_letter_leads_to_its_page(app, make, asker, ada, sign_in):
    term = h.skill(make)
    r.offers(ada, term)
    (letter,) = told(app, make, h.question(make, asker, term))
    browser = sign_in(ada)
    links = [link for link in re.findall(r"https?://\S+", texts(letter)[0]) if "/help/" in link]
    found = [browser.get(urlsplit(link).path) for link in links]
    assert sorted(answer.status_code for answer in found) == [200, 200, 200, 303]
    reply = next(answer for answer in found if answer.status_code == 303)
    assert reply.location.endswith("#reply")


def test_the_stop_link_ends_these_letters_and_nothing_else(app, make, asker, ada, client):
    term = h.skill(make)
    r.offers(ada, term)
    (letter,) = told(app, make, h.question(make, asker, term))
    path = urlsplit(letter["List-Unsubscribe"].strip(" <>")).path
    page = client.get(path, headers={"Accept-Language": "en"}).text
    assert "“Questions brought to me”" in page
    assert refused(ada) == set()
    client.post(path)
    assert refused(ada) == {"help_asked"}
    assert len(r.asked(h.question(make, asker, term))) == 1


def test_an_unnamed_asker_is_named_to_the_managers_of_the_site_alone(app, make, asker, ada, lyon):
    boss = make.member(lyon, role="manager", email="boss@example.org")
    term = h.skill(make)
    for each in (ada, boss):
        r.offers(each, term)
    with transaction():
        db.session.get_one(Site, lyon.id).hidden_askers = True
    asked = h.question(make, asker, term, wish=Wish(anonymous=True))
    found = {letter["To"]: "".join(texts(letter)) for letter in told(app, make, asked)}
    assert "Camille" not in found["ada@example.org"]
    assert "the person who asked asks:" in found["ada@example.org"]
    assert "Camille Dervaux" in found["boss@example.org"]


def test_who_passed_it_on_is_named_and_by_when_it_is_needed(app, make, asker, ada, lyon):
    term = h.skill(make)
    friend = r.offers(make.member(lyon, name="Léo Blin"), term)
    asked = h.question(make, asker, term, wish=Wish(needed_on=LATER.date()))
    r.pass_on(make, friend, asked, ada)
    (letter,) = told(app, make, asked)
    plain, _rich = texts(letter)
    assert "Léo Blin thinks that you can help." in plain
    assert "(needed before Thursday 12 November 2026)" in plain


def test_a_french_letter_to_a_manager_says_that_nobody_answers(app, make, asker, lyon):
    make.member(lyon, role="manager", email="boss@example.org")
    asked = h.question(make, asker, h.skill(make))
    r.advance(asked, NOW + timedelta(hours=4))
    with transaction():
        due.write_due(asked.id, now=NOW + timedelta(hours=5))
    (letter,) = letters(app, make)
    plain, _rich = texts(letter)
    assert "Personne n’a encore répondu, et vous gérez le site d’où vient la question." in plain
