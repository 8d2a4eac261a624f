"""What managers decide about mutual credit on its pages, and what administrators read."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.exchanges.ledger import accounts, adjusting, ageing, departures
from incubator.kernel.db import transaction
from tests.factories_credit import Market, a_market
from tests.factories_members import a_firm

if TYPE_CHECKING:
    from datetime import datetime

    from tests.factories import Make

SignIn = Any


@pytest.fixture
def market(make: Make, frozen: datetime) -> Market:
    del frozen
    return a_market(make)


def desk_of(market: Market, number: int = 0) -> str:
    return f"/credit-mutuel/gestion/{market.firms[number].id}"


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_a_line_is_decided_with_a_word_and_typed_wrong_it_is_kept(
    market: Market, sign_in: SignIn
) -> None:
    browser = sign_in(market.managers[0])
    desk = desk_of(market)
    for typed in ("1.200,5.0", "-3", "1e3", "0.5555"):
        answer = browser.post(f"{desk}/ligne", data={"line": typed, "comment": "Élan"})
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
        assert 'id="line-error"' in answer.text
    answer = browser.post(f"{desk}/ligne", data={"line": "750", "comment": " "})
    assert 'id="comment-error"' in answer.text
    sent = {"line": "750,50", "upper": "3 000", "comment": "Bon élan"}
    assert browser.post(f"{desk}/ligne", data=sent).status_code == 303
    limits = market.held(market.one).state.limits
    assert (limits.lower, limits.upper) == (-750_50, 3_000_00)
    page = plain(sign_in(market.people[0]).get(f"/credit-mutuel/compte/{market.firms[0].id}").text)
    assert "Bon élan" in page
    assert "ligne de 750,50 €" in page


def test_an_account_is_frozen_and_thawed_with_a_reason(market: Market, sign_in: SignIn) -> None:
    browser = sign_in(market.managers[0])
    desk = desk_of(market)
    assert browser.post(f"{desk}/gel", data={"act": "freeze"}).status_code == 422
    sent = {"act": "freeze", "freeze-comment": "Adresse perdue"}
    assert browser.post(f"{desk}/gel", data=sent).status_code == 303
    assert market.held(market.one).state.limits.frozen
    assert (
        "Le compte est gelé"
        in sign_in(market.people[0]).get(desk.replace("gestion", "compte")).text
    )
    assert market.firms[0].name in browser.get("/credit-mutuel/gestion?view=frozen").text
    assert market.firms[0].name not in browser.get("/credit-mutuel/gestion?view=owing").text
    browser.post(f"{desk}/gel", data={"act": "thaw", "freeze-comment": "Retrouvée"})
    assert not market.held(market.one).state.limits.frozen


def test_a_correction_takes_two_managers(market: Market, sign_in: SignIn) -> None:
    first, second = (sign_in(one) for one in market.managers)
    desk = desk_of(market)
    sent = {
        "adjust-way": "gave",
        "adjust-other": str(market.two),
        "adjust-cents": "12,50",
        "adjust-reason": "Payé deux fois",
        "adjust-once": uuid.uuid4().hex,
    }
    wrong = first.post(f"{desk}/correction", data=sent | {"adjust-cents": "12.5.1"})
    assert 'id="adjust-cents-error"' in wrong.text
    wrong = first.post(f"{desk}/correction", data=sent | {"adjust-other": ""})
    assert 'id="adjust-other-error"' in wrong.text
    for _twice in range(2):
        assert first.post(f"{desk}/correction", data=sent).status_code == 303
    (row,) = adjusting.waiting_of(market.one)
    assert first.post(f"{desk}/correction/accord", data={"adjustment": row.id}).status_code in {
        303,
        403,
    }
    assert market.balances() == [0, 0]
    assert "Vous attend comme second responsable" in second.get("/credit-mutuel/gestion").text
    for _twice in range(2):
        second.post(f"{desk}/correction/accord", data={"adjustment": row.id})
    assert market.balances() == [12_50, -12_50]
    assert (
        "Payé deux fois"
        in sign_in(market.people[1]).get(f"/credit-mutuel/compte/{market.firms[1].id}").text
    )


def test_a_proposed_correction_may_fall(market: Market) -> None:
    with transaction():
        number = adjusting.ask(
            market.actor(market.managers[0]),
            giver_id=market.one,
            receiver_id=market.two,
            cents=5_00,
            reason="Erreur",
            once="a",
            now=market.make.now,
        )
    with transaction():
        by = market.actor(market.managers[0])
        adjusting.withdraw(by, adjustment_id=number, now=market.make.now)
    assert list(adjusting.waiting_of(market.two)) == []
    assert market.balances() == [0, 0]


def test_the_fund_takes_a_departure_over_by_two_managers(market: Market, sign_in: SignIn) -> None:
    market.gives(market.one, market.two, 40_00)
    first, second = (sign_in(one) for one in market.managers)
    desk = desk_of(market, 1)
    assert first.post(f"{desk}/depart", data={"depart-reason": ""}).status_code == 422
    first.post(f"{desk}/depart", data={"depart-reason": "A cessé"})
    row = departures.waiting_of(market.two)
    assert row is not None
    first.post(f"{desk}/depart/accord", data={"departure": row.id})
    assert market.held(market.two).closed_at is None
    second.post(f"{desk}/depart/accord", data={"departure": row.id})
    assert market.held(market.two).closed_at is not None
    assert market.firms[1].name in second.get("/credit-mutuel/gestion?view=left").text


def test_a_proposed_departure_may_fall(market: Market, sign_in: SignIn) -> None:
    market.gives(market.one, market.two, 40_00)
    browser, desk = sign_in(market.managers[0]), desk_of(market, 1)
    browser.post(f"{desk}/depart", data={"depart-reason": "A cessé"})
    row = departures.waiting_of(market.two)
    assert row is not None
    browser.post(f"{desk}/depart/retrait", data={"departure": row.id})
    assert departures.waiting_of(market.two) is None


def test_a_line_is_taken_back_once_with_a_reason(market: Market, sign_in: SignIn) -> None:
    posted = market.gives(market.one, market.two, 40_00)
    browser = sign_in(market.managers[0])
    page = f"{desk_of(market)}/reprise/{posted.id}"
    assert browser.post(page, data={"reason": ""}).status_code == 422
    assert browser.post(page, data={"reason": "Tapé deux fois"}).status_code == 303
    assert market.balances() == [0, 0]
    assert browser.post(page, data={"reason": "Encore"}).status_code in {409, 422}
    assert browser.get(f"{desk_of(market)}/reprise/{posted.id + 999}").status_code == 404
    statement = sign_in(market.people[0]).get(f"/credit-mutuel/compte/{market.firms[0].id}").text
    assert "Tapé deux fois" in statement


def test_a_line_that_became_shorter_says_why_in_both_languages(
    market: Market, make: Make, sign_in: SignIn
) -> None:
    market.reverses(market.gives(market.one, market.two, 250_00).id)
    page = plain(sign_in(market.people[0]).get(f"/credit-mutuel/compte/{market.firms[0].id}").text)
    assert "Plus courte : une livraison a été reprise" in page
    assert page.count("A grandi par ce qui a été donné") == 1
    reader = sign_in(make.member(market.site, role="manager", language="en"))
    page = reader.get(f"/mutual-credit/account/{market.firms[0].id}").text
    assert "Shorter: a delivery was taken back" in page


def test_a_manager_who_works_in_the_firm_decides_nothing(
    market: Market, make: Make, sign_in: SignIn
) -> None:
    both = make.member(market.site, role="manager")
    firm = a_firm(make, both, "La sienne")
    market.opens(firm)
    browser = sign_in(both)
    assert browser.get(f"/credit-mutuel/compte/{firm.id}").status_code == 200
    assert browser.get(f"/credit-mutuel/gestion/{firm.id}").status_code == 403
    sent = {"line": "5000", "comment": "Pour nous"}
    assert browser.post(f"/credit-mutuel/gestion/{firm.id}/ligne", data=sent).status_code == 403


def test_the_policy_of_a_site_is_set_within_its_bounds(market: Market, sign_in: SignIn) -> None:
    browser, page = sign_in(market.managers[0]), f"/credit-mutuel/sites/{market.site.slug}"
    good = {"start": "300", "growth": "10", "cap": "2 000", "upper": "6 000"}
    for name, typed in (("start", "100"), ("growth", "x"), ("cap", "1,5,0"), ("upper", "")):
        assert browser.post(page, data=good | {name: typed}).status_code == 422
    assert browser.post(page, data=good).status_code == 303
    assert accounts.site_policy(market.site.id).start_cents == 300_00
    assert 'value="300"' in browser.get(page).text


def test_health_is_told_with_yardsticks_and_empty_it_says_so(
    market: Market, sign_in: SignIn
) -> None:
    boss = sign_in(market.boss)
    assert "rien encore à calculer" in boss.get("/credit-mutuel/sante").text
    market.gives(market.one, market.two, 40_00)
    page = plain(boss.get("/credit-mutuel/sante").text)
    assert "40,00 €" in page
    assert "2,5 mois" in page
    table = boss.get("/credit-mutuel/sante.csv")
    assert "40,00" in table.text
    assert sign_in(market.managers[0]).get("/credit-mutuel/sante.csv").status_code == 403


def test_the_accounts_of_ones_sites_leave_as_a_table_and_no_others(
    market: Market, make: Make, sign_in: SignIn
) -> None:
    far = a_firm(make, make.member(make.site("Dakar")), "Loin & Cie")
    market.opens(far)
    market.gives(market.one, market.two, 40_00)
    market.freeze(market.two)
    told = sign_in(market.managers[0]).get("/credit-mutuel/gestion.csv").get_data(as_text=True)
    lines = [line.split(";") for line in told.removeprefix("\ufeff").splitlines()]
    assert [line[0] for line in lines] == ["Entreprise", "Firme 0", "Firme 1"]
    assert lines[1][2:8] == ["40,00", "", "0,00", "500,00", "540,00", "10000,00"]
    assert lines[2][2:6] == ["", "40,00", "0,00", "500,00"]
    assert (lines[1][8], lines[2][8]) == ("", "oui")
    assert lines[2][9].startswith("2026-11-12")
    owing = sign_in(market.managers[0]).get("/credit-mutuel/gestion.csv?view=owing").text
    assert "Firme 0" not in owing
    assert "Firme 1" in owing
    every = sign_in(market.boss).get("/credit-mutuel/gestion.csv").text
    assert "Loin & Cie" in every
    assert sign_in(market.people[0]).get("/credit-mutuel/gestion.csv").status_code == 403


def test_who_is_below_zero_for_long_is_prompted(market: Market, sign_in: SignIn) -> None:
    market.gives(market.one, market.two, 40_00)
    with transaction():
        ageing.tick(market.make.now + timedelta(days=300))
    page = sign_in(market.managers[0]).get("/credit-mutuel/gestion?view=old").text
    assert "un plan est à faire" in page
