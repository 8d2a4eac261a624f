"""Reports, hidden posts, decisions and how they are undone: the commands behind the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.help import commands, converting, feeds, lists, posts, queries
from incubator.domain.help import search as finding
from incubator.domain.help.care import (
    deciding,
    doors,
    handing,
    locking,
    masks,
    moving,
    pinning,
    queue,
    trail,
)
from incubator.domain.help.care_models import Case, Measure, Report
from incubator.domain.help.models import Question
from incubator.domain.help.personal import forget
from incubator.domain.help.rules import Wish
from incubator.domain.help.search_models import ThreadDocument
from incubator.domain.help.similar import similar
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.members.skill_models import Proof
from tests import factories_care as c
from tests import factories_help as h

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

LATER = timedelta(hours=1)


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def helper(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Paul Vasseur")


@pytest.fixture
def boss(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Sophie Lambert")


@pytest.fixture
def other(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Bruno Petit")


def do(command: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with transaction():
        return command(*args, **more)


def fresh(row: Any) -> Any:
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


def shown(make: Make, who: Account, view: Any = queue.waiting) -> list[str]:
    page = view(make.actor(who), Cursor(size=20), now=make.now)
    return [line.case.post for line in page.rows]


# Reports


def test_one_report_a_member_and_post(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    for _ in range(2):
        case = c.report(make, asker, given, words="Il se moque de moi")
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1
    c.report(make, boss, given, reason="wrong")
    assert case.waiting_since == make.now
    assert shown(make, boss) == [c.named(given)]


def test_nobody_reports_themself_and_guests_report_nothing(
    make: Make, lyon: Site, asker: Account, helper: Account
) -> None:
    asked = h.question(make, asker)
    for who in (asker, make.member(lyon, role="guest")):
        with pytest.raises(NotAllowed, match=r"care\.own_post"):
            c.report(make, who, asked)
    with pytest.raises(NotFound):
        do_report = c.named(asked).replace("question", "answer")
        do(doors.post_named, make.actor(helper), do_report)


@pytest.mark.parametrize("name", ["", "x", "answer-", "answer-9" + "9" * 18, "post-1", "answer--1"])
def test_a_name_that_is_no_post_is_not_there(make: Make, asker: Account, name: str) -> None:
    with pytest.raises(NotFound):
        doors.post_named(make.actor(asker), name)


def test_a_thread_of_another_site_cannot_be_reported(make: Make, asker: Account) -> None:
    stranger = make.member(make.site("Nantes"))
    with pytest.raises(NotFound):
        c.report(make, stranger, h.question(make, asker, audience="site"))


# The queue


def test_managers_see_their_sites_and_never_what_they_wrote(
    make: Make, asker: Account, helper: Account, boss: Account, other: Account
) -> None:
    elsewhere = make.member(make.site("Nantes"), role="manager")
    admin = make.member(None, role="administrator")
    asked = h.question(make, asker)
    given, own = h.answer(make, helper, asked), h.answer(make, boss, asked)
    cases = {c.report(make, asker, post).post for post in (given, own)}
    assert set(shown(make, other)) == set(shown(make, admin)) == cases
    assert shown(make, boss) == [c.named(given)]
    assert shown(make, elsewhere) == []
    assert [queue.WAITING.of(make.actor(who)) for who in (boss, other, elsewhere, admin)] == [
        *(1, 2, 0, 2)
    ]
    for who in (boss, elsewhere):
        with pytest.raises(NotFound):
            doors.case_seen_by(make.actor(who), c.case_of(own).id)


def test_a_manager_never_decides_about_their_own_post(
    make: Make, asker: Account, boss: Account, other: Account
) -> None:
    own = h.answer(make, boss, h.question(make, asker))
    case = c.report(make, asker, own)
    with pytest.raises(NotAllowed, match="care_own"):
        c.decide(make, boss, case, "dismiss")
    with pytest.raises(NotAllowed, match="care_own"):
        c.hide(make, boss, own)
    c.decide(make, other, case, "hide")
    with pytest.raises(NotAllowed, match="care_own"):
        c.undo(make, boss, c.last("hide"))
    assert fresh(own).removed


def test_strangers_decide_nothing(make: Make, asker: Account, helper: Account) -> None:
    case = c.report(make, helper, h.question(make, asker))
    for who in (helper, make.member(make.site("Nantes"), role="manager")):
        with pytest.raises(NotFound):
            c.decide(make, who, case, "dismiss")
        with pytest.raises(NotFound):
            do(deciding.undo, make.actor(who), 999, now=make.now)


def test_what_was_decided_answers_the_reports_until_it_is_undone(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    case = c.report(make, asker, given)
    for act in ("dismiss", "warn", "lock", "hide"):
        c.decide(make, boss, case, act, now=make.now + LATER)
        assert shown(make, boss) == []
        assert shown(make, boss, queue.decided) == [case.post]
        c.undo(make, boss, c.last(act), now=make.now + LATER)
        assert shown(make, boss) == [case.post], act
        with pytest.raises(Conflict, match=r"care\.undone"):
            c.undo(make, boss, c.last(act))
    assert c.case_of(given).waiting_since == make.now


def test_a_report_after_a_decision_waits_again(
    make: Make, asker: Account, helper: Account, boss: Account, other: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    c.decide(make, boss, c.report(make, asker, given), "dismiss", now=make.now + LATER)
    case = c.report(make, other, given, now=make.now + 2 * LATER)
    assert case.waiting_since == make.now + 2 * LATER


def test_the_second_of_two_managers_is_told(
    make: Make, asker: Account, helper: Account, boss: Account, other: Account
) -> None:
    case = c.report(make, asker, h.answer(make, helper, h.question(make, asker)))
    seen = case.version
    c.decide(make, boss, case, "dismiss", seen=seen)
    with pytest.raises(Conflict, match=r"care\.meanwhile"):
        c.decide(make, other, case, "hide", seen=seen)


def test_a_decision_is_one_of_the_list_and_has_its_words(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    case = c.report(make, asker, h.answer(make, helper, h.question(make, asker)))
    with pytest.raises(Refusal, match=r"care\.act"):
        c.decide(make, boss, case, "burn")
    for act in ("hide", "warn"):
        with pytest.raises(Refusal, match=r"care\.words"):
            c.decide(make, boss, case, act, note=" ")
    c.decide(make, boss, case, "dismiss", note="")


def test_the_trail_tells_everything_in_its_order(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    case = c.report(make, asker, h.answer(make, helper, h.question(make, asker)), words="Oh")
    c.decide(make, boss, case, "hide", note="Non", now=make.now + LATER)
    c.undo(make, boss, c.last("hide"), now=make.now + 2 * LATER)
    steps = trail.trail_of(case)
    assert [(step.what, step.by, step.words) for step in steps] == [
        ("undone", "Sophie Lambert", ""),
        ("hide", "Sophie Lambert", "Non"),
        ("report", "Camille Dervaux", "Oh"),
    ]


def test_the_line_of_a_case_says_what_its_author_did_before(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    given, more = h.answer(make, helper, asked), h.comment(make, helper, asked, body="Encore moi")
    c.decide(make, boss, c.report(make, asker, given, words="Oh"), "hide")
    c.report(make, asker, more)
    (line,) = queue.waiting(make.actor(boss), Cursor(size=20), now=make.now).rows
    assert line.excerpt == "Encore moi"
    assert line.reasons == {"unkind": 1}
    assert line.before == {"reported": 2, "hide": 1}
    wrote = trail.wrote_of_late(make.actor(boss), line.case)
    assert wrote == []
    c.undo(make, boss, c.last("hide"))
    assert [one.title for one in trail.wrote_of_late(make.actor(boss), line.case)] == [asked.title]


# Hidden posts


def test_a_hidden_answer_is_nowhere_and_comes_back_as_it_was(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked, body="Des mots zébrés")
    h.accept(make, asker, given)
    c.hide(make, boss, given)
    actor = make.actor(asker)
    assert fresh(asked).answer_count == 0
    assert posts.accepted_of(asked, reader_id=asker.id) == []
    assert feeds.latest_answers(asked.id) == []
    assert "zebr" not in db.session.scalars(select(ThreadDocument.tokens)).one()
    assert [near.solution for near in similar(actor, asked.title)] == [""]
    for who in (asker, helper, boss):
        with pytest.raises(NotFound):
            queries.answer_visible_to(make.actor(who), given.id)
    c.undo(make, boss, c.last("hide"))
    assert fresh(asked).answer_count == 1
    assert fresh(asked).is_solved
    assert "zebr" in db.session.scalars(select(ThreadDocument.tokens)).one()


def test_a_hidden_question_leaves_every_list(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker, title="Une question très zébrée")
    c.hide(make, boss, asked)
    for who in (asker, helper, boss):
        actor = make.actor(who)
        for view in ("open", "all", "mine", "unanswered"):
            assert lists.page_for(actor, lists.Filters(view=view), Cursor(size=20)).rows == []
        found = finding.find(actor, finding.Filters(view="all", text="zébrée"), Cursor(size=20))
        assert found.page.rows == []
        assert similar(actor, asked.title) == []
        with pytest.raises(NotFound):
            queries.visible_to(actor, asked.id)
    c.undo(make, boss, c.last("hide"))
    assert queries.visible_to(make.actor(helper), asked.id)
    assert db.session.scalar(select(func.count()).select_from(ThreadDocument)) == 1


def test_hidden_words_are_for_the_author_and_the_managers(
    make: Make, asker: Account, helper: Account, boss: Account, other: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked, body="Zèbre")
    said = h.comment(make, helper, asked, body="Girafe")
    for post in (given, said):
        c.hide(make, boss, post)

    def seen(who: Account) -> list[tuple[str, bool]]:
        told = masks.told_of(make.actor(who), asked, make.now.date())
        return [(mask.html, mask.case_id is not None) for mask in (*told.answers, *told.comments)]

    words = ["<p>Zèbre</p>", "<p>Girafe</p>"]
    assert seen(asker) == [("", False)] * 2
    assert seen(helper) == [(word, False) for word in words]
    assert seen(boss) == seen(other) == [(word, True) for word in words]


def test_a_hidden_question_says_so_to_those_it_was_for(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker, audience="site")
    assert masks.hidden_thread(make.actor(helper), asked.id) is None
    c.hide(make, boss, asked, "Données d’un client")
    stranger = make.member(make.site("Nantes"))
    found = masks.hidden_thread(make.actor(helper), asked.id)
    assert found
    assert (found[1].reason, found[1].html) == ("Données d’un client", "")
    for who in (asker, boss):
        found = masks.hidden_thread(make.actor(who), asked.id)
        assert found
        assert found[1].html
    assert masks.hidden_thread(make.actor(stranger), asked.id) is None


def test_what_is_hidden_cannot_be_changed_nor_hidden_twice(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    given, said = h.answer(make, helper, asked), h.comment(make, helper, asked)
    case = c.hide(make, boss, given)
    c.hide(make, boss, said)
    with pytest.raises(NotFound):
        do(converting.to_answer, make.actor(helper), said.id, now=make.now)
    with pytest.raises(NotFound):
        do(commands.edit_answer, make.actor(helper), given.id, body="x", revision=0, now=make.now)
    with pytest.raises(NotFound):
        h.accept(make, asker, given)
    with pytest.raises(Conflict, match=r"care\.meanwhile"):
        c.decide(make, boss, case, "hide")


def test_what_its_author_took_away_is_not_hidden(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    case = c.report(make, asker, given)
    do(commands.remove_answer, make.actor(helper), given.id, now=make.now)
    with pytest.raises(Refusal, match="care_gone"):
        c.decide(make, boss, case, "hide")
    c.decide(make, boss, case, "dismiss")


def test_proof_of_help_goes_and_comes_with_the_answer(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    given = h.answer(make, helper, h.question(make, asker))
    h.accept(make, asker, given)
    proofs = select(func.count()).select_from(Proof)
    assert db.session.scalar(proofs) == 1
    c.hide(make, boss, given)
    assert db.session.scalar(proofs) == 0
    c.undo(make, boss, c.last("hide"))
    assert db.session.scalar(proofs) == 1


# Locks, words to authors


def test_a_lock_is_written_down_wherever_it_comes_from(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    case = c.report(make, asker, h.answer(make, helper, asked))
    c.decide(make, boss, case, "lock", note="Assez")
    with pytest.raises(Refusal, match=r"help\.locked"):
        h.answer(make, helper, asked)
    with pytest.raises(Conflict, match=r"care\.meanwhile"):
        c.decide(make, boss, case, "lock")
    do(locking.unlock, make.actor(boss), asked.id, now=make.now)
    assert c.last("lock").undone_at == make.now
    h.answer(make, helper, asked)
    do(locking.lock, make.actor(boss), asked.id, now=make.now)
    c.undo(make, boss, c.last("lock"))
    h.answer(make, helper, asked)


def test_who_asked_does_not_take_back_the_lock_of_another(
    make: Make, boss: Account, other: Account
) -> None:
    asked = h.question(make, boss)
    do(locking.lock, make.actor(other), asked.id, now=make.now)
    with pytest.raises(NotAllowed, match="care_own"):
        do(locking.unlock, make.actor(boss), asked.id, now=make.now)
    with pytest.raises(NotAllowed, match="care_own"):
        c.undo(make, boss, c.last("lock"))
    do(locking.unlock, make.actor(other), asked.id, now=make.now)
    do(locking.lock, make.actor(boss), asked.id, now=make.now)
    c.undo(make, boss, c.last("lock"))


def test_a_word_is_for_the_author_alone_and_can_be_taken_back(
    make: Make, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    c.decide(make, boss, c.report(make, asker, given), "warn", note="Doucement")

    def words(who: Account) -> list[str]:
        told = masks.told_of(make.actor(who), asked, make.now.date())
        return [word.note for word in told.warnings]

    assert words(helper) == ["Doucement"]
    assert words(asker) == words(boss) == []
    c.undo(make, boss, c.last("warn"))
    assert words(helper) == []


# Moves


def move(make: Make, who: Account, asked: Question, audience: str, site: Site | None) -> Measure:
    return do(
        moving.move,
        make.actor(who),
        asked.id,
        audience=audience,
        site_id=site.id if site else None,
        now=make.now,
    )


def place(asked: Question) -> tuple[str, int | None]:
    row = fresh(asked)
    return row.audience, row.site_id


def test_fewer_readers_need_no_consent(
    make: Make, lyon: Site, asker: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    c.report(make, boss, asked)
    taken = move(make, boss, asked, "site", lyon)
    assert (taken.kind, place(asked)) == ("move", ("site", lyon.id))
    with pytest.raises(NotFound):
        queries.visible_to(make.actor(make.member(make.site("Nantes"))), asked.id)
    c.undo(make, boss, taken)
    assert place(asked) == ("network", lyon.id)


def test_more_readers_need_the_consent_of_the_asker(
    make: Make, lyon: Site, asker: Account, helper: Account, boss: Account
) -> None:
    asked = h.question(make, asker, audience="site")
    assert move(make, boss, asked, "network", lyon).kind == "offer"
    assert place(asked) == ("site", lyon.id)
    with pytest.raises(Refusal, match="care_offered"):
        move(make, boss, asked, "network", lyon)
    with pytest.raises(NotAllowed, match="care_not_asker"):
        do(moving.answer_offer, make.actor(helper), asked.id, agreed=True, now=make.now)
    do(moving.answer_offer, make.actor(asker), asked.id, agreed=False, now=make.now)
    assert place(asked) == ("site", lyon.id)
    with pytest.raises(Conflict, match=r"care\.undone"):
        do(moving.answer_offer, make.actor(asker), asked.id, agreed=True, now=make.now)
    c.undo(make, boss, move(make, boss, asked, "network", lyon))
    move(make, boss, asked, "network", lyon)
    do(moving.answer_offer, make.actor(asker), asked.id, agreed=True, now=make.now)
    assert place(asked) == ("network", lyon.id)


def test_managers_move_between_sites_that_are_both_theirs(
    make: Make, lyon: Site, asker: Account, boss: Account
) -> None:
    nantes, admin = make.site("Nantes"), make.member(None, role="administrator")
    asked = h.question(make, asker)
    given = h.answer(make, boss, asked)
    case = c.report(make, asker, given)
    for place_of in (nantes, None):
        with pytest.raises(Refusal, match="care_site"):
            move(make, boss, asked, "network", place_of)
    with pytest.raises(NotAllowed, match="run_not_manager"):
        move(make, asker, asked, "site", lyon)
    with pytest.raises(Refusal, match="care_same"):
        move(make, boss, asked, "network", lyon)
    taken = move(make, admin, asked, "network", nantes)
    assert fresh(case).site_id == nantes.id
    with pytest.raises(NotFound):
        c.undo(make, boss, taken)
    again = move(make, admin, asked, "site", nantes)
    with pytest.raises(Conflict, match="care_moved_on"):
        c.undo(make, admin, taken)
    c.undo(make, admin, again)
    c.undo(make, admin, taken)
    assert place(asked) == ("network", lyon.id)


def test_who_asked_without_a_name_is_asked_before_other_managers_learn_it(
    make: Make, lyon: Site, asker: Account
) -> None:
    lyon.hidden_askers = True
    db.session.commit()
    asked = h.question(make, asker, wish=Wish(anonymous=True))
    admin = make.member(None, role="administrator")
    assert move(make, admin, asked, "network", make.site("Nantes")).kind == "offer"


# Pins


def test_pins_are_few_and_end(make: Make, lyon: Site, asker: Account, boss: Account) -> None:
    asked = [h.question(make, asker) for _ in range(4)]
    for each in asked[:3]:
        c.pin(make, boss, each, lyon, days=1)
    with pytest.raises(Refusal, match="care_pins_enough"):
        c.pin(make, boss, asked[3], lyon)
    with pytest.raises(Conflict, match=r"care\.meanwhile"):
        c.pin(make, boss, asked[0], lyon)
    day = make.now.date()
    assert list(pinning.pinned_in(lyon.id, day)) == [each.id for each in asked[:3]]
    assert not pinning.pinned_in(None, day)
    assert not pinning.pinned_in(lyon.id, day + timedelta(days=2))
    c.undo(make, boss, c.last("pin"))
    assert len(pinning.pinned_in(lyon.id, day)) == 2


def test_a_pin_that_is_over_makes_room_for_another(
    make: Make, lyon: Site, asker: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    c.pin(make, boss, asked, lyon, days=1)
    make.now += timedelta(days=3)
    c.pin(make, boss, asked, lyon)
    assert list(pinning.pinned_in(lyon.id, make.now.date())) == [asked.id]


def test_who_pins_where(make: Make, lyon: Site, asker: Account, boss: Account) -> None:
    asked, close = h.question(make, asker), h.question(make, asker, audience="site")
    nantes, admin = make.site("Nantes"), make.member(None, role="administrator")
    for site in (None, nantes):
        with pytest.raises(Refusal, match="care_list"):
            c.pin(make, boss, asked, site)
    with pytest.raises(NotAllowed, match="run_not_manager"):
        c.pin(make, asker, asked, lyon)
    with pytest.raises(Refusal, match="care_pin_readers"):
        c.pin(make, admin, close, None)
    c.pin(make, admin, asked, None)
    day = make.now.date()
    assert list(pinning.pinned_in(nantes.id, day)) == list(pinning.pinned_in(None, day))


def test_a_hidden_thread_is_no_longer_at_the_top(
    make: Make, lyon: Site, asker: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    c.pin(make, boss, asked, lyon)
    c.hide(make, boss, asked)
    ids = pinning.pinned_in(lyon.id, make.now.date())
    assert lists.threads_of(make.actor(boss), ids) == []


# One person instead of two, or none


def test_a_merge_takes_care_along(
    make: Make, asker: Account, helper: Account, boss: Account, other: Account
) -> None:
    given = h.answer(make, boss, h.question(make, asker))
    for who in (asker, helper):
        case = c.report(make, who, given)
    c.decide(make, other, case, "dismiss")
    with transaction():
        handing.hand_over(from_id=helper.id, to_id=asker.id)
        handing.hand_over(from_id=other.id, to_id=boss.id)
        handing.hand_over(from_id=boss.id, to_id=asker.id)
    db.session.expire_all()
    assert db.session.scalars(select(Report.reporter_id)).all() == [asker.id]
    assert db.session.scalars(select(Case.author_id)).all() == [asker.id]
    assert c.last("dismiss").by_id == asker.id


def test_who_is_forgotten_leaves_no_words(make: Make, asker: Account, helper: Account) -> None:
    c.report(make, asker, h.answer(make, helper, h.question(make, asker)), words="Camille ici")
    with transaction():
        forget(asker.id)
    assert db.session.scalars(select(Report.words)).all() == [""]
