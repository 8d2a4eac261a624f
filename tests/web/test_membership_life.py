"""The pages of a membership's course: ask, look first, decide, leave, be forgotten, merge."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
import zipfile
from datetime import timedelta

import html5lib
import pytest

from incubator.domain.documents import commands as documents
from incubator.domain.documents.models import FOLDER
from incubator.domain.membership import life_queries
from incubator.kernel.db import db, transaction
from incubator.kernel.stored_files import store_file
from incubator.network.members.audiences import set_audiences
from incubator.network.members.models import Member
from incubator.network.members.nobody import NAME
from tests.factories_accounts import letters, link_in
from tests.factories_chat import room_of, rooms, say, sit
from tests.factories_help import question
from tests.factories_life import agreed, asked, merged
from tests.factories_members import a_skill, offers

MEGABYTE = 1024 * 1024

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def lyon(make):
    site = make.site()
    rooms(make)
    return site


@pytest.fixture
def nantes(make):
    return make.site("Nantes")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem", email="ines@example.org")


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie Lambert", role="manager", email="sophie@example.org")


@pytest.fixture
def yann(make, nantes):
    return make.member(
        nantes, name="Yann Le Goff", role="manager", email="yann@example.org", language="en"
    )


def read(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address, follow_redirects=True)
    assert answer.status_code == status
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")


def form(**more: str) -> dict[str, str]:
    return {"starts_on": "2026-11-22", "once": "a" * 32, "reason": ""} | more


def page_of(make, account, what: str = "") -> str:
    return f"/annuaire/{make.actor(account).slug}/parcours{what}"


def live(account) -> list[tuple[str, str]]:
    db.session.expire_all()
    return [(process.kind, process.state) for process in life_queries.live_of(account.id)]


EXIT = {"access": "alumni", "hours": "pool", "messages": "anonymise"}


@pytest.mark.parametrize(
    ("what", "more", "words"),
    [
        ("absence", {"ends_on": "2026-12-02"}, "de retour le mercredi 2 décembre 2026"),
        ("depart", EXIT, "signés « Ancien membre »"),
    ],
)
def test_what_happens_is_shown_before_it_is_asked(make, ines, sign_in, what, more, words) -> None:
    browser, address = sign_in(ines), page_of(make, ines, f"/{what}")
    read(browser, address)
    seen = browser.post(address, data=form(**more))
    page = seen.text.replace("\u00a0", " ").replace("\u202f", " ")
    html5lib.HTMLParser(strict=True).parse(seen.text)
    assert (seen.status_code, live(ines)) == (200, [])
    assert words in page
    assert 'value="2026-11-22"' in page
    changed = browser.post(address, data=form(change="1", **more))
    assert (changed.status_code, live(ines)) == (200, [])
    assert 'value="2026-11-22"' in changed.text
    for _ in range(2):
        sent = browser.post(address, data=form(sure="1", **more))
        assert sent.status_code == 303
    assert [state for _, state in live(ines)] == ["asked"]
    assert "attend une réponse" in read(browser, sent.location)


def test_a_move_is_asked_accepted_and_told(make, ines, nantes, sophie, yann, sign_in, app) -> None:
    browser = sign_in(ines)
    typed = form(to_site=str(nantes.id))
    shown = browser.post(page_of(make, ines, "/mutation"), data=typed)
    assert "Nantes devient le site d’attache" in shown.text
    sent = browser.post(page_of(make, ines, "/mutation"), data=typed | {"sure": "1"})
    told = letters(app, make)
    assert {letter["To"] for letter in told} == {"sophie@example.org", "yann@example.org"}
    english = next(letter for letter in told if letter["To"] == "yann@example.org")
    assert english["Subject"] == "Inès Belkacem asks: Move to another site"
    assert link_in(english) == f"/membership/{sent.location.rpartition('/')[2]}"
    manager = sign_in(yann)
    assert "Inès Belkacem" in read(manager, "/")
    assert "Inès Belkacem" in read(manager, "/membership")
    assert manager.post(f"{sent.location}/accepter").status_code == 303
    assert live(ines) == [("transfer", "planned")]
    accepted = {letter["To"]: letter["Subject"] for letter in letters(app, make)}
    assert accepted == {
        "ines@example.org": "Accepté : Changement de site",
        "sophie@example.org": "Accepté : Changement de site",
    }


def test_a_refusal_needs_a_reason_and_is_read(make, ines, sophie, sign_in, app) -> None:
    process = asked(make, ines, "leave")
    browser, address = sign_in(sophie), f"/parcours/{process.id}/refuser"
    wrong = browser.post(address, data={"reason": " "})
    assert wrong.status_code == 422
    assert "Dites pourquoi" in wrong.text
    assert browser.post(address, data={"reason": "Parlons-en jeudi."}).status_code == 303
    assert "Parlons-en jeudi." in read(sign_in(ines), f"/parcours/{process.id}")
    assert any("Parlons-en jeudi." in str(letter) for letter in letters(app, make))


def test_bad_days_are_said_beside_their_field_and_kept(make, ines, sign_in) -> None:
    browser, address = sign_in(ines), page_of(make, ines, "/absence")
    for first, back, words in (
        ("2026-11-22", "2026-11-22", "Le retour doit venir après"),
        ("2025-01-01", "2026-12-01", "celui-ci est passé"),
        ("hier", "2026-12-01", ""),
        ("2026-11-22", "", "Choisissez un jour."),
    ):
        answer = browser.post(address, data=form(starts_on=first, ends_on=back))
        assert answer.status_code == 422
        assert words in answer.text.replace("\u00a0", " ")
        assert f'value="{first}"' in answer.text
    assert live(ines) == []


def test_the_course_is_for_the_member_and_those_who_run_their_site(
    make, ines, lyon, sophie, yann, sign_in
) -> None:
    neighbour = make.member(lyon)
    process = asked(make, ines, "leave", reason="Opération du genou")
    for person, status in ((ines, 200), (sophie, 200), (neighbour, 404), (yann, 404)):
        read(sign_in(person), page_of(make, ines), status)
        read(sign_in(person), f"/parcours/{process.id}", status)
    profile = read(sign_in(neighbour), f"/annuaire/{make.actor(ines).slug}")
    assert "genou" not in profile
    assert "Parcours" not in profile


def test_everybody_sees_when_somebody_is_back(make, ines, lyon, sophie, sign_in) -> None:
    asked(make, ines, "leave", by=sophie, starts_on=make.now.date())
    neighbour = sign_in(make.member(lyon))
    assert "De retour le" in read(neighbour, "/annuaire")
    assert "De retour le dimanche 22 novembre 2026" in read(
        neighbour, f"/annuaire/{make.actor(ines).slug}"
    )


def test_a_leave_has_the_audience_of_availability(make, ines, lyon, sophie, sign_in) -> None:
    asked(make, ines, "leave", by=sophie, starts_on=make.now.date())
    with transaction():
        set_audiences(make.actor(ines), member_id=ines.id, chosen={"availability": "managers"})
    profile = f"/annuaire/{make.actor(ines).slug}"
    for reader, seen in ((make.member(lyon), False), (sophie, True), (ines, True)):
        browser = sign_in(reader)
        assert ("De retour le" in read(browser, "/annuaire")) is seen
        assert ("De retour le" in read(browser, profile)) is seen


def test_back_today_and_called_off(make, ines, sophie, sign_in) -> None:
    away = asked(make, ines, "leave", by=sophie, starts_on=make.now.date() - timedelta(days=2))
    browser = sign_in(ines)
    assert "De retour aujourd’hui" in read(browser, f"/parcours/{away.id}")
    assert browser.post(f"/parcours/{away.id}/retour").status_code == 303
    later = asked(make, ines, "leave")
    assert browser.post(f"/parcours/{later.id}/annuler").status_code == 303
    assert live(ines) == []
    assert "Avant" in read(browser, page_of(make, ines))


def test_an_alumni_reads_what_guests_read_and_the_networks_room(
    make, ines, lyon, sophie, sign_in, app
) -> None:
    sit(make, ines, sophie)
    say(make, sophie, room_of(None), "Bonjour à tout le réseau")
    say(make, sophie, room_of(lyon), "Entre nous")
    asked(make, ines, "exit", by=sophie, starts_on=make.now.date())
    browser = sign_in(ines)
    assert "Bonjour à tout le réseau" in read(browser, "/discussions/reseau")
    read(browser, f"/discussions/{lyon.slug}", 404)
    read(browser, "/annuaire", 403)
    assert "Vous avez quitté le réseau" in read(browser, "/moi/parcours")
    refused = browser.post("/discussions/reseau", data={"text": "Coucou", "cid": "c" * 32})
    assert refused.status_code in {403, 404, 405}
    read(sign_in(sophie), f"/annuaire/{make.actor(ines).slug}")
    read(sign_in(make.member(lyon)), f"/annuaire/{make.actor(ines).slug}", 404)
    assert "Au revoir, et merci" in {letter["Subject"] for letter in letters(app, make)}


def test_who_left_without_a_name_is_called_so_in_the_readers_language(
    make, ines, lyon, sophie, sign_in
) -> None:
    reader = make.member(lyon, language="en")
    sit(make, ines, sophie, reader)
    say(make, ines, room_of(None), "Je pars demain")
    asking = question(make, ines)
    asked(make, ines, "exit", by=sophie, starts_on=make.now.date(), messages="anonymise")
    for browser, words in ((sign_in(reader), "Former member"), (sign_in(sophie), "Ancien membre")):
        for path in ("/discussions/reseau", f"/entraide/{asking.id}"):
            assert words in read(browser, path), path
        told = browser.get(f"/discussions/sync?at={room_of(None)}:0").json["rooms"]
        events = [event for room in told.values() for event in room["events"]]
        assert [one["author"]["name"] for one in events if one["kind"] == "msg"] == [words]
        # Pages that are open learn that a name has gone, not whose.
        assert events[-1]["kind"] == "names"


def test_a_reader_who_calls_themselves_so_is_no_riddle(make, lyon, sign_in) -> None:
    """Their language is read from the very row whose name it would decide."""
    reader = make.member(lyon, name=NAME, language="en")
    assert "Former member" in read(sign_in(reader), f"/annuaire/{make.actor(reader).slug}")


def test_a_name_that_goes_is_gone_at_reload(make, ines, lyon, sophie, sign_in) -> None:
    sit(make, ines, sophie)
    say(make, ines, room_of(None), "Je pars demain")
    browser = sign_in(sophie)
    assert "Inès Belkacem" in read(browser, "/discussions/reseau")
    asked(make, ines, "exit", by=sophie, starts_on=make.now.date(), messages="anonymise")
    page = read(browser, "/discussions/reseau")
    assert "Je pars demain" in page
    assert "Ancien membre" in page
    assert "Inès Belkacem" not in page


# ------------------------------------------------------------------------------- own data
def test_a_member_takes_their_data_along(make, ines, lyon, sign_in) -> None:
    offers(ines, a_skill(make))
    browser = sign_in(ines)
    assert "Télécharger mes données" in read(browser, "/moi/reglages/donnees")
    with browser.post("/moi/reglages/donnees/copie") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        packed = io.BytesIO(answer.data)
    with zipfile.ZipFile(packed) as archive:
        profile = json.loads(archive.read("members/profile.json"))
        assert profile[0]["name"] == "Inès Belkacem"
        assert json.loads(archive.read("chat/messages.json")) == []
        assert {name.partition("/")[0] for name in archive.namelist()} >= {
            "about.txt",
            "auth",
            "commitments",
            "help",
            "admin",
            "membership",
        }
    for _ in range(4):
        browser.post("/moi/reglages/donnees/copie").close()
    assert browser.post("/moi/reglages/donnees/copie").status_code == 429


def test_a_copy_of_big_files_is_read_from_the_disk(make, lyon, sophie, sign_in) -> None:
    """What a member sent may weigh more than the memory of the machine."""
    big = b"%PDF-1.7 " + os.urandom(12 * MEGABYTE)
    folder = make.settings.uploads_dir / FOLDER
    with transaction():
        documents.add(
            make.actor(sophie), site_id=lyon.id, cover=documents.Cover(title="Gros"), once="x",
            file=store_file(big, "gros.pdf", folder, most_bytes=len(big)), now=make.now,
        )  # fmt: skip
    browser, weight = sign_in(sophie), len(big)
    del big
    browser.get("/moi/reglages/donnees")
    tracemalloc.start()
    with browser.post("/moi/reglages/donnees/copie") as answer:
        sent = sum(map(len, answer.response))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent == answer.content_length > weight
    assert peak < 4 * MEGABYTE


def test_who_asks_to_be_forgotten_is_forgotten_by_hand(make, ines, sophie, sign_in, app) -> None:
    browser, manager = sign_in(ines), sign_in(sophie)
    browser.post("/moi/reglages/donnees/effacer")
    assert "Retirer ma demande" in read(browser, "/moi/reglages/donnees")
    (letter,) = letters(app, make)
    address = link_in(letter)
    assert "Inès Belkacem" in read(manager, "/parcours")
    wrong = manager.post(address, data={"typed": "Ines"})
    assert wrong.status_code == 422
    assert "Tapez le nom exactement" in wrong.text
    assert 'value="Ines"' in wrong.text
    assert manager.post(address, data={"typed": "Inès Belkacem"}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Member, ines.id).name == "Ancien membre"
    assert browser.get("/").status_code == 302
    assert [letter["To"] for letter in letters(app, make)] == ["ines@example.org"]


def test_a_request_to_be_forgotten_is_withdrawn(make, ines, sophie, sign_in) -> None:
    browser = sign_in(ines)
    browser.post("/moi/reglages/donnees/effacer")
    assert browser.post("/moi/reglages/donnees/garder").status_code == 303
    assert "Demander l’effacement" in read(browser, "/moi/reglages/donnees")
    assert life_queries.WAITING.of(make.actor(sophie)) == 0


# -------------------------------------------------------------------------------- doubles
def test_a_double_is_found_compared_and_merged(make, ines, lyon, sophie, sign_in, app) -> None:
    other = make.member(lyon, name="Ines Belkacem", email="ines2@example.org")
    sit(make, other)
    say(make, other, room_of(None), "Moi aussi")
    browser, address = sign_in(sophie), f"/annuaire/{make.actor(ines).slug}/doublon"
    assert "ines2@example.org" in read(browser, f"{address}?q=belkacem")
    page = read(browser, f"{address}?other={other.id}")
    assert "Celle-ci part" in page
    assert "Messages" in page
    assert browser.post(address, data={"other": str(other.id)}).status_code == 303
    gone = browser.get("/annuaire/ines-belkacem-2")
    assert (gone.status_code, gone.location) == (303, f"/annuaire/{make.actor(ines).slug}")
    assert {letter["To"] for letter in letters(app, make)} == {
        "ines@example.org",
        "ines2@example.org",
    }
    again = browser.post(address, data={"other": str(other.id)})
    assert again.status_code == 422


def test_what_cannot_be_merged_is_said(make, ines, sophie, sign_in) -> None:
    browser, address = sign_in(sophie), f"/annuaire/{make.actor(ines).slug}/doublon"
    same = browser.post(address, data={"other": str(ines.id)})
    assert same.status_code == 422
    assert "c’est la même fiche" in same.text.replace("\u00a0", " ")
    assert browser.get(f"{address}?other=999999").status_code == 404
    assert browser.get(f"{address}?other=abc").status_code == 200


# --------------------------------------------------------------------------------- costs
def test_lists_cost_the_same_for_one_and_for_many(
    make, lyon, sophie, sign_in, count_queries
) -> None:
    browser, seen = sign_in(sophie), []
    for number in (1, 12):
        for _ in range(number):
            person = make.member(lyon)
            asked(make, person, "leave")
            agreed(
                make, asked(make, person, "exit", starts_on=make.now.date() + timedelta(90)), sophie
            )
        with count_queries() as queries:
            read(browser, "/parcours")
        seen.append(len(queries))
    assert seen[0] == seen[1]
    assert seen[0] <= 16


def test_a_merged_persons_old_address_leads_on_for_all(make, ines, lyon, sophie, sign_in) -> None:
    other = make.member(lyon, name="Ines Belkacem")
    slug = make.actor(other).slug
    merged(make, sophie, ines, other)
    answer = sign_in(make.member(lyon)).get(f"/annuaire/{slug}")
    assert answer.location == f"/annuaire/{make.actor(ines).slug}"
