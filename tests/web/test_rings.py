"""The pages of rings: an idea without names, yes and no, the deal, other terms for all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.deals.models import Deal
from incubator.kernel.db import db, transaction
from incubator.network.members.firm_models import Firm
from tests import factories_deals as dealt
from tests import factories_rings as f

if TYPE_CHECKING:
    from incubator.domain.exchanges.rings.models import Ring
    from tests.factories import Make

SignIn = Any
pytestmark = pytest.mark.usefixtures("frozen", "present")


@pytest.fixture
def turns(make: Make) -> list[f.Turn]:
    return f.ringed(make)


@pytest.fixture
def ring(make: Make, turns: list[f.Turn]) -> Ring:
    return f.suggested(make, turns)


def plain(page: str) -> str:
    return page.replace("\xa0", " ").replace("\u202f", " ")


def only_deal() -> Deal:
    return dealt.looked_at(db.session.scalars(select(Deal)).one())


def secrets_of(turn: f.Turn) -> list[str]:
    """What would say who a firm is."""
    trader = turn.trader
    names = [trader.firm.name, trader.firm.slug, trader.account.email]
    return [*names, turn.offer.title, turn.need.title, f"Personne {trader.site.city}"]


def test_an_idea_says_cities_and_skills_and_no_name(
    sign_in: SignIn, turns: list[f.Turn], ring: Ring
) -> None:
    browser = sign_in(turns[0].trader.account)
    pages = {place: browser.get(place).text for place in ("/", "/boucles", f"/boucles/{ring.id}")}
    one = plain(pages[f"/boucles/{ring.id}"])
    assert "Une entreprise de Nantes donne" in one
    assert "à une entreprise de Dakar" in one
    assert "3 entreprises en tout" in one
    assert "environ 1 000 € chacune" in one
    assert 'role="img" aria-label="Une boucle' in one
    for place, page in pages.items():
        assert f"/boucles/{ring.id}" in page, place
        assert not [said for turn in turns[1:] for said in secrets_of(turn) if said in page]


def test_no_door_names_the_others_before_all_agree(
    make: Make, sign_in: SignIn, turns: list[f.Turn], ring: Ring
) -> None:
    """Bell, letters chosen, search, own data, the log of administrators: none of them tells."""
    f.says_yes(make, turns[1], ring)
    mine = sign_in(turns[0].trader.account)
    places = (
        "/notifications",
        "/boucles?view=ended",
        f"/boucles/{ring.id}/oui",
        f"/boucles/{ring.id}/non",
    )
    for place in places:
        answer = mine.get(place)
        assert answer.status_code == 200, place
        assert not [said for turn in turns[1:] for said in secrets_of(turn) if said in answer.text]
    boss = sign_in(make.member(make.site(), role="administrator"))
    assert boss.get(f"/boucles/{ring.id}").status_code == 404
    log = boss.get("/administration/journal").text
    assert "boucle" not in log.lower()


@pytest.mark.parametrize("way", ["", "/oui", "/non"])
def test_a_stranger_finds_nothing(make: Make, sign_in: SignIn, ring: Ring, way: str) -> None:
    stranger = sign_in(make.member(make.site()))
    assert stranger.get(f"/boucles/{ring.id}{way}").status_code == 404
    assert stranger.get("/boucles").status_code == 200


def test_a_firm_abroad_begins_without_french_vat_and_is_told_why(
    sign_in: SignIn, turns: list[f.Turn], ring: Ring
) -> None:
    with transaction():
        db.session.get_one(Firm, turns[0].trader.firm.id).country = "SN"
    browser, page = sign_in(turns[0].trader.account), f"/boucles/{ring.id}/oui"
    assert re.search(r'<option selected value="0">', browser.get(page).text)
    answer = browser.post(page, data={"vat": "2000"})
    assert answer.status_code == 422
    assert "hors de France" in answer.text
    assert browser.post(page, data={"vat": ""}).status_code == 303


def test_three_yes_lead_to_the_deal_and_it_is_signed_by_all(
    sign_in: SignIn, turns: list[f.Turn], ring: Ring
) -> None:
    browsers = [sign_in(turn.trader.account) for turn in turns]
    for browser, rate in zip(browsers, ("2000", "", "1000"), strict=True):
        answer = browser.post(f"/boucles/{ring.id}/oui", data={"vat": rate})
        assert answer.status_code == 303
    deal = only_deal()
    home = f"/accords/{deal.id}"
    assert answer.location == home
    page = plain(browsers[0].get(home).text)
    for turn in turns:
        assert turn.trader.firm.name in page
    assert "Chaque entreprise écrit une facture et en reçoit une" in page
    assert "À signer par toutes" in page
    assert home in browsers[1].get(f"/boucles/{ring.id}").text
    for number, browser in enumerate(browsers):
        assert "attend votre réponse" in browser.get("/accords").text
        data = {"seen": deal.terms_hash, "agreed": "y"}
        assert browser.post(f"{home}/signer", data=data).location == home
        left = 2 - number
        if left:
            told = f"{left} entreprise" + ("s doivent" if left > 1 else " doit")
            assert told in plain(browser.get(home).text)
            assert "attend votre réponse" not in browser.get("/accords").text
    assert dealt.looked_at(deal).state == "signed"


def test_a_no_is_told_to_nobody_by_name(
    make: Make, sign_in: SignIn, turns: list[f.Turn], ring: Ring
) -> None:
    f.says_yes(make, turns[0], ring)
    refuser, waiting = (sign_in(turn.trader.account) for turn in (turns[1], turns[0]))
    assert refuser.post(f"/boucles/{ring.id}/non", data={"reason": "Trop loin"}).status_code == 303
    assert "Trop loin" in refuser.get(f"/boucles/{ring.id}").text
    bell = waiting.get("/notifications").text
    seen = waiting.get(f"/boucles/{ring.id}").text
    assert "elle ne convenait pas à toutes" in seen
    assert "Une boucle qui vous intéressait reste sans suite" in bell
    for page in (seen, bell, waiting.get("/boucles?view=ended").text):
        assert "Trop loin" not in page
        assert not [said for said in secrets_of(turns[1]) if said in page]
    assert "Une boucle qui vous" not in refuser.get("/notifications").text
    # Its forms are closed, and what is sent from an old page is refused.
    assert waiting.get(f"/boucles/{ring.id}/oui").status_code == 403
    assert refuser.post(f"/boucles/{ring.id}/oui", data={"vat": "2000"}).status_code == 422


def test_what_is_typed_wrong_stays_beside_its_field(
    sign_in: SignIn, turns: list[f.Turn], ring: Ring
) -> None:
    browser = sign_in(turns[0].trader.account)
    answer = browser.post(f"/boucles/{ring.id}/non", data={"reason": "x" * 301})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert "x" * 301 in answer.text
    assert browser.post(f"/boucles/{ring.id}/oui", data={"vat": "1234"}).status_code == 422


def terms_in(page: str) -> dict[str, str]:
    """What a form of a ring shows, to be sent again."""
    found = dict(re.findall(r'<input[^>]*name="([\w]+)"[^>]*value="([^"]*)"', page))
    rates = re.findall(
        r'<select[^>]*name="(\w+_vat)".*?<option selected value="(\d*)"', page, re.DOTALL
    )
    return found | dict(rates)


def test_any_firm_answers_with_other_terms_and_all_totals_stay_the_same(
    make: Make, sign_in: SignIn, turns: list[f.Turn]
) -> None:
    f.complete(make, turns)
    deal = only_deal()
    title, home = deal.legs[2].title, f"/accords/{deal.id}"
    browser = sign_in(turns[1].trader.account)
    assert browser.get(f"{home}/modifier").location == f"{home}/boucle"
    form = terms_in(browser.get(f"{home}/boucle").text)
    assert (form["total"], form["leg3_title"]) == ("1200", title)
    # At 20 % no invoice comes to 1 200,03.
    wrong = browser.post(f"{home}/boucle", data=form | {"total": "1 200,03", "leg1_title": "Autre"})
    assert wrong.status_code == 422
    assert "1200,02 conviendrait" in plain(wrong.text)
    assert 'value="Autre"' in wrong.text
    more = {"total": "1 300,02", "leg2_quantity": "12", "leg2_unit": "affiches"}
    assert browser.post(f"{home}/boucle", data=form | more).location == home
    found = dealt.looked_at(deal)
    assert (found.state, found.kind, {leg.ttc_cents for leg in found.legs}) == (
        "countered",
        "ring",
        {1300_02},
    )
    assert found.legs[1].quantity == 12
    assert {leg.listing_id for leg in found.legs} == {turn.offer.id for turn in turns}
    stale = browser.post(f"{home}/boucle", data=form | {"total": "900"})
    assert stale.status_code in {409, 422}
    assert "Ce qui a changé" in stale.text


def test_a_firm_that_leaves_at_the_last_step_ends_it_for_all(
    make: Make, sign_in: SignIn, turns: list[f.Turn]
) -> None:
    ring = f.complete(make, turns)
    home = f"/accords/{ring.deal_id}"
    leaver, other = sign_in(turns[0].trader.account), sign_in(turns[1].trader.account)
    assert leaver.post(f"{home}/decliner", data={"words": ""}).location == home
    assert f.again(ring).state == "refused"
    assert "Un accord a été refusé" in other.get("/notifications").text
    assert "Son accord n’a pas été" not in other.get(f"/boucles/{ring.id}").text


def test_a_long_list_costs_as_many_statements_as_a_short_one(
    make: Make, sign_in: SignIn, turns: list[f.Turn], ring: Ring, count_queries: Any
) -> None:
    del ring
    browser = sign_in(turns[0].trader.account)

    def cost() -> int:
        browser.get("/boucles")
        with count_queries() as found:
            browser.get("/boucles")
        return len(found)

    few = cost()
    for _more in range(2):
        f.suggested(make, [f.rival_of(make, turns[0]), turns[0]])
    assert cost() == few


def test_it_reads_in_english_too(sign_in: SignIn, turns: list[f.Turn], ring: Ring) -> None:
    browser = sign_in(turns[0].trader.account)
    page = plain(browser.get(f"/rings/{ring.id}", headers={"Accept-Language": "en"}).text)
    assert f"/rings/{ring.id}/yes" in page or f"/boucles/{ring.id}/oui" in page
