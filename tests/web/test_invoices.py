"""The pages of invoices: the story to the statement, what is typed wrong, who sees nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.invoices import answering, settling
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.kernel.db import db, transaction
from incubator.network.members.firm_models import Firm
from incubator.network.sites.models import Site
from incubator.reactions.audit.models import AuditEntry
from tests import factories_deals as f
from tests import factories_invoices as i

if TYPE_CHECKING:
    from datetime import datetime

    from flask.testing import FlaskClient

    from tests.factories import Make

SignIn = Any
PDF = b"%PDF-1.4\n%%EOF\n"
DETAILS = {
    "legal_name": "Bois & Cie",
    "legal_form": "SARL",
    "siren": "732 829 320",
    "street": "12 rue des Tables",
    "postcode": "69001",
    "city": "Lyon",
    "country": "FR",
    "regime": "normal",
    "vat_number": "FR44732829320",
    "vat_on": "debits",
    "prefix": "B-",
}


@pytest.fixture
def one(make: Make, frozen: datetime) -> f.House:
    del frozen
    return f.house(make, "Bois")


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Image")


def legs_of(make: Make, one: f.House, other: f.House) -> tuple[int, list[int]]:
    """A fulfilled deal of two firms that said who they are, and its legs, by number."""
    i.detailed(make, one, other)
    deal = i.fulfilled(make, one, other)
    return deal.id, [leg.id for leg in deal.legs]


def issues(browser: FlaskClient, deal_id: int, leg_id: int) -> str:
    """Prepare and issue an invoice by its pages; its address."""
    place = browser.post(f"/factures/accords/{deal_id}/{leg_id}/preparer").location
    assert "Brouillon de facture" in browser.get(place).text
    sent = {"operation": "services", "supplied_on": "2026-11-12"}
    assert browser.get(f"{place}/emettre").status_code == 200
    assert browser.post(f"{place}/emettre", data=sent).location == place
    return place


def seen_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def said(deal_id: int, leg_id: int) -> str:
    return f"/factures/accords/{deal_id}/{leg_id}/enregistrer"


def typed(**more: Any) -> dict[str, Any]:
    told = {
        "number": "F-12",
        "issued_on": "2026-11-12",
        "supplied_on": "2026-11-10",
        "operation": "goods",
        "ht": "150,00",
        "vat": "30",
        "ttc": "180",
    }
    return told | more


def test_the_story_from_fulfilled_to_the_statement(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal_id, legs = legs_of(make, one, other)
    mine, theirs = sign_in(one.account), sign_in(other.account)
    home, agreement = f"/accords/{deal_id}", f"/factures/accords/{deal_id}/compensation"
    assert "Préparer la facture" in mine.get(home).text
    assert mine.get(agreement).location == home
    first, second = issues(mine, deal_id, legs[0]), issues(theirs, deal_id, legs[1])
    assert "2026-0001" in theirs.get("/factures").text
    assert theirs.post(f"{first}/recevoir").location == first
    assert "acceptée" in mine.get(first).text
    assert "Compenser ce que vous vous devez" in theirs.get(home).text
    page = mine.get(agreement).text
    assert "article 1347" in page
    unread = mine.post(agreement, data={"seen": seen_in(page)})
    assert unread.status_code == 422
    sent = {"seen": seen_in(page), "agreed": "y"}
    assert mine.post(agreement, data=sent).location == agreement
    assert "doit encore accepter" in mine.get(agreement).text
    statement = theirs.post(agreement, data=sent).location
    assert "/factures/compensations/" in statement
    assert "180,00" in theirs.get(statement).text
    for language in ("fr", "en"):
        for paper in (f"{statement}/releve.pdf", f"{second}/facture.pdf"):
            answer = mine.get(f"{paper}?lang={language}")
            assert answer.data.startswith(b"%PDF")
    assert "plus personne ne doit rien" in mine.get(home).text
    for browser in (mine, theirs):
        assert browser.post(f"/factures/accords/{deal_id}/clore").location == home
    assert i.deal_of(deal_id).state == "closed"


def test_an_invoice_leads_to_the_statements_that_settled_it(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = i.both_issued(make, one, other)
    first, second = (each.id for each in settling.live_of(deal.id).values())
    mine, theirs = sign_in(one.account), sign_in(other.account)
    i.agrees(make, one, f.looked_at(deal))
    assert "/factures/compensations/" not in mine.get(f"/factures/{first}").text
    made = i.agrees(make, other, f.looked_at(deal))
    boss = sign_in(make.member(None, role="administrator"))
    for browser in (mine, theirs, boss):
        for number in (first, second):
            page = browser.get(f"/factures/{number}").text
            assert page.count(f'href="/factures/compensations/{made.id}"') == 1
            assert browser.get(f"/factures/compensations/{made.id}").status_code == 200


def test_who_a_firm_is_is_asked_first_and_errors_stand_beside_fields(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = i.fulfilled(make, one, other)
    deal_id, leg_id = deal.id, deal.legs[0].id
    mine = sign_in(one.account)
    place = mine.post(f"/factures/accords/{deal_id}/{leg_id}/preparer").location
    assert place == f"/factures/entreprises/{one.firm_id}/coordonnees?deal={deal_id}"
    wrong = mine.post(place, data=DETAILS | {"siren": "732829321"})
    assert wrong.status_code == 422
    assert 'id="siren-error"' in wrong.text
    assert "12 rue des Tables" in wrong.text
    assert mine.post(place, data=DETAILS).location == f"/accords/{deal_id}"
    refused = mine.post(f"/factures/accords/{deal_id}/{leg_id}/preparer")
    assert refused.status_code == 303
    assert "pas encore donné ses coordonnées" in mine.get(refused.location).text


def test_an_invoice_from_elsewhere_is_entered_with_its_file(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal_id, legs = legs_of(make, one, other)
    mine, theirs = sign_in(one.account), sign_in(other.account)
    place = said(deal_id, legs[0])
    assert "150" in mine.get(place).text
    file = {"file": (io.BytesIO(PDF), "facture.pdf")}
    made = mine.post(place, data=typed(ht="163,64", vat="16,36") | file).location
    again = mine.post(place, data=typed(ht="163,64", vat="16,36")).location
    assert again == made
    page = theirs.get(made).text
    assert "163,64" in page
    assert "Elle ne dit pas ce qui a été accepté" in page
    sent = theirs.get(f"{made}/fichier")
    assert sent.data == PDF
    assert "attachment" in sent.headers["Content-Disposition"]
    sent.close()
    other_number = mine.post(place, data=typed(number="F-13"))
    assert other_number.status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "x" * 41}, "number"),
        ({"ht": "150.5.5"}, "ht"),
        ({"vat": ""}, "vat"),
        ({"ttc": "181"}, "ttc"),
        ({"ht": "160", "vat": "32", "ttc": "192"}, "ttc"),
        ({"issued_on": "2026-11-13"}, "issued_on"),
        ({"issued_on": "hier"}, "issued_on"),
        ({"supplied_on": "2027-01-01"}, "supplied_on"),
        ({"operation": "moon"}, "operation"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    make: Make, sign_in: SignIn, one: f.House, other: f.House, change: Any, field: str
) -> None:
    deal_id, legs = legs_of(make, one, other)
    answer = sign_in(one.account).post(said(deal_id, legs[0]), data=typed(**change))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert settling.live_of(deal_id) == {}


def test_a_number_twice_a_closed_day_and_no_pdf_are_refused(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal_id, legs = legs_of(make, one, other)
    second_id, more = legs_of(make, one, other)
    mine = sign_in(one.account)
    assert mine.post(said(deal_id, legs[0]), data=typed()).status_code == 303
    twice = mine.post(said(second_id, more[0]), data=typed())
    assert 'id="number-error"' in twice.text
    close = f"/factures/entreprises/{one.firm_id}/comptes"
    assert mine.post(close, data={"until": "2026-10-31"}).location == close
    assert "31 octobre 2026" in mine.get(close).text
    late = mine.post(said(second_id, more[0]), data=typed(number="F-2", issued_on="2026-10-31"))
    assert 'id="issued_on-error"' in late.text
    text = {"file": (io.BytesIO(b"Bonjour"), "facture.txt")}
    no_pdf = mine.post(said(second_id, more[0]), data=typed(number="F-2") | text)
    assert 'id="file-error"' in no_pdf.text


def test_a_contested_invoice_is_taken_back_and_issued_anew(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal_id, legs = legs_of(make, one, other)
    mine, theirs = sign_in(one.account), sign_in(other.account)
    first = issues(mine, deal_id, legs[0])
    assert mine.get(f"{first}/contester").status_code == 403
    assert theirs.get(f"{first}/contester").status_code == 200
    empty = theirs.post(f"{first}/contester", data={"words": " "})
    assert 'id="words-error"' in empty.text
    theirs.post(f"{first}/contester", data={"words": "Le taux <b>est faux"})
    assert "Le taux &lt;b&gt;est faux" in mine.get(first).text
    assert mine.get(f"{first}/avoir").status_code == 200
    note = mine.post(f"{first}/avoir", data={"words": "Taux corrigé"}).location
    assert mine.post(f"{first}/avoir", data={"words": "Taux corrigé"}).location == note
    assert "2026-0002" in theirs.get(note).text
    assert mine.get(f"{note}/avoir").status_code == 403
    assert mine.post(f"{note}/avoir", data={"words": "Encore"}).status_code == 403
    assert theirs.get(f"{note}/facture.pdf").data.startswith(b"%PDF")
    second = issues(mine, deal_id, legs[0])
    assert "2026-0003" in theirs.get(second).text


def test_a_payment_in_euros_is_noted_and_a_draft_is_thrown_away(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    leg = f.gives(one, other, (100_00, 0), mode="cash")
    deal = i.fulfilled(make, one, other, i.Terms(legs=(leg,)))
    deal_id, leg_id = deal.id, deal.legs[0].id
    mine, theirs = sign_in(one.account), sign_in(other.account)
    draft = mine.post(f"/factures/accords/{deal_id}/{leg_id}/preparer").location
    assert theirs.get(draft).status_code == 404
    assert mine.post(f"{draft}/jeter").location == f"/accords/{deal_id}"
    place = issues(mine, deal_id, leg_id)
    assert theirs.post(f"{place}/payee").status_code == 403
    assert mine.post(f"{place}/payee").location == place
    assert "payée" in theirs.get(place).text


def test_strangers_find_nothing_and_administrators_read(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal = i.both_issued(make, one, other)
    deal_id, leg_id = deal.id, deal.legs[0].id
    for who in (one, other):
        made = i.agrees(make, who, f.looked_at(deal))
    number = next(iter(settling.live_of(deal_id).values())).id
    statement = f"/factures/compensations/{made.id}"
    site = make.site()
    stranger = sign_in(f.house(make, "Miel", site).account)
    manager = sign_in(make.member(site, role="manager"))
    pages = (f"/factures/{number}", statement)
    papers = (f"/factures/{number}/facture.pdf", f"{statement}/releve.pdf")
    for browser in (stranger, manager):
        for place in (*pages, *papers, f"/factures/{number}/contester", said(deal_id, leg_id)):
            assert browser.get(place).status_code == 404
        for act in ("recevoir", "payee", "jeter"):
            assert browser.post(f"/factures/{number}/{act}").status_code == 404
        assert "2026-0001" not in browser.get("/factures").text
        for page in ("coordonnees", "comptes", "ecritures.csv", "annees/2026.zip"):
            place = f"/factures/entreprises/{one.firm_id}/{page}"
            assert browser.get(place).status_code == 403
    boss = sign_in(make.member(None, role="administrator"))
    assert {boss.get(place).status_code for place in (*pages, *papers)} == {200}


def test_entries_balance_and_are_told_in_the_log(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    legs = (f.gives(one, other, f.POSTER, title="=1+1"), f.gives(other, one, f.BUFFET))
    deal = i.fulfilled(make, one, other, f.swap(one, other, *legs))
    for leg, who in zip(f.looked_at(deal).legs, (one, other), strict=True):
        i.issued(make, leg, who)
    for who in (one, other):
        i.agrees(make, who, f.looked_at(deal))
    mine = sign_in(one.account)
    table = mine.get(f"/factures/entreprises/{one.firm_id}/ecritures.csv").text
    lines = [line.split(";") for line in table.removeprefix("\ufeff").splitlines()]
    assert lines[0] == ["Date", "Journal", "Pièce", "Compte", "Libellé", "Débit", "Crédit"]
    assert "'=1+1" in {line[4] for line in lines}
    for piece in {line[2] for line in lines[1:]}:
        sums = [
            sum(int(line[side].replace(",", "") or 0) for line in lines[1:] if line[2] == piece)
            for side in (5, 6)
        ]
        assert sums[0] == sums[1]
    accounts = {line[3] for line in lines[1:]}
    assert accounts == {"411", "706", "44571", "604", "44566", "401"}
    nothing = mine.get(
        f"/factures/entreprises/{one.firm_id}/ecritures.csv?since=2026-12-01&until=2026-01-01"
    )
    assert nothing.status_code == 422
    said = db.session.scalars(select(AuditEntry.action)).all()
    assert "books_taken" in said


def test_the_year_is_one_file_with_its_sums(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    deal_id, legs = legs_of(make, one, other)
    mine = sign_in(one.account)
    file = {"file": (io.BytesIO(PDF), "facture.pdf")}
    mine.post(said(deal_id, legs[0]), data=typed() | file)
    place = f"/factures/entreprises/{one.firm_id}/annees"
    with mine.get(f"{place}/2026.zip") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.data))
    told = json.loads(archive.read("contenu.json"))
    assert [each["path"] for each in told["files"]] == [
        "ecritures.csv",
        f"emises/{db.session.scalar(select(Invoice.id))}-facture-f-12.pdf",
    ]
    for each in told["files"]:
        assert sha256(archive.read(each["path"])).hexdigest() == each["sha256"]
    assert archive.read(told["files"][1]["path"]) == PDF
    assert mine.get(f"{place}/1999.zip").status_code == 404
    assert mine.get(f"{place}/2027.zip").status_code == 404


def test_the_list_asks_as_much_for_twenty_as_for_two(
    make: Make, sign_in: SignIn, count_queries: Any, one: f.House, other: f.House
) -> None:
    browser = sign_in(one.account)

    def cost(view: str) -> tuple[int, int]:
        browser.get(f"/factures?view={view}")
        with count_queries() as asked:
            page = browser.get(f"/factures?view={view}").text
        return len(asked), page.count('class="item irow"')

    views = ("all", "given", "received")
    i.owes(make, other, one, 100_00)
    i.owes(make, one, other, 100_00)
    few = [cost(view) for view in views]
    for _more in range(9):
        i.owes(make, other, one, 100_00)
        i.owes(make, one, other, 100_00)
    many = [cost(view) for view in views]
    assert [rows for _asked, rows in few] == [2, 1, 1]
    assert [rows for _asked, rows in many] == [20, 10, 10]
    assert [asked for asked, _rows in many] == [asked for asked, _rows in few]


def contested(make: Make, giver: f.House, receiver: f.House, deal: Any, leg: Any) -> None:
    """A delivery of a deal, its invoice, and what its receiver says against it."""
    f.delivers(make, giver, deal, leg)
    f.accepts(make, receiver, deal, leg)
    invoice = i.issued(make, f.looked_at(deal).legs[leg.seq], giver)
    with transaction():
        by = f.actor_of(make, receiver)
        answering.contest(by, invoice.id, words="Numéro déjà donné", now=make.now)


def test_what_is_said_of_an_invoice_is_told_to_its_two_firms_of_a_ring_alone(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    third = f.house(make, "Miel")
    ring = [one, other, third]
    i.detailed(make, *ring)
    pairs = zip(ring, [*ring[1:], one], strict=True)
    legs = tuple(f.gives(giver, receiver, (150_00, 2000)) for giver, receiver in pairs)
    deal = f.proposed(make, one, other, i.Terms(legs=legs, kind="ring"))
    for each in ring:
        f.signs(make, each, deal)
    deal = f.looked_at(deal)
    contested(make, one, other, deal, deal.legs[0])
    read = {each.name: sign_in(each.account).get(f"/accords/{deal.id}").text for each in ring}
    assert all("La facture est contestée" in text for text in read.values())
    told = [name for name, text in read.items() if "Numéro déjà donné" in text]
    assert told == [one.name, other.name]


def test_what_is_said_of_an_invoice_is_not_told_to_who_mediates(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    deal = f.bound(make, one, other)
    contested(make, one, other, deal, deal.legs[0])
    f.delivers(make, other, deal, deal.legs[1])
    f.contests(make, one, deal, deal.legs[1])
    site = db.session.get_one(Firm, one.firm_id).site_id
    manager = make.member(db.session.get_one(Site, site), role="manager")
    text = sign_in(manager).get(f"/accords/{deal.id}").text
    assert "La facture est contestée" in text
    assert "Numéro déjà donné" not in text
    assert "Il manque un pied" in text
