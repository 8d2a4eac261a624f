"""Letters about rings: an idea, once a day; that it came to nothing; that it is complete."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.domain.exchanges.rings import commands, seeking
from incubator.kernel.db import as_of, transaction
from incubator.kernel.jobs import run_due
from incubator.network.letters import wishes
from incubator.reactions.bridges import found_rings
from tests import factories_listings as listed
from tests import factories_rings as f
from tests.factories_accounts import letters
from tests.factories_letters import texts

if TYPE_CHECKING:
    from flask import Flask

    from incubator.domain.exchanges.rings.models import Ring
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")


def written(app: Flask, make: Make) -> dict[str, str]:
    """What each address was written, as plain text."""
    return {each["To"]: texts(each)[0] for each in letters(app, make)}


def test_an_idea_comes_by_letter_once_a_day_and_names_nobody(app: Flask, make: Make) -> None:
    turns = f.ringed(make)
    f.suggested(make, turns)
    told = written(app, make)
    assert set(told) == {turn.trader.account.email for turn in turns}
    mine = told[turns[0].trader.account.email]
    assert "Une idée de boucle pour votre entreprise" in mine
    for other in turns[1:]:
        assert other.trader.firm.name not in mine
        assert other.offer.title not in mine
    rival = f.rival_of(make, turns[0])
    f.suggested(make, [rival, turns[0]])
    assert set(written(app, make)) == {rival.trader.account.email}
    late = f.rival_of(make, turns[0])
    with as_of(make.now + timedelta(hours=25)):
        f.sought(make, late, days=1.05)
        run_due(make.now + timedelta(hours=25))
    ideas = seeking.open_ideas([turns[0].trader.firm.id])
    assert ideas == {turns[0].trader.firm.id: 3}


def test_who_wants_no_letters_of_rings_gets_none(app: Flask, make: Make) -> None:
    turns = f.ringed(make)
    account = turns[0].trader.account
    with transaction():
        wishes.stop(account.id, "ring_ideas")
    f.suggested(make, turns)
    assert set(written(app, make)) == {turn.trader.account.email for turn in turns[1:]}


def test_that_it_lapsed_is_told_to_who_said_yes(app: Flask, make: Make) -> None:
    turns = f.ringed(make)
    ring = f.suggested(make, turns)
    f.says_yes(make, turns[0], ring)
    written(app, make)
    f.says_no(make, turns[1], ring, "Trop loin")
    told = written(app, make)
    assert set(told) == {turns[0].trader.account.email}
    said = told[turns[0].trader.account.email]
    assert "reste sans suite" in said
    for secret in ("Trop loin", turns[1].trader.firm.name, "Dakar"):
        assert secret not in said


def complete(make: Make, turns: list[f.Turn]) -> Ring:
    ring = f.suggested(make, turns)
    for turn in turns:
        f.says_yes(make, turn, ring)
    return ring


def test_that_all_said_yes_is_one_letter_to_the_others(app: Flask, make: Make) -> None:
    turns = f.ringed(make)
    complete(make, turns)
    told = [
        each for each in letters(app, make) if "boucle d’échanges est complète" in texts(each)[0]
    ]
    assert {each["To"] for each in told} == {turn.trader.account.email for turn in turns[:2]}
    assert len(told) == 2


def test_a_publication_is_sought_by_a_job_and_the_night_seeks_once(make: Make) -> None:
    turns = f.ringed(make)
    assert seeking.open_ideas([turns[0].trader.firm.id]) == {}
    run_due(make.now)
    assert seeking.open_ideas([turns[0].trader.firm.id]) == {turns[0].trader.firm.id: 1}
    f.rival_of(make, turns[0])
    with as_of(make.now + timedelta(days=8)):
        for _twice in range(2):
            found_rings.pass_hour({})
        assert commands.due(make.now + timedelta(days=8)) == []
        run_due(make.now + timedelta(days=8))
    listed.moved(make, turns[1].trader, turns[1].need, "withdraw", after=24 * 8)
    assert seeking.open_ideas([turns[0].trader.firm.id]) == {turns[0].trader.firm.id: 1}
