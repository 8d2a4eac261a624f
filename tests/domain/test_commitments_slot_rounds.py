"""What comes round for slots, whom to ask, and the private address of a calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    signups,
    slot_feeds,
    slot_hourly,
    slot_invites,
    slot_queries,
    slot_sheets,
)
from incubator.domain.commitments.kiosk_models import Feed
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members.models import MemberAvailability, MemberSkill, Skill
from tests.factories_commitments import pledged
from tests.factories_hours import kept, session_row
from tests.factories_slots import a_series, a_slot, signed_up, slots_of

DAY = timedelta(days=1)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem")


@pytest.fixture
def slot(make, sophie, lyon):
    return a_slot(make, sophie, lyon)


def round_of(what, now) -> int:
    with transaction():
        return what(now)


def choose(make, member, days):
    with transaction():
        slot_feeds.choose_reminder(make.actor(member), days=days)


def test_who_signed_up_is_reminded_once_two_days_before(make, ines, slot):
    signed_up(make, ines, slot)
    instants = [slot.starts_at - 3 * DAY, slot.starts_at - 2 * DAY, slot.starts_at - DAY]
    assert [round_of(slot_hourly.remind, now) for now in instants] == [0, 1, 0]


@pytest.mark.parametrize(("days", "told"), [(0, 0), (4, 1), (1, 0)])
def test_a_member_chooses_when_they_are_reminded_or_never(make, ines, slot, days, told):
    signed_up(make, ines, slot)
    choose(make, ines, 14)
    choose(make, ines, days)
    assert slot_feeds.reminder_of(ines.id) == days
    assert round_of(slot_hourly.remind, slot.starts_at - 3 * DAY) == told


def test_who_signs_up_late_or_cannot_come_needs_no_reminder(make, ines, sophie, slot):
    signup = signed_up(make, ines, slot)
    signed_up(make, sophie, slot, now=slot.starts_at - DAY)
    with transaction():
        late = slot.starts_at - timedelta(hours=2)
        signups.cannot_come(make.actor(ines), signup.id, now=late)
    assert round_of(slot_hourly.remind, slot.starts_at - timedelta(hours=1)) == 0


def test_no_reminder_is_further_than_two_weeks(make, ines):
    with pytest.raises(Refusal, match="reminder_days"):
        choose(make, ines, 15)


def test_managers_are_warned_once_of_too_few_people(make, ines, sophie, lyon, slot):
    soon = slot.starts_at - DAY
    assert round_of(slot_hourly.warn, make.now) == 0
    assert [round_of(slot_hourly.warn, soon) for _ in range(2)] == [1, 0]
    staffed = a_slot(make, sophie, lyon, local_start=840)
    signed_up(make, ines, staffed)
    assert round_of(slot_hourly.warn, soon) == 0


def test_a_sheet_left_open_for_a_day_is_asked_for_once(make, ines, sophie, slot):
    signed_up(make, ines, slot)
    a_day_after = slot.ends_at + DAY
    instants = [a_day_after - timedelta(minutes=1), a_day_after, a_day_after + DAY]
    assert [round_of(slot_hourly.ask_for_sheets, now) for now in instants] == [0, 1, 0]


def test_no_sheet_is_asked_for_that_is_settled_old_or_has_nobody(make, ines, sophie, lyon, slot):
    assert round_of(slot_hourly.ask_for_sheets, slot.ends_at + DAY) == 0
    signed_up(make, ines, slot)
    assert round_of(slot_hourly.ask_for_sheets, slot.ends_at + 61 * DAY) == 0
    with transaction():
        over = slot.ends_at + timedelta(hours=1)
        slot_sheets.settle(make.actor(sophie), slot.id, answers={}, team_size=None, now=over)
    assert round_of(slot_hourly.ask_for_sheets, slot.ends_at + DAY) == 0


def test_the_hour_does_all_of_it_and_nothing_twice(make, ines, sophie, lyon):
    series = a_series(make, sophie, lyon)
    signed_up(make, ines, slots_of(series)[0])
    now = make.now + timedelta(weeks=1)
    # One is made, the sheet of the first is asked for; the next is four days ahead.
    assert [slot_hourly.slots_tick(now) for _ in range(2)] == [2, 0]
    assert slot_hourly.slots_tick(now + 2 * DAY + timedelta(hours=1)) == 1


def test_the_hourly_job_reads_the_clock(make, sophie, lyon):
    series = a_series(make, sophie, lyon)
    with as_of(make.now + timedelta(weeks=1)):
        slot_hourly.job({})
    assert len(slots_of(series)) == 9


def test_those_whom_a_slot_suits_are_asked_once(make, ines, sophie, lyon, slot):
    away, guest = make.member(lyon), make.member(lyon, role="guest")
    kept(MemberAvailability(member_id=away.id, state="away"))
    owing, coming = make.member(lyon, name="Zoé"), make.member(lyon)
    pledged(make, owing, sophie, valid_from=make.now.date())
    for week in range(1, 4):
        day = slot.starts_at - week * 7 * DAY
        kept(session_row(make, ines, lyon, day=day.date(), started_at=day, ended_at=day + DAY / 24))
    signed_up(make, coming, slot)
    found = candidates(make, sophie, slot)
    assert [who.id for who in found][:2] == [ines.id, owing.id]
    assert [who.usual for who in found][:2] == [True, False]
    assert not {away.id, guest.id, coming.id} & {who.id for who in found}
    assert invite(make, sophie, slot, [ines.id, guest.id]) == (ines.id,)
    assert ines.id not in {who.id for who in candidates(make, sophie, slot)}
    with pytest.raises(Refusal, match="nobody_chosen"):
        invite(make, sophie, slot, [ines.id])


def candidates(make, by, slot):
    return slot_invites.candidates(make.actor(by), slot_queries.slot_with_id(slot.id), now=make.now)


def invite(make, by, slot, ids, **more):
    with transaction():
        return slot_invites.invite(
            make.actor(by), slot.id, member_ids=ids, **({"now": make.now} | more)
        )


def test_a_skill_and_free_hours_are_needed_to_be_asked(make, ines, sophie, lyon):
    skill = kept(Skill(slug="sst", name_fr="SST", name_en="SST"))
    kept(MemberSkill(member_id=ines.id, skill_id=skill.id))
    slot = a_slot(make, sophie, lyon, skill_id=skill.id)
    assert [who.id for who in candidates(make, sophie, slot)] == [ines.id]
    signed_up(make, ines, a_slot(make, sophie, lyon, local_start=600))
    assert candidates(make, sophie, slot) == []


def test_only_managers_of_the_site_ask_and_only_for_what_comes(make, ines, sophie, slot):
    with pytest.raises(NotAllowed):
        candidates(make, ines, slot)
    with pytest.raises(Refusal, match="slot_over"):
        invite(make, sophie, slot, [ines.id], now=slot.starts_at)
    with pytest.raises(Refusal, match="text_too_long"):
        invite(make, sophie, slot, [ines.id], note="x" * 301)


def test_a_calendar_address_is_secret_renewed_and_taken_back(make, ines):
    actor = make.actor(ines)
    with transaction():
        first = slot_feeds.make_feed(actor, now=make.now)
    assert slot_feeds.reader_of(first).id == ines.id
    assert first not in db.session.scalars(select(Feed.token_hash)).all()
    with transaction():
        second = slot_feeds.make_feed(actor, now=make.now)
    with transaction():
        slot_feeds.revoke_feed(actor, now=make.now)
        slot_feeds.revoke_feed(actor, now=make.now)
    for token in (first, second, ""):
        with pytest.raises(NotFound):
            slot_feeds.reader_of(token)


def test_a_guest_has_no_calendar(make, lyon):
    guest = make.actor(make.member(lyon, role="guest"))
    with pytest.raises(NotAllowed), transaction():
        slot_feeds.make_feed(guest, now=make.now)


def test_a_reading_is_noted_once_an_hour(make, ines):
    with transaction():
        slot_feeds.make_feed(make.actor(ines), now=make.now)
    assert slot_feeds.is_due_to_note(ines.id, now=make.now)
    with transaction():
        slot_feeds.note_reading(ines.id, now=make.now)
    assert not slot_feeds.is_due_to_note(ines.id, now=make.now)
    assert slot_feeds.is_due_to_note(ines.id, now=make.now + timedelta(hours=2))
