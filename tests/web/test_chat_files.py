"""Files and pictures in rooms, by the pages that people and scripts use."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from sqlalchemy import select

from incubator.blueprints.chat import files as pages
from incubator.blueprints.chat import uploads
from incubator.domain.chat import commands, directs, queries
from incubator.domain.chat import uploads as keeping
from incubator.domain.chat.file_models import ChatFile
from incubator.kernel.db import db, transaction
from tests import factories_chat as chat
from tests import factories_chatfiles as f
from tests.pictures import SVG, with_place, zip_bomb

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
pytestmark = pytest.mark.usefixtures("frozen")


def slug_of(make: Make, account: Account, room: int) -> str:
    return queries.visible_to(make.actor(account), room).slug


@pytest.fixture
def two(make: Make) -> tuple[Account, Account, int]:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    return fatou, hugo, chat.room_of(lyon)


def test_the_form_without_script_takes_a_picture_and_a_document(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int]
) -> None:
    fatou, hugo, room = two
    sent = f.post(
        sign_in(fatou), room, "Le plan", files=f.brought((f.PICTURE, "x.png"), (f.PDF, "a b.pdf"))
    )
    assert sent.status_code == 303
    browser = sign_in(hugo)
    page = browser.get(f"/discussions/{slug_of(make, hugo, room)}").text
    small = re.search(r'<img src="([^"]+-480\.webp)" width="320" height="213"', page)
    assert small
    with browser.get(small[1]) as picture:
        assert picture.mimetype == "image/webp"
    document = re.search(r'href="(/discussions/fichiers/[^"]+)"', page)
    assert document
    with browser.get(document[1]) as answer:
        assert answer.data == f.PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-cache" in answer.headers["Cache-Control"]


def test_a_camera_does_not_tell_where_it_was(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int]
) -> None:
    fatou, _hugo, room = two
    f.post(sign_in(fatou), room, files=f.brought((with_place(), "photo.jpg")))
    file = db.session.scalars(select(ChatFile)).one()
    with sign_in(fatou).get(f"/discussions/images/{file.id}-1600.webp") as answer:
        kept = answer.data
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"taken at home" not in kept


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (SVG, "x.svg", "Choisissez un PDF"),
        (b"MZ\x90\x00", "facture.pdf", "Choisissez un PDF"),
        (zip_bomb(), "x.docx", "Choisissez un PDF"),
        (b"", "rien.pdf", "qui contient quelque chose"),
        (b"\x89PNG\r\n\x1a\nbroken", "x.png", "Choisissez une image"),
    ],
)
def test_a_bad_file_is_told_beside_the_field_and_the_text_is_kept(
    sign_in: SignIn, two: tuple[Account, Account, int], data: bytes, name: str, words: str
) -> None:
    fatou, _hugo, room = two
    answer = f.post(sign_in(fatou), room, "Mon texte", files=f.brought((data, name)))
    assert answer.status_code == 422
    assert "Mon texte</textarea>" in answer.text.replace("\n", "")
    error = re.search(r'id="files-error".*?<span>(.*?)</span>', answer.text, re.DOTALL)
    assert error
    assert words in error[1]
    assert db.session.scalars(select(ChatFile)).all() == []


def test_too_heavy_a_file_is_refused(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fatou, _hugo, room = two
    small = SimpleNamespace(uploads_dir=make.settings.uploads_dir, max_upload_mb=0)
    monkeypatch.setattr(uploads, "settings", lambda: small)
    answer = f.post(sign_in(fatou), room, "Bonjour", files=f.brought((f.PDF, "x.pdf")))
    assert answer.status_code == 422
    assert "moins de 0" in re.findall(r'id="files-error".*?</p>', answer.text, re.DOTALL)[0]


def test_uploads_wait_for_their_message_and_say_what_they_show(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int]
) -> None:
    fatou, _hugo, room = two
    browser, slug = sign_in(fatou), slug_of(make, fatou, room)
    address = f"/discussions/salons/{room}/fichiers"
    sent = browser.post(address, data=f.form((f.PICTURE, "table.png")))
    number = db.session.scalars(select(ChatFile.id)).one()
    assert f'name="file" value="{number}"' in sent.text
    assert f'name="alt-{number}"' in browser.get(f"/discussions/{slug}").text
    f.post(browser, room, file=str(number), **{f"alt-{number}": "La table"})
    page = browser.get(f"/discussions/{slug}").text
    assert 'alt="La table"' in page
    assert f'name="alt-{number}"' not in page
    # The same upload goes out once.
    again = f.post(browser, room, "encore", file=str(number))
    assert again.status_code == 422
    assert "déjà envoyé" in again.text


def test_an_upload_is_taken_back(sign_in: SignIn, two: tuple[Account, Account, int]) -> None:
    fatou, hugo, room = two
    browser = sign_in(fatou)
    browser.post(f"/discussions/salons/{room}/fichiers", data=f.form((f.PDF, "a.pdf")))
    number = db.session.scalars(select(ChatFile.id)).one()
    address = f"/discussions/fichiers/{number}/retirer"
    assert sign_in(hugo).post(address).status_code == 404
    assert browser.post(address).status_code == 303
    assert db.session.scalars(select(ChatFile)).all() == []


def test_an_english_reader_has_english_addresses(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int]
) -> None:
    _fatou, _hugo, room = two
    ines = make.member(
        db.session.get_one(type(make.site()), make.actor(_fatou).home_site_id), language="en"
    )
    chat.sit(make, ines)
    f.post(sign_in(ines), room, files=f.brought((f.PICTURE, "x.png")))
    page = sign_in(ines).get(f"/chat/{slug_of(make, ines, room)}").text
    assert 'src="/chat/images/' in page


def test_what_nobody_sends_goes_and_what_was_sent_stays(
    make: Make, two: tuple[Account, Account, int]
) -> None:
    fatou, _hugo, room = two
    f.uploaded(make, fatou, room)
    sent = f.uploaded(make, fatou, room, f.PICTURE, "x.png")
    with transaction():
        commands.send(
            make.actor(fatou), room, cid=chat.cid(), text="", file_ids=[sent], now=make.now
        )
    db.session.execute(ChatFile.__table__.update().values(added_at=make.now - timedelta(days=400)))
    db.session.commit()
    pages.forget_files({})
    assert db.session.scalars(select(ChatFile.id)).all() == [sent]


def test_limits_are_told_kindly(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fatou, _hugo, room = two
    browser = sign_in(fatou)
    address = f"/discussions/salons/{room}/fichiers"

    def told() -> str:
        answer = browser.post(address, data=f.form((f.PDF, "a.pdf")))
        return str(re.findall(r'id="files-error".*?</p>', answer.text, re.DOTALL))

    monkeypatch.setattr(keeping, "UNSENT_MOST", 1)
    assert told() == "[]"
    assert "attendent" in told()
    monkeypatch.setattr(keeping, "UNSENT_MOST", 9)
    monkeypatch.setattr(keeping, "ROOMFUL", 10)
    assert "occupent" in told()
    monkeypatch.setattr(keeping, "ROOMFUL", 10**9)
    monkeypatch.setattr(keeping, "UPLOADS_AN_HOUR", 2)
    told()
    assert "min" in told()
    six = [f.uploaded(make, fatou, room) for _ in range(6)]
    answer = f.post(browser, room, "six", file=[str(n) for n in six])
    assert "au plus 5 fichiers" in answer.text


def test_who_may_not_read_the_room_gets_no_file(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int]
) -> None:
    fatou, hugo, _room = two
    with transaction():
        room = directs.open_with(make.actor(fatou), hugo.id, now=make.now).id
    f.post(
        sign_in(fatou), room, "Entre nous", files=f.brought((f.PICTURE, "x.png"), (f.PDF, "a.pdf"))
    )
    picture, document = db.session.scalars(select(ChatFile).order_by(ChatFile.id)).all()
    doors = (
        f"/discussions/images/{picture.id}-480.webp",
        f"/discussions/fichiers/{document.id}/a.pdf",
    )
    boss = make.member(make.site("Lille"), role="administrator")
    for door in doors:
        with sign_in(hugo).get(door) as answer:
            assert answer.status_code == 200
        assert sign_in(boss).get(door).status_code == 404


def test_a_guest_uploads_nothing(make: Make, sign_in: SignIn) -> None:
    lyon = make.site("Lyon")
    guest = make.member(lyon, role="guest")
    chat.sit(make, guest)
    answer = sign_in(guest).post(
        f"/discussions/salons/{chat.room_of(lyon)}/fichiers",
        data=f.form((f.PDF, "a.pdf")),
    )
    assert answer.status_code == 403


def test_who_left_a_room_uploads_nothing_there(
    make: Make, sign_in: SignIn, two: tuple[Account, Account, int]
) -> None:
    fatou, hugo, _room = two
    topic = chat.topic(make, fatou).id
    answer = sign_in(hugo).post(
        f"/discussions/salons/{topic}/fichiers", data=f.form((f.PDF, "a.pdf"))
    )
    assert answer.status_code in {403, 422}
    assert db.session.scalars(select(ChatFile)).all() == []


def test_search_finds_what_carries_files(make: Make, sign_in: SignIn) -> None:
    ana = make.member(make.site("Lyon"), name="Ana Petit")
    room = chat.topic(make, ana).id
    hers = sign_in(ana)
    chat.say(make, ana, room, "le plan sans rien")
    f.post(hers, room, "le plan joint", **f.form((f.PDF, "plan.pdf")))
    for asked in ("q=plan+has:file", "q=avec:fichier", "q=plan&files=1", "files=1"):
        page = hers.get(f"/discussions/recherche?{asked}").text
        # The words that are found are marked.
        text = page.replace("<mark>", "").replace("</mark>", "")
        assert ("le plan joint" in text, "sans rien" in text) == (True, False), asked
    assert "sans rien" in hers.get("/discussions/recherche?q=plan").text
