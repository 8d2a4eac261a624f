"""Joining, inviting, claiming: who asks, who answers, what comes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.accounts import rights
from incubator.network.members import firm_policy, firm_queries, firm_requests, firm_waiting
from incubator.network.members.firm_models import FirmRequest, FirmRole
from tests.factories_members import (
    a_firm,
    abandons,
    asks_to_join,
    decides,
    invites,
    works_at,
)

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.members.firm_models import Firm
    from incubator.network.sites.models import Site
    from tests.factories import Make


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def founder(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Ada")


@pytest.fixture
def firm(make: Make, founder: Account) -> Firm:
    return a_firm(make, founder, "Rive")


def waiting(make: Make, reader: Account) -> list[int]:
    found = firm_waiting.waiting_for(make.actor(reader), make.now.date())
    assert firm_waiting.WAITING.of(make.actor(reader)) == len(found)
    return [each.id for each in found]


def standing(make: Make, firm: Firm) -> firm_policy.Standing:
    return firm_queries.standing_of(firm, make.now.date())


def test_a_member_asks_and_a_keeper_lets_them_in(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second, plain = make.member(lyon), make.member(lyon)
    works_at(make, plain, firm)
    asked = asks_to_join(make, second, firm, title="Associée")
    assert (asked.kind, asked.state) == ("join", "open")
    assert waiting(make, founder) == [asked.id]
    assert waiting(make, plain) == waiting(make, second) == []
    for stranger in (second, plain, make.member(lyon, role="manager")):
        with pytest.raises(NotAllowed, match=r"firms\.answer"):
            decides(make, stranger, asked, "accept")
    for _ in range(2):
        assert decides(make, founder, asked, "accept").state == "accepted"
    assert second.id in standing(make, firm).people - standing(make, firm).keepers
    with pytest.raises(Refusal, match=r"firms\.request_over"):
        decides(make, founder, asked, "decline")
    assert waiting(make, founder) == []


def test_asking_twice_is_asking_once(make: Make, lyon: Site, founder: Account, firm: Firm) -> None:
    second = make.member(lyon)
    assert asks_to_join(make, second, firm).id == asks_to_join(make, second, firm).id
    with pytest.raises(Refusal, match=r"firms\.asked"):
        invites(make, founder, firm, second)
    with pytest.raises(Refusal, match=r"firms\.there"):
        asks_to_join(make, founder, firm)


def test_one_asks_for_oneself_and_guests_do_not(make: Make, lyon: Site, firm: Firm) -> None:
    guest, other = make.member(lyon, role="guest"), make.member(lyon)
    for by, member in ((guest, guest), (other, guest)):
        with pytest.raises(NotAllowed, match=r"firms\.ask"), transaction():
            firm_requests.ask_to_join(
                make.actor(by),
                firm_id=firm.id,
                member_id=member.id,
                now=make.now,
                today=make.now.date(),
            )


def test_who_declined_may_be_asked_again_and_who_withdrew_may_ask_again(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second = make.member(lyon)
    first = asks_to_join(make, second, firm)
    with pytest.raises(NotAllowed):
        decides(make, founder, first, "withdraw")
    decides(make, second, first, "withdraw")
    again = asks_to_join(make, second, firm)
    decides(make, founder, again, "decline")
    assert asks_to_join(make, second, firm).id not in {first.id, again.id}
    states = db.session.scalars(select(FirmRequest.state).order_by(FirmRequest.id)).all()
    assert states == ["withdrawn", "declined", "open"]


def test_a_firm_invites_and_the_member_answers(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second = make.member(lyon)
    given = invites(make, founder, firm, second)
    assert invites(make, founder, firm, second).id == given.id
    assert waiting(make, second) == [given.id]
    with pytest.raises(Refusal, match=r"firms\.invited"):
        asks_to_join(make, second, firm)
    with pytest.raises(NotAllowed):
        decides(make, founder, given, "accept")
    decides(make, second, given, "accept")
    assert second.id in standing(make, firm).people
    with pytest.raises(Refusal, match=r"firms\.there"):
        invites(make, founder, firm, second)


def test_only_keepers_invite_and_any_of_them_takes_an_invitation_back(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second, third = make.member(lyon), make.member(lyon)
    with pytest.raises(NotAllowed, match=r"firms\.edit"):
        invites(make, second, firm, third)
    given = invites(make, founder, firm, second)
    with pytest.raises(NotAllowed):
        decides(make, third, given, "withdraw")
    assert decides(make, make.member(role="administrator"), given, "withdraw").state == "withdrawn"
    with pytest.raises(NotFound), transaction():
        firm_requests.invite(
            None, firm_id=firm.id, member_id=999, now=make.now, today=make.now.date()
        )


def test_a_firm_that_nobody_keeps_is_claimed_and_the_team_of_its_site_answers(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    abandons(make, founder, firm)
    second = make.member(lyon)
    claim = asks_to_join(make, second, firm)
    assert claim.kind == "claim"
    manager, elsewhere = (
        make.member(lyon, role="manager"),
        make.member(make.site("Dakar"), role="manager"),
    )
    boss = make.member(role="administrator")
    assert waiting(make, manager) == waiting(make, boss) == [claim.id]
    assert waiting(make, elsewhere) == waiting(make, founder) == []
    for stranger in (elsewhere, second, founder):
        with pytest.raises(NotAllowed):
            decides(make, stranger, claim, "accept")
    decides(make, manager, claim, "accept")
    assert standing(make, firm).keepers == {second.id}


def test_a_manager_does_not_answer_their_own_claim(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    abandons(make, founder, firm)
    manager = make.member(lyon, role="manager")
    claim = asks_to_join(make, manager, firm)
    assert waiting(make, manager) == []
    with pytest.raises(NotAllowed):
        decides(make, manager, claim, "accept")


def test_of_two_claims_one_is_accepted_and_the_other_may_join(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    abandons(make, founder, firm)
    first, second = make.member(lyon), make.member(lyon)
    claims = [asks_to_join(make, each, firm) for each in (first, second)]
    manager = make.member(lyon, role="manager")
    decides(make, manager, claims[0], "accept")
    with pytest.raises(Refusal, match=r"firms\.kept_meanwhile"):
        decides(make, first, claims[1], "accept")
    decides(make, first, claims[1], "decline")
    assert standing(make, firm).people == {first.id}


def test_one_of_the_people_claims_the_keys_and_stays_one_person(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    plain = make.member(lyon)
    works_at(make, plain, firm, "Atelier")
    abandons(make, founder, firm)
    claim = asks_to_join(make, plain, firm)
    decides(make, make.member(lyon, role="manager"), claim, "accept")
    held = db.session.scalars(select(FirmRole).where(FirmRole.member_id == plain.id)).all()
    assert [(role.keeper, role.title) for role in held] == [(True, "Atelier")]


def test_a_firm_whose_people_have_all_left_the_network_is_claimed(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    boss = make.member(role="administrator")
    with transaction():
        rights.deactivate(make.actor(boss), member_id=founder.id, now=make.now)
    assert asks_to_join(make, make.member(lyon), firm).kind == "claim"


def test_a_past_role_is_asked_for_with_its_days(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second, today = make.member(lyon), make.now.date()
    days = (today - timedelta(days=900), today - timedelta(days=300))
    asked = asks_to_join(make, second, firm, title="Stagiaire", days=days)
    decides(make, founder, asked, "accept")
    past = firm_queries.past_people_of(firm.id, today)
    assert [(role.member_id, role.since_on, role.until_on) for role in past] == [(second.id, *days)]
    overlapping = (today - timedelta(days=400), today - timedelta(days=200))
    again = asks_to_join(make, second, firm, days=overlapping)
    with pytest.raises(Refusal, match=r"firms\.overlap"):
        decides(make, founder, again, "accept")
    decides(make, second, again, "withdraw")
    for bad, reason in (
        ((today + timedelta(days=1), None), "since"),
        ((None, today), "since"),
        ((today, today), "order"),
    ):
        with pytest.raises(Refusal, match=rf"firms\.{reason}"):
            asks_to_join(make, second, firm, days=bad)


def test_who_left_the_network_meanwhile_is_not_let_in(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    second, boss = make.member(lyon), make.member(role="administrator")
    asked = asks_to_join(make, second, firm)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=second.id, now=make.now)
    assert waiting(make, founder) == []
    with pytest.raises(Refusal, match=r"firms\.member_left"):
        decides(make, founder, asked, "accept")


def test_what_waits_agrees_with_the_policy_for_every_reader(
    make: Make, lyon: Site, founder: Account, firm: Firm
) -> None:
    dakar = make.site("Dakar")
    owner, asker = make.member(dakar), make.member(dakar)
    lost = a_firm(make, owner, "Perdue")
    abandons(make, owner, lost)
    managers = [make.member(site, role="manager") for site in (lyon, dakar)]
    asks_to_join(make, asker, firm)
    invites(make, founder, firm, managers[1])
    asks_to_join(make, founder, lost)
    everything = db.session.scalars(select(FirmRequest)).all()
    for reader in (founder, owner, asker, *managers):
        allowed = [
            each.id
            for each in everything
            if firm_policy.may_answer(
                make.actor(reader),
                firm_requests.asked(each),
                standing(make, lost if each.firm_id == lost.id else firm),
            )
        ]
        assert waiting(make, reader) == allowed
    # An administrator may answer for every firm, and is told of those that nobody keeps.
    boss = make.member(role="administrator")
    assert waiting(make, boss) == [each.id for each in everything if each.kind == "claim"]
