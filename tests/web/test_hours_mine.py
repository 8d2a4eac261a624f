"""My hours: lines that open, statements, looks, appeals, sharing, what a thread tells."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import html5lib
import pytest

from incubator.domain.commitments import commands, ticking
from incubator.domain.commitments.models import Contribution
from incubator.domain.help import commands as help_commands
from incubator.edge import clock
from incubator.kernel.db import db, transaction
from tests import factories_help as h
from tests.factories_checkins import stayed
from tests.factories_commitments import confirmed, declared, pledged, total
from tests.factories_hours import kept, signup_row, slot_row

FIRST = datetime(2026, 11, 1, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 12, 11, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon():
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def lyon(make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem")


@pytest.fixture
def leo(make, lyon):
    return make.member(lyon, name="Léo Brun")


@pytest.fixture
def sophie(make, lyon):
    made = make.member(lyon, name="Sophie Lambert", role="manager")
    make.now = NOON
    return made


def read(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def lines_in(page: str) -> list[str]:
    return re.findall(r'href="(/heures/registre/\d+)"', page)


def refused(make, giver, by) -> Contribution:
    made = declared(make, giver)
    with transaction():
        return commands.refuse(make.actor(by), made.id, reason="Site fermé", now=make.now)


def test_a_day_on_site_opens_to_its_sessions_the_rule_and_every_change(
    make, ines, sophie, lyon, sign_in
) -> None:
    stayed(make, ines, lyon, NOON - DAY, 2)
    page = read(sign_in(ines), "/heures")
    assert "12 h 00 – 14 h 00" in page
    opened = read(sign_in(ines), lines_in(page)[0])
    for words in ("le bouton", "Compté comme présence", "arrondie à 5 minutes", "2 h"):
        assert words in opened


def test_hours_at_a_site_of_another_zone_name_its_city(make, ines, sophie, sign_in) -> None:
    montreal = make.site("Montréal", time_zone="America/Montreal")
    stayed(make, ines, montreal, NOON - DAY, 2)
    assert "06 h 00" not in (page := read(sign_in(ines), "/heures"))
    assert "6 h 00 – 8 h 00 (Montréal)" in page


def test_what_is_owed_opens_to_the_days_and_promises_that_made_it(
    make, ines, sophie, sign_in
) -> None:
    pledged(make, ines, sophie, valid_from=FIRST.date(), minutes_per_period=600)
    pledged(make, ines, sophie, valid_from=NOON.date(), minutes_per_period=300)
    browser = sign_in(ines)
    opened = read(browser, lines_in(read(browser, "/heures"))[-1])
    for words in ("10 h par période, 11 jours sur 30", "5 h par période, 19 jours sur 30"):
        assert words in opened
    assert "Calculé auparavant" in opened


def test_what_a_closed_month_hands_on_is_explained_in_both(make, ines, sophie, sign_in) -> None:
    pledged(make, ines, sophie, valid_from=FIRST.date(), minutes_per_period=600)
    later = datetime(2026, 12, 10, 9, tzinfo=UTC)
    ticking.tick(later)
    with clock.stopped_at(later):
        browser = sign_in(ines)
        page = read(browser, "/heures?day=2026-11-01")
        assert "Période close" in page
        for address in lines_in(page):
            read(browser, address)
        december = read(browser, "/heures")
        assert "−10 h" in december
        assert "Apporté de la période précédente" in december


def test_planned_duties_and_those_that_fit_are_on_the_page(
    make, ines, sophie, lyon, sign_in
) -> None:
    pledged(make, ines, sophie, valid_from=FIRST.date())
    for week in (1, 8):
        stayed(make, ines, lyon, NOON - timedelta(days=week), 1)
    wednesday = NOON + timedelta(days=6)
    mine, free = (
        kept(slot_row(make, lyon, starts_at=at, ends_at=at + DAY / 12, local_date=at.date()))
        for at in (NOON + DAY, wednesday)
    )
    kept(signup_row(make, ines, mine))
    page = read(sign_in(ines), "/heures")
    assert "2 h sont déjà prévues" in page
    assert "1 permanence libre" in page
    assert f"/heures/creneaux/{free.id}" in page


def test_a_statement_says_what_was_known_on_a_day_and_prints_the_same(
    make, ines, leo, sophie, sign_in
) -> None:
    make.now = FIRST
    confirmed(make, ines, leo, receiver=leo, minutes=60)
    make.now = NOON
    confirmed(make, ines, sophie, minutes=30)
    browser = sign_in(ines)
    early = browser.get("/heures/releve.csv?as_of=2026-11-10").text
    assert "2026-11-01;Entraide;Lyon;Léo Brun;Léo Brun;60;60" in early
    assert "Permanence" not in early
    assert "Permanence" in browser.get("/heures/releve.csv?as_of=2031-01-01").text
    printed = [browser.get("/heures/releve.pdf?as_of=2026-11-10") for _ in range(2)]
    assert printed[0].mimetype == "application/pdf"
    assert printed[0].data.startswith(b"%PDF-")
    assert printed[0].data == printed[1].data
    assert "releve-2026-11-2026-11-10.pdf" in printed[0].headers["Content-Disposition"]
    assert browser.get("/heures/releve.csv?day=2024-01-01").status_code == 404


def test_who_looked_at_my_hours_is_told_to_me(make, ines, leo, sophie, lyon, sign_in) -> None:
    made = confirmed(make, ines, leo, receiver=leo)
    stayed(make, ines, lyon, NOON - DAY, 2)
    line = lines_in(read(sign_in(ines), "/heures"))[0]
    assert "Personne jusqu’ici" in read(sign_in(ines), "/heures/regards")
    manager = sign_in(sophie)
    for address in (line, f"/heures/{made.id}", f"/annuaire/{make.actor(ines).slug}"):
        read(manager, address)
    read(sign_in(leo), f"/heures/{made.id}")
    read(sign_in(leo), line, 404)
    page = read(sign_in(ines), "/heures/regards")
    assert page.count("<b>Sophie Lambert</b>") == 3
    assert "Léo Brun" not in page


def test_what_was_refused_is_looked_at_again_by_another_manager(
    make, ines, sophie, lyon, sign_in
) -> None:
    other = make.member(lyon, role="manager", name="Karim Haddad")
    made = refused(make, ines, sophie)
    browser = sign_in(ines)
    assert "Demander un autre regard" in read(browser, f"/heures/{made.id}")
    address = f"/heures/{made.id}/recours"
    read(browser, address)
    assert browser.post(address, data={"reason": ""}).status_code == 422
    assert browser.post(address, data={"reason": "J’avais la clé"}).status_code == 303
    assert sign_in(sophie).post(f"/heures/{made.id}/confirmer").status_code == 403
    assert "J’avais la clé" in read(sign_in(other), f"/heures/{made.id}")
    assert "Inès Belkacem" in read(sign_in(other), "/heures/a-confirmer")
    assert sign_in(other).post(f"/heures/{made.id}/confirmer").status_code == 303
    assert total(ines) == 180
    assert browser.get(address).status_code == 403


def sharing(**more: str) -> dict[str, str]:
    values = {"kind": "help_thread", "day": "2026-11-12", "once": "b" * 32}
    return values | {"with_name": "Léo Brun"} | more


def stored() -> Contribution:
    return db.session.query(Contribution).order_by(Contribution.id.desc()).first()


def test_help_with_hours_of_the_clock_counts_outside_presence_alone(
    make, ines, leo, sophie, lyon, sign_in
) -> None:
    stayed(make, ines, lyon, NOON - timedelta(hours=3), 2)
    sent = sharing(started="10 h", ended="11 h 30", place=lyon.slug)
    assert sign_in(ines).post("/heures/declarer", data=sent).status_code == 303
    made = stored()
    assert (made.minutes, made.site_id, made.started_at) == (90, lyon.id, NOON - DAY / 12)
    sign_in(leo).post(f"/heures/{made.id}/confirmer")
    assert total(ines) == 150
    page = read(sign_in(ines), f"/heures/{made.id}")
    assert "30 min sur 1 h 30 comptent" in page
    assert "10 h 00 – 11 h 30" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"duration": "30 h"}, "Une journée a 24 heures"),
        ({"started": "10 h"}, "de quand à quand"),
        ({"ended": "10 h", "duration": "1 h"}, "de quand à quand"),
        ({"started": "25 h", "ended": "26 h"}, "Écrivez une heure"),
        ({"started": "bientôt", "ended": "11 h"}, "Écrivez une heure"),
        ({"started": "11 h", "ended": "14 h"}, "pas encore terminé"),
        ({"duration": "1 h", "place": "nulle-part"}, "Choisissez le lieu"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_field(
    make, ines, leo, sophie, sign_in, fields, words
) -> None:
    answer = sign_in(ines).post("/heures/declarer", data=sharing(**fields))
    assert answer.status_code == 422
    assert words in answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def test_help_in_a_thread_is_counted_from_it_and_told_in_both(
    make, ines, leo, sophie, sign_in
) -> None:
    asked = h.question(make, leo)
    helper = sign_in(ines)
    thread = f"/entraide/{asked.id}-{asked.slug}"
    assert "Compter cette aide" not in read(helper, thread)
    h.answer(make, ines, asked)
    assert f"/heures/declarer?thread={asked.id}" in read(helper, thread)
    assert 'value="Léo Brun"' in read(helper, f"/heures/declarer?thread={asked.id}")
    sent = sharing(duration="45 min", thread=str(asked.id))
    assert helper.post("/heures/declarer", data=sent).status_code == 303
    made = stored()
    assert (made.thread_id, made.receiver_id) == (asked.id, leo.id)
    assert asked.title in read(helper, f"/heures/{made.id}")
    for person, told in ((ines, True), (leo, True), (make.member(make.site("Lille")), False)):
        assert ("Inès Belkacem, 45 min" in read(sign_in(person), thread)) == told
    assert "Compter cette aide" not in read(helper, thread)


def test_two_who_helped_in_a_thread_are_both_told_to_who_confirms(
    make, ines, leo, sophie, sign_in
) -> None:
    asked = h.question(make, leo)
    for giver, minutes in ((ines, 45), (sophie, 60)):
        given = commands.Sharing(
            kind="help_thread",
            day=NOON.date(),
            minutes=minutes,
            receiver_id=leo.id,
            thread_id=asked.id,
        )
        with transaction():
            made = commands.share(make.actor(giver), given, now=NOON)
    assert "D’autres disent avoir donné 45 min" in read(sign_in(leo), f"/heures/{made.id}")
    with transaction():
        help_commands.remove_question(make.actor(leo), asked.id, reason="", now=NOON)
    read(sign_in(leo), f"/heures/{made.id}")


def test_friends_who_confirm_each_other_are_shown_to_managers_alone(
    make, ines, leo, sophie, sign_in
) -> None:
    confirmed(make, ines, leo, receiver=leo, minutes=300)
    made = confirmed(make, leo, ines, receiver=ines, minutes=300)
    assert made.flags == "ring"
    for person, told in ((leo, False), (ines, False), (sophie, True)):
        assert ("jetez un œil" in read(sign_in(person), f"/heures/{made.id}")) == told


def test_a_month_costs_the_same_after_two_years(
    make, ines, leo, sophie, lyon, sign_in, count_queries
):
    pledged(make, ines, sophie, valid_from=FIRST.date())
    seen = []
    for months in (1, 24):
        later = FIRST + months * timedelta(days=30)
        for number in range(months):
            make.now = FIRST + number * timedelta(days=30) + DAY
            stayed(make, ines, lyon, make.now, 2)
            confirmed(make, ines, leo, receiver=leo, minutes=30)
        make.now = later
        ticking.tick(later)
        browser = sign_in(ines)
        with clock.stopped_at(later), count_queries() as queries:
            read(browser, "/heures")
        seen.append(len(queries))
    assert seen[0] == seen[1]
