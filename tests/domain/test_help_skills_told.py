"""Skills proposed from what is typed: names and synonyms in both languages, threads like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help.skills_told import MOST, proposed
from incubator.kernel.db import db, transaction
from incubator.kernel.text import fold
from incubator.network.members.models import Skill, SkillSynonym
from tests import factories_help as h

if TYPE_CHECKING:
    from tests.factories import Make


def term(slug: str, french: str, english: str, *also: str, parent: Skill | None = None) -> Skill:
    with transaction():
        made = Skill(slug=slug, name_fr=french, name_en=english)
        made.parent_id = parent.id if parent else None
        db.session.add(made)
        db.session.flush()
        db.session.add_all(
            SkillSynonym(skill_id=made.id, name=name, language="fr", folded=fold(name))
            for name in also
        )
    return made


def told(title: str, body: str = "", *, language: str = "fr", **more: Any) -> list[str]:
    return [each.slug for each in proposed(title, body, language=language, **more)]


@pytest.fixture
def words(make: Make) -> dict[str, Skill]:
    law = term("droit", "Droit et contrats", "Law and contracts")
    money = term("finance", "Comptabilité et finance", "Accounting and finance")
    return {
        "law": law,
        "lease": term("baux", "Baux commerciaux", "Commercial leases", "bail", parent=law),
        "work": term(
            "travail", "Droit du travail", "Employment law", "contrat de travail", parent=law
        ),
        "contract": term("contrats", "Droit des contrats", "Contract law", "contrat", parent=law),
        "tax": term("fiscalite", "Fiscalité", "Tax", "TVA", "VAT", parent=money),
    }


@pytest.mark.parametrize(
    ("title", "language", "slug"),
    [
        ("Un bail pour six mois", "fr", "baux"),
        ("Des BAUX commerciaux à Lyon", "fr", "baux"),
        ("A lease for six months", "en", "baux"),
        ("La T.V.A. et la TVA d’un bon d’achat", "fr", "fiscalite"),
        ("VAT on a voucher", "fr", "fiscalite"),
        ("Fiscalite d'une association", "en", "fiscalite"),
    ],
)
def test_names_and_synonyms_of_both_languages_are_understood(
    words: dict[str, Skill], title: str, language: str, slug: str
) -> None:
    assert told(title, language=language)[0] == slug
    (first, *_others) = proposed(title, "", language=language)
    assert first.name in {words[each].name_fr for each in words} | {
        words[each].name_en for each in words
    }


def test_the_longest_name_is_meant_and_not_its_parts(words: dict[str, Skill]) -> None:
    assert words
    assert told("Rompre un contrat de travail")[0] == "travail"
    assert "contrats" not in told("Rompre un contrat de travail")
    assert told("Rompre un contrat")[0] == "contrats"


def test_the_text_counts_less_than_the_title_and_small_words_count_nothing(
    words: dict[str, Skill],
) -> None:
    assert words
    assert told("Une question", "Mon bail et la TVA.") == ["baux", "fiscalite"]
    assert told("La TVA", "Mon bail, mon bail, mon bail.") == ["fiscalite", "baux"]
    assert told("Et de la pour nous") == []
    assert told("") == []


def test_families_are_not_proposed_nor_what_is_ticked(words: dict[str, Skill]) -> None:
    assert "droit" not in told("Droit et contrats")
    assert told("Un bail", but={words["lease"].id}) == []


def test_threads_like_it_bring_their_skills(make: Make, words: dict[str, Skill]) -> None:
    asker = make.member(make.site())
    asked = [h.question(make, asker, words["tax"]) for _ in range(2)]
    assert told("Remplir ce formulaire") == []
    assert told("Remplir ce formulaire", like=[asked[0].id]) == []
    assert told("Remplir ce formulaire", like=[each.id for each in asked]) == ["fiscalite"]


def test_few_are_proposed_of_a_long_text_and_its_end_is_not_read(words: dict[str, Skill]) -> None:
    assert words
    for number in range(MOST + 2):
        term(f"s{number}", f"Métier{number}", f"Trade{number}")
    every = " ".join(f"métier{number}" for number in range(MOST + 2))
    assert len(told("Un métier", every)) == MOST
    assert told("Une question", "mot " * 500 + "bail") == []
