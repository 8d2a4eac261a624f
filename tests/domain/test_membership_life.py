"""Leaves, transfers and exits: who asks, who decides, and what the calendar does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from incubator.domain.chat.models import Message, Seat
from incubator.domain.help.models import Answer, Question
from incubator.domain.membership import leaves, life_acts, life_queries
from incubator.domain.membership.life_models import Process
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.jobs import run_due
from incubator.kernel.keyset import Cursor
from incubator.kernel.schedule import write_hourly
from incubator.network.accounts import rights
from incubator.network.accounts.models import Account
from incubator.network.members.absence import back_days
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.models import Member
from incubator.network.members.nobody import NAME
from incubator.network.members.skill_models import MemberDocument
from incubator.reactions.audit.models import AuditEntry
from tests import factories_help as threads
from tests.factories_chat import room_of, rooms, say, sit
from tests.factories_commitments import confirmed
from tests.factories_life import agreed, asked, ticked, wish
from tests.factories_members import a_firm


@pytest.fixture
def lyon(make):
    site = make.site()
    rooms(make)
    return site


@pytest.fixture
def nantes(make):
    return make.site("Nantes")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem")


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie Lambert", role="manager")


@pytest.fixture
def yann(make, nantes):
    return make.member(nantes, name="Yann Le Goff", role="manager")


@pytest.fixture
def gaelle(make):
    return make.member(role="administrator")


def member(account: Account) -> Member:
    return db.session.get_one(Member, account.id, populate_existing=True)


def refusal(act, *arguments, **more) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **more)
    return caught.value.code


def roles(account) -> set[tuple[str, int | None]]:
    held = db.session.get_one(Account, account.id)
    db.session.refresh(held, ["grants"])
    return {(grant.role, grant.site_id) for grant in held.grants}


def days(number: int) -> timedelta:
    return timedelta(days=number)


# ------------------------------------------------------------------ asking and deciding
def test_a_member_asks_and_their_manager_agrees(make, ines, sophie) -> None:
    process = asked(make, ines, "leave")
    assert process.state == "asked"
    assert agreed(make, process, sophie).state == "planned"
    assert agreed(make, process, sophie).decided_by_id == sophie.id


def test_nobody_answers_their_own_request(make, ines, sophie) -> None:
    for person in (ines, sophie):
        process = asked(make, person, "leave")
        with pytest.raises(NotAllowed, match="not_yours_to_decide"):
            agreed(make, process, person)


def test_an_administrator_has_nobody_above_them(make, gaelle) -> None:
    assert asked(make, gaelle, "leave").state == "planned"


def test_a_manager_plans_for_a_member_of_their_site_alone(make, ines, sophie, yann) -> None:
    assert asked(make, ines, "leave", by=sophie).state == "planned"
    with pytest.raises(NotFound):
        asked(make, ines, "exit", by=yann)


def test_a_manager_does_not_end_the_membership_of_another_manager(make, lyon, sophie) -> None:
    other = make.member(lyon, role="manager")
    assert refusal(asked, make, other, "exit", by=sophie) == "membership.not_yours_to_ask"
    assert asked(make, other, "leave", by=sophie).state == "planned"
    process = asked(make, other, "exit")
    with pytest.raises(NotAllowed):
        agreed(make, process, sophie)


def test_a_transfer_waits_for_the_receiving_site(make, ines, sophie, nantes, yann) -> None:
    process = asked(make, ines, "transfer", by=sophie, to_site_id=nantes.id)
    assert process.state == "asked"
    with pytest.raises(NotAllowed):
        agreed(make, process, sophie)
    assert agreed(make, process, yann).state == "planned"


def test_guests_and_strangers_ask_nothing(make, lyon, ines) -> None:
    guest, neighbour = make.member(lyon, role="guest"), make.member(lyon)
    assert refusal(asked, make, guest, "leave") == "membership.not_yours_to_ask"
    assert refusal(asked, make, ines, "leave", by=neighbour) == "membership.member"
    process = asked(make, ines, "leave")
    with pytest.raises(NotFound):
        agreed(make, process, neighbour)


def test_a_refusal_says_why(make, ines, sophie) -> None:
    process = asked(make, ines, "exit")
    actor = make.actor(sophie)
    with transaction():
        assert refusal(life_acts.refuse, actor, process.id, reason=" ", now=make.now) == (
            "membership.reason_needed"
        )
    with transaction():
        life_acts.refuse(actor, process.id, reason="Parlons-en", now=make.now)
    assert (process.state, process.answer) == ("cancelled", "Parlons-en")
    assert refusal(agreed, make, process, sophie) == "membership.too_late"


def test_sent_twice_is_asked_once(make, ines) -> None:
    one, two = (asked(make, ines, "leave", once="x" * 32) for _ in range(2))
    assert one.id == two.id


def test_one_of_a_kind_at_a_time(make, ines) -> None:
    asked(make, ines, "leave")
    assert refusal(asked, make, ines, "leave") == "membership.one_at_a_time"
    asked(make, ines, "exit", starts_on=make.now.date() + days(60))


def test_nothing_begins_after_an_exit(make, ines, nantes) -> None:
    asked(make, ines, "exit", starts_on=make.now.date() + days(5))
    assert refusal(asked, make, ines, "leave") == "membership.after_exit"
    assert refusal(asked, make, ines, "transfer", to_site_id=nantes.id) == "membership.after_exit"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to_site_id": 999_999}, "membership.site"),
        ({"to_site_id": None}, "membership.site"),
    ],
)
def test_a_move_needs_a_site(make, ines, more, code) -> None:
    assert refusal(asked, make, ines, "transfer", **more) == code


def test_a_move_to_the_same_site_is_none(make, ines, lyon) -> None:
    assert refusal(asked, make, ines, "transfer", to_site_id=lyon.id) == "membership.site_same"


def test_an_exit_needs_its_choices(make, ines) -> None:
    for field in ("access", "hours", "messages"):
        with pytest.raises(Refusal, match=r"membership\.choice") as caught:
            asked(make, ines, "exit", **{field: "perhaps"})
        assert caught.value.field == field


def test_looking_first_changes_nothing(make, ines) -> None:
    with transaction():
        life_acts.check(make.actor(ines), wish(make, ines, "leave"), now=make.now)
    assert db.session.scalars(select(Process)).all() == []


def test_what_is_planned_can_be_called_off_by_those_concerned(
    make, ines, nantes, sophie, yann, lyon
) -> None:
    for person in (ines, sophie, yann):
        process = agreed(make, asked(make, ines, "transfer", to_site_id=nantes.id), yann)
        with transaction():
            life_acts.cancel(make.actor(person), process.id, now=make.now)
            life_acts.cancel(make.actor(person), process.id, now=make.now)
        assert process.state == "cancelled"
    assert ticked(make.now + days(30)) == 0
    assert member(ines).home_site_id == lyon.id


# ------------------------------------------------------------------------- the calendar
def test_a_leave_begins_and_ends_by_itself(make, ines, sophie) -> None:
    process = asked(make, ines, "leave", by=sophie)
    assert ticked(make.now) == 0
    assert ticked(make.now + days(10)) == 1
    assert back_days([ines.id]) == {ines.id: process.ends_on}
    assert member(ines).active
    assert ticked(make.now + days(15)) == 0
    assert ticked(make.now + days(20)) == 1
    assert back_days([ines.id]) == {}
    assert process.state == "done"


def test_a_machine_that_was_off_catches_up(make, ines, sophie) -> None:
    asked(make, ines, "leave", by=sophie)
    assert ticked(make.now + days(90)) == 2
    assert ticked(make.now + days(90)) == 0
    told = select(AuditEntry.action).where(AuditEntry.member_id == ines.id)
    assert {"leave_began", "leave_ended"} <= set(db.session.scalars(told))


def test_a_day_begins_at_the_members_site(make) -> None:
    far = make.site("Nouméa", time_zone="Pacific/Noumea")
    away, boss = make.member(far), make.member(far, role="manager")
    asked(make, away, "leave", by=boss, starts_on=date(2026, 11, 20))
    assert ticked(datetime(2026, 11, 19, 12, 59, tzinfo=UTC)) == 0
    assert ticked(datetime(2026, 11, 19, 13, 1, tzinfo=UTC)) == 1


def test_a_leave_told_late_begins_at_once(make, ines, sophie) -> None:
    process = asked(make, ines, "leave", by=sophie, starts_on=make.now.date() - days(5))
    assert process.state == "active"


def test_coming_back_sooner(make, ines, sophie) -> None:
    process = asked(make, ines, "leave", by=sophie, starts_on=make.now.date() - days(5))
    with transaction():
        leaves.come_back(make.actor(ines), process.id, now=make.now)
    assert (process.state, process.ends_on) == ("done", make.now.date())
    assert back_days([ines.id]) == {}
    with transaction():
        assert refusal(leaves.come_back, make.actor(ines), process.id, now=make.now) == (
            "membership.too_late"
        )


def test_a_transfer_moves_home_role_room_and_search(make, ines, nantes, yann, lyon) -> None:
    sit(make, ines)
    rooms(make)
    agreed(make, asked(make, ines, "transfer", to_site_id=nantes.id), yann)
    assert ticked(make.now + days(10)) == 1
    assert member(ines).home_site_id == nantes.id
    assert roles(ines) == {("resident", nantes.id)}
    seats = select(Seat.room_id).where(Seat.member_id == ines.id, Seat.left_at.is_(None))
    assert set(db.session.scalars(seats)) == {room_of(None), room_of(nantes)}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member_moved")).one()
    assert entry.data == {"from_site_id": lyon.id, "to_site_id": nantes.id}


def test_a_manager_who_moves_still_runs_their_site(make, sophie, nantes, gaelle, lyon) -> None:
    asked(make, sophie, "transfer", by=gaelle, to_site_id=nantes.id, starts_on=make.now.date())
    assert roles(sophie) == {("resident", nantes.id), ("manager", lyon.id)}


def test_away_while_moving(make, ines, sophie, nantes, gaelle) -> None:
    asked(make, ines, "leave", by=sophie, starts_on=make.now.date())
    asked(make, ines, "transfer", by=gaelle, to_site_id=nantes.id)
    assert ticked(make.now + days(10)) == 2
    assert member(ines).home_site_id == nantes.id
    assert back_days([ines.id]) == {}


def left(make, account, by, **more):
    return asked(make, account, "exit", by=by, starts_on=make.now.date(), **more)


def test_an_exit_leaves_an_alumni(make, ines, sophie, lyon) -> None:
    firm = a_firm(make, ines)
    role = db.session.scalars(select(FirmRole).where(FirmRole.firm_id == firm.id)).one()
    with transaction():
        db.session.get_one(FirmRole, role.id).since_on -= days(90)
    sit(make, ines)
    confirmed(make, ines, sophie)
    process = left(make, ines, sophie)
    assert roles(ines) == {("alumni", lyon.id)}
    assert not member(ines).active
    assert make.actor(ines).is_alumni
    assert make.actor(ines).is_guest
    ends = select(FirmRole.until_on).where(FirmRole.firm_id == firm.id)
    assert db.session.scalars(ends).one() == make.now.date()
    assert (process.state, process.balance_minutes) == ("done", 180)
    seats = select(Seat.room_id).where(Seat.member_id == ines.id, Seat.left_at.is_(None))
    assert db.session.scalars(seats).all() == [room_of(None)]


def test_an_exit_may_close_the_account(make, ines, sophie) -> None:
    make.session_of(ines)
    left(make, ines, sophie, access="closed")
    assert db.session.get_one(Account, ines.id).deactivated_at == make.now
    assert roles(ines) == set()
    seats = select(Seat).where(Seat.member_id == ines.id, Seat.left_at.is_(None))
    assert db.session.scalars(seats).all() == []


def test_an_exit_ends_what_else_lives(make, ines, sophie, nantes) -> None:
    away = asked(make, ines, "leave", by=sophie, starts_on=make.now.date())
    moving = asked(make, ines, "transfer", to_site_id=nantes.id)
    left(make, ines, sophie)
    assert (away.state, moving.state) == ("done", "cancelled")
    assert back_days([ines.id]) == {}


def test_the_last_administrator_stays(make, gaelle) -> None:
    assert refusal(asked, make, gaelle, "exit") == "accounts.last_administrator"
    other = make.member(role="administrator")
    asked(make, gaelle, "exit")
    with transaction():
        account = db.session.get_one(Account, other.id)
        account.deactivated_at = make.now
    assert ticked(make.now + days(11)) == 0
    assert life_queries.live_of(gaelle.id)[0].state == "planned"
    assert make.actor(gaelle).is_administrator


def test_a_name_stays_on_what_was_written_unless_it_shall_go(make, ines, sophie) -> None:
    sit(make, ines)
    said = say(make, ines, room_of(None))
    left(make, ines, sophie, messages="keep")
    assert db.session.get_one(Message, said.id).author_id == ines.id


def test_a_name_goes_from_what_was_written(make, ines, sophie) -> None:
    sit(make, ines)
    said = say(make, ines, room_of(None))
    question = threads.question(make, ines)
    other = threads.question(make, sophie)
    given = threads.answer(make, ines, other)
    left(make, ines, sophie, messages="anonymise")
    authors = (
        select(Message.author_id).where(Message.id == said.id),
        select(Question.author_id).where(Question.id == question.id),
        select(Answer.author_id).where(Answer.id == given.id),
    )
    (nobody,) = {db.session.scalars(query).one() for query in authors}
    assert db.session.get_one(Member, nobody).name == NAME
    assert not db.session.get_one(Member, nobody).active
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"messages_handed_over", "threads_handed_over"} <= actions


def test_two_who_leave_without_their_name_share_one_tombstone(make, lyon, sophie) -> None:
    rooms(make)
    for _ in range(2):
        person = make.member(lyon)
        sit(make, person)
        say(make, person, room_of(None))
        left(make, person, sophie, messages="anonymise")
    (nobody,) = set(db.session.scalars(select(Message.author_id)))
    assert nobody not in set(db.session.scalars(select(MemberDocument.member_id)))


def test_an_alumni_who_comes_back_is_a_resident(make, ines, sophie, lyon) -> None:
    left(make, ines, sophie)
    with transaction():
        rights.give(
            make.actor(sophie), member_id=ines.id, role="resident", site_id=lyon.id, now=make.now
        )
    assert roles(ines) == {("resident", lyon.id)}


# -------------------------------------------------------------------------------- lists
def test_who_is_asked_sees_it_wait(make, ines, nantes, sophie, yann, gaelle, lyon) -> None:
    asked(make, ines, "transfer", to_site_id=nantes.id)
    asked(make, make.member(lyon), "leave")
    waiting = {
        name: [row.kind for row in life_queries.waiting_for(make.actor(who), Cursor()).rows]
        for name, who in {"sophie": sophie, "yann": yann, "gaelle": gaelle, "ines": ines}.items()
    }
    assert waiting == {
        "sophie": ["leave"],
        "yann": ["transfer"],
        "gaelle": ["transfer", "leave"],
        "ines": [],
    }
    assert life_queries.WAITING.of(make.actor(gaelle)) == 2


def test_the_hourly_job_does_what_is_owed(make, ines, sophie) -> None:
    asked(make, ines, "leave", by=sophie)
    late = make.now + days(10)
    with as_of(late):
        with transaction():
            write_hourly(late)
        run_due(late)
    assert ines.id in back_days([ines.id])
