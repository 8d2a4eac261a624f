"""Firms are found by their name, by what they say of themselves and by what they offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from incubator.kernel.db import db, transaction
from incubator.kernel.keyset import Cursor
from incubator.network.members import firm_list, firm_words, firms
from incubator.network.members.firm_models import Firm, FirmWord
from incubator.network.members.firm_queries import lookalikes
from tests.factories_members import a_firm, a_skill

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

ABOUT = "Nous **restaurons** des fauteuils et des chaises dans un atelier lumineux."


@pytest.fixture
def founder(make: Make) -> Account:
    return make.member(make.site("Lyon"))


@pytest.fixture
def firm(make: Make, founder: Account) -> Firm:
    return a_firm(
        make,
        founder,
        "Copeaux & Cie",
        activity="Menuiserie",
        pitch="Des meubles qui durent",
        about=ABOUT,
        offers=[a_skill(make, "Tapisserie d’ameublement").id],
        needs=[a_skill(make, "Photographie").id],
    )


def found(text: str) -> list[str]:
    filters = firm_list.Filters(words=firm_list.search_words(text))
    return [each.name for each in firm_list.firms_page(filters, Cursor(None, None, 9)).rows]


@pytest.mark.parametrize(
    "text",
    [
        "cop",
        "menuiserie",
        "meuble",
        "durent",
        "fauteu",
        "fauteuil",
        "lumineuse",
        "ameublement",
        "photographie",
        "chaises lumineux",
        "COPEAUX tapisserie",
    ],
)
def test_a_firm_is_found_by_what_it_says_and_offers(firm: Firm, text: str) -> None:
    assert found(text) == [firm.name]


@pytest.mark.parametrize("text", ["zzz", "opeaux", "plomberie", "copeaux plomberie", "~meubles"])
def test_what_it_does_not_say_does_not_find_it(firm: Firm, text: str) -> None:
    assert found(text) == ([] if text != "~meubles" else [firm.name])


def test_what_it_no_longer_says_does_not_find_it(make: Make, founder: Account, firm: Firm) -> None:
    with transaction():
        firms.edit_firm(
            make.actor(founder),
            firm_id=firm.id,
            details=firms.FirmDetails(name=firm.name, pitch="Du neuf"),
            today=make.now.date(),
        )
    assert (found("fauteuil"), found("neuf")) == ([], [firm.name])


def test_a_name_like_what_another_says_is_no_lookalike(firm: Firm) -> None:
    assert lookalikes("Meubles", firm.site_id) == []
    assert [each.id for each in lookalikes("Copeau et Cie", firm.site_id)] == [firm.id]


def test_firms_from_before_are_indexed_by_the_job(firm: Firm, monkeypatch) -> None:
    with transaction():
        db.session.execute(delete(FirmWord))
    assert found("fauteuil") == []
    monkeypatch.setattr(firm_words, "BATCH", 1)
    firm_words.index_all({})
    assert found("fauteuil") == [firm.name]
    assert db.session.scalar(select(FirmWord.word).where(FirmWord.word == "copeaux"))
