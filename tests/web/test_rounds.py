"""The pages of netting: the switch, a round from its opening to its file, and who sees nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.rounds import files, parts, records, running
from incubator.domain.exchanges.rounds import switch as switches
from incubator.domain.exchanges.rounds.models import Round
from incubator.kernel.db import db, transaction
from incubator.network.members import firm_people
from tests import factories_deals as f
from tests.factories_accounts import worked
from tests.factories_rounds import RING, Network, network, turn

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import Make

SignIn = Any
ROOT = "/compensations"
SWITCH, OPEN = f"{ROOT}/interrupteur", f"{ROOT}/ouvrir"
AGREED = "Vous devez 900,00 € de moins, et on vous doit 900,00 € de moins."

pytestmark = pytest.mark.usefixtures("frozen", "present")


@pytest.fixture
def net(make: Make) -> Network:
    """Three firms of which each owes the next; netting is on, no round is open."""
    return network(make, debts=RING)


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


def page_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return plain(answer.text)


def firm_page(net: Network, found: Round, place: int) -> str:
    return f"{ROOT}/{found.id}/entreprise/{net[place].firm_id}"


def opening(**more: Any) -> dict[str, Any]:
    """The form that opens a round, as its page sends it."""
    return {"cutoff": "2026-11-12", "answer_days": "7", "mode": "pure", "once": "one"} | more


def hidden_in(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def agrees(browser: FlaskClient, path: str) -> set[str]:
    """A person agrees to the figures of their page, and sends the form twice; where it leads."""
    sent = {"seen": hidden_in(browser.get(path).text, "seen"), "agreed": "y"}
    return {browser.post(path, data=sent).location for _twice in range(2)}


def test_netting_is_switched_on_by_who_read_the_text_and_off_again(
    make: Make, sign_in: SignIn
) -> None:
    browser = sign_in(make.member(role="administrator"))
    page = page_of(browser, SWITCH)
    for law in ("1347", "1348-2", "1321", "1336", "269"):
        assert law in page
    assert "désactivées sur ce réseau" in page_of(browser, ROOT)
    unread = browser.post(SWITCH, data={"turn": "on"})
    assert unread.status_code == 422
    assert 'id="read-error"' in unread.text
    assert "Cochez la case : elle dit que vous avez lu le texte." in plain(unread.text)
    assert not switches.is_on()
    for _twice in range(2):
        assert browser.post(SWITCH, data={"turn": "on", "read": "y"}).location == SWITCH
    ((act, _name),) = switches.history()
    assert (act.turned_on, "1348-2" in act.text_read) == (True, True)
    assert "désactivées sur ce réseau" not in page_of(browser, ROOT)
    assert browser.post(SWITCH, data={"turn": "off"}).location == SWITCH
    assert not switches.is_on()


def test_who_keeps_a_firm_lets_it_take_part_and_takes_that_back(
    net: Network, make: Make, sign_in: SignIn
) -> None:
    late = f.house(make, "Tard")
    browser, firm = sign_in(late.account), {"firm": late.firm_id}
    assert "ne participe pas" in page_of(browser, ROOT)
    for _twice in range(2):
        assert browser.post(f"{ROOT}/participer", data=firm).location == ROOT
    page = page_of(browser, ROOT)
    assert "participe depuis le" in page
    assert "Ne plus participer" in page
    for _twice in range(2):
        assert browser.post(f"{ROOT}/ne-plus-participer", data=firm).location == ROOT
    assert parts.among([late.firm_id]) == {}


def test_only_who_keeps_a_firm_speaks_for_it(net: Network, make: Make, sign_in: SignIn) -> None:
    helper = make.member(make.site())
    with transaction():
        firm_people.join_firm(
            firm_id=net[0].firm_id, member_id=helper.id, today=make.now.date(), title="Apprenti"
        )
    browser = sign_in(helper)
    page = page_of(browser, ROOT)
    assert "participe depuis le" in page
    assert "Ne plus participer" not in page
    for who in (browser, sign_in(net.boss), sign_in(net[1].account)):
        sent = {"firm": net[0].firm_id}
        assert who.post(f"{ROOT}/ne-plus-participer", data=sent).status_code == 403
    assert net[0].firm_id in parts.among([net[0].firm_id])
    for typed in ("", "abc", "9" * 40, "424242"):
        assert browser.post(f"{ROOT}/participer", data={"firm": typed}).status_code == 404


def test_switched_off_no_firm_is_let_in_and_nothing_is_opened(
    net: Network, make: Make, sign_in: SignIn
) -> None:
    turn(make, net.boss, on=False)
    late = f.house(make, "Tard")
    browser, boss = sign_in(late.account), sign_in(net.boss)
    assert "Participer</" not in page_of(browser, ROOT)
    browser.post(f"{ROOT}/participer", data={"firm": late.firm_id})
    assert "Les compensations sont désactivées sur ce réseau." in page_of(browser, ROOT)
    assert parts.among([late.firm_id]) == {}
    assert OPEN not in page_of(boss, ROOT)
    refused = boss.post(OPEN, data=opening())
    assert refused.status_code == 422
    assert "désactivées sur ce réseau" in plain(refused.text)


def test_the_story_from_the_opening_to_the_file(net: Network, make: Make, sign_in: SignIn) -> None:
    boss, people = sign_in(net.boss), [sign_in(house.account) for house in net.houses]
    places = {boss.post(OPEN, data=opening()).location for _twice in range(2)}
    found = db.session.scalars(select(Round)).one()
    home = f"{ROOT}/{found.id}"
    assert places == {home}
    assert "Une autre compensation est en cours" in plain(
        boss.post(OPEN, data=opening(once="two")).text
    )
    assert boss.post(f"{home}/calculer").location == home
    page = page_of(boss, home)
    for told in ("3 100,00 €", "2 700,00 €", "87,1 %", "En boucles de trois"):
        assert told in page
    stale = boss.post(f"{home}/montrer", data={"revision": "1"})
    assert stale.status_code == 409
    for _twice in range(2):
        sent = {"revision": hidden_in(page, "revision")}
        assert boss.post(f"{home}/montrer", data=sent).location == home
    assert "3 entreprises n’ont pas répondu." in page_of(boss, home)
    for place, browser in enumerate(people):
        assert "attend votre réponse" in page_of(browser, ROOT)
        assert AGREED in page_of(browser, home)
        assert agrees(browser, firm_page(net, found, place)) == {home}
    assert records.seen(found.id).state == "consented"
    for _twice in range(2):
        assert boss.post(f"{home}/executer").location == home
    assert net.left() == [0, 300_00, 100_00]
    statement = f"/factures/compensations/{records.seen(found.id).setoff_id}"
    assert statement in page_of(people[0], home)
    assert "900,00 €" in page_of(people[0], statement)
    for _twice in range(2):
        assert boss.post(f"{home}/publier").location == home
    assert files.faults(sign_in(make.member(make.site())).get(f"{home}/fichier").text) == []


def test_a_firm_reads_its_figures_by_invoice_in_its_own_language(
    net: Network, make: Make, sign_in: SignIn
) -> None:
    reader = make.member(make.site(), language="en")
    with transaction():
        firm_people.join_firm(
            firm_id=net[1].firm_id, member_id=reader.id, today=make.now.date(), title=""
        )
    found = net.shown()
    page = page_of(sign_in(net[1].account), firm_page(net, found, 1))
    assert AGREED in page
    assert f"{net[0].name} vous doit" in page
    assert f"Vous devez à {net[2].name}" in page
    for told in ("−900,00 €", "sur 1 200,00 €", "échue le", "jusqu’au 19 nov. à 10 h 41"):
        assert told in page
    told = page_of(sign_in(reader), f"/netting/{found.id}/firm/{net[1].firm_id}")
    assert "You owe €900.00 less and are owed €900.00 less." in told
    assert f"You owe {net[2].name}" in told


def test_a_firm_agrees_to_what_it_read_alone(net: Network, sign_in: SignIn) -> None:
    found = net.shown()
    browser, path = sign_in(net[0].account), firm_page(net, found, 0)
    unread = browser.post(path, data={"seen": "90000 90000 0"})
    assert unread.status_code == 422
    assert 'id="agreed-error"' in unread.text
    for seen in ("89999 90000 0", "", "a b c", "1 2", "90000 90000 " + "9" * 30):
        stale = browser.post(path, data={"seen": seen, "agreed": "y"})
        assert stale.status_code == 422
        assert "Les chiffres ont changé" in plain(stale.text), seen
        assert hidden_in(stale.text, "seen") == "90000 90000 0"
        # What is new is read before the box is ticked.
        assert " checked" not in stale.text
    assert net.notice(found, 0).accepted_at is None


def test_a_refusal_takes_a_firm_out_and_the_others_are_computed_anew(
    make: Make, app: Flask, sign_in: SignIn
) -> None:
    net = network(make, 4, debts=(*RING, (0, 3, 50_00), (3, 0, 60_00)))
    found = net.shown()
    home = f"{ROOT}/{found.id}"
    browser, other = sign_in(net[2].account), sign_in(net[3].account)
    for _twice in range(2):
        assert browser.post(f"{firm_page(net, found, 2)}/refuser").location == home
    worked(app)
    assert "n’est plus dans cette compensation : refusé" in page_of(browser, home)
    assert "n’est plus dans cette compensation" in page_of(browser, firm_page(net, found, 2))
    late = browser.post(firm_page(net, found, 2), data={"seen": "1 1 0", "agreed": "y"})
    assert late.status_code == 422
    assert "n’est plus dans cette compensation" in plain(late.text)
    assert "Vous devez 50,00 € de moins" in page_of(other, home)
    page = page_of(sign_in(net.boss), home)
    assert "Recalculée : une entreprise a refusé" in page
    assert "n’éteint rien" in page_of(sign_in(net[1].account), home)


def test_a_round_is_given_up_with_words_that_its_firms_read(net: Network, sign_in: SignIn) -> None:
    found = net.shown()
    boss, path = sign_in(net.boss), f"{ROOT}/{found.id}/abandonner"
    for typed in (" ", "x" * 301):
        wrong = boss.post(path, data={"words": typed})
        assert wrong.status_code == 422
        assert 'id="words-error"' in wrong.text
    for _twice in range(2):
        sent = {"words": "Une <facture> manque"}
        assert boss.post(path, data=sent).location == f"{ROOT}/{found.id}"
    page = page_of(sign_in(net[0].account), f"{ROOT}/{found.id}")
    assert "rien n’a été compensé. Une &lt;facture&gt; manque" in page
    sent = {"seen": "90000 90000 0", "agreed": "y"}
    late = sign_in(net[0].account).post(firm_page(net, found, 0), data=sent)
    assert late.status_code == 422
    assert "La compensation a avancé" in plain(late.text)


def test_acts_out_of_their_order_are_refused_and_change_nothing(
    net: Network, sign_in: SignIn
) -> None:
    boss, found = sign_in(net.boss), net.shown()
    home = f"{ROOT}/{found.id}"
    for act in ("executer", "publier"):
        boss.post(f"{home}/{act}")
        assert "La compensation a avancé" in page_of(boss, home), act
    assert records.seen(found.id).state == "previewed"
    assert boss.post(f"{home}/montrer", data={"revision": "x"}).status_code == 404
    for act in ("calculer", "executer", "publier", "abandonner"):
        sent = {"words": "Non"}
        assert boss.post(f"{ROOT}/9999/{act}", data=sent).status_code == 404, act


def test_the_desk_of_netting_is_for_administrators_alone(
    net: Network, make: Make, sign_in: SignIn
) -> None:
    site, found = make.site(), net.shown()
    home = f"{ROOT}/{found.id}"
    others = [
        net[0].account,
        make.member(site, role="manager"),
        make.member(site),
        make.member(site, role="guest"),
    ]
    for who in others:
        browser = sign_in(who)
        for path in (SWITCH, OPEN, f"{home}/abandonner"):
            assert browser.get(path).status_code == 403, path
            assert browser.post(path, data={"words": "Non", "turn": "off"}).status_code == 403, path
        for act in ("calculer", "montrer", "executer", "publier"):
            assert browser.post(f"{home}/{act}", data={"revision": "1"}).status_code == 403, act
    assert records.seen(found.id).state == "previewed"
    assert switches.is_on()


def test_a_round_is_hidden_until_it_is_shown_and_then_from_who_is_not_in_it(
    net: Network, make: Make, sign_in: SignIn
) -> None:
    site = make.site()
    found = net.computes(net.opens())
    mine, stranger = sign_in(net[0].account), sign_in(make.member(site))
    manager, guest = (sign_in(make.member(site, role=role)) for role in ("manager", "guest"))
    home, title = f"{ROOT}/{found.id}", f"Compensation n° {found.id}"
    for path in (home, f"{home}/fichier", firm_page(net, found, 0)):
        assert mine.get(path).status_code == 404, path
    assert title not in page_of(mine, ROOT)
    net.shows(found)
    assert title in page_of(mine, ROOT)
    assert mine.get(firm_page(net, found, 0)).status_code == 200
    for path in (f"{home}/fichier", firm_page(net, found, 1)):
        assert mine.get(path).status_code == 404, path
    for who in (stranger, manager):
        assert title not in page_of(who, ROOT)
        for path in (home, f"{home}/fichier", firm_page(net, found, 0)):
            assert who.get(path).status_code == 404, path
    for path in (ROOT, home, f"{home}/fichier", firm_page(net, found, 0)):
        assert guest.get(path).status_code in {403, 404}, path
    boss = sign_in(net.boss)
    for path in (firm_page(net, found, 0), f"{ROOT}/{found.id + 1}"):
        assert boss.get(path).status_code == 404, path
    for who in (stranger, manager, boss):
        path = firm_page(net, found, 0)
        assert who.post(path, data={"seen": "1 1 0", "agreed": "y"}).status_code == 404
        assert who.post(f"{path}/refuser").status_code == 404
    assert net.notice(found, 0).refused_at is None


def test_the_file_of_a_published_round_is_for_members_and_names_nobody(
    net: Network, make: Make, sign_in: SignIn
) -> None:
    found, site = net.executed(), make.site()
    path = f"{ROOT}/{found.id}/fichier"
    member, guest = sign_in(make.member(site)), sign_in(make.member(site, role="guest"))
    assert [sign_in(net.boss).get(path).status_code, member.get(path).status_code] == [200, 404]
    assert sign_in(net[0].account).get(path).status_code == 404
    net.publishes(found)
    answer = member.get(path)
    assert answer.mimetype == "application/json"
    assert f'filename="netting-{found.id}.json"' in answer.headers["Content-Disposition"]
    assert guest.get(path).status_code in {403, 404}
    people = [each for house in net.houses for each in (house.name, house.account.email)]
    numbers = [each.number for each in net.invoices]
    assert not [secret for secret in (*people, *numbers) if str(secret) in answer.text]
    assert len(json.loads(answer.text)["debts"]) == 3
    page = page_of(member, f"{ROOT}/{found.id}")
    assert "2 700,00 €" in page
    assert not [house.name for house in net.houses if house.name in page]


def test_ten_rounds_cost_as_many_statements_as_one(
    net: Network, sign_in: SignIn, count_queries: Any
) -> None:
    readers = [sign_in(net.boss), sign_in(net[0].account)]

    def ended() -> None:
        found = net.shown()
        with transaction():
            running.cancel(net.admin, found.id, words="Essai", now=net.make.now)

    def statements() -> list[int]:
        told = []
        for browser in readers:
            browser.get(ROOT)
            with count_queries() as seen:
                page = browser.get(ROOT).text
            told.append((len(seen), page.count("Compensation n°")))
        return told

    ended()
    few = statements()
    for _ in range(9):
        ended()
    many = statements()
    assert [count for count, _rounds in many] == [count for count, _rounds in few]
    assert [rounds for _count, rounds in many] == [10, 10]


def test_netting_is_in_the_menu_while_it_is_on(net: Network, make: Make, sign_in: SignIn) -> None:
    browser, link = sign_in(net[0].account), f'href="{ROOT}"'
    assert link in browser.get("/").text
    turn(make, net.boss, on=False)
    assert link not in browser.get("/").text
