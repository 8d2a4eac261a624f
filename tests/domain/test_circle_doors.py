"""No question of a circle is seen outside, through any door, whoever comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from incubator.domain.help import (
    attachments,
    bump_letters,
    bumps,
    commands,
    drafts,
    feeds,
    follows,
    lists,
    policy,
    queries,
    search,
    similar,
)
from incubator.domain.help.care import doors as care_doors
from incubator.domain.help.care import moving, queue, reporting, trail
from incubator.domain.help.care_models import Case
from incubator.domain.help.events import MembersMentioned, ThreadNews
from incubator.domain.help.models import Question
from incubator.domain.help.opened import opened
from incubator.domain.help.routing.models import HelpRequest
from incubator.domain.help.routing.people import people as routing_people
from incubator.kernel import events
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.kept_files import Kept
from incubator.kernel.keyset import Cursor
from incubator.network.accounts.queries import session_of
from tests import factories_help as h
from tests.factories_circles import circle, invited, joined, left

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor
    from incubator.network.members.circle_models import Circle
    from tests.factories import Make

TITLE = "Dédouaner des pralines vers Montréal"


def sees(door: Callable[[], Any]) -> bool:
    try:
        return bool(door())
    except NotFound:
        return False


def listed(actor: Actor, question: Question) -> set[str]:
    """The lists and searches that show it."""
    found = set()
    for view in (*lists.VIEWS, "followed", "saved"):
        for text in ("", "pralines"):
            for sort in ("", search.NEWEST, search.USEFUL):
                asked = search.Filters(view=view, text=text, sort=sort)
                page = search.find(actor, asked, Cursor(size=20)).page
                if question.id in {row.question.id for row in page.rows}:
                    found.add(f"{view} {text} {sort}")
    return found


def doors(actor: Actor, question: Question, ids: dict[str, int]) -> dict[str, bool]:
    """Through which of them an actor sees a question."""
    near = {each.id for each in similar.similar(actor, TITLE)}
    other = opened(actor, ids["open"])
    of_circle = lists.Filters(view="all", circle_id=question.circle_id)
    return {
        "rule": policy.may_read(actor, question),
        "page": sees(lambda: opened(actor, question.id)),
        "command": sees(lambda: queries.visible_to(actor, question.id, lock=True)),
        "answer": sees(lambda: queries.answer_visible_to(actor, ids["answer"])),
        "comment": sees(lambda: queries.comment_visible_to(actor, ids["comment"])),
        "file": sees(lambda: attachments.visible_to(actor, ids["file"])),
        "lists": bool(listed(actor, question)),
        "similar": question.id in near,
        "like": question.id in {x.id for x in similar.like(actor, other.question, other.newest)},
        "threads": bool(lists.threads_of(actor, [question.id])),
        "circle": bool(lists.page_for(actor, of_circle, Cursor(size=9)).rows),
    }


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whom letters and mentions tell."""
    told: list[Any] = []
    joining = events._joining  # noqa: SLF001 - as the tests of the commands do
    for kind in (ThreadNews, MembersMentioned):
        monkeypatch.setitem(joining, kind, joining[kind] | {"test": told.extend})
    return told


@pytest.fixture
def world(make: Make) -> dict[str, Any]:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    people = {
        "ada": make.member(lyon, name="Ada Blum"),
        "leo": make.member(lille, name="Léo Roy"),
        "neighbour": make.member(lyon, name="Nina Petit"),
        "manager": make.member(lyon, role="manager"),
        "guest": make.member(lyon, role="guest"),
        "administrator": make.member(role="administrator"),
    }
    made = circle(make, people["ada"], people["leo"])
    term = h.skill(make, offered_by=tuple(people.values()))
    with transaction():
        for who in people.values():
            if not make.actor(who).is_guest:
                follows.follow_skill(make.actor(who), term.id, now=make.now)
    asked = h.question(make, people["ada"], term, title=TITLE, audience=f"circle:{made.id}")
    given = h.answer(make, people["leo"], asked, body="Un carnet, dit @nina-petit")
    said = h.comment(make, people["ada"], asked)
    kept = Kept(key="f" * 32, name="devis.pdf", kind="pdf", size=9)
    with transaction():
        file = attachments.add(make.actor(people["leo"]), "f", kept, now=make.now)
    h.answer(make, people["leo"], asked, once="f")
    open_one = h.question(make, people["leo"], term, title=TITLE)
    ids = {"answer": given.id, "comment": said.id, "file": file.id, "open": open_one.id}
    return {"people": people, "circle": made, "question": asked, "ids": ids, "skill": term}


def check(make: Make, world: dict[str, Any]) -> None:
    """Every door is open to those who are in the circle and administrators, shut to the others."""
    question = db.session.get_one(Question, world["question"].id)
    for name, who in world["people"].items():
        actor = make.actor(who)
        allowed = name == "administrator" or question.circle_id in actor.circle_ids
        found = doors(actor, question, world["ids"])
        assert found == dict.fromkeys(found, allowed), (name, found)


def test_only_who_is_in_the_circle_sees_it_through_any_door(
    make: Make, world: dict[str, Any]
) -> None:
    check(make, world)
    left(make, world["people"]["leo"], world["circle"])
    check(make, world)
    # Not even who asked it, once they are outside.
    left(make, world["people"]["ada"], world["circle"])
    check(make, world)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(("in", "out")), st.integers(0, 2)), max_size=5))
