"""The suggestion of the first page: which, on how many days, how one ends it without scripts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.suggestions import commands
from incubator.domain.suggestions.rules import ORDER
from incubator.edge import clock
from incubator.edge.state import state_of
from incubator.kernel.db import transaction
from incubator.network.members import commands as members
from tests.factories_commitments import declared, pledged
from tests.factories_help import answer, question, skill
from tests.web.test_today import read

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("frozen")
SignIn = Any
CARD = re.compile(r'aria-labelledby="suggestion-panel">(.*?)</section>', re.DOTALL)
BUTTON = re.compile(r'<a class="btn[^>]*>(?:<svg.*?</svg>)?([^<]*)</a>', re.DOTALL)
HEADLINE, OFFERS = "Écrire ma ligne", "Ajouter ce que je propose"


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site()


@pytest.fixture
def ines(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Inès Belkacem")


def card(page: str) -> str:
    found = CARD.search(page)
    return found[1] if found else ""


def suggested(browser: FlaskClient, make: Make, *, days: float = 0, **more: Any) -> str:
    """The link of what is suggested so many days from now; empty when nothing is."""
    with clock.stopped_at(make.now + timedelta(days=days)):
        answered = browser.get("/", **more)
    found = BUTTON.search(card(answered.text))
    return found[1] if found else ""


def introduce(make: Make, who: Account, known: int | None = None) -> None:
    """Their line is written and what they offer, so that other suggestions come first."""
    me, offered = make.actor(who), {known or skill(make).id: 2}
    with transaction():
        members.edit_profile(
            me, member_id=me.id, name=me.name, headline="Tisse", about="", languages=[]
        )
        members.set_skills(me, member_id=me.id, offered=offered, wanted=[])


def test_one_is_shown_on_two_days_and_then_another(
    make: Make, ines: Account, sign_in: SignIn
) -> None:
    browser = sign_in(ines)
    for hours in (0, 1, 5):
        assert suggested(browser, make, days=hours / 24) == HEADLINE
    assert suggested(browser, make, days=3) == HEADLINE
    assert suggested(browser, make, days=4) == OFFERS
    assert suggested(browser, make, days=9) == OFFERS
    assert suggested(browser, make, days=10) not in {HEADLINE, OFFERS, ""}


def test_following_one_brings_no_other_before_tomorrow(
    make: Make, ines: Account, sign_in: SignIn
) -> None:
    browser = sign_in(ines)
    assert suggested(browser, make) == HEADLINE
    introduce(make, ines)
    assert suggested(browser, make, days=0.1) == ""
    assert suggested(browser, make, days=1) != ""


def test_who_wants_no_more_of_it_says_so_by_a_form(
    make: Make, ines: Account, sign_in: SignIn
) -> None:
    browser = sign_in(ines)
    page = card(read(browser))
    assert "Ne plus proposer" in page
    (address,) = re.findall(r'action="(/suggestions/[^"]+)"', page)
    for _ in range(2):
        assert browser.post(address).location == "/"
    assert "nous ne le proposerons plus" in browser.get("/").text
    assert suggested(browser, make) == ""
    assert suggested(browser, make, days=1) == OFFERS
    assert browser.post("/suggestions/dance/assez").status_code == 404


def test_later_gives_a_month_of_peace_from_all_of_them(
    make: Make, ines: Account, sign_in: SignIn
) -> None:
    browser = sign_in(ines)
    browser.post("/moi/plus-tard", data={"back": "/"})
    assert suggested(browser, make, days=29) == ""
    assert suggested(browser, make, days=30) == HEADLINE


def test_looking_ahead_and_other_parts_count_nothing(
    make: Make, ines: Account, sign_in: SignIn
) -> None:
    browser = sign_in(ines)
    ahead = {"Sec-Purpose": "prefetch;prerender"}
    for days in range(3):
        assert suggested(browser, make, days=days, headers=ahead) == HEADLINE
        assert suggested(browser, make, days=days, headers={"X-Swap": "#part-chat"}) == ""
    assert suggested(browser, make, days=3) == HEADLINE
    assert suggested(browser, make, days=4) == HEADLINE
    assert suggested(browser, make, days=5) == OFFERS


def test_a_question_without_an_answer_is_for_who_never_answered(
    make: Make, lyon: Site, ines: Account, sign_in: SignIn
) -> None:
    known = skill(make)
    asker = make.member(lyon)
    taken, free = question(make, asker, known), question(make, asker, known, title="Teindre ?")
    answer(make, make.member(lyon), taken)
    introduce(make, ines, known.id)
    browser = sign_in(ines)
    assert suggested(browser, make) == "Lire la question"
    assert "« Teindre ? »" in card(read(browser))
    answer(make, ines, free)
    assert suggested(browser, make, days=1) != "Lire la question"


def test_a_week_without_hours_is_for_who_promised_some(
    make: Make, lyon: Site, ines: Account, sign_in: SignIn
) -> None:
    introduce(make, ines)
    browser = sign_in(ines)
    assert suggested(browser, make) == "Ajouter mon portrait"
    pledged(make, ines, make.member(lyon, role="manager"))
    assert suggested(browser, make, days=1) == "Voir les permanences"
    declared(make, ines, kind="mentoring", receiver=make.member(lyon), minutes=60)
    assert suggested(browser, make, days=2) == "Ajouter mon portrait"


def test_a_guest_hears_of_their_profile_alone(make: Make, lyon: Site, sign_in: SignIn) -> None:
    guest = make.member(lyon, role="guest")
    introduce(make, guest)
    browser = sign_in(guest)
    seen = {suggested(browser, make, days=days) for days in range(20)}
    assert not seen & {"Voir les permanences", "Écrire sa page", "Lire la question"}


def test_a_source_that_fails_leaves_the_page(
    app: Flask, ines: Account, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_reader: object) -> object:
        raise RuntimeError

    state = state_of(app)
    damaged = [replace(each, load=broken) for each in state.suggestions]
    monkeypatch.setattr(state, "suggestions", damaged)
    page = read(sign_in(ines))
    assert page.count("n’a pas pu être chargée") == 1


def test_who_has_no_more_to_be_told_costs_one_statement(
    make: Make, ines: Account, sign_in: SignIn, count_queries: Any
) -> None:
    browser = sign_in(ines)
    with transaction():
        for key in ORDER:
            commands.end(make.actor(ines), key, day=make.now.date() - timedelta(days=1))
    costs = []
    for part in ("none", "suggestion"):
        headers = {"X-Swap": f"#part-{part}"}
        suggested(browser, make, headers=headers)
        with count_queries() as seen:
            assert suggested(browser, make, headers=headers) == ""
        costs.append(len(seen))
    assert costs[1] == costs[0] + 1
