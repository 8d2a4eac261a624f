"""Promises of firms, with the hours signed up for; what a promise would change, and its shares."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    firm_pledges,
    journal,
    planned,
    pledges,
    signups,
    verifying,
)
from incubator.domain.commitments.ledger_models import FirmStanding, Standing
from incubator.domain.commitments.periods import period_on
from incubator.domain.commitments.promise_models import Obligation
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from tests.factories_commitments import confirmed, pledged, today
from tests.factories_life import merged
from tests.factories_members import a_firm, works_at
from tests.factories_slots import a_slot, signed_up


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon)


@pytest.fixture
def slot(make, sophie, lyon):
    return a_slot(make, sophie, lyon)


def promised(make, keeper, firm, minutes=720):
    with transaction():
        return firm_pledges.pledge_firm(
            make.actor(keeper),
            firm_id=firm.id,
            minutes_per_period=minutes,
            valid_from=make.now.date().replace(day=1),
            now=make.now,
        )


def of_firm(firm) -> list[int]:
    """What the standings of a firm say is to come."""
    return list(db.session.scalars(select(FirmStanding.planned).filter_by(firm_id=firm.id)))


def own(member) -> list[int]:
    return list(db.session.scalars(select(Standing.planned).filter_by(member_id=member.id)))


def test_what_its_people_signed_up_for_is_the_firms(make, ines, sophie, lyon, slot) -> None:
    leo, firm = make.member(lyon), a_firm(make, ines)
    works_at(make, leo, firm)
    signup = signed_up(make, ines, slot)
    promised(make, ines, firm)
    assert of_firm(firm) == [180]
    signed_up(make, leo, a_slot(make, sophie, lyon, day=slot.local_date + timedelta(days=1)))
    assert of_firm(firm) == [360]
    with transaction():
        signups.cannot_come(make.actor(ines), signup.id, now=make.now)
    assert of_firm(firm) == [180]


def test_who_promised_something_plans_for_themselves(make, ines, sophie, slot) -> None:
    firm = a_firm(make, ines)
    promised(make, ines, firm)
    signed_up(make, ines, slot)
    assert of_firm(firm) == [180]
    pledged(make, ines, sophie)
    assert (of_firm(firm), own(ines)) == ([0], [180])


def test_what_has_passed_leaves_the_firm_and_rebuilding_reckons_it_again(make, ines, slot) -> None:
    firm = a_firm(make, ines)
    promised(make, ines, firm)
    signed_up(make, ines, slot)
    with transaction():
        verifying.rebuild(make.now)
    assert of_firm(firm) == [180]
    assert [planned.refresh(slot.ends_at), of_firm(firm)] == [1, [0]]


def test_merging_takes_what_was_signed_up_for_along_at_once(make, ines, sophie, lyon, slot) -> None:
    double = make.member(lyon)
    for member in (ines, double):
        pledged(make, member, sophie)
    signed_up(make, double, slot)
    merged(make, sophie, ines, double)
    assert own(ines) == [180]
    assert sum(own(double)) == 0


def test_only_who_keeps_a_firm_signs_for_it(make, ines, sophie) -> None:
    firm = a_firm(make, ines)
    with pytest.raises(NotAllowed):
        promised(make, sophie, firm)


def test_what_a_promise_would_change_is_what_it_changes(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    terms = {"minutes_per_period": 600, "valid_from": today(make) + timedelta(days=3)}
    seen = pledges.foresee(make.actor(sophie), member_id=ines.id, **terms, now=make.now)
    (known,) = db.session.scalars(select(Obligation.minutes))
    assert seen[0].before == known
    pledged(make, ines, sophie, **terms)
    last = db.session.scalars(select(Obligation.minutes).order_by(Obligation.rev.desc())).first()
    assert seen[0].after == last != known
    assert [one.after for one in seen[1:]] == [600] * len(seen[1:]) != []


def test_a_promise_that_cannot_be_is_refused_before_it_is_looked_at(make, ines, sophie) -> None:
    terms = {"minutes_per_period": -5, "valid_from": today(make)}
    with pytest.raises(Refusal) as caught:
        pledges.foresee(make.actor(sophie), member_id=ines.id, **terms, now=make.now)
    assert caught.value.field == "duration"
    with pytest.raises(NotAllowed):
        pledges.foresee(make.actor(ines), member_id=ines.id, **terms, now=make.now)


@pytest.mark.parametrize(
    ("shares", "field"),
    [
        (pledges.Shares(min_home_pct=101), "min_home_pct"),
        (pledges.Shares(help_max_pct=-1), "help_max_pct"),
    ],
)
def test_a_share_is_a_percentage(make, ines, sophie, shares, field) -> None:
    with pytest.raises(Refusal) as caught:
        pledged(make, ines, sophie, shares=shares)
    assert (caught.value.code, caught.value.field) == ("commitments.pledge_share", field)


def test_how_much_was_given_at_home_is_told_in_percent(make, ines, sophie, lyon) -> None:
    pledged(make, ines, sophie, shares=pledges.Shares(min_home_pct=50))
    period = period_on(make.now.date())
    assert journal.home_share(ines.id, period.id, lyon.id) is None
    confirmed(make, ines, sophie, kind="coworking", minutes=60)
    assert journal.home_share(ines.id, period.id, lyon.id) == 100
    assert journal.home_share(ines.id, period.id, lyon.id + 1) == 0
