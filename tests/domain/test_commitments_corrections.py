"""Corrections: nobody raises their own minutes alone, and what was stays written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.commitments import presence_answers, rounds
from incubator.domain.commitments import presence_corrections as corrections
from incubator.domain.commitments import presence_edits as edits
from incubator.domain.commitments import presence_verdicts as verdicts
from incubator.domain.commitments.presence_at_site import to_decide
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_queries import revisions_of, to_witness
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from tests.conftest import NOW
from tests.factories_checkins import presumed, sessions, stayed, wish
from tests.factories_commitments import total

if TYPE_CHECKING:
    from incubator.domain.commitments.correction_models import Correction
    from incubator.network.accounts.models import Account
    from tests.factories import Make

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=5)


@pytest.fixture
def house(make: Make) -> Any:
    class House:
        """A site with a member, a manager and somebody else."""

        site = make.site()
        ada = make.member(site)
        manager = make.member(site, role="manager")
        other = make.member(site)

    return House


def asked(make: Make, member: Account, wished: Any, **more: Any) -> Correction:
    session_id, site_id = more.pop("session_id", None), more.pop("site_id", None)
    with transaction():
        actor, once = make.actor(member), more.pop("once", "once")
        if session_id:
            found = corrections.ask_change(actor, session_id, wished, once=once, now=LATER)
            assert found is not None
            return found
        return corrections.ask_missing(actor, site_id, wished, once=once, now=LATER)


def decided(make: Make, by: Account, correction: Correction, **more: Any) -> Correction:
    with transaction():
        values = {"accept": True, "now": LATER} | more
        return verdicts.decide(make.actor(by), correction.id, **values)


def test_shortening_needs_nobody(make: Make, house: Any) -> None:
    session = stayed(make, house.ada, house.site, NOW, 4)
    with transaction():
        shorter = wish(NOW, 3, why="Parti plus tôt")
        assert not corrections.ask_change(
            make.actor(house.ada), session.id, shorter, once="a", now=LATER
        )
    (revision,) = revisions_of(session.id)
    assert (total(house.ada), revision.reason) == (180, "Parti plus tôt")
    assert revision.before["ended_at"] != revision.after["ended_at"]


def test_lengthening_waits_for_a_manager_of_the_site(make: Make, house: Any) -> None:
    session = stayed(make, house.ada, house.site, NOW, 2)
    correction = asked(make, house.ada, wish(NOW, 3), session_id=session.id)
    assert total(house.ada) == 120
    assert [each.id for each in to_decide(make.actor(house.manager), house.site.id)] == [
        correction.id
    ]
    decided(make, house.manager, correction)
    assert total(house.ada) == 180
    assert sessions(house.ada)[0].confirmed_by_id == house.manager.id


def test_nobody_decides_on_their_own_nor_at_another_site(make: Make, house: Any) -> None:
    far = make.member(make.site("Nantes"), role="manager")
    session = stayed(make, house.manager, house.site, NOW, 2)
    correction = asked(make, house.manager, wish(NOW, 3), session_id=session.id)
    with pytest.raises(NotAllowed):
        decided(make, house.manager, correction)
    for stranger in (house.other, far):
        with pytest.raises(NotFound):
            decided(make, stranger, correction)
    with pytest.raises(NotAllowed), transaction():
        edits.change(make.actor(house.manager), session.id, wish(NOW, 3), now=LATER)


def test_who_was_there_may_vouch_for_a_forgotten_check_in(make: Make, house: Any) -> None:
    stayed(make, house.other, house.site, NOW, 4)
    wished = wish(NOW, 2, witness_id=house.other.id)
    correction = asked(make, house.ada, wished, site_id=house.site.id)
    assert [each.id for each in to_witness(make.actor(house.other))] == [correction.id]
    decided(make, house.other, correction)
    assert (total(house.ada), sessions(house.ada)[0].state) == (120, "counted")


def test_a_witness_was_there(make: Make, house: Any) -> None:
    with pytest.raises(Refusal, match="witness_not_there"):
        asked(make, house.ada, wish(NOW, 2, witness_id=house.other.id), site_id=house.site.id)
    with pytest.raises(Refusal, match="receiver_self"):
        asked(make, house.ada, wish(NOW, 2, witness_id=house.ada.id), site_id=house.site.id)


def test_one_forgotten_check_in_too_many_needs_a_word(make: Make, house: Any) -> None:
    days = [wish(NOW + timedelta(days=day), 2) for day in range(3)]
    first, second, third = (
        asked(make, house.ada, day, site_id=house.site.id, once=f"day-{number}")
        for number, day in enumerate(days)
    )
    for correction in (first, second):
        decided(make, house.manager, correction)
    with pytest.raises(Refusal, match="note_needed"):
        decided(make, house.manager, third)
    decided(make, house.manager, third, reason="Vu sur place")
    assert total(house.ada) == 360


def test_a_no_says_why_and_the_question_is_open_again(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    correction = asked(make, house.ada, wish(NOW, 6), session_id=session.id)
    assert sessions(house.ada)[0].state == "disputed"
    with pytest.raises(Refusal, match="reason_needed"):
        decided(make, house.manager, correction, accept=False)
    decided(make, house.manager, correction, accept=False, reason="Fermé à midi")
    assert (sessions(house.ada)[0].state, total(house.ada)) == ("presumed", 0)
    with pytest.raises(Refusal, match="decided_before"):
        decided(make, house.manager, correction)


def test_what_is_asked_may_be_taken_back_by_its_member_alone(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    correction = asked(make, house.ada, wish(NOW, 6), session_id=session.id)
    with pytest.raises(NotAllowed), transaction():
        verdicts.withdraw(make.actor(house.manager), correction.id, now=LATER)
    for _twice in range(2):
        with transaction():
            verdicts.withdraw(make.actor(house.ada), correction.id, now=LATER)
    assert sessions(house.ada)[0].state == "presumed"


def test_what_waits_for_a_word_never_lapses(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    correction = asked(make, house.ada, wish(NOW, 6), session_id=session.id)
    months_later = NOW + timedelta(days=90)
    rounds.settle_unanswered(months_later)
    assert sessions(house.ada)[0].state == "disputed"
    decided(make, house.manager, correction, accept=False, reason="Fermé à midi", now=months_later)
    rounds.settle_unanswered(months_later + timedelta(days=6))
    assert sessions(house.ada)[0].state == "presumed"
    rounds.settle_unanswered(months_later + timedelta(days=7))
    assert sessions(house.ada)[0].state == "void"


def test_a_session_made_doubtful_while_somebody_decides_does_not_lapse(make, house: Any) -> None:
    session = stayed(make, house.ada, house.site, NOW, 2)
    correction = asked(make, house.ada, wish(NOW, 3), session_id=session.id)
    with transaction():
        row = db.session.get_one(Presence, session.id)
        row.state, row.asked_at = "presumed", NOW
    assert rounds.settle_unanswered(LATER + timedelta(days=30)) == 0
    decided(make, house.manager, correction)
    assert (sessions(house.ada)[0].state, total(house.ada)) == ("counted", 180)


def test_of_two_corrections_a_no_to_one_leaves_the_other_open(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    first = asked(make, house.ada, wish(NOW, 6), session_id=session.id, once="first")
    second = asked(make, house.ada, wish(NOW, 5), session_id=session.id, once="second")
    decided(make, house.manager, first, accept=False, reason="Fermé à midi")
    assert sessions(house.ada)[0].state == "disputed"
    assert rounds.settle_unanswered(LATER + timedelta(days=30)) == 0
    decided(make, house.manager, second)
    assert total(house.ada) == 300


def test_a_question_sent_again_after_the_no_disputes_nothing(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    correction = asked(make, house.ada, wish(NOW, 6), session_id=session.id)
    decided(make, house.manager, correction, accept=False, reason="Fermé à midi")
    again = asked(make, house.ada, wish(NOW, 6), session_id=session.id)
    assert (again.id, sessions(house.ada)[0].state) == (correction.id, "presumed")


def test_a_manager_settles_a_presumed_session_and_says_why(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    manager = make.actor(house.manager)
    with pytest.raises(Refusal, match="reason_needed"), transaction():
        edits.change(manager, session.id, wish(NOW, 3), now=LATER)
    with transaction():
        edits.change(manager, session.id, wish(NOW, 3, why="Vue partir"), now=LATER)
    assert total(house.ada) == 180
    for _twice in range(2):
        with transaction():
            edits.void(manager, session.id, why="Erreur de badge", now=LATER)
    assert (total(house.ada), sessions(house.ada)[0].state) == (0, "void")


def test_an_open_session_may_be_ended_by_a_manager(make: Make, house: Any) -> None:
    session = presumed(make, house.ada, house.site, NOW)
    with pytest.raises(Refusal, match="session_over"), transaction():
        presence_answers.undo(make.actor(house.ada), session.id, now=LATER)
    with pytest.raises(NotFound), transaction():
        edits.void(make.actor(house.other), session.id, why="x", now=LATER)


@pytest.mark.parametrize(
    ("start", "hours", "code"),
    [
        (NOW, -1, "session_order"),
        (LATER - HOUR, 2, "session_future"),
        (NOW, 13, "session_too_long"),
        (NOW - timedelta(days=90), 2, "before_joining"),
    ],
)
def test_what_cannot_have_been_is_refused(
    make: Make, house: Any, start: Any, hours: float, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        asked(make, house.ada, wish(start, hours), site_id=house.site.id)


def test_a_double_send_asks_once(make: Make, house: Any) -> None:
    first = asked(make, house.ada, wish(NOW, 2), site_id=house.site.id)
    assert asked(make, house.ada, wish(NOW, 2), site_id=house.site.id).id == first.id