def test_whoever_comes_and_goes_the_doors_agree(
    make: Make, world: dict[str, Any], steps: list[tuple[str, int]]
) -> None:
    names = ("ada", "leo", "neighbour")
    made, boss = world["circle"], world["people"]["administrator"]
    for act, number in steps:
        who = world["people"][names[number]]
        if act == "out":
            left(make, who, made) if make.actor(who).circle_ids else None
        elif invited(make, boss, made, who) == "invited":
            joined(make, who, made)
    check(make, world)


def test_nobody_outside_is_told_by_letter_or_named(
    make: Make, recorded: list[Any], world: dict[str, Any]
) -> None:
    with transaction():
        bump_letters.write_due(world["question"].id, now=make.now.replace(day=13))
    told = {each.member_id for each in recorded if isinstance(each, ThreadNews)}
    people = world["people"]
    assert told <= {people["ada"].id, people["leo"].id, people["administrator"].id}
    assert not [each for each in recorded if isinstance(each, MembersMentioned)]
    for name in ("neighbour", "manager"):
        assert bumps.UNREAD.of(make.actor(people[name])) <= 1


def test_feeds_and_drafts_tell_no_title_to_who_has_left(make: Make, world: dict[str, Any]) -> None:
    ada, question = world["people"]["ada"], world["question"]
    with transaction():
        feeds.make_feed(make.actor(ada), question_id=question.id, now=make.now)
    h.drafted(make, ada, "Une idée", kind="answer", question_id=question.id)
    mine = feeds.feeds_of(ada.id)
    assert feeds.titles_of(make.actor(ada), mine) == {question.id: TITLE}
    left(make, ada, world["circle"])
    assert feeds.titles_of(make.actor(ada), mine) == {}
    kept = drafts.of_member(make.actor(ada))
    assert [policy.may_read(make.actor(ada), each.question) for each in kept] == [False]


def test_nobody_outside_is_asked_to_help(make: Make, world: dict[str, Any]) -> None:
    people, question = world["people"], world["question"]
    ids = [who.id for who in people.values()]
    asked = routing_people(ids, question, now=make.now)
    assert set(asked) == {people["ada"].id, people["leo"].id}
    of_circle = HelpRequest.question_id == question.id
    requests = db.session.scalars(select(HelpRequest.member_id).where(of_circle))
    assert set(requests) <= {people["leo"].id}


def test_managers_outside_do_not_look_after_it(make: Make, world: dict[str, Any]) -> None:
    people, question = world["people"], world["question"]
    with transaction():
        post = f"answer-{world['ids']['answer']}"
        reporting.report(make.actor(people["ada"]), post, reason="unkind", words="", now=make.now)
    case = db.session.scalars(select(Case)).one()
    for name, seen in (("manager", False), ("administrator", True)):
        actor = make.actor(people[name])
        assert sees(lambda who=actor: care_doors.case_seen_by(who, case.id)) is seen
        assert bool(queue.waiting(actor, Cursor(size=9), now=make.now).rows) is seen
        assert bool(queue.WAITING.of(actor)) is seen
        written = {one.question_id for one in trail.wrote_of_late(actor, case)}
        assert (question.id in written) is seen
    admin = make.actor(people["administrator"])
    home = make.actor(people["ada"]).home_site_id
    with pytest.raises(Refusal, match=r"help\.care_circle"), transaction():
        moving.move(admin, question.id, audience="network", site_id=home, now=make.now)


def test_nothing_wider_repeats_what_is_in_a_circle(make: Make, world: dict[str, Any]) -> None:
    leo, term = world["people"]["leo"], world["skill"]
    wide = h.question(make, leo, term)
    with pytest.raises(Refusal, match=r"help\.repeats_hidden"):
        h.repeats(make, leo, wide, world["question"])
    other = circle(make, leo, name="Douane")
    elsewhere = h.question(make, leo, term, audience=f"circle:{other.id}")
    with pytest.raises(Refusal, match=r"help\.repeats_hidden"):
        h.repeats(make, leo, elsewhere, world["question"])
    same = h.question(make, leo, term, audience=f"circle:{world['circle'].id}")
    h.repeats(make, leo, same, world["question"])
    assert queries.duplicate_of(same)


def test_one_asks_only_in_a_circle_of_ones_own(make: Make, world: dict[str, Any]) -> None:
    made: Circle = world["circle"]
    asked = {"body": "Bonjour", "skill_ids": [world["skill"].id], "now": make.now}
    for who, audience in (
        ("neighbour", f"circle:{made.id}"),
        ("administrator", f"circle:{made.id}"),
        ("ada", "circle:"),
        ("ada", "circle:999"),
        ("ada", f"circle:0{made.id}"),
        ("ada", "circle"),
    ):
        actor = make.actor(world["people"][who])
        with pytest.raises(Refusal, match=r"help\.audience"), transaction():
            commands.ask(actor, title=TITLE, audience=audience, once=who, **asked)


def test_a_session_knows_of_the_circle_at_once(make: Make, world: dict[str, Any]) -> None:
    ada: Account = world["people"]["ada"]
    token = make.session_of(ada)
    live = session_of(token)
    assert live
    assert live.actor == make.actor(ada)
    assert live.actor.circle_ids == {world["circle"].id}
    left(make, ada, world["circle"])
    after = session_of(token)
    assert after
    assert after.actor.circle_ids == frozenset()
