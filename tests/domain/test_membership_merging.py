"""Two rows that are one person: everything follows, nothing is shown to more people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.domain.chat.models import Entry, Message, Seat
from incubator.domain.commitments import commands
from incubator.domain.commitments.ledger_models import Line, Standing
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.promise_models import Pledge
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.membership.life_models import Process
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.accounts.models import Account, Grant
from incubator.network.accounts.queries import session_of
from incubator.network.members import merging
from incubator.network.members.absence import back_days
from incubator.network.members.audiences import audiences_of, set_audiences
from incubator.network.members.commands import edit_profile, set_skills
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.life_models import Merged
from incubator.network.members.merged_rows import kept_slug
from incubator.network.members.models import Member, MemberSkill
from incubator.network.members.tombstone import tombstone
from incubator.reactions.audit.models import AuditEntry
from tests import factories_help as threads
from tests.factories_chat import read, room_of, rooms, say, sit
from tests.factories_commitments import confirmed, declared, lines, pledged, total
from tests.factories_life import asked, merged
from tests.factories_members import a_firm, a_skill


@pytest.fixture
def lyon(make):
    make.now = make.now.replace(day=1)
    site = make.site()
    rooms(make)
    return site


@pytest.fixture
def kept(make, lyon):
    return make.member(lyon, name="Inès Belkacem")


@pytest.fixture
def gone(make, lyon):
    return make.member(lyon, name="Ines Belkacem-Roy")


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie Lambert", role="manager")


@pytest.fixture
def gaelle(make):
    return make.member(role="administrator")


@pytest.fixture(autouse=True)
def later(make, kept, gone, sophie) -> None:
    """They have been there since the first of the month."""
    make.now += timedelta(days=11)


def one(query):
    return db.session.scalars(query).one()


def refusal(make, by, one_, other) -> str:
    with pytest.raises(Refusal) as caught:
        merged(make, by, one_, other)
    return caught.value.code


def test_every_column_that_names_a_member_is_moved_or_has_a_reason() -> None:
    covered = merging.covered()
    assert merging.naming_columns() - set(covered) == set()
    assert set(covered) - merging.naming_columns() == set()
    assert all(len(words) > 3 for words in covered.values())


def test_the_row_that_goes_is_a_signpost(make, kept, gone, sophie) -> None:
    slug = make.actor(gone).slug
    merged(make, sophie, kept, gone)
    row = db.session.get_one(Member, gone.id)
    assert (row.active, kept_slug(slug)) == (False, make.actor(kept).slug)


def test_a_chain_of_doubles_leads_to_the_last(make, kept, gone, gaelle, lyon) -> None:
    third = make.member(lyon)
    merged(make, gaelle, kept, gone)
    merged(make, gaelle, third, kept)
    assert kept_slug(make.actor(gone).slug) == make.actor(third).slug


def test_the_door_of_the_double_closes_and_its_roles_follow(make, kept, gone, gaelle) -> None:
    nantes = make.site("Nantes")
    with transaction():
        db.session.add(
            Grant(account_id=gone.id, role="manager", site_id=nantes.id, granted_at=make.now)
        )
    token = make.session_of(gone)
    merged(make, gaelle, kept, gone)
    assert session_of(token) is None
    assert db.session.get_one(Account, gone.id).deactivated_at == make.now
    assert make.actor(kept).managed_site_ids == {nantes.id}
    assert make.actor(gone).managed_site_ids == frozenset()


def test_of_two_levels_the_better_one_stays(make, kept, gone, sophie) -> None:
    first, second, third = (a_skill(make, name) for name in ("Un", "Deux", "Trois"))
    with transaction():
        set_skills(None, member_id=kept.id, offered={first.id: 1}, wanted=[second.id])
        set_skills(None, member_id=gone.id, offered={first.id: 3, second.id: 2}, wanted=[third.id])
    merged(make, sophie, kept, gone)
    rows = db.session.scalars(select(MemberSkill).order_by(MemberSkill.position)).all()
    assert [(row.member_id, row.skill_id, row.wanted, row.level) for row in rows] == [
        (kept.id, first.id, False, 3),
        (kept.id, second.id, False, 2),
        (kept.id, third.id, True, 2),
    ]


def test_texts_fill_what_is_empty_and_no_field_gets_more_readers(make, kept, gone, sophie) -> None:
    with transaction():
        edit_profile(None, member_id=kept.id, name="Inès", headline="Traductrice")
        edit_profile(None, member_id=gone.id, name="Ines", headline="Autre", phone="06 12 34 56 78")
        set_audiences(None, member_id=gone.id, chosen={"phone": "me", "about": "site"})
        set_audiences(None, member_id=kept.id, chosen={"about": "managers"})
    merged(make, sophie, kept, gone)
    row = db.session.get_one(Member, kept.id)
    assert (row.name, row.headline, row.phone) == ("Inès", "Traductrice", "06 12 34 56 78")
    chosen = audiences_of([kept.id])[kept.id]
    assert (chosen.of("phone"), chosen.of("about")) == ("me", "managers")


def test_roles_in_firms_follow_without_a_double(make, kept, gone, sophie) -> None:
    firm, other = a_firm(make, kept), a_firm(make, gone, name="Autre")
    with transaction():
        db.session.add(
            FirmRole(member_id=gone.id, firm_id=firm.id, since_on=make.now.date(), title="x")
        )
    merged(make, sophie, kept, gone)
    rows = db.session.scalars(select(FirmRole)).all()
    assert {(row.member_id, row.firm_id) for row in rows} == {
        (kept.id, firm.id),
        (kept.id, other.id),
    }


def test_messages_seats_and_markers_follow(make, kept, gone, sophie) -> None:
    sit(make, kept, gone, sophie)
    for _ in range(3):
        say(make, sophie, room_of(None))
    said = say(make, gone, room_of(None))
    read(make, kept, room_of(None), no=1)
    read(make, gone, room_of(None), no=2)
    merged(make, sophie, kept, gone)
    assert one(select(Message.author_id).where(Message.id == said.id)) == kept.id
    assert one(select(Entry.actor_id).where(Entry.message_id == said.id)) == kept.id
    assert (
        one(select(Seat.read_no).where(Seat.member_id == kept.id, Seat.room_id == room_of(None)))
        == 2
    )
    assert db.session.scalars(select(Seat).where(Seat.member_id == gone.id)).all() == []


def test_questions_answers_and_solutions_follow(make, kept, gone, sophie) -> None:
    question = threads.question(make, gone)
    given = threads.answer(make, sophie, question)
    threads.accept(make, gone, given)
    own = threads.answer(make, gone, threads.question(make, sophie))
    merged(make, sophie, kept, gone)
    assert one(select(Question.author_id).where(Question.id == question.id)) == kept.id
    assert one(select(Acceptance.by_id)) == kept.id
    assert one(select(Answer.author_id).where(Answer.id == own.id)) == kept.id


# ----------------------------------------------------------------------------- the hours
def standings() -> set[tuple[int, int, int]]:
    rows = db.session.execute(select(Standing.member_id, Standing.period_id, Standing.balance))
    return {tuple(row) for row in rows if row.balance}


def sums() -> set[tuple[int, int, int]]:
    query = select(Line.member_id, Line.period_id, func.sum(Line.minutes))
    rows = db.session.execute(query.group_by(Line.member_id, Line.period_id))
    return {tuple(row) for row in rows if row[2]}


def test_hours_are_summed_and_no_line_is_rewritten(make, kept, gone, sophie) -> None:
    pledged(make, gone, sophie)
    confirmed(make, kept, sophie, minutes=60)
    confirmed(make, gone, sophie, minutes=120)
    before = {line.id: (line.member_id, line.minutes) for line in db.session.scalars(select(Line))}
    whole = total(kept) + total(gone)
    merged(make, sophie, kept, gone)
    after = {line.id: (line.member_id, line.minutes) for line in db.session.scalars(select(Line))}
    assert {key: after[key] for key in before} == before
    assert (total(kept), total(gone)) == (whole, 0)
    assert standings() == sums()
    new = db.session.scalars(select(Line).where(Line.group_id.is_not(None))).all()
    assert {(line.actor_id, line.reason) for line in new} == {(sophie.id, "merged")}


def test_who_promised_twice_owes_once(make, kept, gone, sophie) -> None:
    start = make.now.date()
    pledged(make, kept, sophie, minutes_per_period=600, valid_from=start)
    pledged(make, gone, sophie, minutes_per_period=1200, valid_from=start.replace(day=1))
    merged(make, sophie, kept, gone)
    rows = db.session.scalars(select(Pledge).where(Pledge.member_id == kept.id)).all()
    spans = {(p.minutes_per_period, p.valid_from.day, p.valid_to) for p in rows}
    assert spans == {(600, 12, None), (1200, 1, start)}
    # Eleven days of twenty hours a month, then nineteen of ten.
    assert total(kept) == -round(1200 * 11 / 30 + 600 * 19 / 30)
    assert standings() == sums()


def test_hours_with_ones_own_word_are_taken_back(make, kept, gone, sophie) -> None:
    confirmed(make, gone, kept, receiver=kept, minutes=60)
    waiting = declared(make, kept, receiver=gone, minutes=30)
    confirmed(make, gone, sophie, minutes=120)
    merged(make, sophie, kept, gone)
    assert (total(kept), total(gone)) == (120, 0)
    row = db.session.get_one(Contribution, waiting.id)
    assert (row.state, row.giver_id, row.receiver_id) == ("withdrawn", kept.id, None)
    assert ("REVERSAL", -60) in lines(gone)


def test_what_was_merged_can_still_be_withdrawn(make, kept, gone, sophie) -> None:
    from_before = confirmed(make, gone, sophie, minutes=120)
    merged(make, sophie, kept, gone)
    with transaction():
        commands.withdraw(make.actor(kept), from_before.id, now=make.now)
    assert total(kept) == 0
    assert standings() == sums()


def test_processes_follow_and_the_kept_one_stands(make, kept, gone, sophie) -> None:
    mine, theirs = asked(make, kept, "leave"), asked(make, gone, "leave")
    going = asked(make, gone, "exit", starts_on=make.now.date() + timedelta(days=60))
    merged(make, sophie, kept, gone)
    states = {p.id: (p.member_id, p.state) for p in db.session.scalars(select(Process))}
    assert states == {
        mine.id: (kept.id, "asked"),
        theirs.id: (kept.id, "cancelled"),
        going.id: (kept.id, "asked"),
    }


def test_who_is_away_stays_away(make, kept, gone, sophie) -> None:
    process = asked(make, gone, "leave", by=sophie, starts_on=make.now.date())
    merged(make, sophie, kept, gone)
    assert back_days([kept.id, gone.id]) == {kept.id: process.ends_on}


# ------------------------------------------------------------------------------ refusals
def test_a_person_is_not_merged_with_themselves(make, kept, sophie) -> None:
    assert refusal(make, sophie, kept, kept) == "accounts.merge_self"


def test_a_double_is_not_merged_again(make, kept, gone, gaelle, lyon) -> None:
    merged(make, gaelle, kept, gone)
    for pair in ((kept, gone), (gone, kept), (make.member(lyon), gone)):
        assert refusal(make, gaelle, *pair) == "accounts.merge_done"


def test_two_who_run_the_network_are_not_merged(make, gaelle) -> None:
    other = make.member(role="administrator")
    assert refusal(make, gaelle, gaelle, other) == "accounts.merge_administrators"


def test_a_manager_merges_people_of_their_sites_alone(make, kept, gone, sophie, lyon) -> None:
    nantes = make.site("Nantes")
    far, yann = make.member(nantes), make.member(nantes, role="manager")
    with pytest.raises(NotFound):
        merged(make, sophie, kept, far)
    with pytest.raises(NotFound):
        merged(make, yann, kept, gone)
    with pytest.raises(NotAllowed):
        merged(make, sophie, kept, make.member(lyon, role="manager"))
    with pytest.raises(NotAllowed):
        merged(make, sophie, sophie, gone)


def test_the_tombstone_is_nobody(make, kept, gaelle) -> None:
    with transaction():
        nobody = db.session.get_one(Member, tombstone(now=make.now))
    with pytest.raises(NotFound):
        merged(make, gaelle, kept, nobody)


def test_the_log_keeps_the_old_number(make, kept, gone, sophie) -> None:
    merged(make, sophie, kept, gone)
    entry = one(select(AuditEntry).where(AuditEntry.action == "members_merged"))
    assert (entry.actor_id, entry.data) == (sophie.id, {"kept_id": kept.id, "gone_id": gone.id})
    assert one(select(Merged.merged_by_id)) == sophie.id
