"""Pages of help that counts: one tap each, in French, without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories_counting import Helping, helping, line, thank

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

SignIn = Any


@pytest.fixture
def case(make: Make, frozen: datetime) -> Helping:
    return helping(make)


def thread(case: Helping) -> str:
    return f"/entraide/{case.asked.id}-{case.asked.slug}"


def counts(case: Helping) -> str:
    return f"/entraide/reponse/{case.given.id}/compter"


def read(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return str(answer.text)


def test_the_helper_proposes_with_one_tap_and_the_asker_confirms_in_the_thread(
    case: Helping, sign_in: SignIn
) -> None:
    helper, asker = sign_in(case.helper), sign_in(case.asker)
    assert "Compter 45" not in read(helper, thread(case))
    case.accept()
    assert "Compter 45\u00a0min" in read(helper, thread(case))
    sent = helper.post(counts(case), data={"duration": "45 min"}, follow_redirects=True)
    assert "45\u00a0min proposées" in sent.text
    assert "attend un accord" in sent.text
    page = read(asker, thread(case))
    assert "Confirmer 45\u00a0min" in page
    confirm = f"/heures/{line().id}/confirmer"
    assert confirm in page
    answer = asker.post(confirm, data={"back": thread(case)}, follow_redirects=True)
    assert "45\u00a0min\u00a0: c’est validé" in answer.text
    assert "Paul Vasseur" in read(asker, "/heures")
    assert "45\u00a0min" in read(helper, "/heures")
    shown = read(helper, f"/heures/{line().id}")
    assert thread(case) in shown
    assert f"/heures/{line().id}" in read(helper, thread(case))


def test_the_asker_offers_and_the_helper_takes_it(case: Helping, sign_in: SignIn) -> None:
    case.accept()
    asker, helper = sign_in(case.asker), sign_in(case.helper)
    assert "Compter 45\u00a0min pour Paul Vasseur" in read(asker, thread(case))
    asker.post(counts(case), data={"duration": "1 h"})
    assert "Nadia Belkacem propose de compter 1\u00a0h" in read(helper, thread(case))
    assert "Pour votre aide" in read(helper, "/heures/a-confirmer")
    assert "Nadia" not in read(asker, "/heures/a-confirmer").split("<main")[1]
    answer = helper.post(f"/heures/{line().id}/accepter", follow_redirects=True)
    assert "1\u00a0h comptées" in answer.text
    assert "Offertes par Nadia Belkacem" in read(helper, f"/heures/{line().id}")


def test_an_offer_is_declined_where_it_stands(case: Helping, sign_in: SignIn) -> None:
    case.accept()
    sign_in(case.asker).post(counts(case), data={"duration": "1 h"})
    helper = sign_in(case.helper)
    done = helper.post(f"/heures/{line().id}/retirer", data={"back": thread(case)})
    assert done.location == thread(case)
    assert line().state == "withdrawn"


@pytest.mark.parametrize("typed", ["", "beaucoup", "7 min", "99 h", "9" * 400])
def test_what_is_no_duration_is_said_beside_the_field_and_kept(
    case: Helping, sign_in: SignIn, typed: str
) -> None:
    case.accept()
    answer = sign_in(case.helper).post(counts(case), data={"duration": typed})
    assert answer.status_code == 422
    assert 'id="duration-error"' in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_stranger_does_not_count(case: Helping, sign_in: SignIn, make: Make) -> None:
    case.accept()
    other = sign_in(make.member(case.site))
    assert other.get(counts(case)).status_code == 403
    assert other.post(counts(case), data={"duration": "45 min"}).status_code == 403


def test_no_page_names_who_asked_without_a_name(
    make: Make, frozen: datetime, sign_in: SignIn
) -> None:
    case = helping(make, anonymous=True)
    case.accept()
    thank(make, case.asker, case.given, "Vous m’avez sauvée")
    helper, asker = sign_in(case.helper), sign_in(case.asker)
    told = read(helper, thread(case))
    assert "Vous m’avez sauvée" in told
    assert "Vous m’avez sauvée" not in read(sign_in(make.member(case.site)), thread(case))
    asker.post(counts(case), data={"duration": "45 min"})
    pages = [thread(case), counts(case), "/heures/a-confirmer", f"/heures/{line().id}"]
    texts = [read(helper, page) for page in pages]
    helper.post(f"/heures/{line().id}/accepter")
    pages = [
        thread(case),
        f"/heures/{line().id}",
        "/heures",
        "/heures/export.csv",
        "/compte/donnees",
    ]
    texts += [helper.get(page).text for page in pages]
    for text in texts:
        assert "Nadia" not in text
    assert "la personne aidée" in texts[3]
    assert "Paul Vasseur" in read(asker, "/heures")


def test_thanks_have_their_number_and_are_taken_back(case: Helping, sign_in: SignIn) -> None:
    there = f"/entraide/reponse/{case.given.id}/merci"
    asker = sign_in(case.asker)
    assert "Merci" in read(asker, thread(case))
    page = asker.post(there, follow_redirects=True).text
    assert "1 personne dit merci" in page
    assert "Merci envoyé" in page
    assert "Retirer mon merci" in read(asker, there)
    long = asker.post(there, data={"words": "x" * 301})
    assert (long.status_code, 'id="words-error"' in long.text) == (422, True)
    asker.post(f"{there}/retirer")
    assert "dit merci" not in read(asker, thread(case))
    assert sign_in(case.helper).get(there).status_code == 403


def test_a_thread_costs_the_same_for_one_thanks_and_for_many(
    make: Make, frozen: datetime, sign_in: SignIn, count_queries: Any
) -> None:
    case = helping(make)
    case.accept()
    browser, costs = sign_in(case.helper), []
    for number in (1, 12):
        for _ in range(number):
            thank(make, make.member(case.site), case.given, "Merci")
        browser.get(thread(case))
        with count_queries() as seen:
            read(browser, thread(case))
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 16
