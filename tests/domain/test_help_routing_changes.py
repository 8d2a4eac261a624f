"""Routing: what a thread that changes and an answer of those asked do to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.help import commands
from incubator.domain.help.care import moving
from incubator.domain.help.routing import queries
from incubator.domain.help.routing.models import Asking
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members.models import Member, Skill
from tests import factories_care as c
from tests import factories_help as h
from tests import factories_routing as r
from tests.conftest import NOW

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")
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
