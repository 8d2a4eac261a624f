"""Letters about threads: whole answers, to whom, in whose language, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.domain.help import bump_letters, follows, resolving
from incubator.kernel.db import as_of, transaction
from incubator.reactions.bridges.followed_threads import tell
from tests import factories_help as h
from tests.conftest import NOW
from tests.factories_accounts import letters

LATER = NOW + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _present():
    with as_of(NOW):
        yield


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


def texts(letter) -> tuple[str, str]:
    return tuple(letter.get_body((kind,)).get_content() for kind in ("plain", "html"))


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
    stop = letter["List-Unsubscribe"].strip(" <>")
    assert f"No more letters about this thread: {stop}" in plain
    assert f'href="{stop}"' in rich
    path = "/" + stop.split("/", 3)[3]
    assert app.test_client().post(path).status_code == 200
    assert not follows.kept_by(make.actor(ada), asked.id).followed


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
