"""The pages of rooms, without the script: opened, named, put away, people in and out, links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from incubator.domain.chat import queries
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def people(make: Make) -> list[Account]:
    lyon = make.site("Lyon")
    names = ("Ana Petit", "Béa Grand", "Cléo Roux")
    return [make.member(lyon, name=name) for name in names]


def test_a_private_room_is_opened_and_filled(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, _ = people
    hers = sign_in(ana)
    fields = {"name": "Achats", "purpose": "Le bois", "access": "private", "once": chat.cid()}
    opened = hers.post("/discussions/nouveau", data=fields)
    assert opened.status_code == 303
    about = opened.location
    base = about.removesuffix("/a-propos")
    room = int(base.rpartition("/")[2])
    assert "Privé" in hers.get(about).text
    wrong = hers.post(f"{base}/inviter", data={"who": "Personne Inconnue"})
    assert (wrong.status_code, "Personne Inconnue" in wrong.text) == (422, True)
    chat.say(make, ana, room, "avant")
    assert hers.post(f"{base}/inviter", data={"who": "béa grand, Cléo Roux"}).status_code == 303
    page = sign_in(bea).get("/discussions").text
    assert "Achats" in page
    theirs = sign_in(bea).get(queries_path(make, bea, room)).text
    assert "avant" not in theirs


def test_who_looks_after_a_room_names_silences_removes_and_archives(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, cleo = people
    room = fr.private(make, ana, bea, cleo).id
    hers, base = sign_in(ana), f"/discussions/salons/{room}"
    assert sign_in(bea).post(f"{base}/archiver", data={"on": "1"}).status_code == 403
    assert hers.post(f"{base}/decrire", data={"name": "Bois", "purpose": ""}).status_code == 303
    for path, data in (
        (f"{base}/personnes/{bea.id}/veiller", {"on": "1"}),
        (f"{base}/personnes/{cleo.id}/silence", {"hours": "24"}),
    ):
        assert hers.post(path, data=data).status_code == 303
    refused = sign_in(cleo).post(f"{base}/messages", data={"text": "x", "once": chat.cid()})
    assert (refused.status_code, "13 nov." in refused.text) == (403, True)
    assert "13 nov." in sign_in(cleo).get(queries_path(make, cleo, room)).text
    assert hers.post(f"{base}/personnes/{cleo.id}/retirer").status_code == 303
    assert sign_in(cleo).get(f"{base}/a-propos").status_code == 404
    assert "Bois" not in sign_in(cleo).get("/discussions").text
    assert hers.post(f"{base}/archiver", data={"on": "1"}).status_code == 303
    assert "Bois" not in hers.get("/discussions").text
    assert "Bois" in hers.get("/discussions/salons?which=archived").text
    assert 'id="composer"' not in hers.get(queries_path(make, ana, room)).text


def queries_path(make: Make, who: Account, room: int) -> str:
    return f"/discussions/{queries.visible_to(make.actor(who), room).slug}"


def test_a_link_is_shown_once_and_leads_in(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, cleo = people
    room = fr.private(make, ana).id
    base = f"/discussions/salons/{room}"
    shown = sign_in(ana).post(f"{base}/liens", data={"days": "7"})
    found = re.search(r'value="http://[^/"]+(/discussions/lien/[^"]+)"', shown.text)
    assert found
    assert found[1] not in sign_in(ana).get(f"{base}/a-propos").text
    assert "Achats" in sign_in(bea).get(found[1]).text
    assert sign_in(bea).post(found[1]).status_code == 303
    about = sign_in(ana).get(f"{base}/a-propos").text
    link = re.search(r'action="([^"]+/liens/\d+/retirer)"', about)
    assert link
    assert sign_in(ana).post(link[1]).status_code == 303
    assert sign_in(cleo).get(found[1]).status_code == 404
    assert sign_in(make.member(make.site(), role="guest")).get(found[1]).status_code == 403


def test_the_directory_finds_open_rooms_and_never_private_ones(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, _ = people
    chat.topic(make, ana, "Échoppe à vélos")
    hidden = fr.private(make, ana, name="Vélos volés")
    browser = sign_in(bea)
    for which in ("open", "mine", "archived"):
        page = browser.get(f"/discussions/salons?q=velos&which={which}").text
        assert ("Échoppe" in page) == (which == "open")
        assert "Vélos volés" not in page
    assert "Vélos volés" in sign_in(ana).get("/discussions/salons?which=mine").text
    assert browser.get(f"/discussions/{hidden.slug}").status_code == 404
    assert "Aucun salon de ce nom" in browser.get("/discussions/salons?q=zzzz").text
    for n in range(31):
        chat.topic(make, ana, f"Sujet {n:02}")
    first = browser.get("/discussions/salons").text
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    both = first + browser.get(onward[1].replace("&amp;", "&")).text
    assert all(both.count(f"<b>Sujet {n:02}</b>") == 1 for n in range(31))


def test_a_conversation_with_several(make: Make, people: list[Account], sign_in: SignIn) -> None:
    ana, bea, cleo = people
    fields = {"who": "Béa Grand, Cléo Roux", "text": "À trois", "once": chat.cid()}
    for _ in range(2):
        answer = sign_in(ana).post("/discussions/a-plusieurs", data=fields)
        assert answer.status_code == 303
    page = sign_in(cleo).get(answer.location).text
    assert "Ana Petit, Béa Grand" in page
    assert page.count("À trois") == 1
    two = sign_in(ana).post("/discussions/a-plusieurs", data={**fields, "who": "", "text": "x"})
    assert two.status_code == 422
    boss = make.member(make.site(), role="administrator")
    assert sign_in(boss).get(answer.location).status_code == 404
    room = chat.direct(make, ana, bea)
    about = sign_in(ana).get(f"/discussions/salons/{room.id}/a-propos").text
    assert "/discussions/a-plusieurs?who=B" in about


def test_people_are_suggested_who_may_be_written_to(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, cleo = people
    make.member(make.site("Lille"), name="Béa Invitée", role="guest")
    gone = make.member(make.site("Gand"), name="Béa Partie", role="alumni")
    browser = sign_in(ana)

    def told(query: str) -> list[str]:
        page = browser.get(f"/discussions/personnes?{query}").text
        return re.findall(r'role="option"[^>]*data-name="([^"]+)"', page)

    assert told("q=b%C3%A9a") == ["Béa Grand"]
    assert told("q=gra") == ["Béa Grand"]
    assert told("q=ana") == told("q=") == told("q=%25") == []
    assert gone.id
    slug = queries.visible_to(make.actor(ana), chat.direct(make, ana, bea).id).other
    assert slug
    assert told(f"q=b%C3%A9a&but={slug.slug}") == []
    room = fr.private(make, ana, cleo)
    assert told(f"q=cl%C3%A9o&room={room.id}") == []
    assert told(f"q=b%C3%A9a&room={room.id}") == ["Béa Grand"]


def test_without_a_script_people_are_looked_for_ticked_and_written_to(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, cleo = people
    browser, place, key = sign_in(ana), "/discussions/a-plusieurs", chat.cid()

    def looked(**fields: object) -> str:
        form = {"text": "Bonjour", "once": key, "search": "1", **fields}
        page = browser.post(place, data=form)
        assert page.status_code == 200
        return page.text

    first = looked(who="béa")
    slug = re.search(r'name="person" value="([^"]+)">', first)
    assert slug
    assert "Bonjour" in first
    second = looked(who="cléo", person=[slug[1]])
    assert f'value="{slug[1]}" checked' in second
    other = re.search(r'name="person" value="([^"]+)">', second)
    assert other
    form = {"text": "Bonjour", "once": key, "who": "", "person": [slug[1], other[1]]}
    sent = browser.post(place, data=form)
    assert sent.status_code == 303
    assert "Bonjour" in sign_in(cleo).get(sent.location).text
    room = fr.private(make, ana)
    base = f"/discussions/salons/{room.id}"
    found = browser.post(f"{base}/inviter", data={"who": "béa", "search": "1"})
    assert (found.status_code, f'value="{slug[1]}"' in found.text) == (200, True)
    assert browser.post(f"{base}/inviter", data={"person": slug[1]}).status_code == 303
    assert sign_in(bea).get(f"/discussions/{room.slug}").status_code == 200


def test_what_one_follows(make: Make, people: list[Account], sign_in: SignIn) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea).id
    browser, path = sign_in(bea), f"/discussions/salons/{room}/suivre"
    assert browser.post(path, data={"involvement": "hidden"}).status_code == 303
    assert "Achats" not in browser.get("/discussions").text
    assert "masqué" in browser.get("/discussions/salons?which=mine").text
    assert browser.post(path, data={"involvement": "quoi"}).status_code in {303, 422}
    assert browser.post(path, data={"involvement": "all"}).status_code == 303
    assert "Achats" in browser.get("/discussions").text


def test_who_left_reads_what_they_knew_without_a_door(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea)
    chat.say(make, ana, room.id, "à deux")
    fr.leave(make, bea, room.id)
    chat.say(make, ana, room.id, "sans elle")
    page = sign_in(bea).get(f"/discussions/{room.slug}").text
    assert "à deux" in page
    assert "sans elle" not in page
    assert "Ana Petit" not in page.partition("<aside")[2].partition("</aside>")[0]
    assert "Vous avez quitté ce salon" in page
