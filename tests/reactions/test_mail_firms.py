"""Letters about requests between members and firms: to whom, and in whose language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.kernel.db import transaction
from incubator.network.members import firm_requests
from tests.factories_accounts import letters, link_in
from tests.factories_members import a_firm, abandons, asks_to_join, decides, invites

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.members.firm_models import Firm
    from incubator.network.sites.models import Site
    from tests.factories import Make


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def founder(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Ada", email="ada@example.org", language="en")


@pytest.fixture
def firm(make: Make, founder: Account) -> Firm:
    return a_firm(make, founder, "Rive")


def told(app: Flask, make: Make) -> list[tuple[str, str]]:
    return sorted((each["To"], each["Subject"]) for each in letters(app, make))


def test_keepers_are_told_of_a_request_and_the_asker_of_the_answer(
    app: Flask, make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second = make.member(lyon, name="Bob", email="bob@example.org")
    asked = asks_to_join(make, second, firm, message="On se connaît")
    letter = letters(app, make)[0]
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Bob asks to join Rive")
    assert "On se connaît" in letter.get_body(("plain",)).get_content()
    assert link_in(letter) == "/firms/requests"
    decides(make, founder, asked, "accept")
    assert told(app, make) == [("bob@example.org", "Vous figurez parmi les membres de Rive")]


def test_who_is_invited_is_told_and_the_keeper_of_their_answer(
    app: Flask, make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second = make.member(lyon, name="Bob", email="bob@example.org")
    given = invites(make, founder, firm, second)
    assert told(app, make) == [("bob@example.org", "Rive vous invite à figurer parmi ses membres")]
    decides(make, second, given, "decline")
    assert told(app, make) == [("ada@example.org", "Bob declines to be among the people of Rive")]


def test_a_claim_goes_to_the_managers_of_the_site_else_to_the_administrators(
    app: Flask, make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    abandons(make, founder, firm)
    make.member(role="administrator", email="boss@example.org")
    second = make.member(lyon, name="Bob")
    claim = asks_to_join(make, second, firm)
    assert [to for to, _ in told(app, make)] == ["boss@example.org"]
    decides(make, second, claim, "withdraw")
    assert told(app, make) == []
    make.member(lyon, role="manager", email="manager@example.org")
    asks_to_join(make, second, firm)
    assert told(app, make) == [
        ("manager@example.org", "Bob demande les clés de Rive, que personne ne tient")
    ]


def test_what_the_machine_writes_is_told_nobody(
    app: Flask, make: Make, lyon: Site, firm: Firm
) -> None:
    second = make.member(lyon)
    with transaction():
        asked = firm_requests.ask_to_join(
            None,
            firm_id=firm.id,
            member_id=second.id,
            now=make.now,
            today=make.now.date(),
        )
        firm_requests.decide(
            None, request_id=asked.id, act="accept", now=make.now, today=make.now.date()
        )
    assert told(app, make) == []
