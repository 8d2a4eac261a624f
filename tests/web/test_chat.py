"""The pages of the chat, without the script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.chat import queries
from incubator.edge import art
from incubator.kernel.db import db, transaction
from incubator.network.members.models import Member
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.usefixtures("frozen")


def slug_of(make: Make, account: Account, room: int) -> str:
    return queries.visible_to(make.actor(account), room).slug


def test_drawn_faces_come_as_one_file_and_photographs_do_not(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    reader, drawn, photographed = (make.member(lyon) for _ in range(3))
    chat.sit(make, reader, drawn, photographed)
    slugs = [db.session.get_one(Member, each.id).slug for each in (reader, drawn)]
    with transaction():
        db.session.get_one(Member, photographed.id).portrait = "k" * 24
    chat.say(make, drawn, chat.room_of(lyon))
    chat.say(make, photographed, chat.room_of(lyon))
    browser = sign_in(reader)
    page = browser.get(f"/discussions/{slug_of(make, reader, chat.room_of(lyon))}").text
    code = art.code(slugs[1])
    assert set(re.findall(r'src="(/art/portraits/[^"]*)"', page)) == {
        f"/art/portraits/{code}.svg#{code}"
    }
    alone = set(re.findall(r'src="/art/portrait/([^"]*)"', page))
    assert alone == {f"{slugs[0]}.svg"}
    assert f"{'k' * 24}-96.webp" in page
    sheet = browser.get(f"/art/portraits/{code}.svg")
    assert sheet.mimetype == "image/svg+xml"
    assert "public" in sheet.headers["Cache-Control"]
    # The menu of the next page is the one that was kept ready here: it names no file of this room.
    assert "/art/portraits/" not in browser.get("/moi/reglages/compte").text


@pytest.mark.parametrize(
    "codes", ["", "ines-belkacem", "aaaaa.<b>", "AAAAA", ".".join(["aaaaa"] * 2) + "."]
)
def test_a_file_of_faces_has_codes_alone(client: FlaskClient, codes: str) -> None:
    assert client.get(f"/art/portraits/{codes}.svg").status_code == 404


def test_a_file_of_faces_has_an_end(client: FlaskClient) -> None:
    many = [f"aa{a}{b}{c}" for a in "abcdef" for b in "abcd" for c in "abcde"]
    assert client.get(f"/art/portraits/{'.'.join(many[:100])}.svg").status_code == 200
    assert client.get(f"/art/portraits/{'.'.join(many[:101])}.svg").status_code == 404


def test_the_rooms_show_what_is_unread(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    for _ in range(3):
        chat.say(make, hugo, chat.room_of(lyon))
    page = sign_in(fatou).get("/discussions").text
    assert re.search(r'room--new[^>]*>.*?Lyon.*?class="count">3<', page, re.DOTALL)
    assert "Tout le réseau" in page


def test_both_addresses_answer(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon, language="en")
    chat.sit(make, fatou)
    browser, slug = sign_in(fatou), slug_of(make, fatou, chat.room_of(lyon))
    for address in ("/discussions", "/chat", f"/discussions/{slug}", f"/chat/{slug}"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert 'href="/chat"' in answer.text


def test_a_room_shows_days_runs_and_what_is_new(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon, name="Hugo Marchetti")
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    for text in ("La table est réparée.", "On s’y assoit à douze."):
        chat.say(make, hugo, room, text)
    chat.read(make, fatou, room, no=1)
    page = sign_in(fatou).get(f"/discussions/{slug_of(make, fatou, room)}").text
    assert "Aujourd’hui" in page
    assert page.index("La table") < page.index('id="new"') < page.index("On s’y assoit")
    assert 'role="log"' in page


def test_earlier_messages_are_a_link_away(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    people = [make.member(lyon) for _ in range(4)]
    chat.sit(make, *people)
    room = chat.room_of(lyon)
    for n in range(70):
        chat.say(make, people[n % 4], room, f"Message numéro {n};")
    browser = sign_in(people[0])
    last = browser.get(f"/discussions/{slug_of(make, people[0], room)}").text
    assert "numéro 10;" in last
    assert "numéro 9;" not in last
    older = re.search(r'href="([^"]*before=11)"', last)
    assert older
    page = browser.get(older[1]).text
    assert "numéro 9;" in page
    assert 'id="composer"' not in page


def test_a_form_without_script_posts_once(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room = chat.room_of(lyon)
    browser, fields = sign_in(fatou), {"text": "Bonjour", "once": chat.cid()}
    for _ in range(2):
        answer = browser.post(f"/discussions/salons/{room}/messages", data=fields)
        assert answer.status_code == 303
        assert answer.location.endswith("#m-1")
    assert queries.heads([room]) == {room: (1, 1)}


def test_a_refused_message_stays_in_the_form(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    fields = {"text": "mot " * 1001, "once": chat.cid()}
    answer = sign_in(fatou).post(f"/discussions/salons/{chat.room_of(lyon)}/messages", data=fields)
    assert answer.status_code == 422
    assert "au plus 4000 caractères" in answer.text
    assert "mot mot mot" in answer.text


def test_the_http_twin_answers_as_the_socket_does(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room, key = chat.room_of(lyon), chat.cid()
    address, browser = f"/discussions/salons/{room}/messages", sign_in(fatou)
    first = browser.post(address, data={"text": "Oui", "once": key}, headers=JSON).json
    again = browser.post(address, data={"text": "Oui", "once": key}, headers=JSON).json
    other = browser.post(address, data={"text": "Non", "once": key}, headers=JSON)
    assert first
    assert again
    assert (first["seq"], first["dup"], again["seq"], again["dup"]) == (1, False, 1, True)
    assert (other.status_code, other.json) == (409, {"err": "cid_reused", "retry": False})


def test_sync_over_http(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    for n in range(3):
        chat.say(make, hugo, room, f"Message {n}")
    browser = sign_in(fatou)
    told: Any = browser.get(f"/discussions/sync?at={room}:1", headers=JSON).json
    assert [event["seq"] for event in told["rooms"][str(room)]["events"]] == [2, 3]
    assert {"unread": 3} in [{"unread": head["unread"]} for head in told["heads"]]
    assert browser.get("/discussions/sync?at=999999:1", headers=JSON).status_code == 404
    assert browser.get("/discussions/sync?at=x", headers=JSON).json["rooms"] == {}


def test_the_marker_moves_with_a_button(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    for n in range(3):
        chat.say(make, hugo, room, f"Message {n}")
    browser = sign_in(fatou)
    address = f"/discussions/salons/{room}/lu"
    assert browser.post(address, data={"no": "2"}, headers=JSON).json == {"read_no": 2}
    assert browser.post(address).status_code == 303
    assert queries.UNREAD.of(make.actor(fatou)) == 0


def test_a_member_opens_joins_and_leaves_a_topic(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    fields = {"name": "Export hors Europe", "purpose": "Douanes", "once": chat.cid()}
    answer = sign_in(fatou).post("/discussions/nouveau", data=fields)
    assert (answer.status_code, answer.location) == (303, "/discussions/export-hors-europe")
    browser = sign_in(hugo)
    page = browser.get("/discussions/export-hors-europe").text
    assert "Prendre une place" in page
    assert 'id="composer"' not in page
    room = queries.visible_to(make.actor(hugo), "export-hors-europe").id
    browser.post(f"/discussions/salons/{room}/venir")
    assert 'id="composer"' in browser.get("/discussions/export-hors-europe").text
    assert browser.post(f"/discussions/salons/{room}/partir").location == "/discussions"


def test_a_topic_needs_a_name(make: Make, sign_in: SignIn) -> None:
    answer = sign_in(make.member(make.site())).post(
        "/discussions/nouveau", data={"name": "x", "purpose": "Gardé", "once": chat.cid()}
    )
    assert answer.status_code == 422
    assert "Gardé" in answer.text


def test_a_guest_reads_and_cannot_write(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    guest, fatou = make.member(lyon, role="guest"), make.member(lyon)
    chat.sit(make, guest, fatou)
    room = chat.room_of(lyon)
    chat.say(make, fatou, room, "Bienvenue")
    browser = sign_in(guest)
    page = browser.get(f"/discussions/{slug_of(make, guest, room)}").text
    assert "Bienvenue" in page
    assert 'id="composer"' not in page
    for act in ("messages", "venir", "partir"):
        assert browser.post(f"/discussions/salons/{room}/{act}").status_code == 403
    assert browser.get("/discussions/reseau").status_code == 404
    assert browser.get("/discussions/nouveau").status_code == 403


def test_a_visitor_is_asked_to_sign_in(make: Make, client: FlaskClient) -> None:
    make.site()
    assert client.get("/discussions").status_code == 302
    assert client.post("/discussions/salons/1/messages").status_code == 403


def test_a_room_costs_the_same_whatever_it_holds(
    make: Make, sign_in: SignIn, count_queries: Callable[[], Any]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room, browser = chat.room_of(lyon), sign_in(fatou)
    address = f"/discussions/{slug_of(make, fatou, room)}"
    browser.get(address)
    costs = []
    for messages in (1, 19):
        for n in range(messages):
            chat.say(make, (hugo, fatou)[n % 2], room, f"Message {n}")
        with count_queries() as seen:
            assert browser.get(address).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_the_first_page_shows_the_rooms(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    chat.say(make, hugo, chat.room_of(lyon))
    page = sign_in(fatou).get("/").text
    assert 'id="chat-panel"' in page
    assert "1 nouveau message" in page


def test_the_first_word_opens_a_conversation_from_a_profile(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon, name="Hugo Marchetti")
    browser, way = sign_in(fatou), "/discussions/avec/hugo-marchetti"
    assert f'href="{way}"' in browser.get("/annuaire/hugo-marchetti").text
    assert "Votre premier mot" in browser.get(way).text
    fields = {"text": "Bonjour Hugo", "once": chat.cid()}
    sent = [browser.post(way, data=fields).location for _ in range(2)]
    assert sent[0] == sent[1]
    assert "Bonjour Hugo" in browser.get(sent[0]).text
    assert browser.get(way).location == sent[0].partition("#")[0]
    his = sign_in(hugo).get("/discussions").text
    assert re.search(r'room--new[^>]*>.*?class="count">1<', his, re.DOTALL)


def test_a_refused_first_word_stays_in_the_form(make: Make, sign_in: SignIn) -> None:
    fatou = make.member(make.site())
    make.member(make.site(), name="Hugo Marchetti")
    fields = {"text": "mot " * 1001, "once": chat.cid()}
    answer = sign_in(fatou).post("/discussions/avec/hugo-marchetti", data=fields)
    assert answer.status_code == 422
    assert "mot mot mot" in answer.text


@pytest.mark.parametrize("role", ["guest", "alumni"])
def test_only_members_are_written_to(make: Make, sign_in: SignIn, role: str) -> None:
    fatou = make.member(make.site())
    make.member(make.site(), role=role, name="Olga Kowalska")
    answer = sign_in(fatou).get("/discussions/avec/olga-kowalska")
    assert answer.status_code == 403
    assert "membres du réseau" in answer.text
