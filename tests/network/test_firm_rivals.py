"""Rivals over one firm, with real threads on both databases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.kernel.db import db, transaction
from incubator.network.members import firm_people, firm_queries, firms
from incubator.network.members.firm_models import Firm, FirmRequest, FirmRole
from tests import factories_members as m
from tests.conftest import NOW
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from collections.abc import Callable


RIVALS = 6


def test_rival_answers_to_one_request_give_one_outcome(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        founder, second = make.member(make.site()), make.member(make.site())
        firm = m.a_firm(make, founder)
        asked = m.asks_to_join(make, second, firm)
        rested(founder, second, asked)
    acts = [
        partial(m.decides, make, founder, asked, "accept"),
        partial(m.decides, make, founder, asked, "decline"),
        partial(m.decides, make, second, asked, "withdraw"),
    ]
    ends = rivals.at_once(acts * 2)
    assert ends == {"done": 2, "firms.request_over": 4}
    with rivals.inside():
        state = db.session.scalars(select(FirmRequest.state)).one()
        roles = select(func.count()).where(FirmRole.member_id == second.id)
        assert db.session.scalar(roles) == (state == "accepted")


def test_rival_requests_of_one_member_are_one(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        founder, second = make.member(make.site()), make.member(make.site())
        firm = m.a_firm(make, founder)
        rested(founder, second, firm)
    acts: list[Callable[[], Any]] = [partial(m.asks_to_join, make, second, firm)] * RIVALS
    acts += [partial(m.invites, make, founder, firm, second)] * RIVALS
    ends = rivals.at_once(acts)
    assert ends["done"] == RIVALS
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(FirmRequest)) == 1


def test_rivals_for_one_number_and_one_address_all_end_well(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        founders = [make.member(make.site()) for _ in range(RIVALS)]
        rested(*founders)
    numbered = [
        partial(m.a_firm, make, each, "Rive", registration="732829320") for each in founders
    ]
    ends = rivals.at_once(numbered)
    assert ends == {"done": 1, "firms.registration_taken": RIVALS - 1}
    ends = rivals.at_once([partial(m.a_firm, make, each, "Zinc") for each in founders])
    assert ends["done"] >= 1
    assert set(ends) <= {"done", "firms.busy"}
    with rivals.inside():
        slugs = db.session.scalars(select(Firm.slug)).all()
        assert len(slugs) == len(set(slugs)) == ends["done"] + 1


def test_rival_edits_to_one_number_leave_it_to_one(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        founders = [make.member(make.site()) for _ in range(RIVALS)]
        kept = [m.a_firm(make, each, f"Zinc {each.id}") for each in founders]
        rested(*founders, *kept)

    def edit(number: int) -> None:
        firm, founder = kept[number], founders[number]
        with transaction():
            firms.edit_firm(
                make.actor(founder),
                firm_id=firm.id,
                details=firms.FirmDetails(name=firm.name, registration="732829320"),
                today=NOW.date(),
            )

    ends = rivals.at_once([partial(edit, number) for number in range(RIVALS)])
    assert ends == {"done": 1, "firms.registration_taken": RIVALS - 1}


def test_two_keepers_who_leave_at_once_do_not_both_go_unseen(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        founder, second = make.member(make.site()), make.member(make.site())
        firm = m.a_firm(make, founder)
        role = m.works_at(make, second, firm)
        with transaction():
            firm_people.set_keeper(None, role_id=role.id, keeper=True, today=NOW.date())
        first = firm_people.lasting_role(firm.id, founder.id)
        assert first
        rested(founder, second, first, role, firm)

    def leave(number: int) -> None:
        mine, who = ((first, founder), (role, second))[number]
        with transaction():
            firm_people.end_role(make.actor(who), role_id=mine.id, today=NOW.date())

    ends = rivals.at_once([partial(leave, 0), partial(leave, 1)])
    assert ends == {"done": 1, "firms.last_keeper": 1}
    with rivals.inside():
        assert firm_queries.standing_of(firm, NOW.date()).is_kept
