"""The pages of slots: coming, not coming, standing in, planning, settling, calendars."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import html5lib
import pytest
from sqlalchemy import select

from incubator.domain.commitments.slot_models import Signup, Slot, SlotSeries
from incubator.edge import clock
from incubator.kernel.db import db
from tests.factories_commitments import lines
from tests.factories_slots import a_slot, signed_up

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem")


@pytest.fixture
def leo(make, lyon):
    return make.member(lyon, name="Léo Brun")


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie Lambert", role="manager")


@pytest.fixture
def slot(make, sophie, lyon):
    return a_slot(make, sophie, lyon, capacity_max=1)


def read(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    if answer.mimetype == "text/html":
        html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def send(browser, address: str, **fields: object) -> str:
    """Send a form and read the page that it leads to."""
    answer = browser.post(address, data=fields)
    assert answer.status_code == 303, answer.text
    return read(browser, answer.location)


def state(signup) -> str:
    return db.session.get_one(Signup, signup.id).state


def signups() -> list[Signup]:
    return list(db.session.scalars(select(Signup).order_by(Signup.id)))


def at(instant: datetime):
    return clock.stopped_at(instant)


def test_the_rota_tells_how_each_day_is_staffed(make, sophie, ines, lyon, slot, sign_in):
    full = a_slot(make, sophie, lyon, title="Salon", capacity_max=1, local_start=840)
    signed_up(make, ines, full)
    browser = sign_in(ines)
    assert browser.get("/heures/permanences").location == f"/heures/permanences/{lyon.slug}"
    page = read(browser, f"/heures/permanences/{lyon.slug}")
    assert "1 créneau des 14 prochains jours cherche encore du monde." in page
    assert "0 sur 1, personne encore" in page
    assert "1 sur 1, complet" in page
    assert "vous venez" in page
    assert "Ajouter un créneau" not in page
    assert "Ajouter un créneau" in read(sign_in(sophie), f"/heures/permanences/{lyon.slug}")


def test_a_member_without_a_home_sees_the_first_site(make, lyon, sign_in):
    admin = make.member(role="administrator")
    assert sign_in(admin).get("/hours/rota").location.endswith(lyon.slug)


def test_without_any_site_there_is_no_rota(make, sign_in):
    assert sign_in(make.member(role="administrator")).get("/hours/rota").status_code == 404


def test_one_comes_and_gives_the_place_back(ines, slot, sign_in):
    browser, address = sign_in(ines), f"/heures/creneaux/{slot.id}"
    page = send(browser, f"{address}/venir", once="a")
    assert "On compte sur vous" in page
    assert "Rendre ma place" in page
    made = signups()[0]
    page = send(browser, f"/heures/inscriptions/{made.id}/renoncer", reason="Train")
    assert "Votre place est de nouveau libre" in page
    assert state(made) == "cancelled"


def test_the_second_hears_that_somebody_was_faster_and_waits(ines, leo, slot, sign_in):
    first, second = sign_in(ines), sign_in(leo)
    address = f"/heures/creneaux/{slot.id}"
    send(first, f"{address}/venir")
    answer = second.post(f"{address}/venir", headers={"Referer": f"http://localhost{address}"})
    assert "Quelqu’un a été plus rapide" in read(second, answer.location)
    assert "Ne plus attendre" in send(second, f"{address}/attendre")
    assert "Me prévenir" in send(second, f"{address}/ne-plus-attendre")


def test_who_cannot_come_late_is_replaced_or_comes_after_all(make, ines, leo, slot, sign_in):
    signup, address = signed_up(make, ines, slot), f"/heures/creneaux/{slot.id}"
    with at(slot.starts_at - timedelta(hours=3)):
        first, second = sign_in(ines), sign_in(leo)
        assert "Je ne peux pas venir" in read(first, address)
        page = send(first, f"/heures/inscriptions/{signup.id}/renoncer")
        assert "Je viens finalement" in page
        send(first, f"/heures/inscriptions/{signup.id}/revenir")
        send(first, f"/heures/inscriptions/{signup.id}/renoncer")
        assert "Je viens à sa place" in read(second, address)
        assert "On compte sur vous" in send(second, f"/heures/inscriptions/{signup.id}/remplacer")
    assert [each.state for each in signups()] == ["taken_over", "booked"]


def test_own_slots_stand_on_the_pages_of_hours_and_the_first_page(make, ines, slot, sign_in):
    browser = sign_in(ines)
    assert "Aucun créneau devant vous" in read(browser, "/heures")
    assert "Votre agenda est libre" in read(browser, "/heures/mes-permanences")
    signed_up(make, ines, slot)
    for address in ("/", "/heures", "/heures/mes-permanences"):
        assert "mar. 17 nov., 9 h 00 à 12 h 00" in read(browser, address)


def test_the_page_of_a_site_names_slots_that_want_people(ines, lyon, slot, sign_in):
    assert "Créneaux qui cherchent du monde" in read(sign_in(ines), f"/sites/{lyon.slug}")


def test_reminders_are_chosen(ines, sign_in):
    browser = sign_in(ines)
    assert "Vos rappels sont réglés" in send(browser, "/heures/mes-permanences", days="0")
    assert browser.post("/heures/mes-permanences", data={"days": "99"}).status_code == 422
    send(browser, "/heures/mes-permanences", days="")


def test_a_private_address_feeds_a_calendar_until_it_is_taken_back(make, app, ines, slot, sign_in):
    signed_up(make, ines, slot)
    browser, visitor = sign_in(ines), app.test_client()
    assert "Créer l’adresse" in read(browser, "/heures/mes-permanences/calendrier")
    page = browser.post("/heures/mes-permanences/calendrier").text
    address = page.partition("/heures/calendrier/")[2].partition('"')[0]
    answer = visitor.get(f"/heures/calendrier/{address}")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;TZID=Europe/Paris:20261117T090000" in answer.text
    assert "X-WR-CALNAME:Mes créneaux" in answer.text
    assert visitor.get(f"/heures/calendrier/{address}").status_code == 200
    assert "Renouveler l’adresse" in read(browser, "/heures/mes-permanences")
    assert "Votre adresse actuelle" in read(browser, "/heures/mes-permanences/calendrier")
    send(browser, "/heures/mes-permanences/calendrier/retirer")
    assert visitor.get(f"/heures/calendrier/{address}").status_code == 404


def test_one_slot_is_taken_to_a_calendar(ines, slot, sign_in):
    answer = sign_in(ines).get(f"/heures/creneaux/{slot.id}.ics")
    assert "SUMMARY:Accueil" in answer.text
    assert f"slot-{slot.id}.ics" in answer.headers["Content-Disposition"]
    assert sign_in(ines).get("/heures/creneaux/999.ics").status_code == 404


def duty(**more: object) -> dict[str, object]:
    values: dict[str, object] = {
        "title": "Accueil du matin",
        "start": "540",
        "duration": "3 h",
        "capacity_min": "1",
        "capacity_max": "2",
        "skill_id": "0",
        "notice_hours": "24",
        "once": "a" * 32,
    }
    return values | more


def series_form(**more: object) -> dict[str, object]:
    return duty(weekdays=["1", "3"], every="1", first_day="2026-11-12") | more


def test_a_manager_lets_a_duty_recur_and_changes_its_hour(sophie, lyon, sign_in):
    browser, address = sign_in(sophie), f"/heures/permanences/{lyon.slug}/series"
    assert "Rien de récurrent encore" in read(browser, address)
    page = send(browser, f"{address}/nouvelle", **series_form(last_day="2026-12-31"))
    assert "mardi, jeudi, chaque semaine, à 9 h 00" in page
    row = db.session.scalars(select(SlotSeries)).one()
    assert row.valid_to == date(2027, 1, 1)
    edit = f"/heures/series/{row.id}"
    assert 'value="2026-12-31"' in read(browser, edit)
    page = send(browser, edit, **series_form(start="600", every="2"))
    assert "toutes les 2 semaines, à 10 h 00" in page
    planned = select(Slot).where(Slot.state == "planned")
    assert {slot.starts_at.hour for slot in db.session.scalars(planned)} == {9}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Dites en quelques mots"),
        ({"duration": "longtemps"}, "Écrivez une durée"),
        ({"weekdays": []}, "Cochez au moins un jour"),
        ({"capacity_max": "0"}, "Le nombre de places"),
        ({"every": "0"}, "nombre de semaines"),
        ({"last_day": "2026-11-01"}, "vient avant le premier"),
    ],
)
def test_a_mistake_is_said_beside_its_field(sophie, lyon, sign_in, fields, words):
    address = f"/heures/permanences/{lyon.slug}/series/nouvelle"
    answer = sign_in(sophie).post(address, data=series_form(**fields))
    assert answer.status_code == 422
    assert words in answer.text.replace("\u00a0", " ")
    assert db.session.scalars(select(SlotSeries)).all() == []


def test_a_day_without_end_is_no_end(sophie, lyon, sign_in):
    address = f"/heures/permanences/{lyon.slug}/series/nouvelle"
    send(sign_in(sophie), address, **series_form(last_day="9999-12-31"))
    assert db.session.scalars(select(SlotSeries.valid_to)).all() == [None]


def test_a_manager_plans_changes_and_calls_off_one_slot(make, sophie, ines, lyon, sign_in):
    browser = sign_in(sophie)
    page = send(browser, f"/heures/permanences/{lyon.slug}/nouveau", **duty(day="2026-11-20"))
    assert "Vendredi 20 novembre 2026, 9 h 00 à 12 h 00" in page
    made = db.session.scalars(select(Slot)).one()
    assert 'value="2026-11-20"' in read(browser, f"/heures/creneaux/{made.id}/modifier")
    page = send(browser, f"/heures/creneaux/{made.id}/modifier", **duty(day="2026-11-23"))
    assert "Lundi 23 novembre" in page
    signed_up(make, ines, made)
    assert "1 personne inscrite" in read(browser, f"/heures/creneaux/{made.id}/annuler")
    page = send(browser, f"/heures/creneaux/{made.id}/annuler", reason="Grève du métro")
    assert "Grève du métro" in page
    assert "annulé" in read(sign_in(ines), f"/heures/creneaux/{made.id}")


def test_a_manager_sees_the_letter_and_asks_those_it_suits(sophie, ines, leo, slot, sign_in):
    browser, address = sign_in(sophie), f"/heures/creneaux/{slot.id}/inviter"
    page = read(browser, address)
    assert "Inès Belkacem" in page
    assert "Sophie Lambert demande si vous pourriez venir : Accueil" in page
    seen = browser.post(
        address, data={"members": [str(leo.id)], "note": "Café !", "step": "preview"}
    )
    assert "<blockquote>Café !</blockquote>" in seen.text
    nobody = browser.post(address, data={"step": "send"})
    assert "Choisissez au moins une personne" in nobody.text
    page = send(browser, address, members=[str(leo.id)], note="Café", step="send")
    assert "1 courriel est parti" in page
    assert "Léo Brun" not in read(browser, address)


def test_the_sheet_is_filled_in_corrected_and_locked(make, sophie, ines, leo, lyon, sign_in):
    slot = a_slot(make, sophie, lyon)
    first, second = signed_up(make, ines, slot), signed_up(make, leo, slot)
    address = f"/heures/creneaux/{slot.id}/feuille"
    browser = sign_in(sophie)
    assert "une fois le créneau terminé" in read(browser, address)
    with at(slot.ends_at + timedelta(hours=1)):
        assert "Feuilles à verrouiller" in read(browser, f"/heures/permanences/{lyon.slug}")
        assert "Personne n’a pointé" in read(browser, address)
        answers = {f"state-{first.id}": "done", f"state-{second.id}": "partial"}
        wrong = browser.post(address, data=answers | {f"minutes-{second.id}": "peu"})
        assert (wrong.status_code, "en partie va de 1 à 180" in wrong.text) == (422, True)
        send(browser, address, **answers, **{f"minutes-{second.id}": "1 h", "team_size": "3"})
        assert "Cette feuille est verrouillée" in read(browser, address)
    assert (lines(ines), lines(leo)) == ([("HELP", 180)], [("HELP", 60)])
    assert db.session.get_one(Slot, slot.id).team_size == 3


def test_who_came_without_signing_up_is_added_and_what_was_ticked_stays(
    make, sophie, ines, leo, lyon, sign_in
):
    slot = a_slot(make, sophie, lyon)
    first = signed_up(make, ines, slot)
    address, browser = f"/heures/creneaux/{slot.id}/feuille", sign_in(sophie)
    with at(slot.ends_at + timedelta(hours=1)):
        ticked = {f"state-{first.id}": "excused", "team_size": "2", "add": "1"}
        empty = browser.post(address, data=ticked)
        assert 'id="with_name-error"' in empty.text
        page = browser.post(address, data=ticked | {"with_name": "Léo Brun"}).text
        walk_in = signups()[1]
        assert f'id="s{first.id}-excused" name="state-{first.id}" value="excused" checked' in page
        assert f'id="s{walk_in.id}-done" name="state-{walk_in.id}" value="done" checked' in page
        assert 'value="Léo Brun"' not in page.partition("<datalist")[0]
        send(browser, address, **{f"state-{first.id}": "excused", "team_size": "2"})
    assert (lines(ines), lines(leo)) == ([], [("HELP", 180)])


def test_nobody_is_asked_for_a_slot_that_has_begun(sophie, ines, slot, sign_in):
    browser, address = sign_in(sophie), f"/heures/creneaux/{slot.id}/inviter"
    assert "Inès Belkacem" in read(browser, address)
    with clock.stopped_at(slot.starts_at):
        page = read(browser, address)
    assert "On ne peut plus demander" in page
    assert "Inès Belkacem" not in page


def test_pages_of_managers_are_not_for_others(make, ines, lyon, slot, sign_in):
    other = sign_in(make.member(make.site("Nantes"), role="manager"))
    for page in ("modifier", "annuler", "feuille", "inviter"):
        assert other.get(f"/heures/creneaux/{slot.id}/{page}").status_code == 403
    assert other.get(f"/heures/permanences/{lyon.slug}/nouveau").status_code == 403
    assert other.get("/heures/series/999").status_code == 404


def test_hours_elsewhere_name_their_city(make, sophie, lyon, sign_in):
    make.now = make.now - timedelta(days=1)
    far = make.member(
        make.site("Montréal", time_zone="America/Toronto"), time_zone="America/Toronto"
    )
    slot = a_slot(make, sophie, lyon)
    for address in (f"/heures/creneaux/{slot.id}", f"/heures/permanences/{lyon.slug}"):
        assert "Les heures sont celles de Lyon." in read(sign_in(far), address)
