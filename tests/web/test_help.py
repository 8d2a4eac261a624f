"""The pages of the help threads."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete

from incubator.domain.help import attachments, follows
from incubator.domain.help.care import locking
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.routing.models import HelpRequest
from incubator.kernel.db import db, transaction
from incubator.kernel.kept_files import Kept
from tests import factories_help as h

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
THREAD_STATEMENTS_MOST = 12


def filled(**more: Any) -> dict[str, Any]:
    return {
        "title": "Qui connaît les factures électroniques ?",
        "body": "Nous passons au **nouveau** format en janvier.",
        "audience": "network",
        "language": "fr",
        "once": uuid.uuid4().hex,
        **more,
    }


@pytest.fixture
def asker(make: Make, frozen: datetime) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


def unmarked(page: str) -> str:
    """A page without the signs that point words out."""
    return page.replace("<mark>", "").replace("</mark>", "")


def address(question: Question) -> str:
    return f"/entraide/{question.id}-{question.slug}"


def test_a_visitor_is_sent_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/entraide")
    assert answer.status_code == 302
    assert "/entraide" in answer.location


def test_a_member_asks_and_reads_their_question(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    browser = sign_in(asker)
    term = h.skill(make)
    assert browser.get("/entraide/demander").status_code == 200
    sent = browser.post("/entraide/demander", data=filled(skills=[term.id]))
    assert sent.status_code == 303
    page = browser.get(sent.location).text
    assert "Qui connaît les factures électroniques ?" in page
    assert "<strong>nouveau</strong>" in page
    assert "Comptabilité" in page


def test_a_question_sent_twice_is_asked_once(make: Make, sign_in: SignIn, asker: Account) -> None:
    browser, form = sign_in(asker), filled(skills=[h.skill(make).id])
    first, second = (browser.post("/entraide/demander", data=form) for _ in range(2))
    assert first.location == second.location
    assert len(db.session.query(Question).all()) == 1


@pytest.mark.parametrize(
    ("change", "sorry"),
    [
        ({"title": "Court"}, "titre"),
        ({"title": "x" * 151}, "titre"),
        ({"body": "  "}, "mots"),
        ({"body": "x" * 30_001}, "30000"),
        ({"skills": []}, "compétence"),
        ({"skills": ["999999"]}, "compétences"),
        ({"skills": ["nine"]}, "skills"),
        ({"audience": "everybody"}, "audience"),
    ],
)
def test_a_refused_question_keeps_what_was_typed(
    make: Make, sign_in: SignIn, asker: Account, change: dict[str, Any], sorry: str
) -> None:
    wishes = {"needed_on": "2026-11-20", "minutes": "60"}
    form = {**filled(skills=[h.skill(make).id]), **wishes, **change}
    answer = sign_in(asker).post("/entraide/demander", data=form)
    assert answer.status_code == 422
    assert form["title"][:150] in answer.text
    assert form["body"] in answer.text
    assert 'name="needed_on" type="date" value="2026-11-20"' in answer.text
    assert re.search(r'<option selected value="60">', answer.text)
    ticked = re.findall(r'name="skills" value="(\d+)" checked', answer.text)
    assert ticked == ([str(form["skills"][0])] if "skills" not in change else [])
    assert 'class="error"' in answer.text
    assert sorry in answer.text
    assert not db.session.query(Question).all()


def test_a_refused_question_shows_threads_that_look_alike(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    h.question(make, asker, title="Relancer un client qui ne paie pas")
    answer = sign_in(asker).post(
        "/entraide/demander", data=filled(title="Mon client ne veut pas payer, relancer ?")
    )
    assert answer.status_code == 422
    assert "Relancer un client qui ne paie pas" in unmarked(answer.text)


def test_the_preview_shows_clean_html_and_threads_that_look_alike(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    h.question(make, asker, title="Relancer un client qui ne paie pas")
    browser = sign_in(asker)
    data = {"body": "**gras** <script>alert(1)</script>", "title": "Un client à relancer"}
    page = unmarked(browser.post("/entraide/apercu", data=data).text)
    assert "<strong>gras</strong> &lt;script&gt;" in page
    assert "Relancer un client qui ne paie pas" in page
    assert "quelques mots" in browser.post("/help/preview", data={"body": ""}).text


def test_a_thread_has_one_address_in_each_language(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    for wrong in (f"/entraide/{asked.id}", f"/entraide/{asked.id}-autre-chose"):
        assert browser.get(wrong).location == address(asked)
    assert browser.get(f"/help/{asked.id}-{asked.slug}").status_code == 200


@pytest.mark.parametrize("path", ["/entraide/4321", "/entraide/4321-x", "/entraide/9" + "9" * 30])
def test_a_thread_that_is_not_there_is_not_found(
    sign_in: SignIn, asker: Account, path: str
) -> None:
    assert sign_in(asker).get(path).status_code == 404


def test_ask_answer_accept(make: Make, sign_in: SignIn, asker: Account) -> None:
    helper = make.member(make.site("Montréal", time_zone="America/Toronto"), name="Maude Tremblay")
    asked = h.question(make, asker)
    data = {"body": "Demandez 30 % à la commande.", "once": uuid.uuid4().hex}
    sent = sign_in(helper).post(address(asked), data=data)
    given = db.session.query(Answer).one()
    assert sent.location == f"{address(asked)}#answer-{given.id}"
    browser = sign_in(asker)
    page = browser.get(address(asked)).text
    assert "4\u00a0h\u00a041 à Montréal" in page
    assert "Cette réponse a tout réglé" in page
    assert browser.post(f"/entraide/reponse/{given.id}/retenir").status_code == 303
    assert "Réponse retenue par Camille Dervaux" in browser.get(address(asked)).text
    browser.post(f"/entraide/reponse/{given.id}/rouvrir")
    assert "Réponse retenue" not in browser.get(address(asked)).text


def test_an_empty_answer_is_refused_beside_its_field(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked = h.question(make, asker)
    answer = sign_in(asker).post(address(asked), data={"body": " "})
    assert answer.status_code == 422
    assert "Écrivez d’abord quelques mots." in answer.text


def test_only_the_asker_is_offered_to_accept(make: Make, sign_in: SignIn, asker: Account) -> None:
    other = make.member(make.site("Lille"))
    asked = h.question(make, asker)
    given = h.answer(make, other, asked)
    browser = sign_in(other)
    assert "Cette réponse a tout réglé" not in browser.get(address(asked)).text
    assert browser.post(f"/entraide/reponse/{given.id}/retenir").status_code == 403


def test_a_question_is_rewritten_and_its_history_read(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    term = h.skill(make, "Droit")
    path = f"/entraide/{asked.id}/modifier"
    assert asked.title in browser.get(path).text
    form = filled(title="Relancer sans fâcher un client", revision=0, skills=[term.id])
    assert browser.post(path, data=form).status_code == 303
    assert asked.title in browser.get(f"/entraide/{asked.id}/historique").text
    assert "relancer-sans-facher-un-client" in browser.get(f"/entraide/{asked.id}").location


def test_two_windows_editing_lose_neither_text(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    given = h.answer(make, asker, asked)
    path = f"/entraide/reponse/{given.id}/modifier"
    browser.post(path, data={"body": "Le texte de la première fenêtre", "revision": 0})
    late = browser.post(path, data={"body": "Celui de la seconde", "revision": 0})
    assert late.status_code == 422
    assert "Celui de la seconde" in late.text
    assert "Le texte de la première fenêtre" in late.text
    assert browser.post(path, data={"body": "Les deux", "revision": 1}).status_code == 303
    history = browser.get(f"/entraide/reponse/{given.id}/historique").text
    assert "Le texte de la première fenêtre" in history


def test_a_late_rewrite_of_a_question_shows_both(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    term = h.skill(make)
    asked, browser = h.question(make, asker, term), sign_in(asker)
    path = f"/entraide/{asked.id}/modifier"
    browser.post(path, data=filled(body="La première fenêtre", revision=0, skills=[term.id]))
    late = browser.post(path, data=filled(body="La seconde", revision=0, skills=[term.id]))
    assert late.status_code == 422
    assert "La première fenêtre" in late.text
    assert "La seconde" in late.text


def test_solved_otherwise_says_how_and_reopens(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    path = f"/entraide/{asked.id}/resolue-autrement"
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"how": ""}).status_code == 422
    browser.post(path, data={"how": "Le client a payé hier."})
    assert "Le client a payé hier." in browser.get(address(asked)).text
    browser.post(f"/entraide/{asked.id}/rouvrir")
    assert "Le client a payé hier." not in browser.get(address(asked)).text


def test_a_question_without_answer_is_removed_by_its_author(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    path = f"/entraide/{asked.id}/supprimer"
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"reason": "En double"}).status_code == 303
    assert browser.get(address(asked)).status_code == 404


def test_an_answer_is_removed_by_its_author(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    given = h.answer(make, asker, asked, body="À retirer")
    path = f"/entraide/reponse/{given.id}/supprimer"
    assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 303
    assert "À retirer" not in browser.get(address(asked)).text


def test_pages_that_change_a_thread_are_closed_to_others(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, asker, asked)
    browser = sign_in(make.member(make.site("Lille")))
    for path in (
        f"{asked.id}/modifier",
        f"{asked.id}/resolue-autrement",
        f"{asked.id}/supprimer",
        f"reponse/{given.id}/modifier",
    ):
        assert browser.get(f"/entraide/{path}").status_code == 403
    assert browser.post(f"/entraide/reponse/{given.id}/supprimer").status_code == 403
    assert browser.post(f"/entraide/{asked.id}/rouvrir").status_code == 403


def test_a_guest_who_offers_a_skill_still_begins_with_what_is_open(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    guest = make.member(make.site("Dakar"), role="guest")
    h.skill(make, "Reliure", offered_by=(guest,))
    h.question(make, asker, title="Une question ouverte à tous")
    page = sign_in(guest).get("/entraide").text
    assert "Une question ouverte à tous" in page
    assert 'view=open" aria-current="page"' in page


def test_a_guest_reads_network_threads_and_cannot_post(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    guest = make.member(make.site("Dakar"), role="guest")
    asked, browser = h.question(make, asker), sign_in(guest)
    page = browser.get(address(asked)).text
    assert "Les personnes invitées" in page
    assert 'name="body"' not in page
    assert browser.get("/entraide").status_code == 200
    assert browser.get("/entraide/demander").status_code == 403
    assert browser.post(address(asked), data={"body": "Bonjour"}).status_code == 403


def test_a_thread_of_a_site_is_hidden_elsewhere(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    asked = h.question(make, asker, audience="site")
    other = sign_in(make.member(make.site("Lille")))
    for path in (address(asked), f"/entraide/{asked.id}/historique", f"/entraide/{asked.id}"):
        assert other.get(path).status_code == 404
    assert asked.title not in other.get("/entraide?view=all").text
    assert asked.title in sign_in(asker).get("/entraide?view=all").text


VIEWS = {
    "for_me": {"waiting"},
    "open": {"waiting", "own", "answered"},
    "unanswered": {"waiting", "own"},
    "solved": {"solved"},
    "mine": {"own"},
    "all": {"waiting", "own", "answered", "solved"},
}


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_shows_its_threads(
    make: Make, sign_in: SignIn, asker: Account, view: str
) -> None:
    reader = make.member(make.site("Lille"))
    mine = h.skill(make, "Relance", offered_by=(reader,))
    h.question(make, asker, mine, title="Question waiting for somebody")
    h.question(make, reader, mine, title="Question own of the reader")
    h.answer(make, reader, h.question(make, asker, title="Question answered already"))
    done = h.question(make, asker, title="Question solved last week")
    h.accept(make, asker, h.answer(make, reader, done))
    page = sign_in(reader).get(f"/entraide?view={view}").text
    assert {name for name in VIEWS["all"] if f">Question {name} " in page} == VIEWS[view]


def test_the_list_is_filtered_by_skill_site_and_words(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    lille = make.site("Lille")
    law = h.skill(make, "Droit")
    h.question(make, make.member(lille), law, title="Étiquette de savon à relire")
    h.question(make, asker, title="Bail commercial en centre-ville")
    browser = sign_in(asker)
    for query in (f"skill={law.slug}", f"site={lille.slug}", "q=etiq+SAV"):
        page = unmarked(browser.get(f"/entraide?{query}").text)
        assert "Étiquette de savon" in page
        assert "Bail commercial" not in page
    assert "Aucun fil de ce genre" in browser.get("/entraide?q=zzz").text


@pytest.mark.parametrize(("view", "words"), [("for_me", "besoin"), ("mine", "demandé")])
def test_an_empty_view_says_what_it_means(
    sign_in: SignIn, asker: Account, view: str, words: str
) -> None:
    assert words in sign_in(asker).get(f"/entraide?view={view}").text


def test_the_list_costs_the_same_for_one_and_thirty_threads(
    make: Make, sign_in: SignIn, asker: Account, count_queries: Callable[[], Any]
) -> None:
    browser, term = sign_in(asker), h.skill(make, offered_by=(asker,))
    costs = []
    for number in (1, 29):
        for _ in range(number):
            h.answer(make, asker, h.question(make, asker, term))
        with count_queries() as seen:
            browser.get("/entraide?view=all")
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 11


def test_a_thread_costs_the_same_for_one_and_thirty_answers(
    make: Make, sign_in: SignIn, asker: Account, count_queries: Callable[[], Any]
) -> None:
    asked, browser, site = h.question(make, asker), sign_in(asker), make.site("Lille")
    h.answer(make, make.member(site), asked)
    h.answer(make, make.member(site), asked)
    costs = []
    for number in (0, 28):
        for _ in range(number):
            h.answer(make, make.member(site), asked)
        there = address(asked)
        browser.get(there)
        with count_queries() as seen:
            browser.get(there)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 20


def test_the_older_threads_are_one_page_away(make: Make, sign_in: SignIn, asker: Account) -> None:
    for number in range(25):
        at = make.now - timedelta(hours=number)
        h.question(make, asker, title=f"Question numéro {number:02}", now=at)
    browser = sign_in(asker)
    first = browser.get("/entraide?view=all").text
    assert "numéro 19" in first
    assert "numéro 20" not in first
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "numéro 20" in browser.get(link).text


def test_the_first_page_and_the_menu_say_that_a_skill_is_wanted(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    reader = make.member(make.site("Nantes"))
    h.question(
        make, asker, h.skill(make, "Photo", offered_by=(reader,)), title="Douze plats à voir"
    )
    page = sign_in(reader).get("/").text
    # Who is counted on reads it there, and not a second time as one question among others.
    assert "On compte sur vous" in page
    assert "Douze plats à voir" in page
    assert "On cherche vos compétences" not in page
    with transaction():
        db.session.execute(delete(HelpRequest))
    assert "On cherche vos compétences" in sign_in(reader).get("/").text
    assert "On cherche vos compétences" not in sign_in(asker).get("/").text


def test_the_thread_names_who_could_help(make: Make, sign_in: SignIn, asker: Account) -> None:
    expert = make.member(make.site("Dakar"), name="Aminata Sow")
    asked = h.question(make, asker, h.skill(make, "Textile", offered_by=(expert, asker)))
    page = sign_in(asker).get(address(asked)).text
    assert "Qui pourrait aider" in page
    assert "Aminata Sow" in page


def test_a_skill_named_in_the_address_is_ticked(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    term = h.skill(make, "Textile")
    page = sign_in(asker).get(f"/entraide/demander?skill={term.slug}").text
    assert f'value="{term.id}" checked' in page
    assert "Mon site seulement" in page


def test_who_has_no_site_asks_the_network(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.member(role="administrator")).get("/entraide/demander").text
    assert "Mon site seulement" not in page


def test_english_pages_say_it_in_english(make: Make, sign_in: SignIn) -> None:
    reader = make.member(make.site("Montréal"), language="en")
    asked, browser = h.question(make, reader), sign_in(reader)
    assert "Ask for help" in browser.get("/help").text
    assert f'href="/help/{asked.id}-{asked.slug}"' in browser.get("/help").text
    assert "Waiting for an answer" in browser.get(f"/help/{asked.id}-{asked.slug}").text


def long_thread(make: Make, asker: Account, boss: Account, asked: Question, answers: int) -> None:
    """Answers, each with a comment, a vote and a file; a first one adds the file's form."""
    once = uuid.uuid4().hex
    file = Kept(key=once, name="devis.pdf", kind="pdf", size=9)
    with transaction():
        attachments.add(make.actor(boss), once, file, now=make.now)
    for _ in range(answers):
        given = h.answer(make, boss, asked, once=once)
        h.comment(make, boss, asked, answer_id=given.id)
        h.vote(make, asker, given)
        once = uuid.uuid4().hex
    with transaction():
        follows.unfollow(asker.id, asked.id, now=make.now)


