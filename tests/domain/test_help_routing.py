"""Routing: who is asked, in waves, once; what they do with it; what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.help import commands, resolving
from incubator.domain.help.care import locking, moving
from incubator.domain.help.follow_models import Bump, SkillFollow
from incubator.domain.help.routing import keeping, letters, queries, waves
from incubator.domain.help.routing.events import HelpersAsked, RequestTold
from incubator.domain.help.routing.models import Asking, HelpRequest, Route
from incubator.kernel import events
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.jobs import Job
from incubator.network.accounts import rights
from incubator.network.members.audiences import set_audience
from incubator.network.members.life_models import Absence
from incubator.network.members.models import Member, MemberAvailability, Skill
from incubator.network.members.skill_models import Proof
from incubator.network.members.skills import merge_skills
from incubator.network.sites.models import Closure, SiteHours
from tests import factories_care as c
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW
from tests.factories_letters import off

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")
# NOW is a Thursday, 10:41 in Lyon, which is open from 9 to 18 where nothing else is said.
FOUR_HOURS = NOW + timedelta(hours=4)
A_DAY = NOW + timedelta(hours=24)


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


@pytest.fixture
def term(make: Make) -> Skill:
    return h.skill(make, "Comptabilité")


@pytest.fixture
def helpers(make: Make, term: Skill) -> list[Account]:
    """Twelve members of another site, whom nothing tells apart."""
    nantes = make.site("Nantes")
    return [r.offers(make.member(nantes), term) for _ in range(12)]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """Whom which step asked, and whose letters went."""
    heard: list[events.Event] = []
    joining = events._joining  # noqa: SLF001 - as the tests of following do
    for kind in (HelpersAsked, RequestTold):
        monkeypatch.setitem(joining, kind, joining.get(kind, {}) | {"test": heard.extend})
    return heard


def route(question: Question) -> Route:
    return db.session.get_one(Route, question.id, populate_existing=True)


def test_five_are_asked_at_once_then_five_then_the_managers_of_the_site(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    boss, other = make.member(lyon, role="manager"), make.member(make.site(), role="manager")
    question = h.question(make, asker, term)
    assert len(r.asked(question)) == 5
    assert set(r.asked(question)) < {each.id for each in helpers}
    assert route(question).next_at == FOUR_HOURS
    assert r.advance(question, FOUR_HOURS - timedelta(seconds=1)) == 0
    assert r.advance(question, FOUR_HOURS) == 5
    assert route(question).next_at == A_DAY
    assert r.advance(question, A_DAY) == 1
    assert (r.row(question, boss).source, other.id in r.asked(question)) == ("manager", False)
    assert route(question).next_at is None
    assert r.advance(question, A_DAY + timedelta(days=30)) == 0


def test_the_hours_that_count_are_those_of_the_askers_site(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    with transaction():
        db.session.add(SiteHours(site_id=lyon.id, weekday=3, opens_at=600, closes_at=720))
        db.session.add(SiteHours(site_id=lyon.id, weekday=4, opens_at=600, closes_at=1080))
    question = h.question(make, asker, term)
    # 79 minutes until noon, the other 161 on Friday from 10:00 on.
    friday = NOW.replace(day=13, hour=9, minute=0) + timedelta(minutes=161)
    assert route(question).next_at == friday
    assert helpers


def test_days_on_which_the_askers_site_is_shut_do_not_count(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    assert helpers
    with transaction():
        for weekday in range(7):
            row = SiteHours(site_id=lyon.id, weekday=weekday, opens_at=600, closes_at=720)
            db.session.add(row)
        shut = {"starts_on": date(2026, 11, 13), "ends_on": date(2026, 11, 15)}
        db.session.add(Closure(site_id=lyon.id, kind="works", **shut))
    question = h.question(make, asker, term)
    # 79 minutes on Thursday; Friday and Saturday are shut, Sunday gives 120, Monday the other 41.
    monday = NOW.replace(day=16, hour=9, minute=0) + timedelta(minutes=41)
    assert route(question).next_at == monday


def test_what_is_needed_tomorrow_widens_after_an_hour(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    soon = commands.rules.Wish(needed_on=date(2026, 11, 13))
    question = h.question(make, asker, term, wish=soon)
    assert route(question).next_at == NOW + timedelta(hours=1)
    r.advance(question, NOW + timedelta(hours=1))
    assert route(question).next_at == NOW + timedelta(hours=4)
    assert len(r.asked(question)) == 10 < len(helpers)


def test_nobody_offers_it_so_the_managers_come_next(
    make: Make, asker: Account, term: Skill, lyon: Site, told: list[events.Event]
) -> None:
    boss = make.member(lyon, role="manager")
    question = h.question(make, asker, term)
    assert (r.asked(question), told, route(question).next_at) == ({}, [], FOUR_HOURS)
    r.advance(question, FOUR_HOURS)
    assert r.asked(question) == {boss.id: "open"}


def test_an_answer_ends_it_and_the_others_are_no_longer_counted_on(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    first, *rest = [each for each in helpers if each.id in r.asked(question)]
    h.answer(make, asker, question)
    assert set(r.asked(question).values()) == {"open"}
    given = h.answer(make, first, question)
    assert r.asked(question) == {first.id: "answered"} | {each.id: "covered" for each in rest}
    assert route(question).next_at is None
    with transaction():
        commands.remove_answer(make.actor(first), given.id, now=NOW)
    assert r.asked(question) == {first.id: "answered"} | {each.id: "open" for each in rest}
    assert route(question).next_at == FOUR_HOURS
    with transaction():
        resolving.close(make.actor(asker), question.id, how="Seule.", now=NOW)
    assert r.asked(question)[rest[0].id] == "covered"
    with transaction():
        resolving.reopen(make.actor(asker), question.id)
    assert r.asked(question)[rest[0].id] == "open"


def test_a_lock_stops_it_and_its_end_lets_it_go_on(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    boss = make.actor(make.member(lyon, role="manager"))
    question = h.question(make, asker, term)
    with transaction():
        locking.lock(boss, question.id, now=NOW)
    assert (route(question).next_at, set(r.asked(question).values())) == (None, {"covered"})
    assert r.advance(question, A_DAY) == 0
    with transaction():
        locking.unlock(boss, question.id, now=NOW)
    assert (route(question).next_at, set(r.asked(question).values())) == (FOUR_HOURS, {"open"})
    assert helpers


def test_the_expert_nearby_who_helped_before_comes_first_and_is_told_why(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    best = r.offers(make.member(lyon), term, level=3)
    with transaction():
        db.session.add(Proof(member_id=best.id, skill_id=term.id, count=2, last_at=NOW))
    question = h.question(make, asker, term)
    (request,) = queries.asked_of(make.actor(best))
    assert [(each.code, each.skill, each.level, each.times) for each in request.reasons] == [
        ("offers", "Comptabilité", 3, 0),
        ("helped", "Comptabilité", 0, 2),
        ("site", "", 0, 0),
    ]
    assert queries.asked_in(make.actor(best), question.id) == request
    assert queries.asked_in(make.actor(asker), question.id) is None
    assert helpers


@pytest.mark.parametrize("why", ["site", "help"])
def test_five_of_ten_alike_are_asked_who_are_near_or_helped_before(
    make: Make, asker: Account, term: Skill, lyon: Site, why: str
) -> None:
    nantes, favoured = make.site("Nantes"), set()
    for turn in range(10):
        better = turn % 2 == 0
        near = better and why == "site"
        helper = r.offers(make.member(lyon if near else nantes), term)
        if better:
            favoured.add(helper.id)
        if better and why == "help":
            with transaction():
                db.session.add(Proof(member_id=helper.id, skill_id=term.id, count=2, last_at=NOW))
    assert set(r.asked(h.question(make, asker, term))) == favoured


def resting(make: Make, who: Account, how: str) -> None:
    with transaction():
        if how == "on leave":
            db.session.add(Absence(member_id=who.id, back_on=date(2026, 11, 20)))
        elif how == "away":
            db.session.add(MemberAvailability(member_id=who.id, state="away"))
        elif how == "gone":
            db.session.get_one(Member, who.id).active = False
    if how == "paused":
        r.wishes(make, who, paused=True)
    elif how == "none a week":
        r.wishes(make, who, weekly_cap=0)


@pytest.mark.parametrize("how", ["on leave", "away", "gone", "paused", "none a week"])
def test_who_rests_is_not_asked(make: Make, asker: Account, term: Skill, how: str) -> None:
    nantes = make.site("Nantes")
    rests, other = (r.offers(make.member(nantes), term) for _ in range(2))
    resting(make, rests, how)
    assert r.asked(h.question(make, asker, term)) == {other.id: "open"}


@pytest.mark.parametrize("role", ["guest", "alumni"])
def test_guests_are_not_asked(make: Make, asker: Account, term: Skill, role: str) -> None:
    r.offers(make.member(make.site(), role=role), term)
    assert r.asked(h.question(make, asker, term)) == {}


def test_a_leave_and_an_absence_that_are_over_do_not_count(
    make: Make, asker: Account, term: Skill
) -> None:
    back = r.offers(make.member(make.site()), term)
    with transaction():
        db.session.add(Absence(member_id=back.id, back_on=date(2026, 11, 12)))
        away = MemberAvailability(member_id=back.id, state="away", until=date(2026, 11, 11))
        db.session.add(away)
    assert r.asked(h.question(make, asker, term)) == {back.id: "open"}


def test_three_a_week_and_then_somebody_else(make: Make, asker: Account, term: Skill) -> None:
    one = r.offers(make.member(make.site()), term, level=3)
    questions = [h.question(make, asker, term) for _ in range(4)]
    assert [len(r.asked(each)) for each in questions] == [1, 1, 1, 0]
    r.wishes(make, one, weekly_cap=4)
    assert r.asked(h.question(make, asker, term)) == {one.id: "open"}
    later = NOW + timedelta(days=7, minutes=1)
    with as_of(later):
        assert r.asked(h.question(make, asker, term, now=later)) == {one.id: "open"}


def test_who_has_questions_waiting_comes_after_who_has_none(
    make: Make, asker: Account, term: Skill
) -> None:
    nantes = make.site("Nantes")
    for _ in range(6):
        r.offers(make.member(nantes), term)
    first, second = h.question(make, asker, term), h.question(make, asker, term)
    (fresh,) = set(r.asked(second)) - set(r.asked(first))
    assert fresh
    everybody = [h.question(make, asker, term) for _ in range(3)]
    times = db.session.scalars(
        select(func.count(HelpRequest.member_id)).group_by(HelpRequest.member_id)
    ).all()
    # Nobody more than three in a week, everybody something.
    assert (sorted(times), everybody[0].id > second.id) == ([3] * 6, True)


def test_the_asker_and_whoever_writes_there_already_are_not_asked(
    make: Make, asker: Account, term: Skill
) -> None:
    late = h.skill(make, "Couture")
    speaks, begins, free = (r.offers(make.member(make.site()), late) for _ in range(3))
    r.offers(asker, late, level=3)
    question = h.question(make, asker, term)
    h.comment(make, speaks, question)
    h.drafted(make, begins, "Alors", kind="answer", question_id=question.id)
    ask_for(make, asker, question, late)
    assert r.asked(question) == {free.id: "open"}


def ask_for(make: Make, asker: Account, question: Question, term: Skill, **more: str) -> None:
    """Another skill, or another title."""
    with transaction():
        commands.edit_question(
            make.actor(asker),
            question.id,
            title=more.get("title", question.title),
            body=question.body_md,
            skill_ids=[term.id],
            revision=0,
            now=NOW,
        )


def test_a_question_of_a_site_is_asked_of_nobody_else(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    near = r.offers(make.member(lyon), term)
    assert r.asked(h.question(make, asker, term, audience="site")) == {near.id: "open"}
    assert helpers


@pytest.mark.parametrize(("audience", "near", "far"), [("site", 1, 0), ("managers", 0, 0)])
def test_what_somebody_does_not_show_the_asker_is_not_used(
    make: Make, asker: Account, term: Skill, lyon: Site, audience: str, near: int, far: int
) -> None:
    shy = r.offers(make.member(lyon), term, level=3)
    with transaction():
        db.session.add(Proof(member_id=shy.id, skill_id=term.id, count=2, last_at=NOW))
        set_audience(make.actor(shy), name="offers", audience=audience)
    stranger = make.member(make.site("Lille"))
    assert len(r.asked(h.question(make, asker, term))) == near
    assert len(r.asked(h.question(make, stranger, term))) == far


def test_families_and_their_skills_count_less(make: Make, asker: Account, lyon: Site) -> None:
    family, leaf = h.skill(make, "Finance"), h.skill(make, "Trésorerie")
    with transaction():
        db.session.get_one(Skill, leaf.id).parent_id = family.id
    above, exact = (make.member(lyon) for _ in range(2))
    r.offers(above, family, level=3)
    r.offers(exact, leaf, level=3)
    question = h.question(make, asker, leaf)
    codes = {who.id: r.row(question, who).reasons[0]["code"] for who in (above, exact)}
    assert codes == {above.id: "close", exact.id: "offers"}
    assert r.row(h.question(make, asker, family), exact).reasons[0]["code"] == "close"


def test_a_thread_that_moves_is_brought_to_those_of_its_new_place(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    boss, near = make.actor(make.member(lyon, role="manager")), r.offers(make.member(lyon), term)
    question = h.question(make, asker, term)
    far = set(r.asked(question)) - {near.id}
    with transaction():
        moving.move(boss, question.id, audience="site", site_id=lyon.id, now=NOW)
    assert r.asked(question) == dict.fromkeys(far, "over") | {near.id: "open"}
    assert helpers


def test_a_question_that_is_hidden_counts_on_nobody_until_it_is_shown(
    make: Make, asker: Account, term: Skill, helpers: list[Account], lyon: Site
) -> None:
    boss = make.member(lyon, role="manager")
    question = h.question(make, asker, term)
    c.hide(make, boss, question)
    assert (set(r.asked(question).values()), len(helpers)) == ({"covered"}, 12)
    c.undo(make, boss, c.last("hide"))
    assert set(r.asked(question).values()) == {"open"}


def test_other_skills_bring_other_people_and_let_the_first_go(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    other = h.skill(make, "Couture")
    tailor = r.offers(make.member(make.site()), other)
    question = h.question(make, asker, term)
    before = set(r.asked(question))
    ask_for(make, asker, question, other)
    assert r.asked(question) == dict.fromkeys(before, "over") | {tailor.id: "open"}
    assert helpers


def test_another_text_asks_nobody_anew(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    before = r.asked(question)
    ask_for(make, asker, question, term, title="Comment relancer une cliente sans la perdre")
    assert (r.asked(question), len(helpers)) == (before, 12)


def test_not_me_is_told_to_nobody_and_the_last_one_brings_the_next_at_once(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    first = [each for each in helpers if each.id in r.asked(question)]
    for each in first[:4]:
        r.decline(make, each, question)
    assert len(r.asked(question)) == 5
    r.decline(make, first[4], question)
    r.decline(make, first[4], question)
    assert len(r.asked(question)) == 10
    assert queries.progress_of(make.actor(asker), question) == queries.Progress(
        10, managers=False, next_at=A_DAY, managers_next=True
    )
    assert queries.progress_of(make.actor(first[0]), question) is None


def test_rather_somebody_else_who_knows_by_whom(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    first = next(each for each in helpers if each.id in r.asked(question))
    friend, name = make.member(make.site()), db.session.get_one(Member, first.id).name
    r.pass_on(make, first, question, friend)
    assert (r.row(question, first).state, r.row(question, friend).by_id) == ("passed", first.id)
    (request,) = queries.asked_of(make.actor(friend))
    assert ([each.code for each in request.reasons], request.by) == (["passed"], name)
    progress = queries.progress_of(make.actor(asker), question)
    assert progress is not None
    assert progress.asked == 5


def nobody_to_pass_to(make: Make, asker: Account, question: object, how: str) -> Account:
    site = make.site("Lille")
    other = make.member(site, role="guest" if how == "guest" else "resident")
    if how == "paused":
        r.wishes(make, other, paused=True)
    return asker if how == "the asker" else other


@pytest.mark.parametrize("how", ["guest", "paused", "the asker", "of another site"])
def test_whom_nobody_can_ask_is_refused_in_one_way(
    make: Make, asker: Account, term: Skill, lyon: Site, how: str
) -> None:
    near = r.offers(make.member(lyon), term)
    audience = "site" if how == "of another site" else "network"
    question = h.question(make, asker, term, audience=audience)
    other = nobody_to_pass_to(make, asker, question, how)
    with pytest.raises(Refusal) as refused:
        r.pass_on(make, near, question, other)
    assert refused.value.code == "help.pass_unavailable"
    assert r.asked(question) == {near.id: "open"}


def test_a_chain_cannot_come_back(make: Make, asker: Account, term: Skill, lyon: Site) -> None:
    one, two, three = (make.member(lyon) for _ in range(3))
    r.offers(one, term)
    question = h.question(make, asker, term)
    r.pass_on(make, one, question, two)
    r.pass_on(make, two, question, three)
    for back in (one, two, three):
        with pytest.raises(Refusal, match=r"help\.pass_unavailable"):
            r.pass_on(make, three, question, back)
    with pytest.raises(Refusal, match=r"help\.asked_no_more"):
        r.pass_on(make, one, question, make.member(lyon))


def test_who_was_never_asked_has_nothing_to_decline(
    make: Make, asker: Account, term: Skill, lyon: Site
) -> None:
    question, stranger = h.question(make, asker, term), make.member(lyon)
    with pytest.raises(NotFound):
        r.decline(make, stranger, question)
    with pytest.raises(NotFound):
        r.pass_on(make, stranger, question, make.member(lyon))


def test_guests_choose_nothing(make: Make) -> None:
    with pytest.raises(NotAllowed):
        r.wishes(make, make.member(make.site(), role="guest"))


def test_the_same_choice_again_is_no_event(make: Make, asker: Account) -> None:
    r.wishes(make, asker, weekly_cap=5)
    r.wishes(make, asker, weekly_cap=5)
    assert db.session.scalars(select(Asking.weekly_cap)).one() == 5


def write(question: Question, now: datetime) -> None:
    with transaction():
        letters.write_due(question.id, now=now)


@pytest.mark.usefixtures("nights")
def test_each_letter_goes_once_and_not_at_night(
    make: Make, asker: Account, term: Skill, told: list[events.Event]
) -> None:
    here = r.offers(make.member(make.site()), term)
    far = r.offers(make.member(make.site(), time_zone="America/Montreal"), term)
    silent = r.offers(make.member(make.site()), term)
    off(silent, "help_asked")
    question = h.question(make, asker, term)
    at_eight = NOW.replace(hour=13, minute=0)
    assert (r.row(question, far).due_at, r.row(question, silent).due_at) == (at_eight, None)
    for _ in range(2):
        write(question, NOW + timedelta(minutes=3))
    write(question, at_eight)
    letters_told = [each.member_id for each in told if isinstance(each, RequestTold)]
    assert letters_told == [here.id, far.id]
    jobs = db.session.scalars(select(Job.due_at).where(Job.kind == "help.asked")).all()
    assert sorted(jobs) == [NOW + timedelta(minutes=2), at_eight]


def test_who_is_needed_no_more_gets_no_letter(
    make: Make, asker: Account, term: Skill, told: list[events.Event]
) -> None:
    here = r.offers(make.member(make.site()), term)
    question = h.question(make, asker, term)
    r.decline(make, here, question)
    write(question, A_DAY)
    assert not [each for each in told if isinstance(each, RequestTold)]


def test_who_follows_the_skill_gets_one_letter_and_not_two(
    make: Make, asker: Account, term: Skill
) -> None:
    here = r.offers(make.member(make.site()), term)
    with transaction():
        db.session.add(SkillFollow(skill_id=term.id, member_id=here.id, since=NOW))
    question = h.question(make, asker, term)
    bump = db.session.get_one(Bump, (question.id, here.id))
    assert (bump.due_at, bump.read_at, r.row(question, here).due_at is None) == (None, None, False)


def test_who_leaves_is_asked_no_more_and_others_are_at_once(
    make: Make, asker: Account, term: Skill, lyon: Site
) -> None:
    boss = make.member(lyon, role="manager")
    only = r.offers(make.member(lyon), term)
    question = h.question(make, asker, term)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=only.id, now=NOW)
    assert r.asked(question) == {only.id: "over", boss.id: "open"}


def test_terms_that_are_merged_are_told_by_the_name_that_stays(
    make: Make, asker: Account, term: Skill
) -> None:
    admin = make.actor(make.member(None, role="administrator"))
    kept = h.skill(make, "Tenue de comptes")
    here = r.offers(make.member(make.site()), term)
    h.question(make, asker, term)
    with transaction():
        merge_skills(admin, gone_id=term.id, kept_id=kept.id)
    (request,) = queries.asked_of(make.actor(here))
    assert request.reasons[0].skill == "Tenue de comptes"


def test_what_was_asked_of_somebody_is_forgotten(
    make: Make, asker: Account, term: Skill, lyon: Site
) -> None:
    one, two = r.offers(make.member(lyon), term), make.member(lyon)
    r.wishes(make, one, weekly_cap=2)
    question = h.question(make, asker, term)
    r.pass_on(make, one, question, two)
    with transaction():
        keeping.forget(one.id)
    assert r.asked(question) == {two.id: "open"}
    assert (r.row(question, two).by_id, db.session.get(Asking, one.id)) == (None, None)


def test_the_hour_catches_up_with_all_that_is_due(
    make: Make, asker: Account, term: Skill, helpers: list[Account]
) -> None:
    question = h.question(make, asker, term)
    assert waves.due(NOW) == []
    assert waves.due(A_DAY) == [question.id]
    assert helpers


def test_ranking_takes_as_many_statements_for_many_as_for_few(
    make: Make, asker: Account, term: Skill, count_queries
) -> None:
    site = make.site("Nantes")
    r.offers(make.member(site), term)

    def statements() -> int:
        with count_queries() as seen:
            h.question(make, asker, term)
        return len(seen)

    few = statements()
    for _ in range(30):
        r.offers(make.member(site), term)
    # Four more are asked: a row and its one letter each.
    assert statements() <= few + 4 * 3
