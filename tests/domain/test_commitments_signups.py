"""Coming to a slot: places, overlaps, notice, stand-ins, watching."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments import signups, slot_commands, slot_watches
from incubator.domain.commitments.slot_models import Signup, SlotWatch
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members import skills as vocabulary
from incubator.network.members.models import MemberSkill
from tests.factories_slots import a_slot, signed_up

DAY = timedelta(days=1)
LATE = timedelta(days=4, hours=12)  # less than a day before the slot


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
def leo(make, lyon):
    return make.member(lyon)


def state(signup) -> str:
    return db.session.get_one(Signup, signup.id).state


def cannot(make, member, signup, now=None, **more):
    with transaction():
        return signups.cannot_come(make.actor(member), signup.id, now=now or make.now, **more)


def stand_in(make, member, signup, once="s", now=None):
    with transaction():
        return signups.take_over(make.actor(member), signup.id, once=once, now=now or make.now)


def watch(make, member, slot):
    with transaction():
        slot_watches.watch(make.actor(member), slot.id, now=make.now)


def test_places_are_taken_in_order_until_the_slot_is_full(make, sophie, ines, leo, lyon):
    slot = a_slot(make, sophie, lyon)
    assert [signed_up(make, who, slot).place for who in (ines, leo)] == [1, 2]
    with pytest.raises(Refusal, match="slot_full"):
        signed_up(make, sophie, slot)
    with pytest.raises(Refusal, match="slot_yours"):
        signed_up(make, ines, slot)


def test_a_form_sent_twice_takes_one_place(make, sophie, ines, lyon):
    slot = a_slot(make, sophie, lyon)
    for _ in range(2):
        with transaction():
            signups.sign_up(make.actor(ines), slot.id, once="a", now=make.now)
    assert db.session.scalars(select(Signup.place)).all() == [1]


def test_nobody_is_at_two_places_at_once_but_one_after_the_other(make, sophie, ines, lyon):
    nantes = make.site("Nantes")
    first, after = a_slot(make, sophie, lyon), a_slot(make, sophie, lyon, local_start=720)
    there = a_slot(make, make.member(nantes, role="manager"), nantes, local_start=660)
    signed_up(make, ines, first)
    signed_up(make, ines, after)
    with pytest.raises(Refusal, match="slot_overlap"):
        signed_up(make, ines, there)


def test_a_skill_or_one_of_its_family_is_asked_for(make, sophie, ines, leo, lyon):
    with transaction():
        family = vocabulary.add_skill(
            None, slug="first-aid", name_fr="Secours", name_en="First aid"
        )
        term = vocabulary.add_skill(
            None, slug="sst", name_fr="SST", name_en="SST", parent_id=family.id
        )
        db.session.add(MemberSkill(member_id=ines.id, skill_id=term.id))
        db.session.add(MemberSkill(member_id=leo.id, skill_id=family.id, wanted=True))
    slot = a_slot(make, sophie, lyon, skill_id=family.id)
    signed_up(make, ines, slot)
    with pytest.raises(Refusal, match="slot_skill_needed"):
        signed_up(make, leo, slot)


def test_guests_do_not_sign_up_nor_watch(make, sophie, lyon):
    slot, guest = a_slot(make, sophie, lyon), make.member(lyon, role="guest")
    with pytest.raises(NotAllowed):
        signed_up(make, guest, slot)
    with pytest.raises(NotAllowed):
        watch(make, guest, slot)


def test_what_has_begun_or_is_called_off_takes_nobody(make, sophie, ines, lyon):
    slot = a_slot(make, sophie, lyon)
    with pytest.raises(Refusal, match="slot_begun"):
        signed_up(make, ines, slot, now=slot.starts_at)
    with transaction():
        slot_commands.cancel_slot(make.actor(sophie), slot.id, reason="Grève", now=make.now)
    with pytest.raises(Refusal, match="slot_cancelled"):
        signed_up(make, ines, slot)
    with pytest.raises(Refusal, match="slot_over"):
        watch(make, ines, slot)
    with pytest.raises(NotFound), transaction():
        signups.sign_up(make.actor(ines), 999, once="x", now=make.now)


def test_with_notice_the_place_is_free_at_once(make, sophie, ines, leo, lyon):
    slot = a_slot(make, sophie, lyon, capacity_max=1)
    signup = signed_up(make, ines, slot)
    for _ in range(2):
        assert cannot(make, ines, signup, reason=" trop  de travail ").state == "cancelled"
    assert signed_up(make, leo, slot).place == 1
    assert db.session.get_one(Signup, signup.id).reason == "trop de travail"


def test_too_late_a_stand_in_is_wanted_and_one_takes_over(make, sophie, ines, leo, lyon):
    slot = a_slot(make, sophie, lyon, capacity_max=1)
    signup = signed_up(make, ines, slot)
    late = make.now + LATE
    assert cannot(make, ines, signup, now=late).state == "stand_in_wanted"
    with pytest.raises(Refusal, match="slot_yours"):
        stand_in(make, ines, signup, now=late)
    made = stand_in(make, leo, signup, now=late)
    assert stand_in(make, leo, signup, now=late).id == made.id
    assert (state(signup), made.place, made.replaces_id) == ("taken_over", 1, signup.id)
    with pytest.raises(Refusal, match="stand_in_found"):
        stand_in(make, sophie, signup, once="t", now=late)
    with pytest.raises(Refusal, match="signup_settled"):
        cannot(make, ines, signup, now=late)


def test_who_comes_after_all_keeps_the_place(make, sophie, ines, leo, lyon):
    slot = a_slot(make, sophie, lyon)
    signup, late = signed_up(make, ines, slot), make.now + LATE
    cannot(make, ines, signup, now=late, reason="train")
    for _ in range(2):
        with transaction():
            signups.come_after_all(make.actor(ines), signup.id, now=late)
    assert (state(signup), db.session.get_one(Signup, signup.id).reason) == ("booked", "")
    with pytest.raises(Refusal, match="stand_in_found"):
        stand_in(make, leo, signup, now=late)
    cannot(make, ines, signup)
    with pytest.raises(Refusal, match="signup_settled"), transaction():
        signups.come_after_all(make.actor(ines), signup.id, now=late)


def test_a_place_is_given_back_by_its_owner_before_it_begins(make, sophie, ines, leo, lyon):
    slot = a_slot(make, sophie, lyon)
    signup = signed_up(make, ines, slot)
    with pytest.raises(Refusal, match="slot_begun"):
        cannot(make, ines, signup, now=slot.starts_at)
    with pytest.raises(Refusal, match="text_too_long"):
        cannot(make, ines, signup, reason="x" * 301)
    with pytest.raises(NotFound):
        cannot(make, leo, signup)
    with pytest.raises(NotFound), transaction():
        signups.cannot_come(make.actor(ines), 999, now=make.now)


def test_who_watches_is_told_once_and_no_more_when_they_came(make, sophie, ines, leo, lyon):
    slot = a_slot(make, sophie, lyon)
    for who in (ines, leo, sophie, ines):
        watch(make, who, slot)
    with transaction():
        slot_watches.unwatch(make.actor(sophie), slot.id)
    signed_up(make, leo, slot)
    with transaction():
        assert slot_watches.take_watchers(slot.id, now=make.now) == [ines.id]
        assert slot_watches.take_watchers(slot.id, now=make.now) == []
    watch(make, ines, slot)
    assert db.session.scalars(select(SlotWatch.told_at)).all() == [None]


def test_who_goes_is_excused_from_what_comes(make, sophie, ines, leo, lyon):
    soon, later = a_slot(make, sophie, lyon), a_slot(make, sophie, lyon, local_start=900)
    first, second = signed_up(make, ines, soon), signed_up(make, ines, later)
    with transaction():
        done = signups.release(
            ines.id, since=make.now, until=later.starts_at, by_id=None, now=make.now
        )
    assert (done, state(first), state(second)) == (1, "excused", "booked")
    with transaction():
        signups.release(ines.id, since=make.now, until=None, by_id=sophie.id, now=make.now)
    assert state(second) == "excused"
