"""Factur-X: the data in the PDF say what the invoice says, to the cent, to its firms alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader

from incubator.domain.exchanges.invoices import answering, drafting
from incubator.kernel.db import transaction
from tests import factories_deals as f
from tests import factories_invoices as i

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.invoices.models import Invoice
    from tests.factories import Make

SignIn = Any
SPACES = {
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}

GERMAN = {"country": "DE", "vat_number": "DE136695976", "siren": "DE136695976"}
CANADIAN = {"country": "CA", "vat_number": "", "siren": "12302 6635"}


@pytest.fixture
def one(make: Make, frozen: datetime) -> f.House:
    del frozen
    return f.house(make, "Bois")


@pytest.fixture
def other(make: Make) -> f.House:
    return f.house(make, "Image")


def issued(make: Make, one: f.House, other: f.House, **more: Any) -> Invoice:
    i.detailed(make, one, other, **more)
    deal = i.fulfilled(make, one, other)
    leg = next(each for each in deal.legs if each.giver_id == one.firm_id)
    return i.issued(make, leg, one)


def said(xml: bytes, path: str) -> list[str]:
    found = etree.fromstring(xml).findall(f".//ram:{path}", SPACES)
    return [each.text or "" for each in found]


def test_the_file_holds_the_amounts_the_parties_and_the_number(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    invoice = issued(make, one, other)
    answer = sign_in(other.account).get(f"/factures/{invoice.id}/factur-x.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    name, xml = get_facturx_xml_from_pdf(answer.data, check_xsd=False)
    assert name == "factur-x.xml"
    xml_check_xsd(xml, flavor="factur-x", level="basicwl")
    assert invoice.number in said(xml, "ID")
    assert said(xml, "GrandTotalAmount") == [f"{invoice.ttc_cents / 100:.2f}"]
    assert said(xml, "TaxBasisTotalAmount") == [f"{invoice.ht_cents / 100:.2f}"]
    assert said(xml, "RateApplicablePercent") == ["20.00"]
    assert invoice.seller["legal_name"] in said(xml, "Name")
    assert invoice.issuer_siren in said(xml, "ID")
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 1


def test_a_firm_under_the_franchise_says_why_it_charges_no_vat(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    i.detailed(make, one, regime="franchise_293B", vat_number="")
    legs = (f.gives(one, other, (180_00, None)), f.gives(other, one, f.POSTER))
    deal = i.fulfilled(make, one, other, f.swap(one, other, *legs))
    leg = next(each for each in deal.legs if each.giver_id == one.firm_id)
    invoice = i.issued(make, leg, one)
    answer = sign_in(one.account).get(f"/invoices/{invoice.id}/factur-x.pdf")
    _name, xml = get_facturx_xml_from_pdf(answer.data, check_xsd=False)
    assert said(xml, "CategoryCode") == ["E"]
    assert "293 B" in said(xml, "ExemptionReason")[0]
    assert said(xml, "CalculatedAmount") == ["0.00"]


def test_what_was_issued_elsewhere_has_none_and_strangers_find_nothing(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    invoice = issued(make, one, other)
    path = f"/factures/{invoice.id}/factur-x.pdf"
    assert sign_in(make.member(make.site())).get(path).status_code == 404
    deal = i.deal_of(invoice.deal_id)
    leg = next(each for each in deal.legs if each.giver_id == other.firm_id)
    elsewhere = i.invoiced(make, leg, other)
    path = f"/factures/{elsewhere.id}/factur-x.pdf"
    assert sign_in(other.account).get(path).status_code == 404


def test_a_draft_has_no_number_and_no_file(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    deal = i.fulfilled(make, one, other)
    draft = i.prepared(make, deal.legs[0], one)
    assert sign_in(one.account).get(f"/factures/{draft.id}/factur-x.pdf").status_code == 404


def paper(answer: Any) -> str:
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return " ".join(text.replace("\u202f", " ").split())


def test_a_credit_note_names_the_invoice_that_it_takes_back(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    invoice = issued(make, one, other)
    with transaction():
        told = {"words": "Deux fois", "number": "", "today": make.now.date(), "now": make.now}
        note = answering.take_back(f.actor_of(make, one), invoice.id, **told)
    mine = sign_in(one.account)
    printed = paper(mine.get(f"/factures/{note.id}/facture.pdf?lang=fr"))
    assert f"Annule la facture {invoice.number} du 12 novembre 2026 : Deux fois" in printed
    answer = mine.get(f"/factures/{note.id}/factur-x.pdf")
    _name, xml = get_facturx_xml_from_pdf(answer.data, check_xsd=False)
    xml_check_xsd(xml, flavor="factur-x", level="basicwl")
    assert said(xml, "InvoiceReferencedDocument/ram:IssuerAssignedID") == [invoice.number]


def test_a_paper_with_a_quantity_says_the_price_of_one(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    legs = (
        f.gives(one, other, (100_00, 2000), quantity=8, unit="chaises"),
        f.gives(other, one, (100_00, 2000), quantity=3, unit="heures"),
    )
    deal = i.fulfilled(make, one, other, f.swap(one, other, *legs))
    papers = [
        paper(sign_in(by.account).get(f"/factures/{i.issued(make, leg, by).id}/facture.pdf"))
        for leg, by in zip(deal.legs, (one, other), strict=True)
    ]
    assert all("Prix unitaire HT" in each for each in papers)
    assert "8 chaises 12,50 €" in papers[0].replace("\xa0", " ")
    assert "3 heures 33,3333 €" in papers[1].replace("\xa0", " ")


@pytest.mark.parametrize(
    ("buyer", "operation", "category"),
    [
        (GERMAN, "services", "AE"),
        (GERMAN, "goods", "K"),
        (CANADIAN, "services", "O"),
        (CANADIAN, "goods", "G"),
    ],
)
def test_a_file_for_a_firm_abroad_says_by_its_category_why_there_is_no_vat(
    make: Make, sign_in: SignIn, one: f.House, other: f.House, buyer, operation, category
) -> None:
    i.detailed(make, one, other)
    i.detailed(make, other, regime="foreign", **buyer)
    terms = f.swap(one, other, f.gives(one, other, (9_00, 0)), f.gives(other, one, (9_00, 0)))
    leg = i.fulfilled(make, one, other, terms).legs[0]
    draft, today = i.prepared(make, leg, one), make.now.date()
    choices = drafting.Choices(operation=operation, supplied_on=today)
    with transaction():
        actor = f.actor_of(make, one)
        drafting.issue(actor, draft.id, choices=choices, today=today, now=make.now)
    answer = sign_in(one.account).get(f"/factures/{draft.id}/factur-x.pdf")
    _name, xml = get_facturx_xml_from_pdf(answer.data, check_xsd=False)
    xml_check_xsd(xml, flavor="factur-x", level="basicwl")
    assert said(xml, "CategoryCode") == [category]
    assert said(xml, "ExemptionReasonCode")[0].startswith("VATEX-EU-")


def test_a_file_of_a_service_from_abroad_says_that_the_customer_declares_the_vat(
    make: Make, sign_in: SignIn, one: f.House, other: f.House
) -> None:
    i.detailed(make, one, other)
    i.detailed(make, other, regime="foreign", **CANADIAN)
    terms = f.swap(one, other, f.gives(one, other, (9_00, 0)), f.gives(other, one, (9_00, 0)))
    made = i.issued(make, i.fulfilled(make, one, other, terms).legs[1], other)
    answer = sign_in(other.account).get(f"/factures/{made.id}/factur-x.pdf")
    _name, xml = get_facturx_xml_from_pdf(answer.data, check_xsd=False)
    xml_check_xsd(xml, flavor="factur-x", level="basicwl")
    assert said(xml, "CategoryCode") == ["AE"]
    assert said(xml, "ExemptionReasonCode") == ["VATEX-EU-AE"]
