"""Help of use becomes a line of hours: whose word it needs, once, and what does not undo it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from incubator.domain.commitments import commands as hours
from incubator.domain.commitments import desk, queries, rounds, thread_help, verifying
from incubator.domain.commitments.commands import Sharing
from incubator.domain.commitments.models import Rule
from incubator.domain.commitments.personal import personal_data
from incubator.domain.help import commands, resolving
from incubator.domain.help.learning import thanks
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Thanks
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.members.models import Member
from incubator.network.members.proofs import proofs_of
from incubator.reactions.audit.models import AuditEntry
from tests import factories_help as h
from tests.factories_commitments import lines as ledger_of
from tests.factories_commitments import total
from tests.factories_counting import Helping, count, helping, line, lines, thank

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def waiting(case: Helping, who: Account) -> list[int]:
    return [one.id for one in queries.waiting_for(case.make.actor(who), Cursor()).rows]


@pytest.fixture
def case(make: Make) -> Helping:
    return helping(make)


@pytest.fixture
def hidden(make: Make) -> Helping:
    return helping(make, anonymous=True)


def test_nothing_counts_before_the_answer_was_of_use(case: Helping) -> None:
    with pytest.raises(NotAllowed, match="count_not_yet"):
        case.count(case.helper)
    thank(case.make, case.make.member(case.site), case.given)
    with pytest.raises(NotAllowed, match="count_not_yet"):
        case.count(case.helper)
    thank(case.make, case.asker, case.given)
    case.count(case.helper)
    assert line().state == "declared"


def test_the_helper_proposes_and_the_person_helped_confirms(case: Helping) -> None:
    case.accept()
    case.count(case.helper)
    told = line()
    assert (told.giver_id, told.receiver_id) == (case.helper.id, case.asker.id)
    assert (told.thread_id, told.kind_code, told.minutes) == (case.asked.id, "help_thread", 45)
    assert (told.offered, total(case.helper)) == (False, 0)
    assert (waiting(case, case.asker), waiting(case, case.helper)) == ([told.id], [])
    case.confirm(case.asker)
    assert (line().state, line().decided_by_id) == ("confirmed", case.asker.id)
    assert ledger_of(case.helper) == [("HELP", 45)]


def test_the_person_helped_offers_and_the_helper_agrees(case: Helping) -> None:
    case.accept()
    case.count(case.asker)
    told = line()
    assert (told.giver_id, told.offered, told.state) == (case.helper.id, True, "declared")
    assert (waiting(case, case.asker), waiting(case, case.helper)) == ([], [told.id])
    with pytest.raises(NotAllowed):
        case.confirm(case.asker)
    with pytest.raises(NotAllowed):
        case.confirm(case.helper)
    assert total(case.helper) == 0
    case.take()
    assert (line().state, line().decided_by_id) == ("confirmed", case.asker.id)
    assert ledger_of(case.helper) == [("HELP", 45)]
    assert verifying.verify(case.make.now) == []


def test_both_saying_the_same_minutes_have_agreed(case: Helping) -> None:
    case.accept()
    case.count(case.helper)
    case.count(case.asker, 60)
    assert (line().state, line().minutes) == ("declared", 45)
    case.count(case.asker)
    assert (line().state, total(case.helper)) == ("confirmed", 45)


def test_a_thread_counts_once_for_a_helper_however_often_it_is_told(case: Helping) -> None:
    case.accept()
    other = h.answer(case.make, case.helper, case.asked)
    h.accept(case.make, case.asker, other)
    case.count(case.helper)
    case.count(case.helper, 90)
    count(case.make, case.helper, other)
    assert line().minutes == 45
    given = Sharing(
        kind="help_thread",
        day=case.make.now.date(),
        minutes=30,
        receiver_id=case.asker.id,
        thread_id=case.asked.id,
    )
    with transaction(), pytest.raises(Refusal, match="thread_counted"):
        hours.share(case.make.actor(case.helper), given, now=case.make.now)
    case.confirm(case.asker)
    case.count(case.helper, 90)
    assert (line().minutes, total(case.helper)) == (45, 45)


def test_what_was_taken_back_may_be_told_anew(case: Helping) -> None:
    case.accept()
    case.count(case.helper)
    with transaction():
        hours.withdraw(case.make.actor(case.helper), line().id, now=case.make.now)
    case.count(case.helper, 60)
    assert [(one.state, one.minutes) for one in lines()] == [("withdrawn", 45), ("declared", 60)]


def test_an_offer_may_be_declined_and_taken_back(case: Helping) -> None:
    case.accept()
    for who in (case.helper, case.asker):
        case.count(case.asker)
        with transaction():
            hours.withdraw(case.make.actor(who), lines()[-1].id, now=case.make.now)
    assert [one.state for one in lines()] == ["withdrawn", "withdrawn"]
    case.count(case.asker)
    case_line = lines()[-1].id
    with transaction():
        hours.take_offer(case.make.actor(case.helper), case_line, now=case.make.now)
    with transaction(), pytest.raises(Refusal, match="decided_before"):
        hours.withdraw(case.make.actor(case.asker), case_line, now=case.make.now)


def test_nobody_else_tells_the_time(case: Helping) -> None:
    case.accept()
    boss = case.make.member(case.site, role="manager")
    for other in (boss, case.make.member(case.site)):
        with pytest.raises(NotAllowed, match="count_not_yours"):
            case.count(other)


def test_an_answer_to_oneself_counts_nothing(make: Make) -> None:
    case = helping(make)
    own = h.answer(make, case.asker, case.asked)
    h.accept(make, case.asker, own)
    with pytest.raises(NotAllowed, match="count_not_yet"):
        count(make, case.asker, own)


@pytest.mark.parametrize("minutes", [0, 7, 1, 1500])
def test_minutes_that_cannot_be_are_refused(case: Helping, minutes: int) -> None:
    case.accept()
    with pytest.raises(Refusal):
        case.count(case.helper, minutes)
    assert lines() == []


def test_a_week_holds_so_much_help_in_threads(case: Helping) -> None:
    with transaction():
        db.session.execute(update(Rule).values(help_week_most=60))
    case.accept()
    case.count(case.helper)
    again = h.question(case.make, case.asker)
    given = h.answer(case.make, case.helper, again)
    h.accept(case.make, case.asker, given)
    with pytest.raises(Refusal, match="week_full") as refusal:
        count(case.make, case.helper, given)
    assert refusal.value.details["left"] == 15
    count(case.make, case.helper, given, 15)
    with transaction():
        hours.withdraw(case.make.actor(case.helper), lines()[0].id, now=case.make.now)
    assert [one.minutes for one in lines() if one.state == "declared"] == [15]


def test_the_day_is_that_of_the_help_unless_it_is_too_long_ago(case: Helping) -> None:
    case.accept()
    case.make.now += timedelta(days=3)
    case.count(case.helper)
    assert line().day == (case.make.now - timedelta(days=3)).date()
    with transaction():
        hours.withdraw(case.make.actor(case.helper), line().id, now=case.make.now)
    case.make.now += timedelta(days=200)
    case.count(case.helper)
    assert lines()[-1].day == (case.make.now - timedelta(days=62)).date()


def test_silence_goes_to_the_manager_of_the_helper(case: Helping) -> None:
    boss = case.make.member(
        db.session.get_one(type(case.site), case.helper.member.home_site_id), role="manager"
    )
    case.accept()
    case.count(case.helper)
    assert waiting(case, boss) == []
    rounds.pass_on_silence(case.make.now + timedelta(days=8))
    assert (line().state, waiting(case, boss)) == ("needs_manager", [line().id])
    case.confirm(boss)
    assert total(case.helper) == 45


def test_who_asked_and_left_leaves_it_to_the_manager_at_once(case: Helping) -> None:
    case.accept()
    with transaction():
        db.session.get_one(Member, case.asker.id).active = False
    case.count(case.helper)
    assert line().state == "needs_manager"


def test_reopening_and_removing_leave_confirmed_minutes(case: Helping) -> None:
    boss = case.make.member(case.site, role="manager")
    case.accept()
    case.count(case.helper)
    case.confirm(case.asker)
    with transaction():
        resolving.reopen(case.make.actor(case.asker), case.asked.id)
    assert (line().state, total(case.helper)) == ("confirmed", 45)
    with transaction():
        commands.remove_answer(case.make.actor(boss), case.given.id, reason="", now=case.make.now)
    assert (line().state, total(case.helper)) == ("confirmed", 45)


def test_confirmed_time_is_proof_of_the_skills_of_the_thread(make: Make) -> None:
    terms = (h.skill(make), h.skill(make, "Export"))
    case = helping(make, skills=terms)
    thank(make, case.asker, case.given)
    assert proofs_of(case.helper.id) == {}
    case.count(case.helper)
    case.confirm(case.asker)
    told = proofs_of(case.helper.id)
    assert {skill: (one.times, one.minutes) for skill, one in told.items()} == {
        term.id: (1, 45) for term in terms
    }
    case.accept()
    assert {(one.times, one.minutes) for one in proofs_of(case.helper.id).values()} == {(1, 45)}
    with transaction():
        hours.withdraw(make.actor(case.helper), line().id, now=make.now)
    assert {(one.times, one.minutes) for one in proofs_of(case.helper.id).values()} == {(1, 0)}


# Who asked without a name


def test_hours_do_not_name_who_asked_without_a_name(hidden: Helping) -> None:
    hidden.accept()
    hidden.count(hidden.helper)
    told = line()
    assert (told.receiver_id, told.unnamed_id) == (None, hidden.asker.id)
    assert waiting(hidden, hidden.asker) == [told.id]
    hidden.confirm(hidden.asker)
    assert (line().state, line().decided_by_id) == ("confirmed", None)
    assert total(hidden.helper) == 45
    (exported,) = personal_data(hidden.helper.id)["hours"]
    assert "unnamed_id" not in exported
    people = ("receiver_id", "declared_by_id", "decided_by_id")
    assert [exported[each] for each in people] == [None, hidden.helper.id, None]
    assert len(list(personal_data(hidden.asker.id)["hours-without-a-name"])) == 1
    log = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("hours%"))).all()
    told = {one.action: (one.actor_id, one.data["receiver_id"]) for one in log}
    assert told == {"hours_declared": (hidden.helper.id, None), "hours_confirmed": (None, None)}


def test_an_offer_without_a_name_names_nobody(hidden: Helping) -> None:
    hidden.accept()
    hidden.count(hidden.asker)
    told = line()
    assert (told.declared_by_id, told.receiver_id) == (None, None)
    assert waiting(hidden, hidden.helper) == [told.id]
    hidden.take()
    assert (line().state, line().decided_by_id) == ("confirmed", None)
    assert verifying.verify(hidden.make.now) == []


def test_a_refusal_without_a_name_can_be_appealed_but_not_judged_twice(make: Make) -> None:
    hidden = helping(make, anonymous=True)
    home = hidden.helper.member.home_site_id
    boss = make.member(db.session.get_one(type(hidden.site), home), role="manager")
    hidden.accept()
    hidden.count(hidden.helper)
    assert list(desk.exceptions_at(make.actor(boss), home, make.now).help) == []
    with transaction():
        hours.refuse(make.actor(hidden.asker), line().id, reason="Non", now=make.now)
    assert line().decided_by_id is None
    with transaction():
        hours.appeal(make.actor(hidden.helper), line().id, words="Si", now=make.now)
    assert waiting(hidden, boss) == [line().id]
    with pytest.raises(NotAllowed):
        hidden.confirm(hidden.asker)
    hidden.confirm(boss)
    assert (line().state, line().decided_by_id) == ("confirmed", boss.id)


def test_silence_without_a_name_goes_to_the_manager_too(hidden: Helping) -> None:
    hidden.accept()
    hidden.count(hidden.helper)
    rounds.pass_on_silence(hidden.make.now + timedelta(days=8))
    assert line().state == "needs_manager"


# Thanks


def test_thanks_are_counted_once_a_member_and_taken_back(case: Helping) -> None:
    other = case.make.member(case.site)
    for who in (case.asker, other, case.asker):
        thank(case.make, who, case.given, "Merci, vraiment")
    number = select(Answer.thanks).where(Answer.id == case.given.id)
    assert db.session.scalar(number) == 2
    with transaction():
        thanks.take_back(case.make.actor(other), case.given.id)
        thanks.take_back(case.make.actor(other), case.given.id)
    assert db.session.scalar(number) == 1
    assert db.session.scalars(select(Thanks.words)).all() == ["Merci, vraiment"]


def test_nobody_thanks_themselves(case: Helping) -> None:
    with pytest.raises(NotAllowed, match="thank_own"):
        thank(case.make, case.helper, case.given)


def test_the_first_use_is_kept_right(case: Helping) -> None:
    first_use = select(Question.first_useful_at).where(Question.id == case.asked.id)
    thank(case.make, case.asker, case.given)
    thanked_at = case.make.now
    case.make.now += timedelta(hours=1)
    case.accept()
    assert db.session.scalar(first_use) == thanked_at
    with transaction():
        thanks.take_back(case.make.actor(case.asker), case.given.id)
    assert db.session.scalar(first_use) == case.make.now
    with transaction():
        resolving.reopen(case.make.actor(case.asker), case.asked.id)
    assert db.session.scalar(first_use) is None
    assert db.session.scalar(select(Question.reopened)) == 1


def test_the_button_proposes_quarters_of_an_hour() -> None:
    told = {each: thread_help.proposed_minutes(each) for each in (None, 5, 62, 2000)}
    assert told == {None: 45, 5: 15, 62: 75, 2000: 1440}
