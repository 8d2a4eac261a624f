"""Letters about threads: whole answers, to whom, in whose language, and how they end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from incubator.domain.help import bump_letters, follows, resolving
from incubator.domain.help.opened import opened
from incubator.domain.help.rules import Wish
from incubator.kernel.db import as_of, transaction
from incubator.reactions.bridges.followed_threads import tell
from tests import factories_help as h
from tests.conftest import NOW
from tests.factories_accounts import letters
from tests.factories_letters import refused, texts

pytestmark = pytest.mark.usefixtures("present")
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ada(make, lyon):
    return make.member(lyon, name="Ada Lovel", email="ada@example.org", language="en")


@pytest.fixture
def leo(make, lyon):
    return make.member(lyon, name="Léo Blin", email="leo@example.org")


def told(app, make, question):
    """The letters of a thread that are due a little later."""
    with transaction():
        bump_letters.write_due(question.id, now=LATER)
    return letters(app, make)


def test_a_letter_holds_the_whole_answers_and_a_way_to_stop(app, make, ada, leo):
    asked = h.question(make, ada, title="Dyeing linen & wool")
    long = "Use **alum**, <never> iron. " + "Then rinse. " * 400 + "The end."
    h.answer(make, leo, asked, body=long)
    h.answer(make, leo, asked, body="And dry it in the shade.")
    (letter,) = told(app, make, asked)
    assert letter["To"] == "ada@example.org"
    assert letter["Subject"] == "2 new answers: Dyeing linen & wool"
    plain, rich = texts(letter)
    assert "Léo Blin answers:" in plain
    assert "The end." in plain
    assert "<strong>alum</strong>, &lt;never&gt; iron" in rich
    assert "And dry it in the shade." in rich
    (stop,) = re.findall(r"No more letters about this thread: (\S+)", plain)
    assert f'href="{stop}"' in rich
    path = "/" + stop.split("/", 3)[3]
    assert app.test_client().post(path).status_code == 200
    assert not opened(make.actor(ada), asked.id).kept.followed


def test_what_solved_it_is_told_to_who_follows(app, make, ada, leo):
    asked = h.question(make, ada)
    given = h.answer(make, leo, asked)
    h.accept(make, ada, given)
    sent = {letter["To"]: letter for letter in told(app, make, asked)}
    assert sent.keys() == {"leo@example.org"}
    assert sent["leo@example.org"]["Subject"] == f"Résolu : {asked.title}"
    other = h.question(make, ada)
    h.answer(make, leo, other)
    with transaction():
        resolving.close(make.actor(ada), other.id, how="Le client a payé.", now=NOW)
    (letter,) = told(app, make, other)
    assert "Le client a payé." in texts(letter)[0]


def test_new_questions_are_told_whole_with_their_reason(app, make, ada, leo, lyon):
    term = h.skill(make, "Droit")
    far = make.member(make.site("Dakar"), email="far@example.org")
    with transaction():
        follows.follow_skill(make.actor(leo), term.id, now=NOW)
        follows.follow_site(make.actor(far), lyon.id, now=NOW)
    asked = h.question(make, ada, term, body="Un bail **précaire** ?")
    sent = {letter["To"]: letter for letter in told(app, make, asked)}
    assert sent.keys() == {"leo@example.org", "far@example.org"}
    plain, rich = texts(sent["leo@example.org"])
    assert sent["leo@example.org"]["Subject"].startswith("Nouvelle question : ")
    assert "Vous suivez une compétence que cette question cherche." in plain
    assert "<strong>précaire</strong>" in rich
    assert "Vous suivez le site" in texts(sent["far@example.org"])[0]


def test_a_long_thread_is_told_in_part(app, make, ada, leo):
    asked = h.question(make, ada)
    for number in range(12):
        h.answer(make, leo, asked, body=f"Piste {number}.")
    (letter,) = told(app, make, asked)
    plain = texts(letter)[0]
    assert "Piste 9." in plain
    assert "Piste 10." not in plain
    assert "and 2 more answers in the thread" in plain


def test_the_job_of_a_thread_writes_what_is_due(app, make, ada, leo):
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    with as_of(LATER):
        tell({"question_id": asked.id})
        sent = letters(app, make)
    assert [letter["To"] for letter in sent] == ["ada@example.org"]


def test_who_is_named_gets_the_whole_text_and_a_way_to_stop_such_letters(app, make, ada, leo):
    asked = h.question(make, ada, title="Dyeing linen")
    helper = make.member(make.site("Dakar"), name="Awa Sarr", email="awa@example.org")
    h.answer(make, helper, asked)
    at = f"@{make.actor(leo).slug}"
    h.comment(make, helper, asked, body=f"{at} l'a **déjà** fait, <jamais> seul. " + "Oui. " * 300)
    sent = {letter["To"]: letter for letter in told(app, make, asked)}
    assert sent.keys() == {"ada@example.org", "leo@example.org"}
    letter = sent["leo@example.org"]
    assert letter["Subject"] == "On vous mentionne : Dyeing linen"
    plain, rich = texts(letter)
    assert "Awa Sarr vous mentionne dans un commentaire" in plain
    assert "Oui. Oui." in plain
    assert "<strong>déjà</strong> fait, &lt;jamais&gt; seul" in rich
    assert "Appelez-le" not in plain
    stop = letter["List-Unsubscribe"].strip(" <>")
    assert stop in plain
    path = "/" + stop.split("/", 3)[3]
    assert app.test_client().get(path).status_code == 200
    assert refused(leo) == set()
    assert app.test_client().post(path).status_code == 200
    assert refused(leo) == {"help_mentions"}
    # Whoever follows and was commented upon reads both in one letter.
    plain = texts(sent["ada@example.org"])[0]
    assert "Awa Sarr comments on your question:" in plain
    assert "Awa Sarr answers:" in plain
    assert sent["ada@example.org"]["Subject"] == "New answer: Dyeing linen"


def test_a_comment_alone_makes_one_letter_and_hides_who_asked_unnamed(app, make, ada, leo, lyon):
    with transaction():
        lyon.hidden_askers = True
    asked = h.question(make, ada, wish=Wish(anonymous=True), title="Un bail précaire")
    given = h.answer(make, leo, asked)
    told(app, make, asked)
    for number in range(2):
        h.comment(make, ada, asked, answer_id=given.id, body=f"Merci {number}.")
    with transaction():
        bump_letters.write_due(asked.id, now=LATER + timedelta(hours=2))
    (letter,) = letters(app, make)
    assert letter["To"] == "leo@example.org"
    assert letter["Subject"] == "2 nouveaux commentaires sur votre texte : Un bail précaire"
    plain, rich = texts(letter)
    assert "Ada Lovel" not in plain + rich
    assert "commente votre réponse" in plain
    assert "Merci 1." in plain
    path = "/" + letter["List-Unsubscribe"].strip(" <>").split("/", 3)[3]
    assert app.test_client().post(path).status_code == 200
    assert refused(leo) == {"help_comments"}


def test_a_question_that_names_a_follower_of_its_skill_stands_once_in_the_letter(
    app, make, ada, leo
):
    term = h.skill(make, "Droit")
    with transaction():
        follows.follow_skill(make.actor(leo), term.id, now=NOW)
    asked = h.question(make, ada, term, body=f"@{make.actor(leo).slug}, un bail **précaire** ?")
    (letter,) = told(app, make, asked)
    assert letter["Subject"].startswith("Nouvelle question : ")
    assert texts(letter)[1].count("<strong>précaire</strong>") == 1
