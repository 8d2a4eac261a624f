"""The pages of deals: the seed story by forms, what is typed wrong, and who sees nothing."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.deals import commands, rules
from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.deals.terms import Terms
from incubator.edge import clock
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.network.members.firm_models import Firm
from incubator.network.members.models import Member
from tests import factories_deals as f
from tests import factories_invoices as i
from tests.factories_listings import listing, moved, trader
from tests.factories_members import a_skill

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

SignIn = Any


@pytest.fixture
def one(make: Make, frozen: datetime) -> f.House:
    del frozen
    return f.house(make, "Dervaux")


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Ndiaye")


def typed(one: f.House, other: f.House, **more: str) -> dict[str, str]:
    told = {
        "once": uuid.uuid4().hex,
        "firm": str(one.firm_id),
        "partner": str(other.firm_id),
        "give1_title": "Table et six chaises",
        "give1_ht": "1 000,00",
        "give1_vat": "2000",
        "give1_mode": "barter",
        "take1_title": "Film de présentation",
        "take1_ht": "1 200",
        "take1_vat": "",
        "take1_mode": "barter",
        "give2_vat": "2000",
        "give2_mode": "barter",
        "take2_vat": "2000",
        "take2_mode": "barter",
    }
    return told | more


def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def only_deal() -> Deal:
    return f.looked_at(db.session.scalars(select(Deal)).one())


def test_the_story_from_proposal_to_fulfilled(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    del make
    mine, theirs = sign_in(one.account), sign_in(other.account)
    form = typed(one, other)
    places = {mine.post("/accords/nouveau", data=form).location for _twice in range(2)}
    deal = only_deal()
    legs, home = deal.legs, f"/accords/{deal.id}"
    assert places == {home}
    assert "attend votre réponse" in theirs.get("/accords").text
    page = theirs.get(f"{home}/signer").text
    assert "les 200,00 € de TVA" in page.replace("\xa0", " ")
    for browser in (theirs, mine):
        seen = seen_in(browser.get(f"{home}/signer").text)
        assert browser.post(f"{home}/signer", data={"seen": seen}).status_code == 422
        assert browser.post(f"{home}/signer", data={"seen": seen, "agreed": "y"}).location == home
    for leg, giver, receiver in zip(legs, (mine, theirs), (theirs, mine), strict=True):
        assert giver.post(f"{home}/livrer", data={"leg": leg.id}).status_code == 303
        assert receiver.post(f"{home}/accepter", data={"leg": leg.id}).status_code == 303
    assert only_deal().state == "fulfilled"
    assert "Honoré" in mine.get(home).text
    assert "Table et six chaises" in mine.get("/accords?view=ended").text


def test_a_deal_begins_from_an_offer_and_keeps_where_it_comes_from(
    make: Make, sign_in: SignIn, one: f.House
) -> None:
    seller = trader(make, "Nantes")
    skill = a_skill(make, "Menuiserie")
    offer = listing(
        make, seller.account, seller.firm, seller.site, skill, kind="offer", min_cents=400_00
    )
    browser = sign_in(one.account)
    assert (
        f"/accords/nouveau?listing={offer.id}"
        in browser.get(f"/echanges/annonces/{offer.id}-x", follow_redirects=True).text
    )
    page = browser.get(f"/accords/nouveau?listing={offer.id}").text
    assert 'value="120 chaises pour une journée"' in page
    assert 'value="400"' in page
    form = typed(one, f.House(seller.firm.id, "", seller.account), listing=str(offer.id))
    home = browser.post("/accords/nouveau", data=form).location
    taken = next(leg for leg in only_deal().legs if leg.receiver_id == one.firm_id)
    assert (taken.listing_id, taken.skill_id) == (offer.id, skill.id)
    assert "D’après l’annonce" in browser.get(home).text
    again = typed(one, f.House(seller.firm.id, "", seller.account), take1_title="Autre film")
    again["seen"] = only_deal().terms_hash
    browser.post(f"{home}/modifier", data=again)
    taken = next(leg for leg in only_deal().legs if leg.receiver_id == one.firm_id)
    assert (taken.title, taken.listing_id) == ("Autre film", offer.id)


def test_what_goes_against_hours_alone_makes_no_deal(
    make: Make, sign_in: SignIn, one: f.House
) -> None:
    seller = trader(make, "Nantes")
    hours = frozenset({"hours"})
    need = listing(make, seller.account, seller.firm, seller.site, a_skill(make), modes=hours)
    browser = sign_in(one.account)
    page = browser.get(f"/echanges/annonces/{need.id}-x", follow_redirects=True).text
    assert "/accords/nouveau?listing=" not in page
    assert "jamais en euros" in page
    way = re.search(r'href="(/heures/declarer\?[^"]+)"', page)
    assert way is not None
    form = browser.get(way[1].replace("&amp;", "&")).text
    assert f'value="{db.session.get_one(Member, seller.account.id).name}"' in form
    assert need.title in form
    assert need.title not in browser.get(f"/accords/nouveau?listing={need.id}").text
    theirs = f.House(seller.firm.id, "", seller.account)
    wish = f.swap(one, theirs, f.gives(one, theirs, f.POSTER, listing_id=need.id))
    with pytest.raises(Refusal, match=r"deals\.hours"):
        f.proposed(make, one, theirs, wish)


def test_what_one_offers_oneself_is_on_the_side_of_what_one_gives(
    make: Make, sign_in: SignIn
) -> None:
    maker = trader(make)
    offer = listing(make, maker.account, maker.firm, maker.site, a_skill(make), kind="offer")
    page = sign_in(maker.account).get(f"/accords/nouveau?listing={offer.id}").text
    field = re.search(r'<input[^>]*name="give1_title"[^>]*>', page)
    assert field
    assert "120 chaises" in field[0]


def test_a_firm_abroad_begins_without_french_vat_and_is_told_why(
    sign_in: SignIn, one: f.House, other: f.House
) -> None:
    with transaction():
        db.session.get_one(Firm, other.firm_id).country = "SN"
    for house, way in ((other, "give1"), (one, "take1")):
        page = f"/accords/nouveau?partner={other.firm_id if house is one else one.firm_id}"
        field = rf'name="{way}_vat"[^>]*>(?:(?!</select>).)*?<option selected value="0">'
        assert re.search(field, sign_in(house.account).get(page).text, re.DOTALL)
    form = typed(one, other, take1_vat="550")
    answer = sign_in(one.account).post("/accords/nouveau", data=form)
    assert answer.status_code == 422
    assert "hors de France" in answer.text


@pytest.mark.parametrize("named", ["0", "-1", "x", "9" * 40, "²"])
def test_a_listing_that_is_none_begins_nothing(sign_in: SignIn, one: f.House, named: str) -> None:
    answer = sign_in(one.account).get("/accords/nouveau", query_string={"listing": named})
    assert answer.status_code == 200


def test_a_leg_names_no_listing_of_another_firm(make: Make, one: f.House, other: f.House) -> None:
    seller = trader(make)
    offer = listing(make, seller.account, seller.firm, seller.site, a_skill(make))
    wish = f.swap(one, other, f.gives(one, other, f.POSTER, listing_id=offer.id))
    with pytest.raises(Refusal, match=r"deals\.listing"):
        f.proposed(make, one, other, wish)


def test_a_new_leg_names_no_listing_that_has_ended(make: Make, one: f.House) -> None:
    seller = trader(make)
    offer = listing(make, seller.account, seller.firm, seller.site, a_skill(make), kind="offer")
    moved(make, seller, offer, "withdraw")
    theirs = f.House(seller.firm.id, "", seller.account)
    wish = f.swap(one, theirs, f.gives(theirs, one, f.POSTER, listing_id=offer.id))
    with pytest.raises(Refusal, match=r"deals\.listing"):
        f.proposed(make, one, theirs, wish)


def test_one_button_leads_both_firms_to_the_same_room(
    sign_in: SignIn, one: f.House, other: f.House
) -> None:
    mine, theirs = sign_in(one.account), sign_in(other.account)
    home = mine.post("/accords/nouveau", data=typed(one, other)).location
    places = {each.post(f"{home}/discussion").location for each in (mine, theirs)}
    (place,) = places
    assert place.startswith("/discussions/private.")
    assert home in theirs.get(place).text


def test_what_is_typed_wrong_is_kept_with_words_beside_it(
    sign_in: SignIn, one: f.House, other: f.House
) -> None:
    browser = sign_in(one.account)
    wrong = typed(one, other, give1_ht="1,200", take1_title="", take1_quantity="douze")
    answer = browser.post("/accords/nouveau", data=wrong)
    assert answer.status_code == 422
    assert 'value="1,200"' in answer.text
    assert 'id="give1_ht-error"' in answer.text
    fixed = typed(one, other, take1_quantity="douze")
    assert 'id="take1_quantity-error"' in browser.post("/accords/nouveau", data=fixed).text
    nobody = typed(one, other, partner="")
    assert 'id="partner-error"' in browser.post("/accords/nouveau", data=nobody).text
    assert browser.post("/accords/nouveau", data=typed(one, other, firm="x")).status_code == 422
    assert db.session.scalars(select(Deal)).all() == []


def test_other_terms_void_signatures_and_a_stale_signature_shows_what_changed(
    sign_in: SignIn, one: f.House, other: f.House
) -> None:
    mine, theirs = sign_in(one.account), sign_in(other.account)
    mine.post("/accords/nouveau", data=typed(one, other))
    home = f"/accords/{only_deal().id}"
    stale = seen_in(mine.get(f"{home}/signer").text)
    page = theirs.get(f"{home}/modifier").text
    assert 'value="1200"' in page
    changed = typed(other, one, give1_title="Film", give1_ht="1 080", give1_vat="")
    changed |= {"take1_title": "Table", "take1_ht": "900", "take1_vat": "2000"}
    changed["seen"] = seen_in(page)
    assert theirs.post(f"{home}/modifier", data=changed).location == home
    answer = mine.post(f"{home}/signer", data={"seen": stale, "agreed": "y"})
    assert answer.status_code == 422
    assert "Ce qui a changé entre-temps" in answer.text
    fresh = seen_in(answer.text)
    assert fresh != stale
    assert mine.post(f"{home}/signer", data={"seen": fresh, "agreed": "y"}).location == home
    assert commands.signers(only_deal()) == {one.firm_id}


def test_a_soulte_is_reckoned_and_noted_by_who_gets_it(
    sign_in: SignIn, one: f.House, other: f.House
) -> None:
    mine, theirs = sign_in(one.account), sign_in(other.account)
    mine.post("/accords/nouveau", data=typed(one, other, take1_ht="1 000", soulte="y"))
    deal = only_deal()
    assert deal.soulte is not None
    assert (deal.soulte.payer_id, deal.soulte.cents) == (other.firm_id, 200_00)
    home = f"/accords/{deal.id}"
    for browser in (mine, theirs):
        seen = seen_in(browser.get(f"{home}/signer").text)
        browser.post(f"{home}/signer", data={"seen": seen, "agreed": "y"})
    assert mine.get(f"{home}/paiement").status_code == 200
    assert mine.post(f"{home}/paiement", data={"ref": "VIR 12"}).location == home
    assert only_deal().soulte.ref == "VIR 12"  # type: ignore[union-attr]


def test_a_contested_delivery_is_mediated_on_pages(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = f.bound(make, one, other)
    leg = deal.legs[0]
    f.delivers(make, one, deal, leg)
    home = f"/accords/{deal.id}"
    boss = make.member(role="administrator")
    mine, theirs, manager = sign_in(one.account), sign_in(other.account), sign_in(boss)
    bad = theirs.post(f"{home}/reserve/{leg.id}", data={"reason": "", "cents": "dix"})
    assert bad.status_code == 422
    assert mine.get(f"{home}/reserve/{leg.id}").status_code == 403
    sent = theirs.post(f"{home}/reserve/{leg.id}", data={"reason": "Rayé", "cents": "100"})
    assert sent.location == home
    dispute = only_deal().disputes[0]
    place = f"{home}/litige/{dispute.id}"
    assert place in manager.get("/accords/mediation").text
    said = mine.post(place, data={"words": "À peine", "cents": "170,00"})
    assert said.location == place
    advice = manager.post(place, data={"words": "Entre les deux", "cents": "140"})
    assert advice.location == place
    assert "Entre les deux" in theirs.get(place).text
    for browser in (mine, theirs):
        assert browser.post(f"{place}/accord", data={"cents": "14000"}).status_code == 303
    found = only_deal()
    assert (found.disputes[0].outcome, found.legs[0].accepted_cents) == ("partial", 140_00)


def test_what_never_came_is_said_beside_it_once_it_is_overdue(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    now, make.now = make.now, make.now - rules.NEVER_CAME_AFTER + timedelta(seconds=1)
    deal = f.bound(make, one, other)
    leg, home = deal.legs[0], f"/accords/{deal.id}"
    place = f"{home}/reserve/{leg.id}"
    mine, theirs = sign_in(one.account), sign_in(other.account)
    assert place not in theirs.get(home).text
    early = theirs.post(place, data={"reason": "Rien"})
    assert early.status_code == 422
    assert "Cela peut encore arriver" in early.text
    with clock.stopped_at(now + timedelta(seconds=1)):
        assert place in theirs.get(home).text
        assert place not in mine.get(home).text
        assert "Rien n’est arrivé" in theirs.get(place).text
        assert theirs.post(place, data={"reason": ""}).status_code == 422
        assert theirs.post(place, data={"reason": "Aucune nouvelle"}).location == home
        dispute = only_deal().disputes[0]
        said = mine.get(f"{home}/litige/{dispute.id}").text
        assert "Aucune nouvelle" in said
        assert f"{other.name} dit que rien n’est arrivé" in said
        assert "C’est arrivé, finalement" not in said
        assert "C’est arrivé, finalement" in theirs.get(f"{home}/litige/{dispute.id}").text
        steps = mine.get(home).text
        assert "Rien n’est arrivé" in steps
        # Nothing came that could be accepted.
        assert "À régler entre les entreprises" in steps
        assert "À accepter" not in steps


def test_a_gift_that_never_came_is_no_longer_expected(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    make.now -= rules.NEVER_CAME_AFTER
    gift = f.gives(one, other, (0, 0), mode="gift")
    deal = f.bound(make, one, other, Terms(legs=(gift,)))
    place = f"/accords/{deal.id}/reserve/{deal.legs[0].id}"
    theirs = sign_in(other.account)
    assert "ce n’est plus attendu" in theirs.get(place).text
    assert theirs.post(place, data={"reason": "Aucune nouvelle"}).status_code == 303
    assert only_deal().state == "cancelled"
    assert "Aucune nouvelle" in theirs.get(f"/accords/{deal.id}").text


def test_declining_withdrawing_and_calling_off(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    mine, theirs = sign_in(one.account), sign_in(other.account)
    first, second, third = f.proposed(make, one, other), f.proposed(make, one, other), None
    theirs.post(f"/accords/{first.id}/decliner", data={"words": "Pas cette année"})
    assert "Pas cette année" in mine.get(f"/accords/{first.id}").text
    mine.post(f"/accords/{second.id}/retirer")
    third = f.bound(make, one, other)
    for browser in (mine, theirs):
        assert browser.post(f"/accords/{third.id}/annuler").status_code == 303
    states = [f.looked_at(each).state for each in (first, second, third)]
    assert states == ["declined", "withdrawn", "cancelled"]
    assert mine.get(f"/accords/{third.id}/signer").status_code == 403
    assert mine.post(f"/accords/{third.id}/livrer", data={"leg": "x"}).status_code == 404


def test_a_stranger_finds_nothing_anywhere(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = f.bound(make, one, other)
    leg = deal.legs[0]
    f.delivers(make, one, deal, leg)
    number = f.contests(make, other, deal, leg)
    stranger = sign_in(f.house(make, "Roy").account)
    home = f"/accords/{deal.id}"
    for path in ("", "/signer", "/modifier", "/decliner", "/paiement", f"/reserve/{leg.id}"):
        assert stranger.get(home + path).status_code == 404, path
    assert stranger.get(f"{home}/litige/{number}").status_code == 404
    for path in ("/retirer", "/livrer", "/accepter", "/annuler", "/poursuivre"):
        assert stranger.post(home + path, data={"leg": leg.id}).status_code == 404, path
    for path in ("/accord", "/lever"):
        sent = stranger.post(f"{home}/litige/{number}{path}", data={"cents": "0"})
        assert sent.status_code == 404, path
    assert deal.title not in stranger.get("/accords?view=all").text


def test_the_list_asks_as_much_for_twenty_as_for_two(
    make: Make, sign_in: SignIn, count_queries: Any, one: f.House, other: f.House
) -> None:
    browser = sign_in(one.account)
    for _two in range(2):
        f.proposed(make, one, other)
    browser.get("/accords")
    with count_queries() as few:
        browser.get("/accords")
    for _more in range(22):
        f.proposed(make, one, other)
    with count_queries() as many:
        page = browser.get("/accords").text
    assert len(many) == len(few)
    assert page.count("ddeal") == 20
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after
    assert browser.get(after[1].replace("&amp;", "&")).text.count("ddeal") == 4


def test_somebody_without_a_firm_is_shown_the_way(make: Make, sign_in: SignIn) -> None:
    browser = sign_in(make.member(make.site()))
    assert "/entreprises" in browser.get("/accords/nouveau").text
    assert browser.get("/accords").status_code == 200


def test_the_other_firm_hears_once_a_deal(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = f.proposed(make, one, other)
    f.signs(make, one, deal)
    bell = sign_in(other.account).get("/notifications").text
    assert bell.count("Une entreprise a signé un de vos accords") == 1
    assert deal.title in bell
    assert deal.title not in sign_in(one.account).get("/notifications").text
    with transaction():
        commands.withdraw(f.actor_of(make, one), deal.id, now=make.now)
    assert "a été retiré" in sign_in(other.account).get("/notifications").text


def test_the_first_page_says_which_deals_wait_and_for_what(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    mine = sign_in(one.account)
    assert "Des accords vous attendent" not in mine.get("/").text
    deal = f.proposed(make, other, one)
    page = mine.get("/").text
    assert "Des termes à lire et à signer" in page
    assert f"{other.name} attend votre réponse sur un accord" in page
    assert f'href="/accords/{deal.id}"' in page
    assert "Des accords vous attendent" not in sign_in(other.account).get("/").text
    for each in (one, other):
        f.signs(make, each, deal)
    f.delivers(make, other, deal, next(x for x in deal.legs if x.giver_id == other.firm_id))
    assert "est-ce conforme" in sign_in(one.account).get("/").text


def test_before_signing_a_firm_reads_the_vat_of_its_own_regime(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    gift = f.gives(one, other, (1_000_00, 2000), mode="cash")
    f.proposed(make, one, other, Terms(legs=(gift,)))
    home, theirs = f"/accords/{only_deal().id}/signer", sign_in(other.account)
    assert "Le fisc vous doit 200,00 €" in theirs.get(home).text.replace("\xa0", " ")
    i.detailed(make, other, regime="franchise_293B", vat_number="")
    page = theirs.get(home).text.replace("\xa0", " ")
    assert "200,00 € de TVA sur ce que vous recevez" in page
    assert "Le fisc vous doit" not in page
    i.detailed(make, other, regime="foreign", country="CA", siren="12302 6635", vat_number="")
    page = theirs.get(home).text.replace("\xa0", " ")
    assert "pas assujetti à la TVA en France" in page
    assert "Le fisc vous doit" not in page
