"""What managers do without a spreadsheet, in Chromium: follow, write, invite, file, announce."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import (
    DESKTOP,
    LYON,
    MANAGER,
    MONTREAL,
    PHONE,
    House,
    go,
    listen,
    shown,
    too_wide,
    violations,
)

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

pytestmark = pytest.mark.browser

SIZES = {"desk": DESKTOP, "phone": PHONE}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    """At a desk, or on a phone."""
    return str(request.param)


def sound(page: Page) -> None:
    """The page fits, and everybody can read it."""
    assert (too_wide(page), violations(page)) == (0, [])


def downloaded(page: Page, link: str) -> bytes:
    """What a link or a button of this name gives to keep."""
    with page.expect_download() as kept:
        page.get_by_role("link", name=link).or_(page.get_by_role("button", name=link)).click()
    return Path(kept.value.path()).read_bytes()


def test_a_manager_filters_the_list_and_takes_it_along(house: House, size: str) -> None:
    page = house.enter(MANAGER, size=SIZES[size])
    heard = listen(page)
    page.goto("/reseau/suivi")
    sound(page)
    everybody = page.locator("#roster tbody tr").count()
    page.locator("[name=anniversary]").check()
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url(re.compile("anniversary=1"))
    expect(page.locator("#roster tbody tr")).not_to_have_count(everybody)
    page.goto("/reseau/suivi?q=dervaux")
    expect(page.locator("#roster tbody tr")).to_have_count(1)
    page.locator("#files summary").click()
    excel = downloaded(page, "points-virgules")
    assert excel.startswith(b"\xef\xbb\xbf")
    assert "Camille Dervaux;" in excel.decode("utf-8-sig")
    page.goto("/reseau/suivi?q=dervaux")
    page.locator("#files summary").click()
    sheet = zipfile.ZipFile(io.BytesIO(downloaded(page, "XLSX")))
    assert any(b"Camille Dervaux" in sheet.read(name) for name in sheet.namelist())
    assert heard == []


def test_a_message_to_many_is_read_before_it_leaves(house: House, size: str) -> None:
    page, subject = house.enter(MANAGER, size=SIZES[size]), f"Le petit déjeuner, {size}"
    page.goto("/reseau/suivi?q=dervaux")
    page.get_by_role("link", name="Écrire à cette liste").click()
    page.locator("[name=subject]").fill(subject)
    page.locator("[name=body]").fill("Rendez-vous **mardi**.")
    page.get_by_role("button", name="Voir avant d’envoyer").click()
    expect(page.locator("section:has(#preview) strong")).to_have_text("mardi")
    expect(page.locator("section:has(#who)")).to_contain_text("Camille Dervaux")
    sound(page)
    page.get_by_role("button", name="Envoyer à 1 personne").click()
    page.wait_for_url(re.compile("/reseau/suivi"))
    page.goto("/reseau/suivi/envois")
    shown(page, subject)


def test_many_are_invited_after_a_look_at_each_line(house: House, size: str) -> None:
    page, address = house.enter(MANAGER, size=SIZES[size]), f"nouvelle.{size}@example.org"
    page.goto("/reseau/invitations/plusieurs")
    page.locator("[name=addresses]").fill(f"Nouvelle <{address.upper()}>\n{LYON.upper()}\nzoé")
    page.get_by_role("button", name="Voir avant d’envoyer").click()
    lines = page.locator("section:has(#lines) li")
    expect(lines).to_have_count(3)
    expect(lines.nth(1)).to_contain_text("est déjà membre")
    sound(page)
    page.get_by_role("button", name="Envoyer 1 invitation").click()
    page.wait_for_url(re.compile("/reseau/invitations$"))
    shown(page, address)


def a_file(text: str) -> FilePayload:
    """A document to send."""
    return {
        "name": "Règlement.pdf",
        "mimeType": "application/pdf",
        "buffer": f"%PDF-1.7 {text}".encode(),
    }


def test_a_document_is_filed_renewed_and_shown_to_more(house: House, size: str) -> None:
    page = house.enter(MANAGER, size=SIZES[size])
    reader, stranger = house.enter(LYON, size=SIZES[size]), house.enter(MONTREAL)
    title = f"Règlement de la cuisine, {size}"
    page.goto("/documents?site=lyon")
    page.get_by_role("link", name="Ajouter un document").first.click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=file]").set_input_files([a_file("premier")])
    page.locator("[name=audience][value=site]").check()
    sound(page)
    page.get_by_role("button", name="Ranger le document").click()
    page.wait_for_url(re.compile(r"/documents/\d+"))
    page.locator("[name=file]").set_input_files([a_file("second")])
    page.locator("[name=note]").fill("Les heures ont changé")
    page.get_by_role("button", name="Ajouter cette version").click()
    expect(page.locator("section:has(#versions) li")).to_have_count(2)
    sound(page)
    reader.goto("/documents?site=lyon")
    reader.get_by_role("link", name=title).click()
    assert downloaded(reader, "Télécharger") == b"%PDF-1.7 second"
    assert go(stranger, page.url) == 404
    page.get_by_role("link", name="Modifier").click()
    page.locator("[name=audience][value=network]").check()
    page.get_by_role("button", name="Enregistrer").click()
    shown(page, title)
    assert go(stranger, page.url) == 200


def test_an_announcement_is_read_and_its_publisher_sees_by_whom(house: House, size: str) -> None:
    page, reader = house.enter(MANAGER, size=SIZES[size]), house.enter(LYON, size=SIZES[size])
    title = f"Coupure d’eau, {size}"
    page.goto("/annonces")
    page.get_by_role("link", name="Faire une annonce").first.click()
    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill("Lundi **matin**.")
    page.locator("[name=last_day]").fill((datetime.now(UTC) + timedelta(9)).date().isoformat())
    sound(page)
    page.get_by_role("button", name="Publier").click()
    shown(page, "Personne ne l’a encore")
    reader.goto("/")
    shown(reader, title)
    reader.goto("/annonces")
    reader.get_by_role("link", name=title).click()
    reader.get_by_role("button", name="Je l’ai lue").click()
    shown(reader, "Vous l’avez lue")
    sound(reader)
    page.reload()
    expect(page.locator("section:has(#readers)")).to_contain_text("Camille Dervaux")


def test_a_member_takes_their_own_data_along(house: House, size: str) -> None:
    page = house.enter(LYON, size=SIZES[size])
    page.goto("/moi/reglages/donnees")
    sound(page)
    kept = zipfile.ZipFile(io.BytesIO(downloaded(page, "Télécharger mes données")))
    rows = [name for name in kept.namelist() if name.endswith(".json")]
    assert rows
    assert any("Camille Dervaux" in json.dumps(json.loads(kept.read(n)), ensure_ascii=False)
               for n in rows)  # fmt: skip


def test_names_of_newcomers_stay_whole_on_a_phone(house: House) -> None:
    page = house.enter(MANAGER, size=PHONE)
    page.goto("/arrivees/lyon/accueil")
    sound(page)
    names = page.locator("#newcomers .item b")
    assert names.count() >= 2
    lines = names.evaluate_all(
        "es => es.map(e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight))"
    )
    assert max(lines) < 1.5, lines
