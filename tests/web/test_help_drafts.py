"""Nothing typed is lost: drafts, refusals, a session that ends, a crash."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import commands, drafts
from incubator.domain.help.care import locking
from incubator.domain.help.models import Question
from incubator.domain.help.post_models import Draft
from incubator.kernel.db import db, transaction
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


@pytest.fixture
def boss(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Sophie Lambert")


def test_a_draft_too_many_is_shown_with_the_reason_and_never_called_kept(
    sign_in: SignIn, asker: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "DRAFTS_MOST", 0)
    browser = sign_in(asker)
    form = {"kind": "question", "title": "T", "body": "Mon <texte>", "once": uuid.uuid4().hex}
    quiet = browser.post("/entraide/brouillons", data=form, headers={"X-Quiet": "1"})
    assert quiet.status_code == 409
    answer = browser.post("/entraide/brouillons", data=form)
    assert answer.status_code == 422
    assert "Mon &lt;texte&gt;" in answer.text
    assert "Ceci n’est pas gardé" in answer.text


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


def test_what_is_typed_is_kept_in_silence_and_found_again(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    browser, key = sign_in(asker), once()
    form = asked_with(make, once=key, kind="question", needed_on="2026-11-20", minutes="60")
    quiet = browser.post("/entraide/brouillons", data=form, headers={"X-Quiet": "1"})
    assert quiet.status_code == 204
    kept = db.session.query(Draft).one()
    # Signed out and in again, in another browser.
    other = sign_in(asker)
    assert "Qui connaît les factures" in other.get("/entraide/brouillons").text
    page = other.get(f"/entraide/demander?draft={kept.id}").text
    for typed in (form["title"], form["body"], 'value="2026-11-20"', key):
        assert typed in page
    assert re.search(r'value="60"[^>]*selected|selected value="60"', page)
    other.post("/entraide/demander", data={**form, "kind": ""})
    assert db.session.query(Draft).count() == 0


def test_a_button_keeps_a_draft_and_another_throws_it_away(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked, browser = h.question(make, helper), sign_in(asker)
    form = {"kind": "answer", "question": asked.id, "body": "Un début", "once": once()}
    assert browser.post("/entraide/brouillons", data=form).location == "/entraide/brouillons"
    assert "Voici la réponse que vous aviez commencée" in browser.get(address(asked)).text
    assert "1 brouillon" in browser.get("/entraide").text
    kept = db.session.query(Draft).one()
    thrown = f"/entraide/brouillons/{kept.id}/jeter"
    assert sign_in(helper).post(thrown).status_code == 404
    browser.post(thrown)
    assert "Aucun brouillon" in browser.get("/entraide/brouillons").text


def test_a_comment_begun_goes_on(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    form = {"kind": "comment", "question": asked.id, "body": "Un début", "once": once()}
    browser.post("/entraide/brouillons", data=form)
    assert "Un début" in browser.get(f"/entraide/{asked.id}/commenter").text


def test_a_refused_answer_is_a_draft_too(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    long = "x" * 30_001
    assert browser.post(address(asked), data={"body": long, "once": once()}).status_code == 422
    assert db.session.query(Draft).one().body_md == long


def test_an_answer_to_a_thread_just_locked_keeps_its_text(
    make: Make, sign_in: SignIn, asker: Account, boss: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    with transaction():
        locking.lock(make.actor(boss), asked.id, reason="Le sujet est clos", now=make.now)
    late = browser.post(address(asked), data={"body": "Mon long texte", "once": once()})
    assert late.status_code == 422
    assert "Mon long texte" in late.text
    assert "gardé dans vos brouillons" in late.text
    assert "Le sujet est clos" in late.text
    assert db.session.query(Draft).one().body_md == "Mon long texte"
    assert 'id="reply"' not in browser.get(address(asked)).text


def test_an_answer_to_a_thread_just_removed_waits_in_the_drafts(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(helper)
    with transaction():
        commands.remove_question(make.actor(asker), asked.id, now=make.now)
    late = browser.post(address(asked), data={"body": "Mon long texte", "once": once()})
    assert late.status_code == 404
    assert "elle attend dans vos brouillons" in late.text
    page = browser.get("/entraide/brouillons").text
    assert "Mon long texte" in page
    # Its title is not theirs to read any more.
    assert asked.title not in page


def test_a_text_sent_after_the_session_ended_is_shown_to_be_copied(
    app: Flask, make: Make, asker: Account
) -> None:
    asked = h.question(make, asker)
    late = app.test_client().post(address(asked), data={"body": "Mon <long> texte"})
    assert late.status_code == 403
    assert "Mon &lt;long&gt; texte</textarea>" in late.text


def test_a_crash_loses_no_word(
    app: Flask, make: Make, sign_in: SignIn, asker: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError

    asked, browser = h.question(make, asker), sign_in(asker)
    monkeypatch.setattr(commands, "answer", crash)
    with pytest.raises(RuntimeError):
        browser.post(address(asked), data={"body": "Mon long texte", "once": once()})
    assert db.session.query(Draft).one().body_md == "Mon long texte"
