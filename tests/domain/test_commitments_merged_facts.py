"""Presence, slots and what speaks for a member: of two rows that are one person, and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments import personal
from incubator.domain.commitments.correction_models import Correction, HoursLook
from incubator.domain.commitments.kiosk_models import Badge, Feed
from incubator.domain.commitments.ledger_models import Gift
from incubator.domain.commitments.presence_models import Presence, PresenceRevision, Punch
from incubator.domain.commitments.promise_models import Relief
from incubator.domain.commitments.slot_models import Signup, SlotWatch
from incubator.domain.commitments.status_models import Choice, Status
from incubator.kernel.db import db, transaction
from tests.factories_hours import kept as written
from tests.factories_hours import punch_row, session_row, signup_row, slot_row
from tests.factories_life import merged


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon)


@pytest.fixture
def double(make, lyon):
    return make.member(lyon)


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


def look(make, member, viewer) -> HoursLook:
    day = make.now.date()
    return HoursLook(member_id=member.id, viewer_id=viewer.id, page="year", day=day, at=make.now)


def asked(make, member) -> dict[str, object]:
    return {"asked_by_id": member.id, "asked_at": make.now, "once": "a"}


def states(column, *, of) -> list[tuple[int, str]]:
    return [tuple(row) for row in db.session.execute(select(of, column).order_by(of, column))]


def test_of_two_open_sessions_the_doubles_is_presumed_over(make, ines, double, sophie, lyon):
    written(session_row(make, ines, lyon))
    written(session_row(make, double, lyon))
    merged(make, sophie, ines, double)
    assert states(Presence.state, of=Presence.member_id) == [
        (ines.id, "open"),
        (ines.id, "presumed"),
    ]


def test_of_two_places_in_a_slot_one_is_freed(make, ines, double, sophie, lyon) -> None:
    slot = written(slot_row(make, lyon))
    other = written(slot_row(make, lyon, title="Atelier"))
    written(signup_row(make, ines, slot))
    written(signup_row(make, double, slot, 2))
    written(signup_row(make, double, other))
    for each in (ines, double):
        written(SlotWatch(slot_id=other.id, member_id=each.id, since_at=make.now))
    merged(make, sophie, ines, double)
    assert states(Signup.state, of=Signup.member_id) == [
        (ines.id, "booked"),
        (ines.id, "booked"),
        (ines.id, "cancelled"),
    ]
    assert db.session.scalars(select(SlotWatch.member_id)).all() == [ines.id]


def test_what_is_one_a_member_stays_one(make, ines, double, sophie) -> None:
    for each in (ines, double):
        written(Choice(member_id=each.id, gives_surplus=each is ines))
        written(Status(member_id=each.id, state="ok", since_at=make.now - timedelta(days=1)))
        written(Feed(member_id=each.id, token_hash=f"{each.id}", made_at=make.now))
        written(look(make, each, sophie))
    written(look(make, double, ines))
    merged(make, sophie, ines, double)
    assert states(Choice.gives_surplus, of=Choice.member_id) == [(ines.id, True)]
    for model, live in ((Status, Status.until_at), (Feed, Feed.revoked_at)):
        rows = db.session.scalars(select(model).order_by(live.is_not(None)))
        assert [row.member_id for row in rows] == [ines.id, ines.id]
        assert db.session.scalars(select(model.id).where(live.is_(None))).one()
    assert states(HoursLook.viewer_id, of=HoursLook.member_id) == [(ines.id, sophie.id)]


def test_nobody_turns_out_to_have_decided_on_their_own(make, ines, double, sophie) -> None:
    decided = {"decided_by_id": double.id, "decided_at": make.now, "member_id": ines.id}
    day = make.now.date()
    written(Relief(kind="leave", starts_on=day, state="approved", **decided, **asked(make, sophie)))
    written(
        Correction(
            subject="session",
            day=day,
            proposal={},
            state="accepted",
            witness_id=double.id,
            **decided,
            **asked(make, ines),
        )
    )
    merged(make, sophie, ines, double)
    assert db.session.scalars(select(Relief.decided_by_id)).all() == [sophie.id]
    correction = db.session.scalars(select(Correction)).one()
    assert (correction.decided_by_id, correction.witness_id) == (sophie.id, None)


def test_gifts_follow_but_for_those_between_the_two(make, ines, double, sophie) -> None:
    for giver, receiver in ((double, sophie), (ines, double)):
        once = asked(make, giver)
        written(Gift(giver_id=giver.id, receiver_id=receiver.id, minutes=60, **once))
    merged(make, sophie, ines, double)
    assert states(Gift.receiver_id, of=Gift.giver_id) == [
        (ines.id, double.id),
        (ines.id, sophie.id),
    ]


def test_who_is_forgotten_keeps_their_minutes_and_loses_their_words(make, ines, lyon) -> None:
    row = written(session_row(make, ines, lyon, ended_at=make.now))
    written(punch_row(make, ines, lyon))
    changed = {"before": {}, "after": {}, "reason": "doctor", "at": make.now}
    written(PresenceRevision(session_id=row.id, rev=2, **changed))
    private = {"private_reason": "hospital", "starts_on": make.now.date()}
    written(Relief(kind="sickness", member_id=ines.id, **private, **asked(make, ines)))
    issued = {"issued_by_id": ines.id, "issued_at": make.now}
    written(Badge(member_id=ines.id, token_hash="h", **issued))
    with transaction():
        personal.forget(ines.id)
    assert db.session.scalars(select(Relief.private_reason)).all() == [""]
    assert db.session.scalars(select(PresenceRevision.reason)).all() == [personal.UNSAID]
    assert db.session.scalars(select(Badge)).all() == []
    for model in (Presence, Punch):
        assert db.session.scalars(select(model.member_id)).all() == [ines.id]
