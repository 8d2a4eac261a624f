"""One's own profile and portrait, and what others do with a profile."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from incubator.blueprints.members.audience_form import ASKED
from incubator.edge import clock
from incubator.kernel.db import db, transaction
from incubator.kernel.files import picture_path
from incubator.network.members import commands, profile, queries
from incubator.network.members.audiences import audiences_of, set_audiences
from incubator.network.members.models import Member
from tests.conftest import NOW
from tests.factories_accounts import worked
from tests.factories_members import a_firm, a_skill, offers
from tests.pictures import SVG, picture, png_of, with_place, zip_bomb

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SIDES = (96, 192, 384)


@pytest.fixture
def zoe(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Zoé Ferrand", email="zoe@example.org")


@pytest.fixture
def uploads(app: Flask) -> Path:
    folder: Path = app.extensions["incubator"].settings.uploads_dir
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.webp"):
        path.unlink()
    return folder


def upload(browser: FlaskClient, data: bytes, name: str = "moi.png") -> Any:
    # Written by hand: the test client leaves the temporary file of a large form open.
    part = f'--cut\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\n\r\n'
    body = part.encode() + data + b"\r\n--cut--\r\n"
    kind = "multipart/form-data; boundary=cut"
    return browser.post("/moi/portrait", data=body, content_type=kind)


def portrait_of(account: Account) -> str | None:
    return db.session.get_one(Member, account.id).portrait


# ------------------------------------------------------------------------------ the portrait
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_three_squares_and_is_shown(
    sign_in: Any, zoe: Account, uploads: Path, kind: str
) -> None:
    browser = sign_in(zoe)
    answer = upload(browser, picture(300, 200, kind))
    assert (answer.status_code, answer.location) == (303, "/annuaire/zoe-ferrand")
    key = portrait_of(zoe)
    assert key
    for side in SIDES:
        path = picture_path(key, side, uploads)
        assert path
        with Image.open(path) as stored:
            assert (stored.format, stored.size) == ("WEBP", (side, side))
    page = browser.get("/annuaire/zoe-ferrand").text
    assert f"/portraits/zoe-ferrand/{key}-384.webp" in page
    # In the menu stands one's own face.
    assert f"/portraits/zoe-ferrand/{key}-96.webp" in page


def test_where_a_picture_was_taken_is_forgotten(sign_in: Any, zoe: Account, uploads: Path) -> None:
    upload(sign_in(zoe), with_place(), "IMG_1234.jpg")
    for path in uploads.glob("*.webp"):
        with Image.open(path) as stored:
            assert not stored.getexif()
        assert b"home" not in path.read_bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (SVG, "Choisissez une image"),
        (picture()[:90], "Choisissez une image"),
        (picture(kind="JPEG")[:400], "Choisissez une image"),
        (zip_bomb(), "Choisissez une image"),
        (b"%PDF-1.7 " + bytes(400), "Choisissez une image"),
        (b"<html><script>alert(1)</script>", "Choisissez une image"),
        (png_of(300, 200, b"x" * 2_000_000), "Choisissez une image"),
        (png_of(8000, 5000), "Choisissez une image plus petite"),
        (png_of(60_000, 60_000), "Choisissez une image plus petite"),
        (b"", "Choisissez d’abord une image"),
        (bytes(10 * 1024 * 1024 + 1), "de moins de 10 Mo"),
    ],
    ids=["svg", "cut png", "cut jpeg", "zip", "pdf", "html", "packed text", "40 million points",
         "bomb", "nothing", "too heavy"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_beside_the_field_and_the_old_one_stays(
    sign_in: Any, zoe: Account, uploads: Path, data: bytes, words: str
) -> None:
    browser = sign_in(zoe)
    upload(browser, picture())
    before, files = portrait_of(zoe), sorted(uploads.glob("*.webp"))
    answer = upload(browser, data)
    assert answer.status_code == 422
    error = re.search(r'id="photo-error".*?</p>', answer.text, re.DOTALL)
    assert error
    assert words in error[0]
    assert (portrait_of(zoe), sorted(uploads.glob("*.webp"))) == (before, files)


def test_the_files_of_an_old_picture_are_deleted(
    app: Flask, sign_in: Any, zoe: Account, uploads: Path
) -> None:
    browser = sign_in(zoe)
    upload(browser, picture())
    upload(browser, picture(mode="RGBA"))
    worked(app)
    key = portrait_of(zoe)
    assert {path.name for path in uploads.glob("*.webp")} == {
        f"{key}-{side}.webp" for side in SIDES
    }
    assert browser.post("/me/portrait/remove").status_code == 303
    worked(app)
    assert (portrait_of(zoe), list(uploads.glob("*.webp"))) == (None, [])
    assert "/art/portrait/zoe-ferrand.svg" in browser.get("/moi/portrait").text


def test_a_picture_that_cannot_be_written_down_leaves_no_file(
    sign_in: Any, zoe: Account, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_rest: object, **_more: object) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    monkeypatch.setattr(profile, "set_portrait", full)
    with pytest.raises(OSError, match="full"):
        upload(sign_in(zoe), picture())
    assert list(uploads.glob("*.webp")) == []


def test_a_portrait_is_kept_by_the_readers_browser_alone(
    make: Make, sign_in: Any, zoe: Account, uploads: Path
) -> None:
    upload(sign_in(zoe), picture())
    key, reader = portrait_of(zoe), sign_in(make.member(make.site("Dakar")))
    with reader.get(f"/portraits/zoe-ferrand/{key}-96.webp") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for address in (f"{key}-97", f"{'0' * 32}-96", f"..-{key}-96", f"{key}-0"):
        assert reader.get(f"/portraits/zoe-ferrand/{address}.webp").status_code == 404
    assert reader.get(f"/portraits/somebody/{key}-96.webp").status_code == 404


def test_who_left_takes_their_picture_along(
    make: Make, sign_in: Any, zoe: Account, uploads: Path
) -> None:
    upload(sign_in(zoe), picture())
    address = f"/portraits/zoe-ferrand/{portrait_of(zoe)}-96.webp"
    with transaction():
        member = db.session.get_one(Member, zoe.id)
        member.active = False
    assert sign_in(make.member(make.site("Dakar"))).get(address).status_code == 404


# ---------------------------------------------------------------------------- the edit page
def typed(**more: Any) -> dict[str, Any]:
    return {"name": "Zoé Ferrand", "availability": "open", "capacity": "0", **more}


def test_everything_new_is_said_on_one_page(make: Make, sign_in: Any, zoe: Account) -> None:
    browser, skill = sign_in(zoe), a_skill(make, "Tissage")
    with clock.stopped_at(NOW):
        answer = browser.post("/moi", data=typed(
            pronouns="elle", link_label_0="Boutique", link_web_0="https://zoe.example",
            link_label_2="", link_web_2="fil.example", offered=f"{skill.id}:3",
            ways=[f"{skill.id}:by_call", f"{skill.id}:on_site"], capacity="3",
            mentoring_about="Les premiers prix", paused="y", paused_until="2027-01-12",
            availability="away", available_until="2026-11-30", audience_phone="site",
        ))  # fmt: skip
        assert answer.status_code == 303
        page = browser.get(answer.location).text
        for words in ("elle", "https://zoe.example", ">fil.example<", "par appel, sur place",
                      "jusqu’à 3 personnes", "Les premiers prix", "En pause jusqu’au mar. 12 janv.",
                      "Pas là jusqu’au lun. 30 nov."):  # fmt: skip
            assert words in page.replace("\u00a0", " "), words
        form = browser.get("/moi").text
    assert 'value="2026-11-30"' in form
    assert re.search(r'name="paused"[^>]*checked|checked[^>]*name="paused"', form)
    assert audiences_of([zoe.id])[zoe.id].chosen == {"phone": "site"}


def test_after_the_last_day_the_page_speaks_of_it_no_more(sign_in: Any, zoe: Account) -> None:
    browser = sign_in(zoe)
    with clock.stopped_at(NOW):
        browser.post("/moi", data=typed(availability="away", available_until="2026-11-30"))
    with clock.stopped_at(datetime(2026, 12, 2, 9, tzinfo=UTC)):
        assert "Pas là" not in browser.get("/annuaire/zoe-ferrand").text
        assert 'value="2026-11-30"' not in browser.get("/moi").text
        assert browser.post("/moi", data=typed()).status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pronouns", "x" * 41), ("headline", "x" * 161), ("about_md", "x" * 5001),
        ("link_web_1", "javascript:alert(1)"), ("link_web_5", "http://plain.example"),
        ("link_label_0", "y" * 41), ("capacity", "21"), ("capacity", "-1"),
        ("capacity", "beaucoup"), ("mentoring_about", "z" * 201),
        ("available_until", "2026-11-11"), ("available_until", "2031-01-01"),
        ("available_until", "demain"), ("paused_until", "2026-11-11"),
        ("audience_phone", "everybody"), ("audience_email", "me"), ("availability", "asleep"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field_and_kept(
    sign_in: Any, zoe: Account, frozen: object, field: str, value: str
) -> None:
    data = typed(link_label_0="Boutique", link_web_0="https://zoe.example", capacity="2",
                 paused="y", phone="04 72 00 00 00", availability="away")  # fmt: skip
    answer = sign_in(zoe).post("/moi", data={**data, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "04 72 00 00 00" in answer.text
    choice = field.startswith(("audience_", "availability"))
    assert choice or value in answer.text
    assert db.session.get_one(Member, zoe.id).phone == ""


def test_hostile_markdown_is_shown_as_harmless_text(sign_in: Any, zoe: Account) -> None:
    browser = sign_in(zoe)
    hostile = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://spy.example/z.png)\n\n"
        "<img src=x onerror=alert(1)> [ok](https://zoe.example)\x00\u202e" + "> " * 500
    )
    assert browser.post("/moi", data=typed(about_md=hostile)).status_code == 303
    page = browser.get("/annuaire/zoe-ferrand").text
    about = re.search(r'<div class="prose">.*?</section>', page, re.DOTALL)
    assert about
    assert not re.search(r"<script|<img|<[^>]*onerror|href=\"javascript|\x00|\u202e", about[0])
    assert 'href="https://zoe.example"' in about[0]


def test_what_the_page_does_not_ask_about_keeps_its_audience(
    make: Make, sign_in: Any, zoe: Account
) -> None:
    with transaction():
        set_audiences(make.actor(zoe), member_id=zoe.id, chosen={"presence": "site"})
    sign_in(zoe).post("/moi", data=typed(audience_about="managers"))
    assert audiences_of([zoe.id])[zoe.id].chosen == {"presence": "site", "about": "managers"}


def test_each_field_tells_who_sees_it(make: Make, sign_in: Any, zoe: Account) -> None:
    with transaction():
        set_audiences(make.actor(zoe), member_id=zoe.id, chosen={"phone": "managers"})
    page = sign_in(zoe).get("/moi").text
    assert "Visible par : L’équipe de mon site" in page.replace("\u00a0", " ")
    assert page.count('class="seenby') == len(ASKED)


# ------------------------------------------------------------------- what others do with it
def card_of(browser: FlaskClient, address: str = "/annuaire/zoe-ferrand/carte.vcf") -> list[Any]:
    """The properties of a vCard, read strictly: (group and name, value)."""
    answer = browser.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/vcard; charset=utf-8"
    raw = answer.data
    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    lines = raw[:-2].split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()
    unfolded = raw[:-2].decode().replace("\r\n ", "").split("\r\n")
    assert (unfolded[:2], unfolded[-1]) == (["BEGIN:VCARD", "VERSION:4.0"], "END:VCARD")
    parsed = []
    for line in unfolded[2:-1]:
        found = re.fullmatch(r"((?:[\w-]+\.)?[A-Z]+):(.*)", line)
        assert found, line
        text = found[1].rpartition(".")[2] not in {"URL", "UID", "N"}
        assert not text or not re.search(r"(?<!\\)(?:\\\\)*[,;]", found[2]), line
        parsed.append((found[1], found[2]))
    return parsed


def plain(value: str) -> str:
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)


def test_a_contact_card_holds_what_the_reader_sees(
    make: Make, sign_in: Any, zoe: Account, app: Flask
) -> None:
    about = "Nappes, torchons; tout.\r\nEt C:\\temp\x00 — " + "é" * 200
    with transaction():
        me = make.actor(zoe)
        commands.edit_profile(
            me, member_id=me.id, name="Zoé Ferrand", headline="Tisse", about=about,
            phone="+33 6 39 98 77 66", languages=["fr", "fsl"],
        )  # fmt: skip
        profile.introduce(
            me, member_id=me.id, pronouns="elle", links=[("x", "https://zoe.example/a,b;c")]
        )
        set_audiences(me, member_id=me.id, chosen={"phone": "site", "email": "network"})
    a_firm(make, zoe, "Fil, Laine & Cie")
    browser = sign_in(make.member(make.site("Dakar")))
    card = card_of(browser)
    base = app.extensions["incubator"].settings.base_url
    assert [name for name, _ in card] == [
        "FN", "N", "UID", "PRONOUNS", "ORG", "TITLE", "EMAIL", "LANG", "LANG", "TZ", "URL",
        "URL", "NOTE",
    ]  # fmt: skip
    said = dict(card)
    assert (said["N"], plain(said["ORG"])) == ("Ferrand;Zoé;;;", "Fil, Laine & Cie")
    assert [value for name, value in card if name == "URL"] == [
        f"{base}/annuaire/zoe-ferrand", "https://zoe.example/a,b;c",
    ]  # fmt: skip
    note = plain(said["NOTE"])
    assert note.startswith("Tisse\nNappes, torchons; tout.")
    assert "C:\\temp" in note
    assert note.endswith("é" * 200)
    assert ("TEL", "+33 6 39 98 77 66") in card_of(sign_in(zoe), "/directory/zoe-ferrand/card.vcf")


def test_several_firms_on_a_card_are_told_apart(make: Make, sign_in: Any, zoe: Account) -> None:
    for name in ("Fil", "Laine"):
        a_firm(make, zoe, name)
    card = dict(card_of(sign_in(zoe)))
    assert (card["firm1.ORG"], card["firm2.ORG"]) == ("Fil", "Laine")


def test_others_ask_a_question_with_the_skill_that_answers_them(
    make: Make, sign_in: Any, zoe: Account
) -> None:
    first, second = a_skill(make, "Tissage"), a_skill(make, "Couture")
    offers(zoe, first, second)
    reader = make.member(make.site("Dakar"))
    page = sign_in(reader).get("/annuaire/zoe-ferrand").text
    assert 'href="/entraide/demander?skill=tissage"' in page
    offers(reader, wants=(second,))
    page = sign_in(reader).get("/annuaire/zoe-ferrand").text
    assert page.index("demander?skill=couture") < page.index("demander?skill=tissage")
    asking = sign_in(reader).get("/entraide/demander?skill=couture").text
    assert re.search(rf'value="{second.id}"[^>]*checked|checked[^>]*value="{second.id}"', asking)


def test_a_profile_costs_the_same_however_much_it_says(
    make: Make, sign_in: Any, zoe: Account, count_queries: Any
) -> None:
    reader = sign_in(make.member(make.site("Dakar")))
    reader.get("/annuaire/zoe-ferrand")
    counts = []
    for number in range(2):
        with count_queries() as seen:
            assert reader.get("/annuaire/zoe-ferrand").status_code == 200
        counts.append(len(seen))
        offers(zoe, *(a_skill(make, f"Skill {number}-{each}") for each in range(6)))
        a_firm(make, zoe, f"Firm {number}")
    assert counts[0] == counts[1] <= 16


# ------------------------------------------------------------------------------------ hints
def test_the_first_page_names_one_thing_to_add_until_it_may_rest(
    sign_in: Any, zoe: Account
) -> None:
    browser = sign_in(zoe)
    with clock.stopped_at(NOW):
        page = browser.get("/").text
        assert "Écrire ma ligne" in page
        assert "Ajouter mon portrait" not in page
        assert browser.post("/moi/plus-tard", data={"back": "/"}).location == "/"
        assert "Écrire ma ligne" not in browser.get("/").text
        assert "Écrire ma ligne" in browser.get("/annuaire/zoe-ferrand").text
    with clock.stopped_at(datetime(2026, 12, 12, 9, tzinfo=UTC)):
        assert "Écrire ma ligne" in browser.get("/").text


def test_the_hint_moves_on_to_what_is_missing_next(make: Make, sign_in: Any, zoe: Account) -> None:
    browser = sign_in(zoe)
    browser.post("/moi", data=typed(headline="Tisserande"))
    assert "Ajouter ce que je propose" in browser.get("/").text
    offers(zoe, a_skill(make))
    browser.post("/moi", data=typed(headline="Tisserande", about_md="Nappes"))
    assert queries.said_by(zoe.id) >= {"headline", "about"}


def test_others_see_no_hint(make: Make, sign_in: Any, zoe: Account) -> None:
    page = sign_in(make.member(make.site("Dakar"))).get("/annuaire/zoe-ferrand").text
    assert "Écrire ma ligne" not in page


@pytest.mark.parametrize(
    "address", ["/annuaire/%00", "/portraits/%00/x-96.webp", "/annuaire/%00/carte.vcf",
                "/annuaire?q=%00"],
)  # fmt: skip
def test_an_address_that_no_database_can_ask_for_is_not_found(
    sign_in: Any, zoe: Account, address: str
) -> None:
    assert sign_in(zoe).get(address).status_code == 404
