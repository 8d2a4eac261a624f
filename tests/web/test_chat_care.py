"""Pages of care in rooms, and a room taken along as an archive."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.chat import exporting, queries
from incubator.domain.chat.care import reporting
from incubator.domain.chat.care.models import ChatCase
from incubator.kernel.db import db, transaction
from tests import factories_chat as chat
from tests import factories_chatfiles as f

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def house(make: Make) -> tuple[Account, Account, Account, str]:
    lyon = make.site("Lyon")
    ada, leo = make.member(lyon, name="Ada"), make.member(lyon, name="Léo")
    boss = make.member(lyon, role="manager")
    chat.sit(make, ada, leo, boss)
    room = chat.direct(make, ada, leo)
    for text in ("Bonjour", "Un mot de trop"):
        chat.say(make, leo, room.id, text)
    return ada, leo, boss, room.slug


def test_a_report_is_sent_once_and_its_sender_sees_that_it_waits(
    sign_in: SignIn, house: tuple[Account, Account, Account, str]
) -> None:
    ada, _leo, _boss, slug = house
    browser, address = sign_in(ada), f"/discussions/{slug}/2/signaler"
    assert "Un mot de trop" in browser.get(address).text
    wrong = browser.post(address, data={"reason": ""})
    assert wrong.status_code == 422
    assert "Choisissez" in wrong.text
    assert browser.post(address, data={"reason": "unkind"}).status_code == 303
    assert "déjà signalé" in browser.get(address).text
    assert "En attente" in browser.get("/discussions/signalements/les-miens").text


def test_from_the_queue_to_the_hidden_message_and_back(
    sign_in: SignIn, house: tuple[Account, Account, Account, str]
) -> None:
    ada, _leo, boss, slug = house
    browser, desk = sign_in(ada), sign_in(boss)
    browser.post(f"/discussions/{slug}/2/signaler", data={"reason": "unkind"})
    assert "Un mot de trop" in desk.get("/discussions/signalements").text
    case = f"/discussions/signalements/{db.session.scalars(select(ChatCase.id)).one()}"
    page = desk.get(case).text
    assert "vous ne lisez pas" in page
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert seen
    fields = {"act": "hide", "words": "Propos blessants", "seen": seen[1]}
    assert desk.post(case, data=fields).status_code == 303
    shown = browser.get(f"/discussions/{slug}").text
    assert "Un mot de trop" not in shown
    assert "Propos blessants" in shown
    assert "Message masqué" in browser.get("/discussions/signalements/les-miens").text
    undo = re.search(r'action="(/discussions/[^"]+/annuler)"', desk.get(case).text)
    assert undo
    assert desk.post(undo[1]).status_code == 303
    assert "Un mot de trop" in browser.get(f"/discussions/{slug}").text


def test_members_do_not_come_to_the_queue(
    sign_in: SignIn, house: tuple[Account, Account, Account, str]
) -> None:
    ada, leo, _boss, slug = house
    assert sign_in(leo).get("/discussions/signalements").status_code == 403
    assert sign_in(leo).get(f"/discussions/{slug}/2/signaler").status_code == 403
    assert sign_in(ada).get(f"/discussions/{slug}/99/signaler").status_code == 404


def test_who_looks_after_a_room_is_led_to_its_reports_while_some_wait(
    make: Make, sign_in: SignIn
) -> None:
    lyon = make.site("Lyon")
    ada, leo, eve = (make.member(lyon, name=name) for name in ("Ada", "Léo", "Eve"))
    chat.sit(make, ada, leo, eve)
    room = chat.topic(make, eve)
    for who in (ada, leo):
        chat.join(make, who, room.id)
    said = chat.say(make, leo, room.id, "Un mot de trop")
    desk = sign_in(eve)
    assert '/discussions/signalements"' not in desk.get("/").text
    form = {"reason": "other", "words": "Voyez"}
    sign_in(ada).post(f"/discussions/{room.slug}/{said.no}/signaler", data=form)
    assert '/discussions/signalements"' in desk.get("/").text
    page = desk.get("/discussions/signalements").text
    for told in ("Un mot de trop", "Léo", room.name, "Voyez", "Autre chose"):
        assert told in page
    assert "/entraide/signalements" not in page
    acts = re.findall(r'action="(/discussions/signalements/[^"]+)"', page)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    assert desk.post(acts[0], data={"act": "dismiss", "seen": seen[1]}).status_code == 303
    assert "Un mot de trop" not in desk.get("/discussions/signalements").text
    done = desk.get("/discussions/signalements?view=decided").text
    undo = re.search(r'action="(/discussions/[^"]+/annuler)"', done)
    assert undo
    assert desk.post(undo[1]).status_code == 303
    assert "Un mot de trop" in desk.get("/discussions/signalements").text


def test_the_queue_reads_as_often_for_many_as_for_few(
    make: Make, sign_in: SignIn, count_queries: Any
) -> None:
    lyon = make.site("Lyon")
    ada, leo, boss = make.member(lyon), make.member(lyon), make.member(lyon, role="manager")
    chat.sit(make, ada, leo, boss)
    desk, told = sign_in(boss), []
    for _turn in range(2):
        for _one in range(3):
            room = chat.topic_by(make, make.actor(ada))
            chat.join(make, leo, room.id)
            said = chat.say(make, leo, room.id, "Non")
            with transaction():
                reporting.report(make.actor(ada), room.slug, said.no, reason="unkind", now=make.now)
        desk.get("/discussions/signalements")
        with count_queries() as found:
            assert desk.get("/discussions/signalements").status_code == 200
        told.append(len(found))
    assert told[0] == told[1]


def archive(browser: Any, slug: str) -> zipfile.ZipFile:
    with browser.post(f"/discussions/{slug}/emporter") as answer:
        assert answer.mimetype == "application/zip"
        return zipfile.ZipFile(io.BytesIO(answer.data))


def test_a_room_is_taken_along_with_its_files(
    make: Make, sign_in: SignIn, house: tuple[Account, Account, Account, str]
) -> None:
    ada, leo, boss, slug = house
    room = queries.visible_to(make.actor(ada), slug).id
    f.post(sign_in(ada), room, "Le plan", files=f.brought((f.PDF, "plan.pdf")))
    packed = archive(sign_in(leo), slug)
    told = json.loads(packed.read("messages.json"))
    assert [each["text"] for each in told["messages"]] == ["Bonjour", "Un mot de trop", "Le plan"]
    path = told["messages"][-1]["files"][0]["path"]
    assert packed.read(path) == f.PDF
    assert b"Le plan [plan.pdf]" in packed.read("messages.txt")
    assert sign_in(boss).post(f"/discussions/{slug}/emporter").status_code == 404


def test_a_long_room_is_taken_along_whole_and_not_too_often(
    make: Make,
    sign_in: SignIn,
    house: tuple[Account, Account, Account, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada, leo, _boss, slug = house
    monkeypatch.setattr(exporting, "PAGE", 2)
    room = queries.visible_to(make.actor(ada), slug).id
    for n in range(5):
        chat.say(make, leo, room, f"Mot {n}")
    told = json.loads(archive(sign_in(ada), slug).read("messages.json"))
    assert [each["no"] for each in told["messages"]] == [1, 2, 3, 4, 5, 6, 7]
    monkeypatch.setattr(exporting, "AN_HOUR", 1)
    assert sign_in(ada).post(f"/discussions/{slug}/emporter").status_code == 429


def test_from_the_doorstep_nothing_is_taken_along(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    ada, leo = make.member(lyon), make.member(lyon)
    slug = chat.topic(make, ada).slug
    assert sign_in(leo).post(f"/discussions/{slug}/emporter").status_code == 403
