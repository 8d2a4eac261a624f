"""Who sees which threads, in which order, at which cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import commands, lists, neighbours, policy, queries, similar
from incubator.domain.help.models import Question
from incubator.domain.help.opened import opened
from incubator.domain.help.records import write_skills
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.network.members.models import Member
from tests import factories_help as h

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site
    from tests.factories import Make

ROLES = ("author", "neighbour", "manager", "administrator", "guest", "stranger", "other manager")


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux")


def reader(make: Make, lyon: Site, asker: Account, role: str) -> Actor:
    lille = make.site("Lille")
    found = {
        "author": lambda: asker,
        "neighbour": lambda: make.member(lyon),
        "manager": lambda: make.member(lyon, role="manager"),
        "administrator": lambda: make.member(role="administrator"),
        "guest": lambda: make.member(lyon, role="guest"),
        "stranger": lambda: make.member(lille),
        "other manager": lambda: make.member(lille, role="manager"),
    }
    return make.actor(found[role]())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("audience", ["network", "site"])
def test_a_thread_of_a_site_is_for_those_who_live_there_and_those_who_run_it(
    make: Make, lyon: Site, asker: Account, role: str, audience: str
) -> None:
    asked = h.question(make, asker, audience=audience)
    who = reader(make, lyon, asker, role)
    sees = audience == "network" or role in {"author", "neighbour", "manager", "administrator"}
    assert policy.may_read(who, asked) is sees
    page = lists.page_for(who, lists.Filters(view="all"), Cursor(size=5))
    assert [thread.question.id for thread in page.rows] == ([asked.id] if sees else [])
    if sees:
        assert queries.visible_to(who, asked.id).author.name == "Camille Dervaux"
        return
    with pytest.raises(NotFound, match=r"help\.question"):
        queries.visible_to(who, asked.id)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_a_removed_thread(make: Make, lyon: Site, asker: Account, role: str) -> None:
    asked = h.question(make, asker)
    with transaction():
        commands.remove_question(make.actor(asker), asked.id, now=make.now)
    who = reader(make, lyon, asker, role)
    assert not policy.may_read(who, db.session.get_one(Question, asked.id))
    assert not lists.page_for(who, lists.Filters(view="all"), Cursor(size=5)).rows
    with pytest.raises(NotFound):
        queries.visible_to(who, asked.id)


def test_the_author_who_moved_away_keeps_reading(make: Make, lyon: Site, asker: Account) -> None:
    asked = h.question(make, asker, audience="site")
    lille = make.site("Lille")
    with transaction():
        db.session.get_one(Member, asker.id).home_site_id = lille.id
    assert queries.visible_to(make.actor(asker), asked.id).site_id == lyon.id


def titles(make: Make, who: Account, **more: Any) -> list[str]:
    page = lists.page_for(make.actor(who), lists.Filters(**more), Cursor(size=50))
    return [thread.question.title[-1] for thread in page.rows]


def test_the_latest_activity_comes_first(make: Make, asker: Account) -> None:
    asked = {
        name: h.question(make, asker, title=f"Question {name}", now=make.now - timedelta(days=age))
        for age, name in enumerate("CBA")
    }
    assert titles(make, asker) == ["C", "B", "A"]
    h.answer(make, asker, asked["A"], now=make.now + timedelta(minutes=1))
    assert titles(make, asker) == ["A", "C", "B"]


def test_several_skills_make_one_list_without_repetition(
    make: Make, lyon: Site, asker: Account
) -> None:
    who = make.member(lyon)
    skills = [h.skill(make, name, offered_by=(who,)) for name in ("Droit", "Bail", "Vente")]
    other = h.skill(make, "Photo")
    for age, (name, some) in enumerate(
        [("A", skills[:2]), ("B", skills[2:]), ("C", [other]), ("D", skills), ("E", skills[1:2])]
    ):
        at = make.now - timedelta(hours=age)
        h.question(make, asker, *some, title=f"Question {name}", now=at)
    assert titles(make, who, view="for_me") == ["A", "B", "D", "E"]
    assert titles(make, who, view="for_me", skill_id=skills[2].id) == ["B", "D"]
    assert titles(make, who, view="for_me", skill_id=other.id) == []
    assert titles(make, who, view="all", skill_id=other.id) == ["C"]


def test_pages_of_several_skills_go_there_and_back(make: Make, lyon: Site, asker: Account) -> None:
    who = make.member(lyon)
    skills = [h.skill(make, name, offered_by=(who,)) for name in ("Droit", "Bail")]
    for number in range(7):
        at = make.now - timedelta(hours=number)
        h.question(make, asker, skills[number % 2], title=f"Question {number}", now=at)
    actor, wanted = make.actor(who), lists.Filters(view="for_me")
    first = lists.page_for(actor, wanted, Cursor(size=3))
    second = lists.page_for(actor, wanted, Cursor(after=first.next, size=3))
    back = lists.page_for(actor, wanted, Cursor(before=second.previous, size=3))
    read = [[thread.question.title[-1] for thread in page.rows] for page in (first, second, back)]
    assert read == [["0", "1", "2"], ["3", "4", "5"], ["0", "1", "2"]]


def test_a_skill_learnt_or_looked_for_calls_nobody(make: Make, lyon: Site, asker: Account) -> None:
    who = make.member(lyon)
    term = h.skill(make, offered_by=(who,))
    h.question(make, asker, term)
    assert lists.WAITING.of(make.actor(who)) == 1
    assert lists.WAITING.of(make.actor(asker)) == 0


def test_what_waits_is_counted_up_to_ten(make: Make, lyon: Site, asker: Account) -> None:
    who = make.member(lyon)
    skills = [h.skill(make, name, offered_by=(who,)) for name in "ABCDE"]
    for number in range(12):
        h.question(make, asker, *skills, audience="site")
        assert lists.WAITING.of(make.actor(who)) == min(number + 1, 10)
    stranger = make.member(make.site("Dakar"))
    assert lists.WAITING.of(make.actor(stranger)) == 0
    assert len(lists.wanted_for(make.actor(who))) == 3


def test_the_first_three_who_answered_show_their_face(
    make: Make, lyon: Site, asker: Account
) -> None:
    asked = h.question(make, asker)
    people = [make.member(lyon, name=f"Person {n}") for n in range(4)]
    for person in (people[1], people[0], people[1], people[2], people[3]):
        h.answer(make, person, asked)
    (thread,) = lists.page_for(make.actor(asker), lists.Filters(), Cursor(size=5)).rows
    assert [face.name for face in thread.faces] == ["Person 1", "Person 0", "Person 2"]


def test_who_helped_lately_is_thanked(make: Make, lyon: Site, asker: Account) -> None:
    ines, paul = make.member(lyon, name="Inès"), make.member(lyon, name="Paul")
    for helper in (ines, paul, ines):
        h.accept(make, asker, h.answer(make, helper, h.question(make, asker)))
    thanked = lists.helpers_since(make.now - timedelta(days=1))
    assert [(helper.name, helper.times) for helper in thanked] == [("Inès", 2), ("Paul", 1)]
    assert not lists.helpers_since(make.now + timedelta(days=1))


def test_the_nearest_could_help_first(make: Make, lyon: Site, asker: Account) -> None:
    near, far = make.member(lyon, name="Near"), make.member(make.site("Dakar"), name="Far")
    both = make.member(make.site("Lille"), name="Both")
    gone = make.member(lyon, name="Gone")
    law = h.skill(make, "Droit", offered_by=(near, far, both, gone, asker))
    tax = h.skill(make, "Impôts", offered_by=(both,))
    with transaction():
        db.session.get_one(Member, gone.id).active = False
    asked = h.question(make, asker, law, tax)
    question = queries.visible_to(make.actor(asker), asked.id)
    reader = make.actor(asker)
    found = neighbours.who_could_help(question, reader=reader)
    assert [helper.name for helper in found] == ["Near", "Both", "Far"]
    assert found[1].skill_ids == {law.id, tax.id}
    assert len(neighbours.who_could_help(question, reader=reader, but={near.id, far.id})) == 1


def test_a_thread_whose_skills_left_the_vocabulary_names_nobody(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    with transaction():
        write_skills(asked, [])
    reader = make.actor(asker)
    assert neighbours.who_could_help(queries.visible_to(reader, asked.id), reader=reader) == []


def test_threads_alike_share_words_and_are_readable(make: Make, lyon: Site, asker: Account) -> None:
    alike = h.question(make, asker, title="Relancer un client qui ne paie pas")
    solved = h.question(make, asker, title="Relancer un vieux client")
    h.accept(make, asker, h.answer(make, asker, solved))
    h.question(make, asker, title="Relancer une machine à coudre", body="Elle cale.")
    hidden = h.question(make, asker, title="Client à relancer ici", audience="site")
    stranger = make.actor(make.member(make.site("Dakar")))
    found = similar.similar(stranger, "Comment relancer mon client ?")
    assert [question.id for question in found] == [solved.id, alike.id]
    mine = similar.similar(make.actor(asker), "Comment relancer mon client ?")
    assert [question.id for question in mine] == [solved.id, hidden.id, alike.id]
    thread = opened(make.actor(asker), alike.id)
    like = similar.like(make.actor(asker), thread.question, thread.newest)
    assert [question.id for question in like] == [solved.id, hidden.id]
    assert similar.similar(stranger, "Qui est-ce ?") == []


def test_a_thread_says_from_how_many_cities_it_was_answered(
    make: Make, lyon: Site, asker: Account
) -> None:
    asked = h.question(make, asker)
    for site in (lyon, lyon, make.site("Dakar")):
        h.answer(make, make.member(site), asked)
    assert opened(make.actor(asker), asked.id).cities == 2


def test_history_reads_the_latest_first(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, asker, asked, body="un")
    for revision, body in enumerate(("deux", "trois")):
        with transaction():
            commands.edit_answer(
                make.actor(asker), given.id, body=body, revision=revision, now=make.now
            )
    assert [old.body_md for old in queries.history_of(asked, given)] == ["deux", "un"]
    assert queries.history_of(asked, asked) == []


def test_lists_cost_the_same_for_any_number_of_threads(
    make: Make, asker: Account, count_queries: Callable[[], Any]
) -> None:
    term, costs = h.skill(make, offered_by=(asker,)), []
    for number in (1, 29):
        for _ in range(number):
            h.question(make, asker, term)
        with count_queries() as seen:
            for view in lists.VIEWS:
                lists.page_for(make.actor(asker), lists.Filters(view=view), Cursor(size=50))
        costs.append(len(seen))
    assert costs[0] + 2 >= costs[1]
