"""Pages of the documents: shelves, downloads, uploads."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tests.factories_notices import PDF, a_document

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make


def upload(content: bytes = PDF, name: str = "Règlement.pdf", **more: str) -> dict[str, Any]:
    typed: dict[str, Any] = {"title": "Règlement intérieur", "audience": "site", "once": "a"}
    return typed | more | {"file": (io.BytesIO(content), name)}


def kept(make: Make) -> set[str]:
    return {path.name for path in (make.settings.uploads_dir / "documents").glob("*")}


def test_a_document_goes_from_the_form_to_its_readers(make: Make, sign_in: Any) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    keeper = sign_in(make.member(lyon, role="manager"))
    answer = keeper.post(f"/documents/nouveau?site={lyon.slug}", data=upload())
    assert answer.status_code == 303
    reader = sign_in(make.member(lyon))
    assert "Règlement intérieur" in reader.get(f"/documents?site={lyon.slug}").text
    with reader.get(f"{answer.location}/1/x") as file:
        assert file.data == PDF
        assert file.mimetype == "application/pdf"
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    stranger = sign_in(make.member(dakar))
    assert stranger.get(answer.location).status_code == 404
    assert stranger.get(f"{answer.location}/1/x").status_code == 404


def test_a_page_disguised_as_a_document_is_refused_and_leaves_nothing(
    make: Make, sign_in: Any
) -> None:
    lyon = make.site()
    before = kept(make)
    keeper = sign_in(make.member(lyon, role="manager"))
    page = keeper.post(
        f"/documents/nouveau?site={lyon.slug}", data=upload(b"<html><script>", "r.pdf")
    )
    assert page.status_code == 422
    assert "Choisissez un PDF, une image" in page.text
    assert 'value="Règlement intérieur"' in page.text
    assert kept(make) == before


def test_a_file_without_a_sound_cover_is_forgotten(make: Make, sign_in: Any) -> None:
    lyon = make.site()
    before = kept(make)
    keeper = sign_in(make.member(lyon, role="manager"))
    page = keeper.post(f"/documents/nouveau?site={lyon.slug}", data=upload(title="   "))
    assert page.status_code == 422
    assert kept(make) == before


def test_no_file_at_all_is_said_beside_the_field(make: Make, sign_in: Any) -> None:
    lyon = make.site()
    keeper = sign_in(make.member(lyon, role="manager"))
    page = keeper.post(
        f"/documents/nouveau?site={lyon.slug}", data={"title": "T", "audience": "site"}
    )
    assert "Choisissez un fichier" in page.text


def test_versions_edits_and_removal(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    address = f"/documents/{a_document(make, sophie, lyon).id}"
    browser = sign_in(sophie)
    newer = {"file": (io.BytesIO(b"%PDF-1.7 two"), "r.pdf"), "note": "Article 3"}
    browser.post(f"{address}/version", data=newer)
    page = browser.get(address).text
    assert "Version 2" in page
    assert "Article 3" in page
    bad = {"file": (io.BytesIO(b"MZ"), "r.pdf")}
    assert browser.post(f"{address}/version", data=bad).status_code == 422
    browser.post(f"{address}/modifier", data={"title": "Charte", "audience": "network"})
    assert "Charte" in browser.get(address).text
    browser.post(f"{address}/retirer")
    assert browser.get(address).status_code == 404


def test_a_manager_adds_nothing_elsewhere(make: Make, sign_in: Any) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    browser = sign_in(make.member(lyon, role="manager"))
    for where in (f"?site={dakar.slug}", ""):
        assert browser.post(f"/documents/nouveau{where}", data=upload()).status_code == 403


def test_a_long_shelf_costs_as_many_queries_as_a_short_one(
    make: Make, sign_in: Any, count_queries: Any
) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    browser = sign_in(make.member(lyon))
    a_document(make, sophie, lyon)
    address = f"/documents?site={lyon.slug}"
    browser.get(address)
    with count_queries() as few:
        browser.get(address)
    for number in range(8):
        a_document(make, sophie, lyon, title=f"Note {number}")
    with count_queries() as many:
        browser.get(address)
    assert len(many) == len(few)
