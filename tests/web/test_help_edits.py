"""A text being rewritten is kept on the server as a new one is, with its files."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.help import commands, drafts
from incubator.domain.help.models import Answer, Question, QuestionSkill
from incubator.domain.help.post_models import Attachment, Comment, Draft
from incubator.kernel.db import db, transaction
from tests import factories_help as h

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
PDF = b"%PDF-1.7 devis"


@pytest.fixture
def asker(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


@pytest.fixture
def asked(make: Make, asker: Account) -> Question:
    """A question whose number no answer and no comment of the tests has."""
    h.question(make, asker)
    return h.question(make, asker)


def once() -> str:
    return uuid.uuid4().hex


def file(data: bytes = PDF, name: str = "devis.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def typed_in(post: Question | Answer | Comment, kind: str, **more: Any) -> dict[str, Any]:
    thread = post.id if isinstance(post, Question) else post.question_id
    about = {"kind": kind, "question": thread, "edits": f"{kind}-{post.id}", "revision": 0}
    return {**about, "body": "Un texte refait", "once": once(), **more}


def skills(asked: Question) -> list[int]:
    query = select(QuestionSkill.skill_id).where(QuestionSkill.question_id == asked.id)
    return list(db.session.scalars(query))


def kept() -> Draft:
    return db.session.query(Draft).one()


def test_a_question_rewritten_is_kept_in_silence_goes_on_and_ends_when_saved(
    make: Make, sign_in: SignIn, asker: Account, asked: Question
) -> None:
    browser, path = sign_in(asker), f"/entraide/{asked.id}/modifier"
    other = h.skill(make, "Droit")
    form = typed_in(asked, "question", title="Un autre titre ?", skills=[other.id])
    quiet = {"X-Quiet": "1"}
    assert browser.post("/entraide/brouillons", data=form, headers=quiet).status_code == 204
    again = sign_in(asker)
    assert path in again.get("/entraide/brouillons").text
    page = again.get(path).text
    for part in ("Un autre titre ?", "Un texte refait", form["once"], "aviez commencée"):
        assert part in page
    assert f'value="{other.id}" checked' in page
    # Neither the form of a new question nor that of an answer goes on with it.
    assert "Un texte refait" not in again.get(f"/entraide/{asked.id}-{asked.slug}").text
    again.post(path, data=form)
    assert db.session.query(Draft).count() == 0
    assert db.session.get_one(Question, asked.id).title == "Un autre titre ?"
    # An autosave that comes late brings nothing back.
    assert browser.post("/entraide/brouillons", data=form, headers=quiet).status_code == 205
    assert db.session.query(Draft).count() == 0


def test_an_answer_and_a_comment_rewritten_are_kept_each_for_itself(
    make: Make, sign_in: SignIn, asker: Account, asked: Question
) -> None:
    given = h.answer(make, asker, asked)
    said = h.comment(make, asker, asked, answer_id=given.id)
    browser = sign_in(asker)
    for post, kind, text in ((given, "answer", "Réponse refaite"), (said, "comment", "Mot refait")):
        form = typed_in(post, kind, body=text, answer=given.id)
        browser.post("/entraide/brouillons", data=form)
    answer = browser.get(f"/entraide/reponse/{given.id}/modifier").text
    comment = browser.get(f"/entraide/commentaire/{said.id}/modifier").text
    assert "Réponse refaite" in answer
    assert "Mot refait" not in answer
    assert "Mot refait" in comment
    new = browser.get(f"/entraide/{asked.id}/commenter?answer={given.id}").text
    thread = browser.get(f"/entraide/{asked.id}-{asked.slug}").text
    for page in (new, thread):
        assert "refait" not in page
    listed = browser.get("/entraide/brouillons").text
    assert f"/entraide/reponse/{given.id}/modifier" in listed
    assert f"/entraide/commentaire/{said.id}/modifier" in listed


def test_a_change_begun_is_thrown_away_on_its_page(
    sign_in: SignIn, asker: Account, asked: Question
) -> None:
    browser, path = sign_in(asker), f"/entraide/{asked.id}/modifier"
    browser.post("/entraide/brouillons", data=typed_in(asked, "question", title="T"))
    thrown = f"/entraide/brouillons/{kept().id}/jeter"
    assert thrown in browser.get(path).text
    assert browser.post(thrown, headers={"Referer": f"http://localhost{path}"}).location == path
    assert asked.body_md in browser.get(path).text


def test_what_the_post_says_already_is_no_draft(
    sign_in: SignIn, asker: Account, asked: Question
) -> None:
    browser = sign_in(asker)
    same = {"title": asked.title, "body": asked.body_md, "skills": skills(asked)}
    browser.post("/entraide/brouillons", data=typed_in(asked, "question", **same))
    assert db.session.query(Draft).count() == 0
    browser.post("/entraide/brouillons", data=typed_in(asked, "question", **same | {"skills": []}))
    assert kept().fields["skills"] == []


@pytest.mark.parametrize("edits", ["answer-99", "answer-x", "question-1", "lune-1", "comment-"])
def test_a_draft_rewrites_only_posts_of_its_thread(
    sign_in: SignIn, asker: Account, asked: Question, edits: str
) -> None:
    assert asked.id != 1
    form = typed_in(asked, "question", title="T", edits=edits)
    sign_in(asker).post("/entraide/brouillons", data=form)
    assert db.session.query(Draft).count() == 0


def test_two_windows_lose_neither_text_and_the_second_waits_as_a_draft(
    make: Make, sign_in: SignIn, asker: Account, asked: Question
) -> None:
    given, browser = h.answer(make, asker, asked), sign_in(asker)
    path = f"/entraide/reponse/{given.id}/modifier"
    browser.post(path, data=typed_in(given, "answer", body="De la première fenêtre"))
    late = browser.post(path, data=typed_in(given, "answer", body="De la seconde fenêtre"))
    assert late.status_code == 422
    assert "De la première fenêtre" in late.text
    assert "De la seconde fenêtre" in late.text
    assert kept().body_md == "De la seconde fenêtre"
    # Left and opened again: the conflict is still seen, not overwritten by surprise.
    page = browser.get(path).text
    assert "De la seconde fenêtre" in page
    assert 'name="revision" type="hidden" value="0"' in page
    form = typed_in(given, "answer", body="De la seconde fenêtre", once=kept().once, revision=1)
    assert browser.post(path, data=form).status_code == 303
    assert db.session.query(Draft).count() == 0


def test_a_crash_and_a_post_taken_away_lose_no_word(
    make: Make,
    sign_in: SignIn,
    asker: Account,
    asked: Question,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given, browser = h.answer(make, asker, asked), sign_in(asker)
    path = f"/entraide/reponse/{given.id}/modifier"

    def crash(*_args: object, **_more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(commands, "edit_answer", crash)
        with pytest.raises(RuntimeError):
            browser.post(path, data=typed_in(given, "answer", body="Mon long texte"))
    assert kept().body_md == "Mon long texte"
    with transaction():
        commands.remove_answer(make.actor(asker), given.id, now=make.now)
    form = typed_in(given, "answer", body="Plus long encore", once=kept().once)
    gone = browser.post(path, data=form)
    assert gone.status_code == 404
    assert "/entraide/brouillons" in gone.text
    assert kept().body_md == "Plus long encore"
    assert browser.get(path).status_code == 404


def test_files_come_with_a_text_rewritten(
    make: Make, sign_in: SignIn, asker: Account, asked: Question
) -> None:
    given, browser = h.answer(make, asker, asked), sign_in(asker)
    path = f"/entraide/reponse/{given.id}/modifier"
    assert 'enctype="multipart/form-data"' in browser.get(path).text
    browser.post(path, data=typed_in(given, "answer", body=given.body_md, files=[file()]))
    stored = db.session.query(Attachment).one()
    assert (stored.question_id, stored.answer_id) == (asked.id, given.id)
    assert given.revision == 0
    browser.post(
        f"/entraide/{asked.id}/modifier",
        data=typed_in(asked, "question", title=asked.title, skills=skills(asked), files=[file()]),
    )
    rows = db.session.query(Attachment).order_by(Attachment.id)
    assert [row.answer_id for row in rows] == [given.id, None]


def test_a_post_never_holds_more_files_than_one_may(
    make: Make, sign_in: SignIn, asker: Account, asked: Question
) -> None:
    given, browser = h.answer(make, asker, asked), sign_in(asker)
    path = f"/entraide/reponse/{given.id}/modifier"
    many = [file(PDF + bytes([65 + n]), f"devis-{n}.pdf") for n in range(6)]
    browser.post(path, data=typed_in(given, "answer", files=many))
    more = [file(PDF + bytes([75 + n]), f"plan-{n}.pdf") for n in range(3)]
    answer = browser.post(path, data=typed_in(given, "answer", revision=1, files=more))
    assert answer.status_code == 422
    assert 'id="files-error"' in answer.text
    assert "plan-0.pdf" in answer.text
    attached = db.session.query(Attachment).filter(Attachment.question_id.is_not(None))
    assert attached.count() == 6


def test_the_drafts_of_somebody_else_are_never_begun_again(
    make: Make, sign_in: SignIn, asker: Account, asked: Question
) -> None:
    boss = make.member(role="administrator")
    sign_in(boss).post("/entraide/brouillons", data=typed_in(asked, "question", title="T"))
    assert drafts.in_thread(make.actor(boss), asked.id)
    page = sign_in(asker).get(f"/entraide/{asked.id}/modifier").text
    assert "Un texte refait" not in page
