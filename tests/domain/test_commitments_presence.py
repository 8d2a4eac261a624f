"""Coming and going: what each press does to the session, the ledger and the answer «who is in»."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments import presence, presence_answers, presence_at_site
from incubator.domain.commitments.periods import ensure_period
from incubator.domain.commitments.presence_models import PresenceRevision, Punch
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members import present, whereabouts
from incubator.network.sites import commands as sites
from tests.conftest import NOW
from tests.factories_checkins import came, left, pressed, presumed, sessions, stayed
from tests.factories_commitments import lines
from tests.factories_presence import shows_presence

if TYPE_CHECKING:
    from tests.factories import Make

HOUR = timedelta(hours=1)


def punches(member: Any) -> list[tuple[str, str]]:
    query = select(Punch.kind, Punch.outcome).where(Punch.member_id == member.id)
    return [tuple(row) for row in db.session.execute(query.order_by(Punch.id))]


def test_a_morning_counts_for_what_it_was(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    session = stayed(make, ada, lyon, NOW, 3.5)
    assert (session.state, session.end_source) == ("counted", "out")
    assert lines(ada) == [("DONE", 210)]
    assert punches(ada) == [("in", "applied"), ("out", "applied")]


def test_a_second_press_at_the_same_site_changes_nothing(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    first, again = came(make, ada, lyon, NOW), came(make, ada, lyon, NOW + HOUR)
    assert first.session is not None
    assert (again.outcome, again.session) == ("repeated", first.session)
    assert sessions(ada)[0].started_at == NOW


def test_a_press_that_is_sent_again_gets_the_same_answer(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    came(make, ada, lyon, NOW, uid="one")
    stayed_on = left(make, ada, lyon, NOW + HOUR, uid="two")
    for again in (came(make, ada, lyon, NOW + 2 * HOUR, uid="one"), stayed_on):
        assert again.outcome == "applied"
    assert len(sessions(ada)) == 1
    assert punches(ada) == [("in", "applied"), ("out", "applied")]


def test_nobody_uses_the_press_of_another(make: Make) -> None:
    lyon = make.site()
    came(make, make.member(lyon), lyon, NOW, uid="one")
    with pytest.raises(Refusal, match="uid_reused"):
        came(make, make.member(lyon), lyon, NOW, uid="one")


def test_coming_in_elsewhere_ends_the_first_as_presumed(make: Make) -> None:
    lyon, montreal = make.site(), make.site("Montréal", time_zone="America/Toronto")
    ada = make.member(lyon)
    came(make, ada, lyon, NOW)
    came(make, ada, montreal, NOW + HOUR)
    first, second = sessions(ada)
    assert (first.state, first.end_source, first.ended_at) == (
        "presumed",
        "next_checkin",
        NOW + HOUR,
    )
    assert (second.state, second.site_id) == ("open", montreal.id)
    assert lines(ada) == []


def test_each_site_counts_by_its_own_days(make: Make) -> None:
    montreal = make.site("Montréal", time_zone="America/Toronto")
    ada = make.member(make.site())
    # Half past three in Paris is the evening before in Montréal.
    night = NOW.replace(day=12, hour=2, minute=30)
    assert stayed(make, ada, montreal, night, 1).day == date(2026, 11, 11)


def test_a_closed_site_says_so_and_keeps_the_press(make: Make) -> None:
    lyon = make.site()
    ada, manager = make.member(lyon), make.member(lyon, role="manager")
    with transaction():
        day = NOW.date()
        sites.close_days(
            make.actor(manager), site_id=lyon.id, starts_on=day, ends_on=day + timedelta(days=1)
        )
    answer = came(make, ada, lyon, NOW)
    assert (answer.outcome, answer.by_correction, answer.session) == ("refused", True, None)
    assert punches(ada) == [("in", "refused")]


def test_what_lies_ahead_of_our_clock_is_kept_and_does_nothing(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    ahead = NOW + timedelta(minutes=6)
    assert came(make, ada, lyon, NOW, source="badge", occurred_at=ahead).outcome == "ahead"
    assert sessions(ada) == []


@pytest.mark.parametrize(("hours", "outcome"), [(71, "applied"), (73, "late")])
def test_a_queue_may_wait_three_days(make: Make, hours: int, outcome: str) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    then = NOW - timedelta(hours=hours)
    assert came(make, ada, lyon, NOW, source="badge", occurred_at=then).outcome == outcome


def test_a_closed_period_takes_no_press(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    before = NOW.replace(day=1) - timedelta(hours=20)
    with transaction():
        ensure_period(before.date()).state = "closed"
    now = before + timedelta(hours=60)
    assert came(make, ada, lyon, now, source="badge", occurred_at=before).outcome == "late"


def test_a_queue_may_come_in_any_order(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    came(make, ada, lyon, NOW)
    early = NOW - HOUR
    assert came(make, ada, lyon, NOW, source="badge", occurred_at=early).outcome == "applied"
    (session,) = sessions(ada)
    assert (session.started_at, session.rev) == (early, 2)


def test_a_queue_that_comes_after_the_cut_off_still_ends_the_session(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    session = presumed(make, ada, lyon, NOW)
    end = NOW + 2 * HOUR
    left(make, ada, lyon, NOW + 20 * HOUR, source="badge", occurred_at=end)
    session = sessions(ada)[0]
    assert (session.state, session.ended_at, session.rev) == ("counted", end, 2)
    assert lines(ada) == [("DONE", 120)]


def test_leaving_without_being_in_is_no_error(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    assert left(make, ada, lyon, NOW).outcome == "repeated"
    assert sessions(ada) == []


def test_a_moment_too_short_counts_nothing(make: Make) -> None:
    lyon = make.site()
    assert stayed(make, make.member(lyon), lyon, NOW, 0.1).state == "void"


def test_a_day_too_long_waits_for_a_manager(make: Make) -> None:
    lyon = make.site()
    session = stayed(make, make.member(lyon), lyon, NOW, 12.5)
    assert (session.state, session.flags) == ("presumed", "too_long")


def test_outside_its_hours_a_site_lets_people_in_and_tells_managers(make: Make) -> None:
    lyon = make.site()
    manager = make.actor(make.member(lyon, role="manager"))
    with transaction():
        sites.set_hours(manager, site_id=lyon.id, week={0: [(540, 1080)]})
    ada = make.member(lyon)
    assert came(make, ada, lyon, NOW).outcome == "applied"
    assert sessions(ada)[0].flags == "off_hours"


def test_a_queue_is_judged_by_the_hours_of_its_day(make: Make) -> None:
    lyon = make.site()
    ada, leo = make.member(lyon), make.member(lyon)
    usual = {day: [(420, 1320)] for day in range(7)}
    with transaction():
        sites.set_hours(None, site_id=lyon.id, week=usual)
        sites.set_hours(None, site_id=lyon.id, week={6: [(0, 1)]}, since=NOW.date())
    two_days = timedelta(days=2)
    for member, occurred_at in ((ada, NOW - two_days), (leo, NOW)):
        came(make, member, lyon, NOW, occurred_at=occurred_at)
    assert [sessions(one)[0].flags for one in (ada, leo)] == ["", "off_hours"]


def test_guests_have_no_presence_and_managers_speak_for_others_at_home(make: Make) -> None:
    lyon, nantes = make.site(), make.site("Nantes")
    guest, ada = make.member(lyon, role="guest"), make.member(lyon)
    with pytest.raises(NotAllowed):
        came(make, guest, lyon, NOW)
    manager = make.actor(make.member(lyon, role="manager"))
    with transaction():
        presence.check_in(manager, pressed(lyon, source="manager"), member_id=ada.id, now=NOW)
    assert sessions(ada)[0].source == "manager"
    with pytest.raises(NotAllowed), transaction():
        presence.check_in(manager, pressed(nantes, source="manager"), member_id=ada.id, now=NOW)


def test_who_is_in_is_on_site_for_those_who_may_know(make: Make) -> None:
    lyon = make.site()
    reader = make.actor(make.member(lyon))
    shown, hidden = shows_presence(make, make.member(lyon), "site"), make.member(lyon)
    came(make, shown, lyon, NOW)
    came(make, hidden, lyon, NOW)
    assert [row[0].id for row in present.on_site(reader, lyon.id, NOW)] == [shown.id]
    left(make, shown, lyon, NOW + HOUR)
    assert present.on_site(reader, lyon.id, NOW) == []


def test_a_plan_moves_the_end_of_whereabouts_and_proves_it(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    came(make, ada, lyon, NOW)
    session, plan = sessions(ada)[0], NOW + 3 * HOUR
    with transaction():
        presence_answers.plan_leaving(make.actor(ada), session.id, planned=plan, now=NOW)
    assert present.own_presence(make.actor(ada), NOW).until == plan
    with pytest.raises(Refusal, match="leaving_time"), transaction():
        presence_answers.plan_leaving(make.actor(ada), session.id, planned=NOW, now=NOW)


@pytest.mark.parametrize(("hours", "alone"), [(2, True), (3, True), (3.1, False)])
def test_a_forgotten_end_is_believed_as_far_as_it_is_proven(
    make: Make, hours: float, alone: bool
) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    session = presumed(make, ada, lyon, NOW, planned_end=NOW + 3 * HOUR)
    end = NOW + timedelta(hours=hours)
    with transaction():
        done = presence_answers.answer(
            make.actor(ada), session.id, ended_at=end, now=NOW + 24 * HOUR
        )
    assert done is alone
    assert sessions(ada)[0].state == ("counted" if alone else "presumed")


def test_a_press_on_the_spot_proves_that_one_was_there(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    came(make, ada, lyon, NOW)
    came(make, ada, lyon, NOW + HOUR)
    assert sessions(ada)[0].last_ping_at is None
    came(make, ada, lyon, NOW + 2 * HOUR, source="qr")
    assert sessions(ada)[0].last_ping_at == NOW + 2 * HOUR


def test_a_check_in_made_by_mistake_is_taken_back(make: Make) -> None:
    lyon = make.site()
    ada, other = make.member(lyon), make.member(lyon)
    came(make, ada, lyon, NOW)
    session = sessions(ada)[0]
    with pytest.raises(NotFound), transaction():
        presence_answers.undo(make.actor(other), session.id, now=NOW)
    for _twice in range(2):
        with transaction():
            presence_answers.undo(make.actor(ada), session.id, now=NOW + HOUR)
    assert (sessions(ada)[0].state, lines(ada)) == ("void", [])
    assert db.session.scalar(select(func.count()).select_from(PresenceRevision)) == 1
    assert present.own_presence(make.actor(ada), NOW + HOUR).site_id is None


def test_who_forgets_often_is_asked_when_they_leave(make: Make) -> None:
    lyon = make.site()
    ada = make.member(lyon)
    span = ensure_period_span(NOW.date())
    for day in (3, 2, 1):
        assert not presence_answers.asks_leaving_time(ada.id, span)
        presumed(make, ada, lyon, NOW - timedelta(days=day))
    assert presence_answers.asks_leaving_time(ada.id, span)


def ensure_period_span(day: date) -> Any:
    with transaction():
        return ensure_period(day).span


def test_managers_see_who_is_in_only_if_they_may_know(make: Make) -> None:
    lyon = make.site()
    manager = make.actor(make.member(lyon, role="manager"))
    shown, hidden = shows_presence(make, make.member(lyon), "managers"), make.member(lyon)
    for member in (shown, hidden):
        came(make, member, lyon, NOW)
    seen = presence_at_site.open_at(manager, lyon.id)
    assert [session.member_id for session in seen] == [shown.id]
    assert whereabouts.take_watchers(shown.id) == []