@pytest.mark.parametrize("solved", [False, True])
def test_a_thread_costs_a_dozen_statements_however_long_it_is(
    make: Make, sign_in: SignIn, asker: Account, count_queries: Callable[[], Any], *, solved: bool
) -> None:
    boss, costs = make.member(role="administrator"), []
    term = h.skill(make, offered_by=(make.member(make.site("Dakar")), asker))
    asked, browser = h.question(make, asker, term), sign_in(asker)
    h.question(make, make.member(make.site("Lille")), term)
    with transaction():
        locking.lock(make.actor(boss), asked.id, now=make.now)
    for number in (1, 9):
        long_thread(make, asker, boss, asked, number)
        for given in db.session.query(Answer).limit(number if solved else 0):
            h.accept(make, asker, given)
        there = address(asked)
        # What is new is read first.
        browser.get(there)
        with count_queries() as seen:
            page = browser.get(there).text
        # Nothing of what there is stays away from the page.
        assert "devis.pdf" in page
        assert "Fils voisins" in page
        assert page.count("pour une <strong>association") == number + len(costs)
        assert ("Qui pourrait aider" in page) is not solved
        costs.append(len(seen))
    assert costs[0] == costs[1] <= THREAD_STATEMENTS_MOST


def test_skills_are_proposed_from_the_text_after_a_refusal_and_in_the_preview(
    make: Make, sign_in: SignIn
) -> None:
    term = h.skill(make, "Apiculture")
    browser = sign_in(make.member(make.site()))
    form = {"title": "Où poser une ruche, en apiculture ?", "body": "Sur un toit.", "once": "x"}
    refused = browser.post("/entraide/demander", data=form)
    assert refused.status_code == 422
    proposals = refused.text.partition('id="told"')[2].partition('id="skills"')[0]
    box = f'<input type="checkbox" name="skills" value="{term.id}">'
    assert box in proposals
    ticked = browser.post("/entraide/demander", data={**form, "title": "", "skills": term.id})
    assert box not in ticked.text
    # On the plain page of the preview nothing can be ticked; in the form there is a box.
    plain = browser.post("/entraide/apercu", data=form).text.partition('id="told"')[2]
    assert "Apiculture" in plain
    assert box not in plain
    swapped = browser.post("/entraide/apercu", data=form, headers={"X-Swap": "#told"}).text
    assert box in swapped
    assert 'data-told="/entraide/apercu"' in browser.get("/entraide/demander").text
