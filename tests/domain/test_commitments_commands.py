"""Hours: who may say what, and what the ledger keeps of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.commitments import commands
from incubator.domain.commitments.events import HoursConfirmed, HoursDeclared, HoursWithdrawn
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Contribution
from incubator.kernel import events
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members.models import Member
from tests.factories_commitments import confirmed, declared, lines, today, total

if TYPE_CHECKING:
    from tests.factories import Make


@pytest.fixture
def lyon(make: Make):
    return make.site()


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon, name="Inès")


@pytest.fixture
def leo(make: Make, lyon):
    return make.member(lyon, name="Léo")


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, name="Sophie", role="manager")


def refusal(make: Make, giver, **more) -> str:
    with pytest.raises(Refusal) as caught:
        declared(make, giver, **more)
    return caught.value.code


def test_declared_hours_count_nothing_until_confirmed(make, ines) -> None:
    made = declared(make, ines)
    assert (made.state, made.minutes, lines(ines)) == ("declared", 180, [])


def test_the_person_helped_confirms_and_the_hours_count(make, ines, leo) -> None:
    made = confirmed(make, ines, leo, receiver=leo, minutes=90)
    assert (made.state, made.decided_by_id) == ("confirmed", leo.id)
    assert lines(ines) == [("HELP", 90)]


def test_presence_confirmed_by_a_manager_is_a_done_line(make, ines, sophie) -> None:
    confirmed(make, ines, sophie, kind="coworking")
    assert lines(ines) == [("DONE", 180)]


def test_nobody_confirms_their_own_hours(make, ines, sophie) -> None:
    for person in (ines, sophie):
        with pytest.raises(NotAllowed):
            confirmed(make, person, person)


def test_an_administrator_does_not_confirm_their_own_hours(make, lyon) -> None:
    boss = make.member(lyon, role="administrator")
    with pytest.raises(NotAllowed):
        confirmed(make, boss, boss)


def test_a_manager_of_another_site_does_not_even_see_the_hours(make, ines) -> None:
    stranger = make.member(make.site("Lille"), role="manager")
    with pytest.raises(NotFound):
        confirmed(make, ines, stranger)


def test_a_neighbour_who_was_not_helped_does_not_see_the_hours(make, ines, leo) -> None:
    with pytest.raises(NotFound):
        confirmed(make, ines, leo)


def test_an_administrator_confirms_anywhere(make, ines) -> None:
    assert confirmed(make, ines, make.member(role="administrator")).state == "confirmed"


def test_confirming_twice_writes_one_line(make, ines, sophie) -> None:
    made = confirmed(make, ines, sophie)
    with transaction():
        commands.confirm(make.actor(sophie), made.id, now=make.now)
    assert lines(ines) == [("HELP", 180)]


def test_a_refusal_needs_a_reason_and_keeps_it(make, ines, sophie) -> None:
    made = declared(make, ines)
    with pytest.raises(Refusal, match="reason_needed"), transaction():
        commands.refuse(make.actor(sophie), made.id, reason="  ", now=make.now)
    with transaction():
        commands.refuse(make.actor(sophie), made.id, reason="Le site était fermé.", now=make.now)
    assert (made.state, made.reason, lines(ines)) == ("refused", "Le site était fermé.", [])


def test_what_was_refused_cannot_be_confirmed(make, ines, sophie) -> None:
    made = declared(make, ines)
    with transaction():
        commands.refuse(make.actor(sophie), made.id, reason="Non", now=make.now)
    with pytest.raises(Refusal, match="decided_before"), transaction():
        commands.confirm(make.actor(sophie), made.id, now=make.now)
    with transaction():
        again = commands.refuse(make.actor(sophie), made.id, reason="Encore", now=make.now)
    assert again.reason == "Non"


def test_withdrawing_confirmed_hours_writes_the_opposite_once(make, ines, sophie) -> None:
    made = confirmed(make, ines, sophie)
    for _ in range(2):
        with transaction():
            commands.withdraw(make.actor(ines), made.id, now=make.now)
    assert (made.state, lines(ines)) == ("withdrawn", [("HELP", 180), ("REVERSAL", -180)])


def test_withdrawing_waiting_hours_writes_nothing(make, ines) -> None:
    made = declared(make, ines)
    with transaction():
        commands.withdraw(make.actor(ines), made.id, now=make.now)
    assert lines(ines) == []


def test_only_the_giver_withdraws_and_never_what_was_refused(make, ines, sophie) -> None:
    made = declared(make, ines)
    with pytest.raises(NotAllowed), transaction():
        commands.withdraw(make.actor(sophie), made.id, now=make.now)
    with transaction():
        commands.refuse(make.actor(sophie), made.id, reason="Non", now=make.now)
    with pytest.raises(Refusal, match="decided_before"), transaction():
        commands.withdraw(make.actor(ines), made.id, now=make.now)


def test_the_standing_is_the_sum_of_the_ledger(make, ines, sophie) -> None:
    confirmed(make, ines, sophie, receiver=sophie, minutes=60)
    confirmed(make, ines, sophie, kind="coworking", minutes=30)
    made = confirmed(make, ines, sophie, minutes=45)
    with transaction():
        commands.withdraw(make.actor(ines), made.id, now=make.now)
    standing = db.session.scalars(select(Standing).where(Standing.member_id == ines.id)).one()
    assert (standing.done, standing.help, standing.balance) == (30, 60, total(ines))


def test_sending_the_same_form_twice_declares_once(make, ines) -> None:
    first = declared(make, ines, once="a" * 32)
    assert declared(make, ines, once="a" * 32).id == first.id
    assert declared(make, ines, once="b" * 32).id != first.id


def test_a_day_has_no_more_than_twenty_four_hours(make, ines, sophie) -> None:
    declared(make, ines, minutes=23 * 60)
    assert refusal(make, ines, minutes=65) == "commitments.day_full"
    made = declared(make, ines, minutes=60)
    assert refusal(make, ines, minutes=15) == "commitments.day_full"
    with transaction():
        commands.withdraw(make.actor(ines), made.id, now=make.now)
    declared(make, ines, minutes=15)


def test_hours_of_tomorrow_or_of_before_joining_are_refused(make, ines, sophie) -> None:
    assert refusal(make, ines, day=today(make) + timedelta(days=1)) == "commitments.in_the_future"
    for person in (ines, sophie):
        before = today(make) - timedelta(days=1)
        assert refusal(make, person, day=before) == "commitments.before_joining"


def test_a_resident_goes_back_two_months_a_manager_further(make, ines, sophie) -> None:
    make.now += timedelta(days=100)
    day = today(make) - timedelta(days=62)
    declared(make, ines, day=day)
    assert refusal(make, ines, day=day - timedelta(days=1)) == "commitments.too_long_ago"
    declared(make, sophie, day=day - timedelta(days=1))


def test_the_day_is_that_of_the_givers_own_zone(make, lyon) -> None:
    make.now -= timedelta(days=2)
    away = make.member(lyon, time_zone="Pacific/Auckland")
    make.now = make.now.replace(hour=20)
    tomorrow = today(make) + timedelta(days=1)
    assert declared(make, away, day=tomorrow).day == tomorrow


def test_kind_and_person_are_checked(make, ines) -> None:
    assert refusal(make, ines, kind="sleeping") == "commitments.kind_unknown"
    assert refusal(make, ines, kind="help_thread") == "commitments.receiver_needed"
    assert refusal(make, ines, receiver_id=ines.id) == "commitments.receiver_self"
    assert refusal(make, ines, receiver_id=987_654) == "commitments.receiver_unknown"
    assert refusal(make, ines, note="x" * 301) == "commitments.text_too_long"


def test_a_guest_declares_nothing(make, lyon) -> None:
    assert refusal(make, make.member(lyon, role="guest")) == "commitments.guests_do_not_declare"


def test_hours_of_an_unknown_number_are_not_found(make, ines) -> None:
    with pytest.raises(NotFound), transaction():
        commands.confirm(make.actor(ines), 987_654, now=make.now)


def test_others_hear_what_happens_to_hours(make, ines, sophie, monkeypatch) -> None:
    monkeypatch.setattr(events, "_joining", {})
    heard: list[events.Event] = []
    events.joins(events.Event, heard.append)
    made = confirmed(make, ines, sophie)
    with transaction():
        commands.withdraw(make.actor(ines), made.id, now=make.now)
    assert [type(e) for e in heard] == [HoursDeclared, HoursConfirmed, HoursWithdrawn]
    assert heard[1] == HoursConfirmed(
        actor_id=sophie.id,
        site_id=made.home_site_id,
        contribution_id=made.id,
        giver_id=ines.id,
        receiver_id=None,
        kind="reception_desk",
        minutes=180,
    )


def test_hours_keep_the_site_where_they_were_declared(make, ines, lyon) -> None:
    made = declared(make, ines)
    with transaction():
        db.session.get_one(Member, ines.id).home_site_id = None
    assert db.session.get_one(Contribution, made.id).home_site_id == lyon.id
