"""What the database itself refuses about hours, whoever asks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Insert, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from incubator.domain.commitments.correction_models import HoursLook
from incubator.domain.commitments.ledger_models import Group, Line
from incubator.domain.commitments.models import KindBefore, Period, Rule
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.presence_models import Presence, PresenceRevision, Punch
from incubator.domain.commitments.promise_models import Obligation, Pledge, Relief
from incubator.domain.commitments.status_models import Status
from incubator.kernel.db import Base, db, transaction
from tests.factories_hours import (
    kept,
    line_row,
    punch_row,
    session_row,
    signup_row,
    slot_row,
)
from tests.factories_members import a_firm

HOUR = timedelta(hours=1)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon)


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


def refused(*what) -> None:
    """None of these statements or rows is let in; what was stays."""
    for each in what:
        with pytest.raises(IntegrityError), db.session.begin_nested():
            if isinstance(each, Presence | Punch | Line | Pledge | Relief | Status | HoursLook):
                db.session.add(each)
                db.session.flush()
            else:
                db.session.execute(each)


def test_a_member_is_in_at_one_place(make, ines, sophie, lyon) -> None:
    nantes = make.site("Nantes")
    kept(session_row(make, ines, lyon))
    refused(session_row(make, ines, lyon), session_row(make, ines, nantes))
    kept(session_row(make, sophie, lyon))
    kept(session_row(make, ines, nantes, ended_at=make.now + HOUR))


def test_no_session_ends_before_it_begins_nor_stays_open_with_an_end(make, ines, lyon) -> None:
    refused(
        session_row(make, ines, lyon, ended_at=make.now - HOUR),
        session_row(make, ines, lyon, ended_at=make.now, state="open"),
        session_row(make, ines, lyon, state="closed"),
        session_row(make, ines, lyon, ended_at=make.now, end_source=None),
    )
    kept(session_row(make, ines, lyon, ended_at=make.now, state="void"))


def test_a_punch_is_kept_once_and_as_it_came(make, ines, lyon) -> None:
    kept(punch_row(make, ines, lyon))
    refused(punch_row(make, ines, lyon), update(Punch).values(kind="out"), delete(Punch))


def test_punches_may_go_after_three_months(make, ines, lyon) -> None:
    kept(punch_row(make, ines, lyon, received_at=make.now.replace(year=2020)))
    with transaction():
        db.session.execute(delete(Punch))
    assert db.session.scalars(select(Punch)).all() == []


def test_a_change_of_a_session_has_a_reason_and_stays(make, ines, lyon) -> None:
    row = kept(session_row(make, ines, lyon))
    values = {"session_id": row.id, "rev": 2, "before": {}, "after": {}, "at": make.now}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(PresenceRevision(**values, reason=""))
        db.session.flush()
    kept(PresenceRevision(**values, reason="left earlier"))
    refused(update(PresenceRevision).values(after={"a": 1}), delete(PresenceRevision))
    with transaction():
        db.session.execute(update(PresenceRevision).values(reason="—"))


def test_what_was_reckoned_is_not_reckoned_otherwise(make, ines) -> None:
    with transaction():
        period = ensure_period(make.now.date())
        db.session.add(
            Obligation(member_id=ines.id, period_id=period.id, rev=1, minutes=720, made_at=make.now)
        )
    refused(update(Obligation).values(minutes=0), delete(Obligation))


def test_a_closed_period_and_its_rule_stay_as_they_were(make, sophie) -> None:
    with transaction():
        first, second = ensure_period(date(2026, 10, 3)), ensure_period(date(2026, 11, 3))
        first.state, first.closed_at = "closed", make.now
    closed = Period.id == first.id
    refused(
        update(Period).where(closed).values(state="open"),
        update(Period).where(closed).values(ends_on=date(2026, 10, 30)),
        delete(Period).where(closed),
        update(Rule).values(debt_cap=1),
        delete(Rule),
    )
    with transaction():
        db.session.execute(update(Period).where(closed).values(closed_by_id=sophie.id))
        db.session.execute(update(Period).where(Period.id == second.id).values(label="x"))


def period_row(starts_on: date, ends_on: date) -> Insert:
    """A period as other hands might write one."""
    table = Base.metadata.tables[Period.__tablename__]
    values = {"starts_on": starts_on, "ends_on": ends_on, "label": "x", "state": "open"}
    return insert(table).values(**values, rule_id=1)


def test_periods_share_no_day_and_leave_none_out(make) -> None:
    with transaction():
        for month in (10, 11, 12):
            ensure_period(date(2026, month, 3))
    november, december = (
        Period.starts_on == date(2026, 11, 1),
        Period.starts_on == date(2026, 12, 1),
    )
    refused(
        period_row(date(2026, 12, 15), date(2027, 1, 15)),
        period_row(date(2026, 11, 10), date(2026, 11, 20)),
        period_row(date(2027, 1, 2), date(2027, 2, 1)),
        period_row(date(2026, 9, 1), date(2026, 9, 30)),
        update(Period).where(december).values(starts_on=date(2026, 12, 2)),
        update(Period).where(november).values(ends_on=date(2026, 12, 2)),
        delete(Period).where(november),
    )
    with transaction():
        db.session.execute(period_row(date(2027, 1, 1), date(2027, 2, 1)))
        db.session.execute(period_row(date(2026, 9, 1), date(2026, 10, 1)))
        db.session.execute(delete(Period).where(Period.starts_on == date(2027, 1, 1)))


def test_the_last_period_may_be_lengthened_and_the_next_begins_where_it_ends(make) -> None:
    with transaction():
        ensure_period(date(2026, 11, 3))
        db.session.execute(update(Period).values(ends_on=date(2026, 12, 13)))
    with transaction():
        assert ensure_period(date(2026, 12, 20)).starts_on == date(2026, 12, 13)


def test_what_counted_of_a_kind_stays_written(make) -> None:
    row = {"kind_code": "other", "until": date(2026, 11, 1), "counts_pct": 50, "online_ok": True}
    kept(KindBefore(**row))
    refused(update(KindBefore).values(counts_pct=100), delete(KindBefore))


def test_a_rule_may_change_until_a_period_is_closed_by_it(make) -> None:
    with transaction():
        ensure_period(make.now.date())
        db.session.execute(update(Rule).values(debt_cap=1))
    assert db.session.scalars(select(Rule.debt_cap)).all() == [1]


def test_two_promises_of_one_holder_share_no_day(make, ines, sophie, lyon) -> None:
    firm = a_firm(make, ines)
    other = a_firm(make, sophie, "Atelier Sud")
    usual = {"minutes_per_period": 60, "signed_at": make.now, "signed_by_id": sophie.id}
    start, end = date(2026, 11, 1), date(2026, 12, 1)
    kept(Pledge(firm_id=firm.id, valid_from=start, valid_to=end, **usual))
    kept(Pledge(firm_id=firm.id, valid_from=end, **usual))
    kept(Pledge(firm_id=other.id, valid_from=start, **usual))
    kept(Pledge(member_id=ines.id, valid_from=start, **usual))
    refused(
        Pledge(firm_id=firm.id, valid_from=date(2026, 11, 30), valid_to=end, **usual),
        Pledge(member_id=ines.id, firm_id=firm.id, valid_from=start, **usual),
        Pledge(valid_from=start, **usual),
    )


def test_nobody_decides_on_their_own_relief_nor_looks_at_themselves(make, ines, lyon) -> None:
    usual = {"member_id": ines.id, "asked_by_id": ines.id, "asked_at": make.now, "once": "a"}
    decided = {"state": "approved", "decided_by_id": ines.id, "decided_at": make.now}
    refused(
        Relief(kind="leave", starts_on=make.now.date(), **usual, **decided),
        HoursLook(
            member_id=ines.id, viewer_id=ines.id, page="year", day=make.now.date(), at=make.now
        ),
    )


def test_a_member_stands_in_one_way_at_a_time(make, ines) -> None:
    usual = {"member_id": ines.id, "since_at": make.now}
    kept(Status(state="ok", until_at=make.now, **usual))
    kept(Status(state="watch", **usual))
    refused(Status(state="late", **usual), Status(state="plan", until_at=make.now, **usual))


def test_a_slot_is_never_overfull_and_a_freed_place_is_taken_again(make, ines, sophie, lyon):
    slot = kept(slot_row(make, lyon))
    first = kept(signup_row(make, ines, slot))
    for row in (signup_row(make, ines, slot, 2), signup_row(make, sophie, slot, 1)):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    with transaction():
        first.state = "taken_over"
    kept(signup_row(make, sophie, slot, 1, replaces_id=first.id))


def test_lines_of_the_pool_and_gifts_belong_to_a_group(make, ines) -> None:
    with transaction():
        ensure_period(make.now.date())
    refused(
        line_row(make, "POOL", 60),
        line_row(make, "GIFT_OUT", -60, member_id=ines.id),
        line_row(make, "DONE", 60),
    )


def test_the_pool_is_never_below_nothing(make, ines) -> None:
    with transaction():
        ensure_period(make.now.date())
    group = kept(Group(kind="gift", key="g", balance=0, made_at=make.now))
    refused(line_row(make, "POOL", -60, group_id=group.id))


def test_of_a_group_only_its_sum_changes(make) -> None:
    kept(Group(kind="gift", key="g", balance=0, made_at=make.now))
    refused(update(Group).values(kind="merge"), delete(Group))
