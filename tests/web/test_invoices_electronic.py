"""Factur-X: the data in the PDF say what the invoice says, to the cent, to its firms alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader

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
