"""Routing: who is asked and in which order, and who is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.help import commands
from incubator.domain.help.routing import queries
from incubator.domain.help.routing.models import HelpRequest
from incubator.kernel.db import as_of, db, transaction
from incubator.network.members.audiences import set_audience
from incubator.network.members.life_models import Absence
from incubator.network.members.models import Member, MemberAvailability, Skill
from incubator.network.members.skill_models import Proof
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")


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
