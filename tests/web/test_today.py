"""The first page: its sentence, the ribbon of the day, panels that fail alone, its cost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import html5lib
import pytest

from incubator.edge import clock
from incubator.edge.state import state_of
from incubator.kernel.db import db, transaction
from incubator.network.members.models import MemberSkill
from tests.factories_checkins import came
from tests.factories_commitments import declared, pledged
from tests.factories_help import answer, question, skill
from tests.factories_slots import a_slot, signed_up

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem")


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie Lambert", role="manager")


def read(browser, address: str = "/") -> str:
    answered = browser.get(address)
    assert answered.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answered.text)
    return answered.text.replace("\u00a0", " ").replace("\u202f", " ")


def sentence(browser) -> str:
    found = re.search(r'id="sentence"[^>]*>(.*?)</p>', read(browser), re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


def a_duty(make, sophie, ines, lyon, *, hours: int) -> None:
    """A slot of today that begins so many hours after ten in Paris."""
    start = 600 + hours * 60
    slot = a_slot(make, sophie, lyon, day=make.now.date(), local_start=start, duration=60)
    signed_up(make, ines, slot, now=make.now - timedelta(days=2))


def looked_for(make, ines, lyon):
    """Two questions about what somebody can do, of whom nothing was asked: they said it later."""
    known = skill(make)
    for _ in range(2):
        question(make, make.member(lyon), known)
    with transaction():
        db.session.add(MemberSkill(member_id=ines.id, skill_id=known.id, wanted=False))
    return known


def test_a_quiet_day_has_a_kind_word(ines, sign_in):
    assert sentence(sign_in(ines)) == (
        "Voici ce qui pousse autour de vous aujourd’hui, et qui aurait besoin d’un coup de main."
    )
    assert "Rien de prévu : la journée est à vous." in read(sign_in(ines))


def test_who_is_due_soon_hears_in_how_many_minutes(make, ines, sophie, lyon, sign_in):
    a_duty(make, sophie, ines, lyon, hours=1)
    assert sentence(sign_in(ines)) == "On vous attend dans 19 minutes : Accueil."
    with clock.stopped_at(make.now + timedelta(minutes=30)):
        assert sentence(sign_in(ines)).startswith("Vous tenez la permanence jusqu’à 12 h 00")


def test_a_duty_of_the_afternoon_stands_on_the_ribbon(make, ines, sophie, lyon, sign_in):
    a_duty(make, sophie, ines, lyon, hours=4)
    page = read(sign_in(ines))
    assert "On vous attend aujourd’hui à 14 h 00" in page
    assert re.search(r'<li class="s24 e28"><a class="slot slot--due" href="[^"]+"><b>Accueil', page)
    assert re.search(r'class="now s11 e12" aria-hidden="true"><span>10 h 41', page)


def test_the_ribbon_speaks_in_the_clock_of_the_site(make, sign_in):
    montreal = make.site("Montréal", time_zone="America/Montreal")
    guillaume = make.member(montreal, name="Guillaume Roy")
    came(make, guillaume, montreal, make.now)
    with clock.stopped_at(make.now + timedelta(hours=6)):
        page = read(sign_in(guillaume))
    # There it was 4 h 41 on arrival: the whole day is shown, from ten o’clock now.
    assert re.search(r'class="s9 e21"><a class="slot slot--here"[^>]*><b>Sur place', page)
    assert re.search(r'class="now s21 e22" aria-hidden="true"><span>10 h 41', page)


def test_somebody_who_waits_comes_before_what_is_for_oneself(make, ines, lyon, sign_in):
    leo = make.member(lyon, name="Léo Brun")
    asked = question(make, ines)
    answer(make, leo, asked)
    assert sentence(sign_in(ines)).startswith("Votre question a une réponse")
    assert "Vos questions ont des réponses" in read(sign_in(ines))
    declared(make, leo, kind="mentoring", receiver=ines, minutes=60)
    assert sentence(sign_in(ines)) == "Léo Brun attend votre accord : 1 h à confirmer."


def test_an_answer_of_ones_own_is_no_news(make, ines, sign_in):
    asked = question(make, ines)
    answer(make, ines, asked)
    assert "Vos questions ont des réponses" not in read(sign_in(ines))


def test_who_is_behind_hears_it_at_the_end_of_the_month_only(make, ines, sophie, sign_in):
    pledged(make, ines, sophie)
    assert "à donner, et le mois finit" not in sentence(sign_in(ines))
    with clock.stopped_at(make.now + timedelta(days=11)):
        assert re.match(
            r"Il reste [\d h]+ à donner, et le mois finit dans 8 jours\.", sentence(sign_in(ines))
        )


def test_who_looks_for_what_one_offers_is_counted(make, ines, lyon, sign_in):
    looked_for(make, ines, lyon)
    assert sentence(sign_in(ines)) == "2 membres cherchent ce que vous savez faire."


def test_a_guest_has_no_ribbon(make, lyon, sign_in):
    page = read(sign_in(make.member(lyon, role="guest")))
    assert 'id="ribbon"' not in page
    assert "les portes sont ouvertes" in page


def test_each_panel_fails_alone(app, make, sophie, sign_in, monkeypatch):
    def broken(*_any):
        raise RuntimeError

    state, browser = state_of(app), sign_in(sophie)
    sound = list(state.panels)
    for broken_one in sound:
        damaged = [replace(p, load=broken) if p is broken_one else p for p in sound]
        monkeypatch.setattr(state, "panels", damaged)
        page = read(browser)
        allowed = broken_one.may.allows(make.actor(sophie))
        assert page.count("n’a pas pu être chargée") == allowed, broken_one.key
        assert page.count('<div id="part-') == sum(p.may.allows(make.actor(sophie)) for p in sound)


def test_a_feature_that_cannot_tell_the_day_leaves_the_others(
    app, make, ines, sophie, lyon, sign_in, monkeypatch
):
    def broken(*_any):
        raise RuntimeError

    a_duty(make, sophie, ines, lyon, hours=4)
    state = state_of(app)
    damaged = [replace(s, load=broken) if s.key == "visits" else s for s in state.day]
    monkeypatch.setattr(state, "day", damaged)
    page = read(sign_in(ines))
    assert "Une partie de votre journée n’a pas pu être chargée." in page
    assert "slot--due" in page


def test_the_page_costs_the_same_statements_however_much_there_is(
    make, ines, sophie, lyon, sign_in, count_queries
):
    browser = sign_in(ines)
    known = looked_for(make, ines, lyon)
    costs = []
    for first in (2, 6):
        for hours in (first, first + 2):
            a_duty(make, sophie, ines, lyon, hours=hours)
        for _each in range(2):
            newcomer = make.member(lyon)
            asked = question(make, ines)
            answer(make, newcomer, asked)
            question(make, newcomer, known)
            declared(make, newcomer, kind="mentoring", receiver=ines, minutes=60)
        read(browser)
        with count_queries() as seen:
            read(browser)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 60


def test_a_browser_that_asks_for_one_part_gets_it_and_the_sentence(
    make, ines, lyon, sign_in, count_queries
):
    browser = sign_in(ines)
    declared(make, make.member(lyon), kind="mentoring", receiver=ines, minutes=60)
    browser.get("/")
    with count_queries() as whole:
        browser.get("/")
    with count_queries() as part:
        page = browser.get("/", headers={"X-Swap": "#part-confirm #sentence"}).text
    assert "à confirmer" in page[page.index('id="sentence"') :]
    assert 'id="confirm-panel"' in page
    assert 'id="on-site"' not in page
    assert len(part) < len(whole)
