"""Pages of care: report, queue, hide and undo, move, pin, the pace of a day."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.help.care_models import Measure, Report
from incubator.domain.help.follow_models import Bump
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Comment, Draft
from incubator.kernel.db import db
from tests import factories_care as c
from tests import factories_help as h
from tests.factories_membership import charter

if TYPE_CHECKING:
    from datetime import datetime

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

SignIn = Any
QUEUE = "/entraide/signalements"


@pytest.fixture
def lyon(make: Make, frozen: datetime) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def helper(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Paul Vasseur")


@pytest.fixture
def boss(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Sophie Lambert")


def address(question: Question) -> str:
    return f"/entraide/{question.id}-{question.slug}"


def thread(browser: FlaskClient, question: Question) -> str:
    return browser.get(address(question)).text


def once() -> str:
    return uuid.uuid4().hex


# Reports


def test_a_member_reports_an_answer_and_its_author_learns_nothing(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    browser = sign_in(asker)
    where = f"/entraide/signaler/answer-{given.id}"
    assert where in thread(browser, asked)
    sent = browser.post(where, data={"reason": "other", "words": "Il se moque de moi"})
    assert sent.location.endswith(f"#answer-{given.id}")
    assert "Vous avez déjà signalé ce texte" in browser.get(where).text
    page = thread(sign_in(helper), asked)
    assert "moque" not in page
    assert "Camille Dervaux a signalé" not in page
    assert where not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "", "words": "garde-moi"}, "Choisissez ce qui ne va pas"),
        ({"reason": "<script>alert(1)</script>", "words": "garde-moi"}, "Choisissez ce qui ne va"),
        ({"reason": "other", "words": "\u202e\x00  "}, "Écrivez quelques mots"),
        ({"reason": "unkind", "words": "garde-moi" + "[" * 1_000_000}, "Restez sous 1000"),
    ],
)
def test_a_report_that_says_nothing_is_refused_and_kept(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, typed: Any, words: str
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    sent = sign_in(asker).post(f"/entraide/signaler/answer-{given.id}", data=typed)
    assert sent.status_code == 422
    assert words in sent.text.replace("\u202f", " ")
    assert "garde-moi" in sent.text or "\x00" in typed["words"]
    assert "<script>alert" not in sent.text
    assert not db.session.scalars(select(Report)).all()


@pytest.mark.parametrize("post", ["x", "answer-0", "answer-99999999999999999999", "comment--1"])
def test_what_is_no_post_is_no_page(
    sign_in: SignIn, asker: Account, boss: Account, post: str
) -> None:
    assert sign_in(asker).get(f"/entraide/signaler/{post}").status_code == 404
    assert sign_in(boss).get(f"/entraide/masquer/{post}").status_code == 404


def test_nobody_reports_themself(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked = h.question(make, asker)
    sent = sign_in(asker).get(f"/entraide/signaler/question-{asked.id}")
    assert sent.status_code == 403
    assert "vous qui l’avez écrit" in sent.text


# The queue


def test_a_manager_hides_with_a_reason_and_shows_again(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked, body="Mots **zébrés** fâcheux")
    case = c.report(make, asker, given, words="Il se moque")
    browser = sign_in(boss)
    queue = browser.get(QUEUE).text
    assert "Il se moque" in queue
    assert "Mots zébrés fâcheux" in queue
    page = browser.get(f"{QUEUE}/{case.id}").text
    assert "Camille Dervaux" in page
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert seen
    decision = {"act": "hide", "words": "Moquerie <b>", "seen": seen[1]}
    assert browser.post(f"{QUEUE}/{case.id}", data=decision).status_code == 303
    for who, reads in ((asker, False), (helper, True), (boss, True)):
        page = thread(sign_in(who), asked)
        assert "Masqué par un responsable\u00a0: Moquerie &lt;b&gt;" in page
        assert ("zébrés" in page) is reads
    assert "Rien à décider" in browser.get(QUEUE).text
    assert "Texte masqué" in browser.get(f"{QUEUE}?view=decided").text
    measure = db.session.scalars(select(Measure.id)).one()
    undone = browser.post(f"{QUEUE}/mesures/{measure}/annuler")
    assert undone.location == f"{QUEUE}/{case.id}"
    assert "zébrés" in thread(sign_in(asker), asked)
    assert "Il se moque" in browser.get(QUEUE).text


def test_whoever_decides_second_is_told_and_sees_what_was_done(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    case = c.report(make, asker, h.answer(make, helper, h.question(make, asker)))
    seen = case.version
    c.decide(make, boss, case, "dismiss", note="Rien de grave")
    browser = sign_in(make.member(None, role="administrator"))
    late = {"act": "hide", "words": "Mes mots à moi", "seen": seen}
    sent = browser.post(f"{QUEUE}/{case.id}", data=late)
    assert sent.status_code == 422
    for words in ("Quelqu’un vous a devancé", "Rien de grave", "Mes mots à moi"):
        assert words in sent.text
    now = re.search(r'name="seen"[^>]*value="(\d+)"', sent.text)
    assert now
    again = browser.post(f"{QUEUE}/{case.id}", data={**late, "seen": now[1]})
    assert again.status_code == 303


def test_managers_of_elsewhere_find_nothing(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    case = c.report(make, asker, h.answer(make, helper, asked))
    c.decide(make, boss, case, "dismiss")
    browser = sign_in(make.member(make.site("Nantes"), role="manager"))
    assert "Rien à décider" in browser.get(QUEUE).text
    assert browser.get(f"{QUEUE}/{case.id}").status_code == 404
    measure = db.session.scalars(select(Measure.id)).one()
    assert browser.post(f"{QUEUE}/mesures/{measure}/annuler").status_code == 404
    for act in ("deplacer", "epingler"):
        assert browser.get(f"/entraide/{asked.id}/{act}").status_code == 403
    assert browser.get(f"/entraide/masquer/question-{asked.id}").status_code == 403


@pytest.mark.parametrize("view", ["waiting", "decided"])
def test_the_queue_costs_the_same_for_one_and_fifteen(
    make: Make,
    sign_in: SignIn,
    count_queries: Any,
    asker: Account,
    helper: Account,
    boss: Account,
    view: str,
) -> None:
    asked, browser, costs = h.question(make, asker), sign_in(boss), []
    for number in (1, 14):
        for _ in range(number):
            for post in (h.comment(make, helper, asked), h.answer(make, helper, asked)):
                case = c.report(make, asker, post)
                if view == "decided":
                    c.decide(make, boss, case, "hide")
        browser.get(QUEUE)
        with count_queries() as told:
            assert "<article" in browser.get(f"{QUEUE}?view={view}").text
        costs.append(len(told))
    assert costs[0] == costs[1]


def test_further_cases_are_a_page_further(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    for place in range(23):
        said = h.comment(make, helper, asked, body=f"Remarque {place:02}")
        c.report(make, asker, said, now=make.now + timedelta(minutes=place))
    browser = sign_in(boss)
    first = browser.get(QUEUE).text
    assert "Remarque 00" in first
    assert "Remarque 20" not in first
    further = re.search(r'rel="next" href="([^"]+)"', first)
    assert further
    second = browser.get(further[1].replace("&amp;", "&")).text
    assert [f"Remarque {place}" in second for place in (19, 20, 22)] == [False, True, True]


# Hidden posts


def test_a_hidden_question_says_so_without_its_words(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker, title="Un client très zébré", body="Corps zébré")
    browser = sign_in(boss)
    assert f"/entraide/masquer/question-{asked.id}" in thread(browser, asked)
    sent = browser.post(f"/entraide/masquer/question-{asked.id}", data={"words": "Nom d’un client"})
    assert sent.location.startswith(QUEUE)
    for path in (f"/entraide/{asked.id}", f"/entraide/{asked.id}-x"):
        page = sign_in(helper).get(path).text
        assert "Nom d’un client" in page
        assert "zébré" not in page
        assert "Corps zébré" in sign_in(asker).get(path).text
    assert "zébré" not in sign_in(asker).get("/entraide?view=mine").text
    stranger = sign_in(make.member(make.site("Nantes")))
    assert "Nom d’un client" in stranger.get(f"/entraide/{asked.id}").text


def test_a_hidden_comment_leaves_its_place_and_its_files(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    said = h.comment(make, helper, asked, body="Girafe")
    c.hide(make, boss, said, "Hors sujet")
    for path in (address(asked), f"/entraide/{asked.id}/commentaires"):
        page = sign_in(asker).get(path).text
        assert "Hors sujet" in page
        assert "Girafe" not in page
        assert "Girafe" in sign_in(helper).get(path).text


@pytest.mark.parametrize("care", ["lock", "hide", "remove"])
def test_an_answer_to_a_thread_that_was_just_taken_away_is_kept(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account, care: str
) -> None:
    asked = h.question(make, asker)
    browser, key = sign_in(helper), once()
    browser.get(address(asked))
    manager = sign_in(boss)
    path = {
        "lock": f"/entraide/{asked.id}/verrouiller",
        "hide": f"/entraide/masquer/question-{asked.id}",
        "remove": f"/entraide/{asked.id}/supprimer",
    }[care]
    assert manager.post(path, data={"words": "Stop", "reason": "Stop"}).status_code == 303
    browser = sign_in(helper)
    sent = browser.post(address(asked), data={"body": "Longue réponse", "once": key})
    assert sent.status_code == (422 if care == "lock" else 404)
    assert db.session.scalars(select(Draft.body_md)).all() == ["Longue réponse"]
    said = browser.post(
        f"/entraide/{asked.id}/commenter", data={"body": "Remarque", "once": once()}
    )
    assert said.status_code == (422 if care == "lock" else 404)
    assert "Remarque" in browser.get("/entraide/brouillons").text
    assert not db.session.scalars(select(Answer)).all()


def test_two_windows_show_both_texts_and_lose_none(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    given, said = h.answer(make, helper, asked), h.comment(make, helper, asked)
    browser = sign_in(helper)
    for path in (f"reponse/{given.id}", f"commentaire/{said.id}"):
        where = f"/entraide/{path}/modifier"
        assert browser.post(where, data={"body": "Première", "revision": 0}).status_code == 303
        sent = browser.post(where, data={"body": "Seconde", "revision": 0})
        assert sent.status_code == 422
        assert "Première" in sent.text
        assert "Seconde" in sent.text
        shown = re.search(r'name="revision"[^>]*value="(\d+)"', sent.text)
        assert shown
        again = browser.post(where, data={"body": "Seconde", "revision": shown[1]})
        assert again.status_code == 303
        history = browser.get(where.replace("modifier", "historique")).text
        assert "Première" in history


def test_five_hundred_names_are_bounded(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, helper: Account
) -> None:
    people = [make.member(lyon).member.slug for _ in range(21)]
    asked = h.question(make, asker)
    names = " ".join(f"@{people[number % 21]}" for number in range(500))
    sent = sign_in(helper).post(address(asked), data={"body": names, "once": once()})
    assert sent.status_code == 422
    assert "nommez" in sent.text
    few = " ".join(f"@{people[number % 20]}" for number in range(500))
    sent = sign_in(helper).post(address(asked), data={"body": few, "once": once()})
    assert sent.status_code == 303
    told = db.session.scalars(select(Bump.member_id)).all()
    assert len(told) <= 22


# Words to authors, moves, pins


def test_a_word_to_an_author_is_read_by_nobody_else(
    make: Make, sign_in: SignIn, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    case = c.report(make, asker, h.answer(make, helper, asked))
    c.decide(make, boss, case, "warn", note="Un peu plus doucement <i>")
    assert "Un peu plus doucement &lt;i&gt;" in thread(sign_in(helper), asked)
    assert "doucement" not in thread(sign_in(asker), asked)


def test_a_thread_moves_to_more_readers_when_its_asker_agrees(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker, audience="site")
    browser = sign_in(boss)
    form = {"site": str(lyon.id), "audience": "network"}
    browser.post(f"/entraide/{asked.id}/deplacer", data=form)
    assert "n’a pas encore répondu" in thread(browser, asked)
    assert "propose de déplacer" not in thread(sign_in(helper), asked)
    mine = sign_in(asker)
    assert "Tout le réseau la lirait" in thread(mine, asked)
    mine.post(f"/entraide/{asked.id}/deplacement", data={"agreed": "1"})
    stranger = sign_in(make.member(make.site("Nantes")))
    assert stranger.get(address(asked)).status_code == 200
    assert sign_in(helper).post(f"/entraide/{asked.id}/deplacement").status_code == 403


@pytest.mark.parametrize("site", ["", "x", "999", "9" * 30, "²"])
def test_a_move_to_nowhere_is_refused(
    make: Make, sign_in: SignIn, asker: Account, boss: Account, site: str
) -> None:
    asked = h.question(make, asker)
    form = {"site": site, "audience": "site"}
    sent = sign_in(boss).post(f"/entraide/{asked.id}/deplacer", data=form)
    assert sent.status_code == 422
    assert "Choisissez un site dont vous êtes responsable" in sent.text


def test_a_pinned_thread_is_at_the_top_until_its_day(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, boss: Account
) -> None:
    asked = h.question(make, asker, title="À lire par tous ici")
    h.question(make, asker, title="La plus récente de toutes")
    browser = sign_in(boss)
    until = (make.now + timedelta(days=3)).date().isoformat()
    where = f"/entraide/{asked.id}/epingler"
    # Two weeks are offered.
    assert (
        f'value="{(make.now + timedelta(weeks=2)).date().isoformat()}"' in browser.get(where).text
    )
    assert browser.post(where, data={"list": "network", "until": until}).status_code == 422
    assert browser.post(where, data={"list": str(lyon.id), "until": "x"}).status_code == 422
    assert browser.post(where, data={"list": str(lyon.id), "until": until}).status_code == 303
    page = sign_in(asker).get("/entraide?view=open").text
    assert page.count("À lire par tous ici") == 1
    assert page.index("À lire par tous ici") < page.index("La plus récente de toutes")
    assert "Fils épinglés" not in sign_in(asker).get("/entraide?view=open&q=lire").text
    stranger = sign_in(make.member(make.site("Nantes")))
    assert "Fils épinglés" not in stranger.get("/entraide?view=open").text
    assert "Épinglé jusqu’au" in thread(browser, asked)
    pin = c.last("pin")
    browser.post(f"{QUEUE}/mesures/{pin.id}/annuler")
    assert "Fils épinglés" not in sign_in(asker).get("/entraide?view=open").text


# The pace of a day


def asks(make: Make, browser: FlaskClient) -> Any:
    form = {
        "title": "Qui connaît les factures électroniques ?",
        "body": "Texte gardé",
        "audience": "network",
        "language": "fr",
        "skills": [h.skill(make).id],
        "once": once(),
    }
    return browser.post("/entraide/demander", data=form)


def test_a_new_member_is_told_when_they_can_go_on_and_keeps_their_text(
    make: Make, sign_in: SignIn, daily_limits: None, asker: Account
) -> None:
    for hour in range(3):
        h.question(make, asker, now=make.now - timedelta(hours=20 - hour))
    sent = asks(make, sign_in(asker))
    assert sent.status_code == 422
    assert re.search(r"envoyer celle-ci dans 4.h.01", sent.text)
    assert "Texte gardé" in sent.text
    assert db.session.scalars(select(Draft.body_md)).all() == ["Texte gardé"]
    assert len(db.session.scalars(select(Question)).all()) == 3


def test_who_helped_and_who_runs_a_site_go_on(
    make: Make, sign_in: SignIn, daily_limits: None, asker: Account, helper: Account, boss: Account
) -> None:
    h.accept(make, boss, h.answer(make, helper, h.question(make, boss)))
    for who in (helper, boss):
        for _ in range(4):
            h.question(make, who)
        assert asks(make, sign_in(who)).status_code == 303


def test_nobody_is_kept_back_in_their_own_thread(
    make: Make, daily_limits: None, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    for _ in range(25):
        h.comment(make, asker, asked)
        h.answer(make, asker, asked)
    other = h.question(make, helper)
    h.comment(make, asker, other)
    h.answer(make, asker, other)
    assert len(db.session.scalars(select(Comment)).all()) == 26


def test_a_double_send_at_the_limit_is_no_fourth_question(
    make: Make, daily_limits: None, asker: Account
) -> None:
    for number in range(3):
        h.question(make, asker, once=f"q{number}")
    assert h.question(make, asker, once="q2").id
    h.question(make, asker, now=make.now + timedelta(hours=24))


# The charter


def test_the_first_question_leads_to_the_charters_that_are(
    make: Make, sign_in: SignIn, lyon: Site, asker: Account, boss: Account
) -> None:
    assert "href" not in first_panel(sign_in(asker).get("/entraide/demander").text)
    version = charter(make, lyon, boss)
    panel = first_panel(sign_in(asker).get("/entraide/demander").text)
    assert f'href="/chartes/{version.id}"' in panel
    assert "Charte de la maison" in panel


def first_panel(page: str) -> str:
    found = re.search(r"Votre première question.*?</p>", page, re.DOTALL)
    assert found
    return found[0]
