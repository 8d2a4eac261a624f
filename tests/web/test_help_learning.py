"""Pages of what is learnt: who sees which figures, files, best answers, sheets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help.learning import measuring
from incubator.kernel.db import transaction
from tests import factories_help as h
from tests.factories_counting import Helping, helping, thank

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

SignIn = Any
LEARN = "/entraide/apprendre"
BEST = "/entraide/meilleures-reponses"


@pytest.fixture
def case(make: Make, frozen: datetime) -> Helping:
    return helping(make)


def read(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return str(answer.text)


def measured(make: Make) -> None:
    for month in measuring.due_months(make.now):
        with transaction():
            measuring.measure(month, now=make.now)


def sheet(case: Helping) -> str:
    return f"/entraide/{case.asked.id}/fiche"


# Figures


def test_a_member_sees_their_own_numbers_and_no_site(case: Helping, sign_in: SignIn) -> None:
    case.accept()
    thank(case.make, case.asker, case.given)
    measured(case.make)
    page = read(sign_in(case.helper), LEARN)
    assert "1 retenue" in page
    assert "Compétences demandées" not in page
    assert sign_in(case.helper).get(f"{LEARN}?kind=csv").mimetype == "text/html"


def test_a_manager_sees_their_site_and_no_other(case: Helping, sign_in: SignIn) -> None:
    measured(case.make)
    boss = sign_in(case.make.member(case.site, role="manager"))
    page = read(boss, LEARN)
    assert "Lyon, novembre 2026" in page
    assert "Compétences demandées" in page
    assert boss.get(f"{LEARN}?site=lille").status_code == 404
    assert "Tout le réseau, novembre" not in page


def test_the_administrator_sees_the_network_and_takes_it_along(
    case: Helping, sign_in: SignIn
) -> None:
    for _ in range(5):
        h.answer(case.make, case.helper, h.question(case.make, case.asker), now=case.make.now)
    measured(case.make)
    boss = sign_in(case.make.member(role="administrator"))
    page = read(boss, f"{LEARN}?month=2026-11")
    assert "novembre 2026" in page
    assert "100\u00a0%" in page
    table = boss.get(f"{LEARN}?month=2026-11&kind=csv").text
    assert table.splitlines()[1].startswith("Tout le réseau,,6,6,6,6,6")
    assert boss.get(f"{LEARN}?month=2026-11&kind=xlsx").mimetype.endswith("sheet")


def test_times_of_few_questions_are_not_told(case: Helping, sign_in: SignIn) -> None:
    measured(case.make)
    boss = sign_in(case.make.member(role="administrator"))
    table = boss.get(f"{LEARN}?month=2026-11&kind=csv").text
    assert table.splitlines()[1].endswith("0,0,0,,,,,,,,")


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-01", "0001-01", "2026-02"])
def test_a_month_that_cannot_be_shows_another(case: Helping, sign_in: SignIn, month: str) -> None:
    boss = sign_in(case.make.member(role="administrator"))
    for page in (LEARN, BEST):
        assert boss.get(page, query_string={"month": month}).status_code == 200


def test_an_empty_network_says_so(make: Make, frozen: datetime, sign_in: SignIn) -> None:
    boss = sign_in(make.member(make.site(), role="administrator"))
    page = read(boss, LEARN)
    assert "Pas encore de chiffres" in page
    assert "Rien n’a été demandé" in page
    assert "Rien encore pour ce mois" in read(boss, BEST)
    assert "Pas encore de fiche" in read(boss, "/entraide/fiches")


def test_the_page_costs_the_same_however_much_was_asked(
    case: Helping, sign_in: SignIn, count_queries: Any
) -> None:
    boss, costs = sign_in(case.make.member(role="administrator")), []
    for number in (1, 6):
        for _ in range(number):
            site = case.make.site()
            asked = h.question(case.make, case.make.member(site))
            h.answer(case.make, case.helper, asked)
            h.question(case.make, case.asker, now=case.make.now - timedelta(days=40))
        measured(case.make)
        read(boss, LEARN)
        with count_queries() as seen:
            read(boss, LEARN)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 20


# Best answers and sheets


def test_the_best_answers_of_a_month_are_linked_from_the_threads(
    case: Helping, sign_in: SignIn, count_queries: Any
) -> None:
    case.accept()
    browser, costs = sign_in(case.asker), []
    assert BEST in read(browser, "/entraide")
    assert "Paul Vasseur" in read(browser, BEST)
    for number in (1, 8):
        for _ in range(number):
            h.vote(case.make, case.asker, h.answer(case.make, case.helper, case.asked))
        with count_queries() as seen:
            read(browser, BEST)
        costs.append(len(seen))
    assert costs[0] == costs[1]
    assert "Paul Vasseur" not in read(browser, f"{BEST}?month=2026-10")


def test_a_solved_thread_becomes_a_sheet_and_links_lead_both_ways(
    case: Helping, sign_in: SignIn
) -> None:
    thread = f"/entraide/{case.asked.id}-{case.asked.slug}"
    asker = sign_in(case.asker)
    assert asker.get(f"{sheet(case)}/ecrire").status_code == 422
    case.accept()
    assert f"{sheet(case)}/ecrire" in read(asker, thread)
    form = read(asker, f"{sheet(case)}/ecrire")
    assert "Ce qui a marché" in form
    sent = {"title": "Relancer sans fâcher", "body": "Appelez **d’abord**", "revision": "0"}
    done = asker.post(f"{sheet(case)}/ecrire", data=sent)
    assert done.location == sheet(case)
    page = read(sign_in(case.helper), sheet(case))
    assert "<strong>d’abord</strong>" in page
    assert thread in page
    assert sheet(case) in read(asker, thread)
    assert sheet(case) in read(asker, "/entraide/fiches?q=fâcher")
    assert "Pas encore de fiche comme" in read(asker, "/entraide/fiches?q=zzzz")


def test_a_sheet_rewritten_in_two_windows_shows_both(case: Helping, sign_in: SignIn) -> None:
    case.accept()
    asker, helper = sign_in(case.asker), sign_in(case.helper)
    write = f"{sheet(case)}/ecrire"
    first = {"title": "Relancer sans fâcher", "body": "Premier texte", "revision": "0"}
    asker.post(write, data=first)
    asker.post(write, data=first | {"body": "Deuxième texte"})
    late = helper.post(write, data=first | {"body": "Troisième texte"})
    assert late.status_code == 422
    assert "Deuxième texte" in late.text
    assert "Troisième texte" in late.text
    again = helper.post(write, data=first | {"body": "Troisième texte", "revision": "1"})
    assert again.status_code == 303
    history = read(asker, f"{sheet(case)}/historique")
    assert "<del>" in history
    short = helper.post(write, data=first | {"title": "x", "revision": "2"})
    assert (short.status_code, 'id="title-error"' in short.text) == (422, True)


def test_a_sheet_does_not_name_who_asked_without_a_name(
    make: Make, frozen: datetime, sign_in: SignIn
) -> None:
    case = helping(make, anonymous=True)
    case.accept()
    sent = {"title": "Relancer sans fâcher", "body": "Appelez", "revision": "0"}
    asker = sign_in(case.asker)
    asker.post(f"{sheet(case)}/ecrire", data=sent)
    asker.post(f"{sheet(case)}/ecrire", data=sent | {"body": "Appelez encore"})
    helper = sign_in(case.helper)
    for path in (sheet(case), f"{sheet(case)}/historique", "/entraide/fiches", BEST):
        assert "Nadia" not in read(helper, path), path


def test_withdrawing_needs_a_hand_in_it(case: Helping, sign_in: SignIn) -> None:
    case.accept()
    sent = {"title": "Relancer sans fâcher", "body": "Appelez", "revision": "0"}
    sign_in(case.asker).post(f"{sheet(case)}/ecrire", data=sent)
    other = sign_in(case.make.member(case.site))
    assert other.post(f"{sheet(case)}/retirer").status_code == 403
    assert other.get(f"{sheet(case)}/ecrire").status_code == 403
    sign_in(case.helper).post(f"{sheet(case)}/retirer")
    assert other.get(sheet(case)).status_code == 404
