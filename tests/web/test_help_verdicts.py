"""What becomes of a thread: asked before, locked, announced, accepted."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import commands
from incubator.domain.help.models import Question
from incubator.kernel.db import transaction
from incubator.network.sites.models import Site
from tests import factories_help as h

if TYPE_CHECKING:
    from datetime import datetime

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
    browser = sign_in(boss)
    page = browser.get(f"/annonces/nouvelle?thread={asked.id}").text
    assert asked.title in page
    assert "Appelez-le *d’abord*." in page
    assert f"({address(asked)})" in page
    form = {
        name: html.unescape(re.search(pattern, page, re.DOTALL)[1])  # type: ignore[index]
        for name, pattern in {
            "title": r'name="title"[^>]*value="([^"]*)"',
            "body": r'<textarea[^>]*name="body"[^>]*>\r?\n?(.*?)</textarea>',
            "last_day": r'name="last_day"[^>]*value="([^"]*)"',
            "once": r'name="once"[^>]*value="([^"]*)"',
        }.items()
    }
    sent = browser.post("/annonces/nouvelle", data={**form, "to": str(asked.site_id)})
    assert sent.status_code == 303
    told = sign_in(asker).get(sent.location).text
    assert asked.title in told
    assert "Appelez-le <em>d’abord</em>." in told
    assert f'href="{address(asked)}"' in told


def test_several_answers_are_accepted_on_the_page(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    for each in [h.answer(make, helper, asked) for _ in range(2)]:
        browser.post(f"/entraide/reponse/{each.id}/retenir")
    page = browser.get(address(asked)).text
    assert page.count("Réponse retenue par Camille Dervaux") == 2
