"""The pages of hours: what members and managers do, read and cannot do."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest

from incubator.domain.commitments import commands
from incubator.domain.commitments.models import Contribution
from incubator.kernel.db import db, transaction
from tests.factories_commitments import confirmed, declared, lines, pledged, today
from tests.factories_members import a_firm, works_at

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def lyon(make):
    make.now = make.now.replace(day=1)
    site = make.site()
    make.now = make.now.replace(day=12)
    return site


def arrive(make, site, **more):
    """A member who has been there since the first of the month."""
    make.now = make.now.replace(day=1)
    account = make.member(site, **more)
    make.now = make.now.replace(day=12)
    return account


@pytest.fixture
def ines(make, lyon):
    return arrive(make, lyon, name="Inès Belkacem")


@pytest.fixture
def leo(make, lyon):
    return arrive(make, lyon, name="Léo Brun")


@pytest.fixture
def sophie(make, lyon):
    return arrive(make, lyon, name="Sophie Lambert", role="manager")


def read(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    if answer.mimetype == "text/html":
        html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def form(**more: str) -> dict[str, str]:
    values = {"kind": "reception_desk", "day": "2026-11-12", "duration": "1 h 30", "once": "a" * 32}
    return values | more


def stored() -> list[Contribution]:
    return list(db.session.query(Contribution).order_by(Contribution.id))


def test_a_member_declares_the_person_helped_confirms_and_it_counts(ines, leo, sign_in) -> None:
    giver, helped = sign_in(ines), sign_in(leo)
    sent = giver.post("/heures/declarer", data=form(kind="help_thread", with_name="leo brun"))
    assert (sent.status_code, sent.location) == (303, "/heures?month=2026-11")
    assert "Inès Belkacem, 1 h 30" in read(helped, "/heures/a-confirmer")
    made = stored()[0]
    assert helped.post(f"/heures/{made.id}/confirmer").status_code == 303
    assert lines(ines) == [("HELP", 90)]
    assert "validée" in read(giver, "/heures")
    assert "Validées par Léo Brun" in read(giver, f"/heures/{made.id}")


def test_the_same_form_sent_twice_declares_once(ines, sign_in) -> None:
    browser = sign_in(ines)
    for _ in range(2):
        assert browser.post("/heures/declarer", data=form()).status_code == 303
    assert len(stored()) == 1


def test_a_quick_choice_is_enough(ines, sign_in) -> None:
    sign_in(ines).post("/heures/declarer", data=form(duration="", quick="120"))
    assert stored()[0].minutes == 120


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": ""}, "Choisissez dans la liste"),
        ({"duration": "longtemps"}, "Écrivez une durée"),
        ({"duration": ""}, "Dites combien de temps"),
        ({"duration": "10 min"}, "au moins 15 minutes"),
        ({"duration": "25 h"}, "il reste 1440 minutes"),
        ({"day": "2026-11-13"}, "pas encore venu"),
        ({"day": "pas un jour"}, "date valide"),
        ({"kind": "help_thread"}, "Dites qui vous avez aidé"),
        ({"with_name": "Zorro"}, "personne de ce nom"),
        ({"with_name": "!!"}, "personne de ce nom"),
        ({"with_name": "Inès Belkacem"}, "Nommez quelqu’un d’autre"),
        ({"note": "x" * 301}, "Restez sous 300 caractères"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(
    ines, sign_in, fields, words
) -> None:
    answer = sign_in(ines).post("/heures/declarer", data=form(note="Relecture") | fields)
    page = answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert answer.status_code == 422
    assert words in page
    assert fields.get("note", "Relecture") in page
    assert stored() == []


def test_of_several_people_the_right_one_is_chosen(make, lyon, ines, leo, sign_in) -> None:
    other = arrive(make, lyon, name="Léo Martin")
    browser = sign_in(ines)
    asked = browser.post("/heures/declarer", data=form(with_name="Léo"))
    assert asked.status_code == 422
    assert "Léo Martin" in asked.text
    chosen = form(with_name="Léo", receiver=str(other.id))
    assert browser.post("/heures/declarer", data=chosen).status_code == 303
    assert stored()[0].receiver_id == other.id


def test_the_form_proposes_neighbours_and_todays_date(ines, leo, sign_in) -> None:
    page = read(sign_in(ines), "/heures/declarer?with=Léo+Brun")
    assert 'value="2026-11-12"' in page
    assert '<option value="Léo Brun">' in page


def test_the_ring_says_how_the_month_goes(make, ines, leo, sophie, sign_in) -> None:
    pledged(make, ines, sophie, valid_from=today(make).replace(day=1))
    confirmed(make, ines, sophie, minutes=390)
    declared(make, ines, minutes=90, receiver=leo)
    page = read(sign_in(ines), "/heures")
    assert "Il reste 4 h" in page
    assert "<strong>18 novembre</strong>" in page
    assert "6 h 30 validées sur 12 h, 1 h 30 à valider" in page


def test_months_are_turned_and_the_year_is_drawn(make, ines, sophie, sign_in) -> None:
    browser = sign_in(ines)
    assert "Rien encore ce mois-ci" in read(browser, "/heures")
    pledged(make, ines, sophie, valid_from=today(make), minutes_per_period=60)
    confirmed(make, ines, sophie)
    page = read(browser, "/heures")
    assert "Votre mois est tenu" in page
    assert "1 mois tenu" in page
    assert "Permanence d’accueil" in page
    assert "Décembre 2026" in read(browser, "/heures?month=2026-12")
    assert "Décembre 2026" in read(browser, "/heures?month=2031-01")
    assert "Novembre 2026" in read(browser, "/heures?month=nonsense")
    assert "Octobre 2026" in read(browser, "/heures?month=2026-10")


def test_english_readers_have_english_addresses(make, lyon, sign_in) -> None:
    browser = sign_in(arrive(make, lyon, language="en"))
    assert "Declare hours" in read(browser, "/hours")
    assert "What did you do?" in read(browser, "/hours/declare")


def test_refusing_takes_a_reason_that_the_giver_reads(make, ines, sophie, sign_in) -> None:
    made, browser = declared(make, ines), sign_in(sophie)
    address = f"/heures/{made.id}/refuser"
    assert "Refuser ces heures" in read(browser, address)
    assert browser.post(address, data={"reason": " "}).status_code == 422
    assert browser.post(address, data={"reason": "Site fermé"}).status_code == 303
    assert "Site fermé" in read(sign_in(ines), f"/heures/{made.id}")


def test_the_giver_takes_hours_back(make, ines, sophie, sign_in) -> None:
    made = confirmed(make, ines, sophie)
    assert sign_in(ines).post(f"/heures/{made.id}/retirer").status_code == 303
    assert lines(ines) == [("HELP", 180), ("REVERSAL", -180)]
    assert "Retiré" in read(sign_in(ines), f"/heures/{made.id}")


def test_hours_of_others_are_hidden_and_ones_own_are_not_confirmed(
    make, ines, leo, sign_in
) -> None:
    made = declared(make, ines)
    read(sign_in(leo), f"/heures/{made.id}", 404)
    assert sign_in(leo).post(f"/heures/{made.id}/confirmer").status_code == 404
    assert sign_in(ines).post(f"/heures/{made.id}/confirmer").status_code == 403
    assert lines(ines) == []


def test_a_decision_already_taken_is_said_not_taken_twice(make, ines, sophie, sign_in) -> None:
    made = declared(make, ines)
    with transaction():
        commands.withdraw(make.actor(ines), made.id, now=make.now)
    browser = sign_in(sophie)
    assert browser.post(f"/heures/{made.id}/confirmer").status_code == 303
    assert "entre-temps" in read(browser, "/heures")


def test_guests_and_visitors_stay_outside(make, lyon, client, sign_in) -> None:
    assert client.get("/heures").status_code == 302
    assert sign_in(make.member(lyon, role="guest")).get("/heures").status_code == 403


def test_the_export_is_a_table_without_formulas(make, ines, sophie, sign_in) -> None:
    confirmed(make, ines, sophie, note="=1+1")
    answer = sign_in(ines).get("/heures/export.csv")
    assert answer.mimetype == "text/csv"
    assert "2026-11-12;Permanence d’accueil;;'=1+1;validée;180;Sophie Lambert" in answer.text


def test_the_menu_counts_what_waits_for_me(make, ines, leo, sophie, sign_in) -> None:
    declared(make, ines, receiver=leo)
    declared(make, ines)
    for person, waits in ((leo, True), (sophie, True), (ines, False)):
        page = read(sign_in(person), "/heures/a-confirmer")
        assert ('class="count count--quiet">1<' in page) == waits


def test_a_manager_sees_the_site_late_first_and_decides(make, lyon, ines, leo, sophie, sign_in):
    for person in (ines, leo):
        pledged(make, person, sophie, valid_from=today(make))
    confirmed(make, ines, sophie)
    made, browser = declared(make, leo, minutes=45), sign_in(sophie)
    page = read(browser, f"/heures/site/{lyon.slug}")
    assert page.index(">Léo Brun<") < page.index(">Inès Belkacem<")
    assert "3 h sur 12 h" not in page  # promised on the twelfth: nineteen days of thirty
    assert "3 h sur 7 h 36" in page
    browser.post(f"/heures/{made.id}/confirmer")
    assert "Tout est décidé" in read(browser, f"/heures/site/{lyon.slug}")


def test_the_other_lists_of_a_site(make, lyon, ines, sophie, sign_in) -> None:
    browser = sign_in(sophie)
    address = f"/heures/site/{lyon.slug}?view="
    assert "Aucun engagement noté" in read(browser, address + "late")
    assert ">Inès Belkacem<" in read(browser, address + "none")
    pledged(make, ines, sophie, valid_from=today(make))
    assert ">Inès Belkacem<" not in read(browser, address + "none")
    assert ">Inès Belkacem<" in read(browser, address + "name&month=2026-10")
    assert ">Inès Belkacem<" in read(browser, address + "whatever")


def test_a_site_is_read_by_its_managers_only(make, lyon, ines, sign_in) -> None:
    stranger = make.member(make.site("Lille"), role="manager")
    for person, status in ((ines, 403), (stranger, 403), (make.member(role="administrator"), 200)):
        read(sign_in(person), f"/heures/site/{lyon.slug}", status)
    read(sign_in(stranger), "/heures/site/nowhere", 404)


def test_a_manager_records_a_promise(make, lyon, ines, sophie, sign_in) -> None:
    browser, address = sign_in(sophie), f"/heures/engagement/{make.actor(ines).slug}"
    assert 'value="12&nbsp;h"' in browser.get(address).text or "12 h" in read(browser, address)
    wrong = browser.post(address, data={"duration": "beaucoup", "valid_from": "2026-11-01"})
    assert wrong.status_code == 422
    sent = browser.post(address, data={"duration": "8 h", "valid_from": "2026-11-01"})
    assert (sent.status_code, lines(ines)) == (303, [("DUE", -480)])
    assert "8 h par mois" in read(browser, address)


def test_a_promise_is_seen_before_it_is_recorded(make, ines, sophie, sign_in) -> None:
    browser, address = sign_in(sophie), f"/heures/engagement/{make.actor(ines).slug}"
    typed = {"duration": "8 h", "valid_from": "2026-11-01", "min_home_pct": "50"}
    seen = browser.post(address, data={**typed, "look": "1"})
    assert (seen.status_code, lines(ines)) == (200, [])
    found = [
        cell.text or ""
        for cell in html5lib.parse(seen.text, namespaceHTMLElements=False).iter("strong")
    ]
    assert "8\u00a0h" in found
    odd = browser.post(address, data={**typed, "min_home_pct": "150"})
    assert (odd.status_code, lines(ines)) == (422, [])
    assert "Écrivez un pourcentage" in odd.text
    wrong = browser.post(address, data={**typed, "duration": "beaucoup", "look": "1"})
    assert wrong.status_code == 422
    late = browser.post(address, data={**typed, "valid_from": "2020-01-01", "look": "1"})
    assert late.status_code == 422
    assert browser.post(address, data={**typed, "last_day": "2026-12-31"}).status_code == 303
    assert "Au moins 50" in read(sign_in(ines), "/heures/engagement")
    assert "Au moins 50" in read(browser, address)


def test_a_firm_promises_and_its_people_see_it(make, ines, leo, sophie, sign_in) -> None:
    firm = a_firm(make, ines)
    works_at(make, leo, firm)
    address, page = f"/heures/entreprise/{firm.slug}", f"/entreprises/{firm.slug}"
    assert "Promettre des heures" in read(sign_in(ines), page)
    assert "Heures promises ensemble" not in read(sign_in(leo), page)
    read(sign_in(leo), address, 403)
    browser = sign_in(ines)
    assert "12" in read(browser, address)
    odd = browser.post(address, data={"duration": "9 000 h", "valid_from": "2026-11-01"})
    assert odd.status_code == 422
    sent = browser.post(address, data={"duration": "20 h", "valid_from": "2026-11-01"})
    assert sent.status_code == 303
    for who in (ines, leo, sophie):
        assert "20 h par mois" in read(sign_in(who), page)
    assert "20 h par mois" in read(sign_in(leo), "/heures/engagement")
    assert "20 h par mois" in read(browser, address)
    stranger = make.member(make.site("Lille"))
    assert "Heures promises ensemble" not in read(sign_in(stranger), page)


def test_a_promise_of_ones_own_or_of_another_site_is_not_recorded(
    make, ines, sophie, sign_in
) -> None:
    stranger = make.member(make.site("Lille"), role="manager")
    read(sign_in(stranger), f"/heures/engagement/{make.actor(ines).slug}", 403)
    read(sign_in(sophie), f"/heures/engagement/{make.actor(sophie).slug}", 403)
    read(sign_in(sophie), "/heures/engagement/nobody", 404)


def test_the_first_page_shows_the_month_and_what_waits(make, ines, leo, sophie, sign_in) -> None:
    assert "Mon mois" not in read(sign_in(ines), "/")
    pledged(make, ines, sophie, valid_from=today(make))
    declared(make, leo, receiver=ines)
    page = read(sign_in(ines), "/")
    for words in ("Mon mois", "Votre accord est attendu", "Déclarer des heures"):
        assert words in page


def test_the_month_is_on_the_members_and_the_sites_page(make, lyon, ines, leo, sophie, sign_in):
    pledged(make, ines, sophie, valid_from=today(make))
    profile = f"/annuaire/{make.actor(ines).slug}"
    for person, shown in ((ines, True), (sophie, True), (leo, False)):
        assert ("Heures, novembre 2026" in read(sign_in(person), profile)) == shown
    assert "Heures du mois" in read(sign_in(sophie), f"/sites/{lyon.slug}")
    assert "Heures du mois" not in read(sign_in(leo), f"/sites/{lyon.slug}")


def crowd(make, site, sophie, number: int) -> None:
    for _ in range(number):
        person = arrive(make, site)
        pledged(make, person, sophie, valid_from=today(make))
        confirmed(make, person, sophie, minutes=60)
        declared(make, person, receiver=sophie, minutes=30)


def test_pages_cost_the_same_for_one_and_for_many(make, lyon, sophie, sign_in, count_queries):
    browser, seen = sign_in(sophie), []
    addresses = (f"/heures/site/{lyon.slug}", "/heures/a-confirmer", "/heures")
    crowd(make, lyon, sophie, 2)
    for number in (0, 12):
        crowd(make, lyon, sophie, number)
        costs = []
        for address in addresses:
            with count_queries() as queries:
                read(browser, address)
            costs.append(len(queries))
        seen.append(costs)
    assert seen[0] == seen[1]
    assert max(seen[0]) <= 28


def test_a_member_with_many_lines_costs_no_more(make, ines, leo, sophie, sign_in, count_queries):
    seen = []
    for number in (1, 20):
        for _ in range(number):
            confirmed(make, ines, leo, receiver=leo, minutes=15)
        with count_queries() as queries:
            read(sign_in(ines), "/heures")
        seen.append(len(queries))
    assert seen[0] == seen[1]


def test_long_lists_go_on_the_next_page(make, lyon, sophie, sign_in) -> None:
    crowd(make, lyon, sophie, 32)
    browser = sign_in(sophie)
    page = read(browser, f"/heures/site/{lyon.slug}")
    assert 'rel="next"' in page
    assert "queue=" in page
    make.now += timedelta(days=1)
    assert 'rel="next"' in read(browser, "/heures/a-confirmer")
