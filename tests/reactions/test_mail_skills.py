"""Letters about proposed skills: what became of each, in the language of who proposed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel.db import transaction
from incubator.network.accounts import rights
from incubator.network.members import proposals
from tests.factories_accounts import letters, link_in
from tests.factories_members import a_skill

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.members.skill_models import SkillProposal
    from tests.factories import Make


@pytest.fixture
def boss(make: Make) -> Account:
    return make.member(role="administrator", email="boss@example.org")


@pytest.fixture
def awa(make: Make) -> Account:
    return make.member(make.site(), name="Awa", email="awa@example.org", language="en")


def proposed(make: Make, by: Account, name: str = "Apiculture") -> SkillProposal:
    with transaction():
        return proposals.propose(make.actor(by), name=name, now=make.now)


def decided(
    make: Make, by: Account, row: SkillProposal, act: Callable[..., Any], **how: Any
) -> None:
    with transaction():
        act(make.actor(by), row.id, now=make.now, **how)


@pytest.mark.parametrize(
    ("act", "how", "subject", "said"),
    [
        (
            proposals.accept,
            {"name_fr": "Apiculture", "name_en": "Beekeeping", "parent_id": None},
            "“Apiculture” is now a skill of the network",
            "as Beekeeping.",
        ),
        (proposals.join, {}, "“Apiculture” now means Bees", "finds Bees from now on"),
        (
            proposals.decline,
            {"word": "Trop près de <Élevage>"},
            "“Apiculture” stays out of the skills",
            "Trop près de <Élevage>",
        ),
    ],
    ids=["accepted", "joined", "declined"],
)
def test_who_proposed_is_told_in_their_language_what_became_of_it(
    app: Flask, make: Make, boss: Account, awa: Account, sign_in: Any,
    act: Callable[..., Any], how: dict[str, Any], subject: str, said: str,
) -> None:  # fmt: skip
    if act is proposals.join:
        how = {"skill_id": a_skill(make, "Bees").id}
    decided(make, boss, proposed(make, awa), act, **how)
    (letter,) = letters(app, make)
    assert (letter["To"], letter["Subject"]) == ("awa@example.org", subject)
    assert said in letter.get_body(("plain",)).get_content()
    assert link_in(letter) == "/skills/propose"
    page = sign_in(awa).get(link_in(letter))
    assert page.status_code == 200
    assert "Apiculture" in page.text


def test_the_term_is_named_in_the_readers_language(app: Flask, make: Make, boss: Account) -> None:
    reader = make.member(make.site())
    how = {"name_fr": "Apiculture", "name_en": "Beekeeping", "parent_id": None}
    decided(make, boss, proposed(make, reader), proposals.accept, **how)
    (letter,) = letters(app, make)
    assert letter["Subject"] == "« Apiculture » est désormais une compétence du réseau"
    assert "sous le nom Apiculture" in letter.get_body(("plain",)).get_content()


def test_who_decides_on_their_own_or_has_left_gets_no_letter(
    app: Flask, make: Make, boss: Account, awa: Account
) -> None:
    decided(make, boss, proposed(make, boss, "Sieste"), proposals.decline, word="Non")
    row = proposed(make, awa)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=awa.id, now=make.now)
    decided(make, boss, row, proposals.decline, word="Non")
    assert letters(app, make) == []
