"""The pages of mutual credit: joining, a one-sided deal, statements, and who sees nothing."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from incubator.domain.exchanges.deals import queries
from incubator.domain.exchanges.deals import terms as deal_terms
from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.ledger import desk
from incubator.domain.exchanges.ledger import switch as switches
from incubator.kernel.db import db
from tests import factories_deals as f
from tests.factories_credit import Market, a_market
from tests.web.test_deals import seen_in, typed

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

SignIn = Any


@pytest.fixture
def market(make: Make, frozen: datetime) -> Market:
    del frozen
    return a_market(make)


@pytest.fixture
def off(make: Make, frozen: datetime) -> Market:
    """The same before anybody switched it on."""
    del frozen
    return a_market(make, opened=False)


def houses(market: Market) -> list[f.House]:
    pairs = zip(market.firms, market.people, strict=True)
    return [f.House(firm.id, firm.name, person) for firm, person in pairs]


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def account_of(market: Market, number: int = 0) -> str:
    return f"/credit-mutuel/compte/{market.firms[number].id}"


def one_sided(market: Market, **more: str) -> dict[str, str]:
    """The form by which the first firm gives the second something on its line."""
    one, other = houses(market)
    told = typed(one, other, take1_title="", take1_ht="", take1_vat="2000", credit="y")
    return told | {"give1_ht": "250"} | more


def switched_on(off: Market, boss: Any) -> None:
    """By the administrator, who has to tick that the text was read."""
    page = boss.get("/credit-mutuel/interrupteur").text
    assert "L. 511-5" in page
    assert "L. 525-6" in page
    assert boss.post("/credit-mutuel/interrupteur", data={"turn": "on"}).status_code == 422
    boss.post("/credit-mutuel/interrupteur", data={"turn": "on", "read": "y"})
    acts = switches.history()
    assert [(act.turned_on, act.by_id) for act in acts] == [(True, off.boss.id)]
    assert "L. 313-1" in acts[0].text_read


def joined(firm: Any, browser: Any) -> None:
    """By who keeps the firm, twice."""
    assert "ligne de 500,00 €" in plain(browser.get("/credit-mutuel").text)
    for _twice in range(2):
        assert browser.post("/credit-mutuel/rejoindre", data={"firm": firm.id}).status_code == 303


def signed(home: str, *browsers: Any) -> None:
    for browser in browsers:
        seen = seen_in(browser.get(f"{home}/signer").text)
        browser.post(f"{home}/signer", data={"seen": seen, "agreed": "y"})


def test_the_story_from_the_switch_to_both_statements(off: Market, sign_in: SignIn) -> None:
    mine, theirs = (sign_in(one) for one in off.people)
    switched_on(off, sign_in(off.boss))
    joined(off.firms[0], mine)
    joined(off.firms[1], theirs)
    form = one_sided(off)
    places = {mine.post("/accords/nouveau", data=form).location for _twice in range(2)}
    deal = db.session.scalars(select(Deal)).one()
    home = f"/accords/{deal.id}"
    assert (deal.kind, places) == ("credit", {home})
    assert "300,00 € reçus" in plain(theirs.get(f"{home}/signer").text)
    signed(home, theirs, mine)
    leg = queries.whole(deal.id).legs[0].id
    mine.post(f"{home}/livrer", data={"leg": leg})
    theirs.post(f"{home}/accepter", data={"leg": leg})
    assert "Inscrit sur le crédit mutuel" in theirs.get(home).text
    page = plain(mine.get(account_of(off)).text)
    assert "Vous avez donné 300,00 € de plus" in page
    assert f'href="{home}"' in page
    assert "Vous avez reçu 300,00 € de plus" in plain(theirs.get(account_of(off, 1)).text)


def test_a_statement_is_a_table_and_a_paper_in_both_languages(
    market: Market, make: Make, sign_in: SignIn
) -> None:
    market.gives(market.one, market.two, 300_00)
    theirs = sign_in(market.people[1])
    reads_english = sign_in(make.member(market.site, role="manager", language="en"))
    table = theirs.get(f"{account_of(market, 1)}/releve.csv").text
    assert "300,00" in table
    assert "Tête de la chaîne" in table
    english = reads_english.get(f"/mutual-credit/account/{market.firms[1].id}/statement.pdf")
    french = theirs.get(f"{account_of(market, 1)}/releve.pdf")
    assert english.data.startswith(b"%PDF")
    assert french.data != english.data


def test_a_clearing_never_bears_the_name_of_the_deal_whose_number_it_shares(
    market: Market, sign_in: SignIn
) -> None:
    mine, theirs = (sign_in(one) for one in market.people)
    mine.post("/accords/nouveau", data=one_sided(market))
    deal = db.session.scalars(select(Deal)).one()
    home = f"/accords/{deal.id}"
    signed(home, theirs, mine)
    leg = queries.whole(deal.id).legs[0].id
    mine.post(f"{home}/livrer", data={"leg": leg})
    theirs.post(f"{home}/accepter", data={"leg": leg})
    market.post(
        {market.one: -7_00, market.two: 7_00}, kind="clearing", source_type="round", source_id=leg
    )
    account = account_of(market)
    paper = PdfReader(io.BytesIO(mine.get(f"{account}/releve.pdf").data))
    for told in (
        mine.get(f"{account}/releve.csv").text,
        " ".join("".join(page.extract_text() for page in paper.pages).split()),
        mine.get(account).text.partition("lines")[2],
    ):
        assert told.count(deal.title) == 1


def test_a_line_too_short_refuses_the_signature_beside_its_button(
    market: Market, sign_in: SignIn
) -> None:
    mine, theirs = (sign_in(one) for one in market.people)
    mine.post("/accords/nouveau", data=one_sided(market, give1_ht="500"))
    home = f"/accords/{db.session.scalars(select(Deal.id)).one()}"
    page = plain(theirs.get(f"{home}/signer").text)
    assert "Il manque 100,00 € sur votre ligne" in page
    assert "Trois issues" in page
    sent = {"seen": seen_in(page), "agreed": "y"}
    answer = theirs.post(f"{home}/signer", data=sent)
    assert answer.status_code == 422
    assert "Il manque 100,00 € sur la ligne" in plain(answer.text)
    assert 'id="agreed-error"' in answer.text
    assert "sur votre ligne" not in mine.get(f"{home}/signer").text
    market.freeze(market.two)
    answer = theirs.post(f"{home}/signer", data=sent)
    assert answer.status_code == 422
    assert "gelé" in answer.text
    market.turn(on=False)
    assert theirs.post(f"{home}/signer", data=sent).status_code == 422


def test_credit_is_only_for_firms_that_take_part_and_one_way_at_a_time(
    market: Market, make: Make, sign_in: SignIn
) -> None:
    one = houses(market)[0]
    other = f.house(make, "Sans compte", market.site)
    mine = sign_in(market.people[0])
    sent = one_sided(market) | {"partner": str(other.firm_id)}
    answer = mine.post("/accords/nouveau", data=sent)
    assert 'id="credit-error"' in answer.text
    assert other.name.split()[0] in answer.text
    answer = mine.post("/accords/nouveau", data=one_sided(market, soulte="y"))
    assert 'id="credit-error"' in answer.text
    market.turn(on=False)
    answer = mine.post("/accords/nouveau", data=one_sided(market))
    assert 'id="credit-error"' in answer.text
    assert 'name="credit"' not in mine.get("/accords/nouveau").text
    assert db.session.scalars(select(Deal)).all() == []
    assert one.firm_id


def test_a_firm_with_a_balance_is_told_how_to_leave(market: Market, sign_in: SignIn) -> None:
    market.gives(market.one, market.two, 40_00)
    mine = sign_in(market.people[1])
    assert "donnez autant que vous avez reçu" in mine.get(account_of(market, 1)).text
    mine.post(f"{account_of(market, 1)}/quitter")
    page = mine.get(account_of(market, 1)).text
    assert "elle part une fois les deux réglés" in page
    assert "a quitté le crédit mutuel" not in page
    market.gives(market.two, market.one, 40_00)
    assert mine.post(f"{account_of(market, 1)}/quitter").status_code == 303
    assert "a quitté le crédit mutuel" in mine.get(account_of(market, 1)).text


def test_a_firm_that_comes_back_is_told_with_what_line_and_that_it_stays_frozen(
    market: Market, sign_in: SignIn
) -> None:
    mine = sign_in(market.people[0])
    market.line(market.one, 80_00)
    market.freeze(market.one)
    assert "une entreprise gelée le reste" in plain(mine.get(account_of(market)).text)
    mine.post(f"{account_of(market)}/quitter")
    page = plain(mine.get("/credit-mutuel").text)
    assert "au plus avec sa ligne de 80,00 €" in page
    assert "Son compte reste gelé" in page
    assert "une autre première ligne" not in page
    mine.post("/credit-mutuel/rejoindre", data={"firm": market.firms[0].id})
    page = plain(mine.get(account_of(market)).text)
    assert "Le compte est gelé" in page
    assert "sa ligne est ouverte" not in page


def test_who_sees_an_account(market: Market, make: Make, sign_in: SignIn) -> None:
    market.gives(market.one, market.two, 40_00)
    elsewhere = make.site("Nantes")
    strangers = [
        market.people[1],
        make.member(market.site),
        make.member(elsewhere, role="manager"),
    ]
    paths = ["", "/releve.pdf", "/releve.csv"]
    for who in strangers:
        browser = sign_in(who)
        assert {browser.get(account_of(market) + path).status_code for path in paths} == {404}
    for who in (market.people[0], market.managers[0], market.boss):
        browser = sign_in(who)
        assert {browser.get(account_of(market) + path).status_code for path in paths} == {200}
    manager = sign_in(strangers[2])
    for path in ("", f"/reprise/{1}"):
        found = manager.get(f"/credit-mutuel/gestion/{market.firms[0].id}{path}")
        assert found.status_code == 404
    assert market.firms[0].name not in manager.get("/credit-mutuel/gestion").text
    assert manager.get(f"/credit-mutuel/sites/{market.site.slug}").status_code == 404
    guest = sign_in(make.member(market.site, role="guest"))
    assert guest.get("/credit-mutuel").status_code == 403


def test_off_it_is_one_calm_line_and_no_entry_of_the_menu(off: Market, sign_in: SignIn) -> None:
    member = sign_in(off.people[0])
    assert "/credit-mutuel" not in member.get("/accords").text
    assert "activé sur ce réseau" in member.get("/credit-mutuel").text
    assert "/credit-mutuel/gestion" not in sign_in(off.managers[0]).get("/accords").text
    assert "/credit-mutuel/interrupteur" in sign_in(off.boss).get("/accords").text
    member.post("/credit-mutuel/rejoindre", data={"firm": off.firms[0].id})
    assert desk.of_firms([off.firms[0].id]) == {}


def test_a_statement_asks_for_days_that_are_some(market: Market, sign_in: SignIn) -> None:
    browser = sign_in(market.people[0])
    for days in ("first=2026-12-01&last=2026-11-01", "first=hier", "last=9999-12-31"):
        assert browser.get(f"{account_of(market)}/releve.pdf?{days}").status_code == 422


def test_long_accounts_cost_no_more_statements(
    market: Market, sign_in: SignIn, count_queries: Any
) -> None:
    browser, page = sign_in(market.people[0]), account_of(market)
    market.gives(market.one, market.two, 1_00)
    browser.get(page)
    with count_queries() as few:
        browser.get(page)
    for _ in range(12):
        market.gives(market.one, market.two, 1_00)
    browser.get(page)
    with count_queries() as many:
        browser.get(page)
    assert len(many) == len(few)


def test_a_swap_on_the_sign_page_says_that_it_is_carried(market: Market, sign_in: SignIn) -> None:
    one, other = houses(market)
    deal = f.proposed(market.make, one, other, deal_terms.Terms(legs=f.swap(one, other).legs))
    page = sign_in(market.people[0]).get(f"/accords/{deal.id}/signer").text
    assert "qui donne en premier est protégé" in page
