"""Pages of the posts: comments, votes, drafts, files, verdicts; nothing typed is lost."""

from __future__ import annotations

import io
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from incubator.domain.help import commands, writing
from incubator.domain.help.care import locking
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.news import news_of
from incubator.domain.help.post_models import Attachment, Comment, Draft
from incubator.domain.help.rules import Wish
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


def picture(kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (900, 600), "#0A5C44").save(held, kind)
    return held.getvalue()


# Asking


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


# Comments and votes


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
    assert "#comment-" in browser.post(f"/entraide/reponse/{number}/en-commentaire").location


# Quoting


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


# Drafts: nothing typed is lost


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


# Files


def test_a_picture_is_made_anew_and_shown_to_the_readers_of_its_thread(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    browser = sign_in(asker)
    form = asked_with(make, audience="site", files=[(io.BytesIO(picture()), "étiquette.png")])
    page = browser.get(browser.post("/entraide/demander", data=form).location).text
    kept = db.session.query(Attachment).one()
    assert (kept.kind, kept.file_name, kept.width, kept.height) == (
        "webp",
        "étiquette.webp",
        900,
        600,
    )
    path = f"/entraide/images/{kept.id}-480.webp"
    assert path in page
    shown = browser.get(path, buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert browser.get(f"/entraide/images/{kept.id}-481.webp").status_code == 404
    assert sign_in(helper).get(path).status_code == 404


def test_a_document_is_handed_out_as_a_file(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    files = [(io.BytesIO(b"%PDF-1.7 devis"), "devis.html")]
    data = {"body": "Voici", "once": once(), "files": files}
    browser.post(address(asked), data=data)
    kept = db.session.query(Attachment).one()
    answer = browser.get(f"/entraide/fichiers/{kept.id}/devis.pdf", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data == b"%PDF-1.7 devis"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<script>alert(1)</script>", "photo.png"),
        (b"MZ\x90\x00", "devis.pdf"),
        (b"<svg onload='alert(1)'/>", "logo.svg"),
        (b"\x89PNG\r\n\x1a\n<script>", "photo.png"),
    ],
)
def test_a_disguised_file_is_refused_and_the_text_stays(
    make: Make, sign_in: SignIn, asker: Account, data: bytes, name: str
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    form = {"body": "Mon texte", "once": once(), "files": [(io.BytesIO(data), name)]}
    answer = browser.post(address(asked), data=form)
    assert answer.status_code == 422
    assert "Mon texte" in answer.text
    assert 'id="files-error"' in answer.text
    assert db.session.query(Attachment).count() == db.session.query(Answer).count() == 0


def sent_large(browser: Any, path: str, data: dict[str, Any]) -> Any:
    """The answer to a form whose body the test client wrote to a file, which it leaves open."""
    answer = browser.post(path, data=data)
    answer.request.environ["wsgi.input"].close()
    return answer


@pytest.mark.parametrize("start", [b"%PDF-1.7 ", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_too_large_is_named_beside_its_field_and_the_text_stays(
    make: Make, sign_in: SignIn, asker: Account, app: Flask, start: bytes
) -> None:
    asked, browser, key = h.question(make, asker), sign_in(asker), once()
    most = make.settings.max_upload_mb
    large = start + b"0" * (most * 1024 * 1024)
    light = (io.BytesIO(b"%PDF-1.7 devis"), "devis.pdf")
    files = [light, (io.BytesIO(large), "plan.pdf")]
    form = {"body": "Mon <long> texte", "once": key, "files": files}
    answer = sent_large(browser, address(asked), form)
    assert answer.status_code == 422
    beside = re.search(r'id="files-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert beside
    assert f"moins de {most}" in beside[1]
    assert "Mon &lt;long&gt; texte</textarea>" in answer.text
    # The text waits as a draft, and the file that was not too large with it.
    assert db.session.query(Draft).one().body_md == "Mon <long> texte"
    assert [row.file_name for row in db.session.query(Attachment)] == ["devis.pdf"]
    assert db.session.query(Answer).count() == 0
    # Dropped into the page it is refused in the list of files, and leaves nothing behind.
    data = {"once": key, "files": [(io.BytesIO(large), "plan.pdf")]}
    page = sent_large(browser, "/entraide/fichiers", data).text
    assert f"moins de {most}" in page
    assert "plan.pdf" not in page
    stored = (make.settings.uploads_dir / "help").iterdir()
    assert sum(each.stat().st_size for each in stored) < most * 1024


def test_a_pasted_picture_waits_and_is_taken_back(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    browser, key = sign_in(asker), once()
    data = {"once": key, "files": [(io.BytesIO(picture("JPEG")), "image.png")]}
    page = browser.post("/entraide/fichiers", data=data).text
    assert "image.webp" in page
    kept = db.session.query(Attachment).one()
    browser.post(f"/entraide/fichiers/{kept.id}/retirer")
    assert "image.webp" not in browser.post("/entraide/fichiers", data={"once": key}).text
    bad = {"once": key, "files": [(io.BytesIO(b"MZ"), "x.exe")]}
    assert 'class="error"' in browser.post("/entraide/fichiers", data=bad).text


# Verdicts


def test_a_question_asked_before_leads_kindly_to_the_first(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    first = h.question(make, helper, title="Relancer un client qui ne paie pas")
    again = h.question(make, asker, title="Un client qui ne veut pas payer, relancer ?")
    browser = sign_in(asker)
    path = f"/entraide/{again.id}/deja-posee"
    assert "Relancer un client qui ne paie pas" in browser.get(path).text
    assert browser.post(path, data={"original": "n’importe quoi"}).status_code == 422
    sent = browser.post(path, data={"original": f"http://localhost{address(first)}?x=1#y"})
    assert sent.location == address(first)
    led = browser.get(address(again))
    assert led.location == f"{address(first)}?came={again.id}"
    page = browser.get(led.location).text
    assert "avait déjà été demandé" in page
    assert "Déjà demandé" in browser.get(f"{address(again)}?stay=1").text
    # Nobody answered this one, so the list says that it is solved and counts no answers.
    done = re.search(
        r'state--done">(.*?)</article>', browser.get("/entraide?view=all").text, re.DOTALL
    )
    assert done
    assert "<b>" not in done[1]
    browser.post(f"/entraide/{again.id}/rouvrir")
    assert browser.get(address(again)).status_code == 200
    assert sign_in(helper).get(path).status_code == 403


def test_nobody_is_led_to_an_original_that_is_gone(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    first, again = h.question(make, asker), h.question(make, asker)
    h.repeats(make, asker, again, first)
    with transaction():
        commands.remove_question(make.actor(asker), first.id, now=make.now)
    page = sign_in(asker).get(address(again))
    assert page.status_code == 200
    assert "Le fil d’avant" in page.text


def test_a_manager_locks_and_unlocks(
    make: Make, sign_in: SignIn, asker: Account, boss: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(boss)
    path = f"/entraide/{asked.id}/verrouiller"
    assert browser.get(path).status_code == 200
    browser.post(path, data={"reason": "Tout est dit"})
    page = sign_in(asker).get(address(asked)).text
    assert "Ce fil est verrouillé" in page
    assert "Tout est dit" in page
    browser.post(f"/entraide/{asked.id}/deverrouiller")
    assert "Ce fil est verrouillé" not in browser.get(address(asked)).text
    stranger = sign_in(make.member(make.site("Nantes"), role="manager"))
    assert stranger.get(path).status_code == 403


def test_a_thread_becomes_an_announcement(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    h.accept(make, asker, h.answer(make, helper, asked, body="Appelez-le *d’abord*."))
    page = sign_in(boss).get(f"/annonces/nouvelle?thread={asked.id}").text
    assert asked.title in page
    assert "Appelez-le *d’abord*." in page
    assert f"({address(asked)})" in page


def test_several_answers_are_accepted_on_the_page(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    for each in [h.answer(make, helper, asked) for _ in range(2)]:
        browser.post(f"/entraide/reponse/{each.id}/retenir")
    page = browser.get(address(asked)).text
    assert page.count("Réponse retenue par Camille Dervaux") == 2


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
