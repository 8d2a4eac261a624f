"""On a phone: a picture and a file sent with a message and seen elsewhere; a message reported."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import ADMINISTRATOR, PASTE, PHONE, go, listen, too_wide, violations
from tests.factories_chatfiles import PDF, PICTURE

if TYPE_CHECKING:
    from tests.browser.house import House

pytestmark = pytest.mark.browser

SENDER = "karim.benali@passerelles.example"
READER = "clara.vidal@passerelles.example"
ROOM = "/discussions/lyon"
FILES = [
    {"name": "atelier.png", "mimeType": "image/png", "buffer": PICTURE},
    {"name": "plan atelier.pdf", "mimeType": "application/pdf", "buffer": PDF},
]


def test_files_leave_with_a_message_and_reach_the_other_phone(house: House) -> None:
    there, here = house.enter(READER, size=PHONE), house.enter(SENDER, size=PHONE)
    heard = listen(here)
    go(there, ROOM)
    go(here, ROOM)
    here.locator("#files").set_input_files(FILES)  # type: ignore[arg-type]  # as Playwright takes them
    expect(here.locator("#waits li")).to_have_count(2)
    here.get_by_placeholder("Que montre-t-elle").fill("L’atelier rangé")
    assert too_wide(here) <= 0
    assert violations(here) == []
    here.get_by_label("Message à").fill("Atelier rangé, plan joint.")
    here.keyboard.press("Enter")
    for page in (here, there):
        said = page.locator(".msg", has_text="Atelier rangé, plan joint.").last
        picture = said.get_by_role("img", name="L’atelier rangé")
        expect(picture).to_be_visible()
        # The place is held before the picture comes.
        assert picture.get_attribute("width") == "320"
        expect(said.get_by_role("link", name="plan atelier.pdf")).to_be_visible()
        assert too_wide(page) <= 0
    expect(here.locator("#waits li")).to_have_count(0)
    assert heard == []


def test_a_pasted_picture_waits_and_is_taken_back(house: House) -> None:
    page = house.enter(SENDER, size=PHONE)
    go(page, "/discussions/reseau")
    page.locator("#text").evaluate(PASTE, base64.b64encode(PICTURE).decode())
    expect(page.locator("#waits li")).to_have_count(1)
    page.get_by_role("button", name="Retirer image.webp").click()
    expect(page.locator("#waits li")).to_have_count(0)


def test_without_script_the_same_form_takes_a_file_and_says_what_is_wrong(house: House) -> None:
    page = house.enter(SENDER, size=PHONE, javascript=False)
    go(page, "/discussions/reseau")
    page.get_by_label("Message à").fill("Sans script, avec un fichier.")
    wrong = {"name": "jeu.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    page.locator("#files").set_input_files([wrong])  # type: ignore[list-item]
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.locator("#files-error")).to_contain_text("Choisissez un PDF")
    expect(page.get_by_label("Message à")).to_have_value("Sans script, avec un fichier.")
    page.locator("#files").set_input_files(FILES[1:])  # type: ignore[arg-type]
    page.get_by_role("button", name="Envoyer", exact=True).click()
    said = page.locator(".msg", has_text="Sans script, avec un fichier.").last
    with page.expect_download() as download:
        said.get_by_role("link", name="plan atelier.pdf").click()
    assert download.value.suggested_filename == "plan atelier.pdf"


def test_a_message_is_reported_from_its_menu(house: House) -> None:
    page = house.enter(SENDER, size=PHONE)
    go(page, f"{ROOM} | .msg:not(.msg--me) .msg__more")
    page.get_by_role("link", name="Signaler", exact=True).click()
    page.get_by_label("Pas à sa place").check()
    assert violations(page) == []
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", name="Mes signalements")).to_be_visible()
    expect(page.locator(".reported").first).to_contain_text("En attente")
    assert too_wide(page) <= 0
    desk = house.enter(ADMINISTRATOR, size=PHONE)
    go(desk, "/discussions/signalements")
    expect(desk.get_by_role("button", name="Rien à faire").first).to_be_visible()
    assert violations(desk) == []
    assert too_wide(desk) <= 0
    desk.get_by_role("link", name="Masquer ou faire taire").first.click()
    desk.get_by_label("se taire une heure").check()
    assert violations(desk) == []
    assert too_wide(desk) <= 0
