"""Files and pasted pictures of posts."""

from __future__ import annotations

import io
import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Attachment, Draft
from incubator.kernel.db import db
from incubator.network.sites.models import Site
from tests import factories_help as h

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any


@pytest.fixture
def lyon(make: Make, frozen: datetime) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def helper(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Paul Vasseur")


def address(question: Question) -> str:
    return f"/entraide/{question.id}-{question.slug}"


def once() -> str:
    return uuid.uuid4().hex


def asked_with(make: Make, **more: Any) -> dict[str, Any]:
    return {
        "title": "Qui connaît les factures électroniques ?",
        "body": "Nous passons au nouveau format en janvier.",
        "audience": "network",
        "language": "fr",
        "skills": [h.skill(make).id],
        "once": once(),
        **more,
    }


def picture(kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (900, 600), "#0A5C44").save(held, kind)
    return held.getvalue()


def test_a_picture_is_made_anew_and_shown_to_the_readers_of_its_thread(
    make: Make, sign_in: SignIn, asker: Account, helper: Account
) -> None:
    browser = sign_in(asker)
    form = asked_with(make, audience="site", files=[(io.BytesIO(picture()), "étiquette.png")])
    page = browser.get(browser.post("/entraide/demander", data=form).location).text
    kept = db.session.query(Attachment).one()
    assert (kept.kind, kept.file_name, kept.width, kept.height) == (
        "webp",
        "étiquette.webp",
        900,
        600,
    )
    path = f"/entraide/images/{kept.id}-480.webp"
    assert path in page
    shown = browser.get(path, buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert browser.get(f"/entraide/images/{kept.id}-481.webp").status_code == 404
    assert sign_in(helper).get(path).status_code == 404


def test_a_document_is_handed_out_as_a_file(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    files = [(io.BytesIO(b"%PDF-1.7 devis"), "devis.html")]
    data = {"body": "Voici", "once": once(), "files": files}
    browser.post(address(asked), data=data)
    kept = db.session.query(Attachment).one()
    answer = browser.get(f"/entraide/fichiers/{kept.id}/devis.pdf", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data == b"%PDF-1.7 devis"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<script>alert(1)</script>", "photo.png"),
        (b"MZ\x90\x00", "devis.pdf"),
        (b"<svg onload='alert(1)'/>", "logo.svg"),
        (b"\x89PNG\r\n\x1a\n<script>", "photo.png"),
    ],
)
def test_a_disguised_file_is_refused_and_the_text_stays(
    make: Make, sign_in: SignIn, asker: Account, data: bytes, name: str
) -> None:
    asked, browser = h.question(make, asker), sign_in(asker)
    form = {"body": "Mon texte", "once": once(), "files": [(io.BytesIO(data), name)]}
    answer = browser.post(address(asked), data=form)
    assert answer.status_code == 422
    assert "Mon texte" in answer.text
    assert 'id="files-error"' in answer.text
    assert db.session.query(Attachment).count() == db.session.query(Answer).count() == 0


def sent_large(browser: Any, path: str, data: dict[str, Any]) -> Any:
    """The answer to a form whose body the test client wrote to a file, which it leaves open."""
    answer = browser.post(path, data=data)
    answer.request.environ["wsgi.input"].close()
    return answer


@pytest.mark.parametrize("start", [b"%PDF-1.7 ", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_too_large_is_named_beside_its_field_and_the_text_stays(
    make: Make, sign_in: SignIn, asker: Account, app: Flask, start: bytes
) -> None:
    asked, browser, key = h.question(make, asker), sign_in(asker), once()
    most = make.settings.max_upload_mb
    large = start + b"0" * (most * 1024 * 1024)
    light = (io.BytesIO(b"%PDF-1.7 devis"), "devis.pdf")
    files = [light, (io.BytesIO(large), "plan.pdf")]
    form = {"body": "Mon <long> texte", "once": key, "files": files}
    answer = sent_large(browser, address(asked), form)
    assert answer.status_code == 422
    beside = re.search(r'id="files-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert beside
    assert f"moins de {most}" in beside[1]
    assert "Mon &lt;long&gt; texte</textarea>" in answer.text
    # The text waits as a draft, and the file that was not too large with it.
    assert db.session.query(Draft).one().body_md == "Mon <long> texte"
    assert [row.file_name for row in db.session.query(Attachment)] == ["devis.pdf"]
    assert db.session.query(Answer).count() == 0
    # Dropped into the page it is refused in the list of files, and leaves nothing behind.
    data = {"once": key, "files": [(io.BytesIO(large), "plan.pdf")]}
    page = sent_large(browser, "/entraide/fichiers", data).text
    assert f"moins de {most}" in page
    assert "plan.pdf" not in page
    stored = (make.settings.uploads_dir / "help").iterdir()
    assert sum(each.stat().st_size for each in stored) < most * 1024


def test_a_picture_sent_ahead_waits_and_is_taken_back(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    browser, key = sign_in(asker), once()
    data = {"once": key, "files": [(io.BytesIO(picture("JPEG")), "image.png")]}
    page = browser.post("/entraide/fichiers", data=data).text
    assert "image.webp" in page
    kept = db.session.query(Attachment).one()
    browser.post(f"/entraide/fichiers/{kept.id}/retirer")
    assert "image.webp" not in browser.post("/entraide/fichiers", data={"once": key}).text
    bad = {"once": key, "files": [(io.BytesIO(b"MZ"), "x.exe")]}
    assert 'class="error"' in browser.post("/entraide/fichiers", data=bad).text
