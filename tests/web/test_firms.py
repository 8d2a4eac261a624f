"""Firms as a browser without JavaScript meets them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from incubator.kernel.db import db, transaction
from incubator.network.members import audiences, firm_people
from incubator.network.members.firm_models import Firm, FirmRequest, FirmRole
from tests.factories_accounts import worked
from tests.factories_members import (
    a_firm,
    a_skill,
    abandons,
    asks_to_join,
    decides,
    invites,
    works_at,
)

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make

TYPED = {
    "name": "Rive Claire", "size": "3", "web": "rive.example", "title": "Gérance",
    "country": "FR", "sector": "", "since_month": "",
}  # fmt: skip


@pytest.fixture
def founder(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Ada Founder")


@pytest.fixture
def firm(make: Make, founder: Account) -> Firm:
    return a_firm(make, founder, "Copeaux & Cie", sector="wood", pitch="Comptoirs <en bois>")


def picture(
    mode: str = "RGBA", size: tuple[int, int] = (500, 300), kind: str = "PNG"
) -> io.BytesIO:
    held = io.BytesIO()
    Image.new(mode, size).save(held, kind)
    held.seek(0)
    return held


def test_a_member_adds_and_edits_their_firm(make: Make, sign_in: Any) -> None:
    browser = sign_in(make.member(make.site(), name="Ada"))
    wood = a_skill(make, "Bois")
    assert 'selected value="FR"' in browser.get("/entreprises/nouvelle").text
    answer = browser.post("/entreprises/nouvelle", data=TYPED)
    assert answer.location == "/entreprises/rive-claire"
    assert "https://rive.example" in browser.get(answer.location).text
    more = {
        "registration": "732829320", "country": "FR", "about_md": "**Ici**", "sector": "wood",
        "activity": "Meubles", "since_year": "2021", "since_month": "3", "city": "Lyon",
        "offers": [str(wood.id)],
    }  # fmt: skip
    answer = browser.post("/firms/rive-claire/edit", data=TYPED | more)
    page = browser.get(answer.location).text
    for words in (
        "732\u202f829\u202f320", "SIREN", "<strong>Ici</strong>", "Bois, meuble et agencement",
        "Meubles", "mars 2021", "Lyon, France", "Ce que nous proposons",
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("field", "value"),
    [("web", "javascript:alert(1)"), ("since_year", "1066"), ("since_year", "2999"),
     ("size", "0"), ("name", ""), ("sector", "magic"), ("since_month", "13"),
     ("since_month", "x"), ("country", "XX"), ("offers", "x"), ("needs", "999999")],
)  # fmt: skip
def test_a_wrong_firm_is_refused_beside_the_field(
    make: Make, sign_in: Any, field: str, value: str
) -> None:
    typed = TYPED | {field: value, "about_md": "À garder"}
    answer = sign_in(make.member(make.site())).post("/entreprises/nouvelle", data=typed)
    assert answer.status_code == 422
    assert f'id="{"offers" if field == "needs" else field}-error"' in answer.text
    assert "À garder" in answer.text
    assert db.session.query(Firm).count() == 0


@pytest.mark.parametrize(
    ("number", "country", "words"),
    [
        ("123", "FR", "numéro SIREN"),
        ("732829321", "FR", "chiffre de contrôle"),
        ("12", "CA", "numéro NE / BN, NEQ"),
        ("<b>", "HT", "lettres, chiffres"),
    ],
)
def test_a_wrong_number_says_what_is_wrong_for_its_country(
    make: Make, sign_in: Any, number: str, country: str, words: str
) -> None:
    typed = TYPED | {"registration": number, "country": country}
    page = sign_in(make.member(make.site())).post("/entreprises/nouvelle", data=typed).text
    assert words in page
    assert 'id="registration-error"' in page


def test_a_firm_like_another_of_the_site_is_shown_before_it_is_added(
    make: Make, sign_in: Any, founder: Account, firm: Firm
) -> None:
    home = make.actor(founder).home_site_id
    browser = sign_in(make.member(db.session.get(type(make.site()), home), name="Bob"))
    typed = TYPED | {"name": "Copeaux SARL"}
    answer = browser.post("/entreprises/nouvelle", data=typed)
    assert answer.status_code == 422
    for words in ("Est-ce celle-ci", "/entreprises/copeaux-cie/rejoindre", 'name="sure"'):
        assert words in answer.text, words
    answer = browser.post("/entreprises/nouvelle", data=typed | {"sure": "y"})
    assert answer.location == "/entreprises/copeaux-sarl"


def test_the_firm_that_has_the_number_is_shown(make: Make, sign_in: Any, founder: Account) -> None:
    a_firm(make, founder, "Première", registration="732829320")
    typed = TYPED | {"registration": "732 829 320 00074", "country": "FR"}
    page = sign_in(make.member(make.site("Dakar"))).post("/entreprises/nouvelle", data=typed).text
    assert "Première a déjà ce numéro" in page
    assert "/entreprises/premiere/rejoindre" in page


def logos(make: Make) -> set[str]:
    """The keys of all stored pictures."""
    return {path.name[:32] for path in make.settings.uploads_dir.glob("*.webp")}


def test_a_logo_is_made_small_and_keeps_its_clear_background(
    sign_in: Any, founder: Account, firm: Firm
) -> None:
    browser = sign_in(founder)
    typed = TYPED | {"logo": (picture(), "logo.svg")}
    assert browser.post("/entreprises/copeaux-cie/modifier", data=typed).status_code == 303
    key = db.session.get_one(Firm, firm.id).logo
    for width in (96, 192, 384):
        stored = browser.get(f"/entreprises/logos/{key}-{width}.webp")
        with Image.open(io.BytesIO(stored.data)) as shown:
            stored.close()
            assert (shown.format, shown.mode, shown.width) == ("WEBP", "RGBA", width)
    assert browser.get(f"/entreprises/logos/{key}-500.webp").status_code == 404
    assert str(key) in browser.get("/entreprises/copeaux-cie").text
    browser.post("/entreprises/copeaux-cie/modifier", data=TYPED | {"no_logo": "y"})
    assert db.session.get_one(Firm, firm.id).logo is None


def test_the_files_of_a_logo_go_with_it_and_those_of_a_refused_form_at_once(
    app: Flask, make: Make, sign_in: Any, founder: Account, firm: Firm
) -> None:
    browser, address = sign_in(founder), "/entreprises/copeaux-cie/modifier"
    browser.post(address, data=TYPED | {"logo": (picture(), "logo.png")})
    first = db.session.get_one(Firm, firm.id).logo
    refused = {"logo": (picture(), "logo.png"), "registration": "732829321", "country": "FR"}
    before = logos(make)
    assert browser.post(address, data=TYPED | refused).status_code == 422
    assert logos(make) == before
    browser.post(address, data=TYPED | {"logo": (picture(), "logo.png")})
    worked(app)
    assert db.session.get_one(Firm, firm.id).logo in logos(make)
    assert first not in logos(make)


@pytest.mark.parametrize(
    "sent",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a not really",
        b"%PDF-1.7",
        b"",
        picture("1", (8000, 6000)).getvalue(),
    ],
    ids=["svg", "gif", "pdf", "empty", "48 megapixels"],
)
def test_a_hostile_logo_is_refused_and_what_was_typed_is_kept(
    sign_in: Any, founder: Account, firm: Firm, sent: bytes
) -> None:
    typed = TYPED | {"pitch": "À garder", "logo": (io.BytesIO(sent), "logo.png")}
    answer = sign_in(founder).post("/entreprises/copeaux-cie/modifier", data=typed)
    if not sent:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert "À garder" in answer.text
    assert db.session.get_one(Firm, firm.id).name == "Copeaux & Cie"


def test_a_stranger_cannot_edit_a_firm(make: Make, sign_in: Any, firm: Firm) -> None:
    stranger = sign_in(make.member(make.site()))
    page = stranger.get("/entreprises/copeaux-cie").text
    assert "Modifier l’entreprise" not in page
    assert "Comptoirs &lt;en bois&gt;" in page
    for address in ("modifier", "personnes"):
        assert stranger.get(f"/entreprises/copeaux-cie/{address}").status_code == 403
    assert stranger.get("/entreprises/nowhere").status_code == 404
    guest = sign_in(make.member(make.site(), role="guest"))
    for address in ("/entreprises", "/entreprises/copeaux-cie", "/entreprises/demandes"):
        assert guest.get(address).status_code == 403


def test_firms_are_found_in_a_constant_number_of_queries(
    make: Make, sign_in: Any, firm: Firm, count_queries: Any
) -> None:
    wood = a_skill(make, "Bois")
    reader = sign_in(make.member(make.site("Dakar")))
    reader.get("/entreprises")
    with count_queries() as few:
        page = reader.get("/entreprises?q=cop").text
    assert "Copeaux &amp; Cie" in page
    for number in range(12):
        a_firm(make, make.member(make.site()), f"Copains {number}", offers=[wood.id])
    with count_queries() as many:
        reader.get("/entreprises?q=cop")
    assert len(many) <= len(few) + 1
    for query in ("q=zzz", "sector=energy", "site=nowhere&q=zz"):
        assert "Copeaux" not in reader.get(f"/entreprises?{query}").text, query
    assert "Aucune entreprise ne correspond" in reader.get("/firms?q=zzz&after=broken").text
    assert "Copeaux" in reader.get("/entreprises?sector=wood&site=lyon-1").text


def test_joining_from_the_page_of_the_firm_to_the_answer(
    make: Make, sign_in: Any, founder: Account, firm: Firm, frozen: datetime
) -> None:
    second = make.member(make.site(), name="Bob Second")
    joiner, keeper = sign_in(second), sign_in(founder)
    assert "/entreprises/copeaux-cie/rejoindre" in joiner.get("/entreprises/copeaux-cie").text
    typed = {"title": "Associé", "since_on": "2024-01-02", "message": "Bonjour <b>"}
    answer = joiner.post("/entreprises/copeaux-cie/rejoindre", data=typed)
    assert "attend une réponse" in joiner.get(answer.location).text
    asked = db.session.query(FirmRequest).one()
    for address in ("/", "/entreprises/demandes", "/entreprises/copeaux-cie/personnes"):
        page = keeper.get(address).text
        assert "Bob Second demande à figurer chez Copeaux &amp; Cie." in page, address
        assert "Bonjour &lt;b&gt;" in page, address
    answer = keeper.post(f"/entreprises/demandes/{asked.id}/accepter")
    assert answer.location == "/entreprises/demandes"
    page = joiner.get("/entreprises/copeaux-cie").text
    assert "Bob Second" in page
    assert "depuis janvier 2024" in page
    assert "acceptée" in joiner.get("/entreprises/demandes").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"since_on": "2999-01-01"}, "since_on"),
        ({"since_on": "hier"}, "since_on"),
        ({"since_on": "2024-01-02", "until_on": "2024-01-01"}, "until_on"),
        ({"message": "x" * 501}, "message"),
        ({"title": "x" * 81}, "title"),
    ],
)
def test_a_wrong_request_is_refused_beside_its_field(
    make: Make, sign_in: Any, firm: Firm, typed: dict[str, str], field: str
) -> None:
    answer = sign_in(make.member(make.site())).post(
        "/entreprises/copeaux-cie/rejoindre", data=typed
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_keeper_invites_by_name_and_the_member_declines(
    make: Make, sign_in: Any, founder: Account, firm: Firm
) -> None:
    site = make.site()
    second, twin = make.member(site, name="Bob Roy"), make.member(site, name="Bob Roy")
    make.member(site, role="guest", name="Olga Guest")
    keeper = sign_in(founder)
    page = "/entreprises/copeaux-cie/personnes"
    for typed, words in (
        ({"with_name": "Nobody Here"}, "Personne de ce nom"),
        ({"with_name": "Bob Roy"}, "Choisissez de qui il s’agit"),
        ({"with_name": "Olga Guest"}, "personne invitée"),
        ({"with_name": ""}, "with_name-error"),
    ):
        answer = keeper.post(page, data=typed)
        assert answer.status_code == 422
        assert words in answer.text, words
    answer = keeper.post(page, data={"with_name": "Bob Roy", "who": str(second.id)})
    assert answer.location == page
    assert "Invitations sans réponse" in keeper.get(page).text
    invited = db.session.query(FirmRequest).one()
    assert (invited.member_id, invited.kind) == (second.id, "invite")
    assert "vous invite" in sign_in(second).get("/entreprises/copeaux-cie").text
    assert "vous invite" not in sign_in(twin).get("/entreprises/copeaux-cie").text
    sign_in(second).post(f"/firms/requests/{invited.id}/decline")
    assert db.session.get_one(FirmRequest, invited.id).state == "declined"


def test_an_invitation_is_taken_back_and_then_over(
    make: Make, sign_in: Any, founder: Account, firm: Firm
) -> None:
    second = make.member(make.site())
    given = invites(make, founder, firm, second)
    answer = sign_in(founder).post(
        f"/entreprises/demandes/{given.id}/retirer",
        data={"back": "/entreprises/copeaux-cie/personnes"},
    )
    assert answer.location == "/entreprises/copeaux-cie/personnes"
    late = sign_in(second)
    answer = late.post(f"/entreprises/demandes/{given.id}/accepter")
    assert "ou elle a été retirée" in late.get(answer.location).text
    assert sign_in(second).post("/entreprises/demandes/999/accepter").status_code == 404


def test_a_role_is_corrected_with_its_days_and_its_keys(
    make: Make, sign_in: Any, founder: Account, firm: Firm, frozen: datetime
) -> None:
    second = make.member(make.site(), name="Bob")
    role = works_at(make, second, firm)
    address = f"/entreprises/copeaux-cie/roles/{role.id}"
    own = sign_in(second)
    assert 'name="keeper"' not in own.get(address).text
    answer = own.post(address, data={"title": "Atelier", "since_on": "2020-05-01", "keeper": "y"})
    assert answer.location == "/entreprises/copeaux-cie"
    changed = db.session.get_one(FirmRole, role.id)
    assert (changed.title, changed.keeper) == ("Atelier", False)
    answer = sign_in(founder).post(
        address, data={"title": "Atelier", "since_on": "2020-05-01", "keeper": "y"}
    )
    assert answer.location == "/entreprises/copeaux-cie/personnes"
    assert db.session.get_one(FirmRole, role.id).keeper
    assert own.post(address, data={"since_on": "2999-05-01"}).status_code == 422
    stranger = sign_in(make.member(make.site()))
    assert stranger.get(address).status_code == 403
    other = a_firm(make, second, "Autre")
    assert own.get(f"/entreprises/{other.slug}/roles/{role.id}").status_code == 404


def test_the_last_keeper_leaves_with_a_warning(
    make: Make, sign_in: Any, founder: Account, firm: Firm, frozen: datetime
) -> None:
    second = make.member(make.site(), name="Bob")
    works_at(make, second, firm)
    role = firm_people.lasting_role(firm.id, founder.id)
    assert role
    with transaction():
        db.session.get_one(FirmRole, role.id).since_on = make.now.date().replace(year=2024)
    keeper = sign_in(founder)
    address = f"/entreprises/copeaux-cie/roles/{role.id}/fin"
    page = keeper.get(address).text
    assert "Bob" in page
    assert "sans responsable" in page
    answer = keeper.post(address)
    assert answer.status_code == 422
    assert 'id="heir-error"' in answer.text
    answer = keeper.post(address, data={"heir": "nobody"})
    page = keeper.get(answer.location).text
    assert "Y a travaillé" in page
    assert "/entreprises/copeaux-cie/rejoindre" in page
    assert "Demander les clés" in sign_in(second).get("/entreprises/copeaux-cie").text


def test_a_claim_reaches_the_manager_of_the_site(
    make: Make, sign_in: Any, founder: Account, firm: Firm
) -> None:
    abandons(make, founder, firm)
    lyon = make.actor(founder).home_site_id
    second = make.member(make.site(), name="Bob")
    page = sign_in(second).get("/entreprises/copeaux-cie/rejoindre").text
    assert "L’équipe de son site répond" in page
    assert 'name="until_on"' not in page
    claim = asks_to_join(make, second, firm)
    boss = make.member(role="administrator")
    assert "demande les clés de Copeaux" in sign_in(boss).get("/").text
    assert lyon
    decides(make, boss, claim, "accept")
    assert sign_in(second).get("/entreprises/copeaux-cie/modifier").status_code == 200


def test_past_roles_stand_on_a_profile_for_those_who_may_see_firms(
    make: Make, sign_in: Any, founder: Account, firm: Firm, frozen: datetime
) -> None:
    second = make.member(make.site(), name="Bob Second")
    day = make.now.date()
    days = (day.replace(year=2020), day.replace(year=2022))
    asked = asks_to_join(make, second, firm, title="Stagiaire", days=days)
    decides(make, founder, asked, "accept")
    reader = sign_in(make.member(make.site()))
    for address in ("/annuaire/bob-second", "/entreprises/copeaux-cie"):
        page = reader.get(address).text
        assert "novembre 2020 – novembre 2022" in page, address
    with transaction():
        audiences.set_audiences(None, member_id=second.id, chosen={"firms": "me"})
    for address in ("/annuaire/bob-second", "/entreprises/copeaux-cie"):
        assert "novembre 2020" not in reader.get(address).text, address
    assert "novembre 2020" in sign_in(founder).get("/entreprises/copeaux-cie/personnes").text


def test_people_who_hide_where_they_work_are_not_on_the_public_page(
    make: Make, sign_in: Any, founder: Account, firm: Firm
) -> None:
    with transaction():
        audiences.set_audiences(None, member_id=founder.id, chosen={"firms": "me"})
    page = sign_in(make.member(make.site())).get("/entreprises/copeaux-cie").text
    assert "Ada Founder" not in page
    assert "Personne à montrer ici" in page


def test_pages_speak_english_to_an_english_reader(make: Make, sign_in: Any, firm: Firm) -> None:
    reader = sign_in(make.member(make.site(), language="en"))
    page = reader.get("/firms").text
    assert "Who makes what in the network" in page
    assert "Wood, furniture and fittings" in page
    assert "I work here" in reader.get("/firms/copeaux-cie").text
