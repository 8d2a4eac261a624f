"""Pages of the listings: the form, the list, one listing, searches, and the link of a letter."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.listings.models import Listing, ListingPhoto, SavedSearch
from incubator.domain.help.models import Question
from incubator.kernel.db import db, transaction
from tests.factories_help import question
from tests.factories_listings import again, listing, moved, of, renewal, trader
from tests.factories_members import a_skill, offers, works_at
from tests.pictures import picture

if TYPE_CHECKING:
    from incubator.network.members.models import Skill
    from tests.factories import Make
    from tests.factories_listings import Trader

pytestmark = pytest.mark.usefixtures("frozen")
NEW = "/echanges/annonces/nouvelle?kind=need"


def typed(who: Trader, skill: Skill, **more: Any) -> dict[str, Any]:
    said = {
        "firm": str(who.firm.id),
        "title": "120 chaises",
        "body": "Empilables.",
        "skills": [str(skill.id)],
        "modes": ["barter", "gift"],
        "min_euros": "1 200,50",
        "site": str(who.site.id),
        "radius_km": "30",
        "visibility": "network",
        "language": "fr",
        "once": "one",
    }
    return said | more


def test_a_need_goes_from_the_form_to_another_city_with_the_reason(
    make: Make, sign_in: Any
) -> None:
    anna, bois = trader(make), a_skill(make, "Menuiserie")
    browser = sign_in(anna.account)
    assert "Publier un besoin" in browser.get(NEW).text
    answer = browser.post(NEW, data=typed(anna, bois))
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "dès 1\u202f200,50\u00a0€" in page
    boris = make.member(make.site("Nantes"))
    offers(boris, bois)
    other = sign_in(boris)
    told = other.get("/echanges/pour-moi").text
    assert "120 chaises" in told
    assert "Cherche ce que vous offrez\u00a0: Menuiserie" in told
    assert f"/discussions/avec/{make.actor(anna.account).slug}" in other.get(answer.location).text


def test_the_same_form_twice_is_one_listing(make: Make, sign_in: Any) -> None:
    anna, bois = trader(make), a_skill(make)
    browser = sign_in(anna.account)
    places = {browser.post(NEW, data=typed(anna, bois)).location for _ in range(2)}
    assert len(places) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("min_euros", "1,200", "Écrivez un montant"),
        ("max_euros", "douze", "Écrivez un montant"),
        ("max_euros", "3", "inférieur au plus bas"),
        ("quantity", "deux", "nombre entier"),
        ("until", "2020-01-01", "à partir de demain"),
        ("until", "9999-12-31", "à partir de demain"),
        ("title", "", "Écrivez un titre"),
        ("body", "", "en quelques phrases"),
        ("modes", [], "au moins une façon"),
        ("skills", [], "d’une à 5 compétences"),
        ("skills", ["999999"], "n’existe plus"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    make: Make, sign_in: Any, field: str, value: Any, words: str
) -> None:
    anna, bois = trader(make), a_skill(make)
    browser = sign_in(anna.account)
    said = typed(anna, bois, unit="tables <rondes>") | {field: value}
    page = browser.post(NEW, data=said)
    assert page.status_code == 422
    assert words in page.text
    assert f'id="{field}-error"' in page.text
    assert "tables &lt;rondes&gt;" in page.text


def test_a_draft_is_kept_finished_and_published(make: Make, sign_in: Any) -> None:
    anna, bois = trader(make), a_skill(make)
    browser = sign_in(anna.account)
    draft = {"firm": str(anna.firm.id), "title": "Plus tard", "site": str(anna.site.id)}
    draft |= {"radius_km": "", "visibility": "network", "language": "fr", "act": "draft"}
    assert browser.post(NEW, data=draft).location.endswith("/echanges/mes-annonces")
    page = browser.get("/echanges/mes-annonces").text
    assert "Brouillon" in page
    one = db.session.scalars(select(Listing)).one()
    edit = f"/echanges/annonces/{one.id}/modifier"
    assert 'value="Plus tard"' in browser.get(edit).text
    assert browser.post(edit, data=typed(anna, bois)).status_code == 303
    assert again(one).state == "published"


def test_photos_are_made_anew_kept_over_a_mistake_and_taken_away(make: Make, sign_in: Any) -> None:
    anna, bois = trader(make), a_skill(make)
    browser = sign_in(anna.account)
    photo = {"files": [(io.BytesIO(picture(kind="JPEG")), "moi.jpg")]}
    page = browser.post(NEW, data=typed(anna, bois, title="") | photo)
    assert page.status_code == 422
    kept = db.session.scalars(select(ListingPhoto)).one()
    assert f"/echanges/photos/{kept.id}-480.webp" in page.text
    place = browser.post(NEW, data=typed(anna, bois)).location
    with browser.get(f"/echanges/photos/{kept.id}-480.webp") as shown:
        assert shown.mimetype == "image/webp"
    assert f"/echanges/photos/{kept.id}-1600.webp" in browser.get(place).text
    stranger = sign_in(make.member(make.site("Dakar")))
    with stranger.get(f"/echanges/photos/{kept.id}-480.webp") as shown:
        assert shown.status_code == 200
    assert stranger.post(f"/echanges/photos/{kept.id}/retirer").status_code == 403
    browser.post(f"/echanges/photos/{kept.id}/retirer")
    assert db.session.scalars(select(ListingPhoto)).all() == []


def test_a_file_that_is_no_picture_is_refused(make: Make, sign_in: Any) -> None:
    anna, bois = trader(make), a_skill(make)
    browser = sign_in(anna.account)
    wrong = {"files": [(io.BytesIO(b"%PDF-1.7 x"), "moi.jpg")]}
    page = browser.post(NEW, data=typed(anna, bois) | wrong)
    assert page.status_code == 422
    assert "Choisissez une image" in page.text
    assert db.session.scalars(select(ListingPhoto)).all() == []


def test_without_a_firm_the_way_to_one_is_shown(make: Make, sign_in: Any) -> None:
    browser = sign_in(make.member(make.site()))
    assert "D’abord, votre entreprise" in browser.get(NEW).text


def test_strangers_and_guests_change_nothing(make: Make, sign_in: Any) -> None:
    anna = trader(make)
    one = of(make, anna)
    here = f"/echanges/annonces/{one.id}"
    stranger = sign_in(make.member(make.site("Dakar")))
    assert stranger.get(f"{here}/modifier").status_code == 403
    for act in ({"act": "fill"}, {"act": "expire"}):
        stranger.post(f"{here}/etat", data=act)
    assert stranger.get(f"{here}/retirer").status_code == 403
    guest = sign_in(make.member(anna.site, role="guest"))
    assert guest.get("/echanges").status_code == 403
    assert again(one).state == "published"


def test_the_firm_moves_its_listing_by_buttons(make: Make, sign_in: Any) -> None:
    anna = trader(make)
    colleague = make.member(anna.site)
    works_at(make, colleague, anna.firm)
    one = of(make, anna)
    browser = sign_in(colleague)
    for act, state in {"pause": "paused", "resume": "published", "fill": "filled"}.items():
        assert (
            browser.post(f"/echanges/annonces/{one.id}/etat", data={"act": act}).status_code == 303
        )
        assert again(one).state == state


def test_a_manager_withdraws_with_words_that_the_firm_reads(make: Make, sign_in: Any) -> None:
    anna = trader(make)
    one = of(make, anna)
    manager = sign_in(make.member(anna.site, role="manager"))
    here = f"/echanges/annonces/{one.id}"
    assert manager.post(f"{here}/retirer", data={"reason": ""}).status_code == 422
    assert manager.post(f"{here}/retirer", data={"reason": "Hors <sujet>"}).status_code == 303
    page = sign_in(anna.account).get(f"{here}-{one.slug}").text
    assert "Hors &lt;sujet&gt;" in page


def test_the_link_of_a_letter_asks_then_renews_once_and_no_other_renews(
    make: Make, client: Any
) -> None:
    anna = trader(make)
    one = of(make, anna, until=make.now + timedelta(days=2))
    place = f"/echanges/renouveler/{renewal(one, anna.account).token(make.settings.secret_key)}"
    assert "La renouveler" in client.get(place).text
    assert again(one).until == make.now + timedelta(days=2)
    assert "C’est renouvelé" in client.post(place).text
    assert again(one).until == make.now + timedelta(days=30)
    assert "déjà renouvelée" in client.post(place).text
    assert client.get(place[:-1] + "x").status_code == 404


def test_the_page_renews_once_for_two_clicks(make: Make, sign_in: Any) -> None:
    anna = trader(make)
    one = of(make, anna, until=make.now + timedelta(days=2))
    browser = sign_in(anna.account)
    page = browser.get(f"/echanges/annonces/{one.id}-{one.slug}").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    for _ in range(2):
        there = f"/echanges/annonces/{one.id}/renouveler"
        assert browser.post(there, data={"seen": seen}).status_code == 303
    acts = browser.get(f"/echanges/annonces/{one.id}-{one.slug}").text
    assert acts.count("<b>Renouvelée</b>") == 1
    assert (
        "a changé entre-temps"
        in browser.post(there, data={"seen": "x"}, follow_redirects=True).text
    )


def test_filters_stay_in_the_address_and_a_search_is_kept(make: Make, sign_in: Any) -> None:
    anna = trader(make)
    bois = a_skill(make, "Bois")
    of(make, anna, bois, title="Une table")
    of(make, anna, kind="offer", title="Du temps", remote=True, modes=frozenset({"hours"}))
    browser = sign_in(make.member(anna.site))
    for asked, found in {
        "kind=need": "Une table",
        "skill=bois": "Une table",
        f"place={anna.site.slug}&mode=barter": "Une table",
        "place=remote": "Du temps",
        "mode=hours&sort=ending": "Du temps",
        "q=table": "Une table",
    }.items():
        page = browser.get(f"/echanges?{asked}").text
        others = {"Une table", "Du temps"} - {found}
        assert found in page, asked
        assert not [each for each in others if f">{each}</a>" in page], asked
    kept = browser.post("/echanges/recherches?skill=bois&kind=need", data={"name": "Du bois"})
    assert kept.status_code == 303
    page = browser.get("/echanges/recherches").text
    assert "Du bois" in page
    search = db.session.scalars(select(SavedSearch)).one()
    there = browser.get(f"/echanges/recherches/{search.id}").location
    assert "skill=bois" in there
    browser.post(f"/echanges/recherches/{search.id}/avis", data={"told": "0"})
    assert not db.session.get_one(SavedSearch, search.id, populate_existing=True).told
    other = sign_in(make.member(anna.site))
    assert other.get(f"/echanges/recherches/{search.id}").status_code == 404
    browser.post(f"/echanges/recherches/{search.id}/oublier")
    assert db.session.scalars(select(SavedSearch)).all() == []


def test_firm_member_and_search_show_what_is_live(make: Make, sign_in: Any) -> None:
    anna = trader(make)
    one, hidden = of(make, anna, title="Un tour à bois"), of(make, anna, title="Une scie")
    moved(make, anna, hidden, "pause")
    browser = sign_in(make.member(make.site("Nantes")))
    slug = make.actor(anna.account).slug
    found = browser.get("/recherche?q=tour").text
    assert f"/echanges/annonces/{one.id}-un-tour-a-bois" in found
    for place in (f"/entreprises/{anna.firm.slug}", f"/annuaire/{slug}"):
        page = browser.get(place).text
        assert one.title in page, place
        assert hidden.title not in page, place


def test_an_unanswered_question_becomes_a_need_and_both_lead_to_each_other(
    make: Make, sign_in: Any
) -> None:
    anna = trader(make)
    skill = a_skill(make, "Étiquettes")
    asked = question(make, anna.account, skill)
    browser = sign_in(anna.account)
    thread = f"/entraide/{asked.id}-{asked.slug}"
    assert "comme besoin" not in browser.get(thread).text
    with transaction():
        db.session.get_one(Question, asked.id).asked_at = make.now - timedelta(hours=49)
    assert "La publier comme besoin" in browser.get(thread).text
    form = browser.get(f"{NEW}&question={asked.id}").text
    assert f'value="{asked.title}"' in form
    said = typed(anna, skill, title=asked.title)
    place = browser.post(f"{NEW}&question={asked.id}", data=said).location
    assert thread in browser.get(place).text
    assert "Elle est devenue une annonce" in browser.get(thread).text
    stranger = trader(make, site=anna.site)
    other = sign_in(stranger.account).get(f"{NEW}&question={asked.id}").text
    assert f'value="{asked.title}"' not in other


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    make: Make, sign_in: Any, count_queries: Any
) -> None:
    anna = trader(make)
    skill = a_skill(make)
    browser = sign_in(anna.account)
    of(make, anna, skill)
    for place in ("/echanges", "/echanges?q=chaises", "/echanges/mes-annonces"):
        browser.get(place)
    counts = []
    for _ in range(2):
        with count_queries() as found:
            for place in ("/echanges", "/echanges?q=chaises", "/echanges/mes-annonces"):
                browser.get(place)
        counts.append(len(found))
        for number in range(9):
            who = trader(make, site=anna.site)
            listing(make, who.account, who.firm, who.site, skill, title=f"Chaises {number}")
    assert counts[0] == counts[1]
