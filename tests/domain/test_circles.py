"""Circles: who comes in, who runs them, and that a row never says otherwise than the places."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.circles import commands, leaving, queries, rules
from incubator.domain.circles.commands import Details
from incubator.domain.circles.personal import forget
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.members.circle_models import Circle, CirclePlace
from incubator.network.members.models import Member
from incubator.network.sites.models import Site
from tests.factories_circles import circle, invited, joined, left
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def ada(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Ada Blum")


@pytest.fixture
def leo(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Léo Roy")


def home_of(make: Make, who: Account) -> Site:
    return db.session.get_one(Site, make.actor(who).home_site_id)


def state(made: Circle, who: Account) -> str | None:
    place = queries.place_of(made.id, who.id)
    return place.state if place else None


def owners(made: Circle) -> set[int]:
    query = select(CirclePlace.member_id).where(CirclePlace.circle_id == made.id, CirclePlace.owner)
    return set(db.session.scalars(query))


def in_step() -> None:
    """What rows of members repeat is what the places say."""
    for member in db.session.scalars(select(Member).execution_options(populate_existing=True)):
        places = select(CirclePlace.circle_id).where(
            CirclePlace.member_id == member.id, CirclePlace.state == "in"
        )
        assert member.circles == ",".join(map(str, sorted(db.session.scalars(places))))


def test_one_asks_and_is_let_in_or_is_invited_and_accepts(
    make: Make, ada: Account, leo: Account
) -> None:
    made, third = circle(make, ada), make.member(make.site("Dakar"))
    assert owners(made) == {ada.id}
    assert joined(make, leo, made) == "asked"
    assert make.actor(leo).circle_ids == frozenset()
    assert invited(make, ada, made, leo) == "in"
    assert make.actor(leo).circle_ids == {made.id}
    assert invited(make, ada, made, third) == "invited"
    assert joined(make, third, made) == "in"
    assert queries.size_of(made.id) == 3
    left(make, leo, made)
    assert make.actor(leo).circle_ids == frozenset()
    in_step()


def test_the_same_form_opens_one_circle(make: Make, ada: Account) -> None:
    details = Details(name="Export")
    with transaction():
        first = commands.make(make.actor(ada), details, once="k", now=make.now)
        again = commands.make(make.actor(ada), details, once="k", now=make.now)
        other = commands.make(make.actor(ada), details, once="l", now=make.now)
    assert first.id == again.id
    assert (first.slug, other.slug) == ("export", "export-2")


def test_a_hidden_circle_is_for_who_is_in_it_or_invited(
    make: Make, ada: Account, leo: Account
) -> None:
    made = circle(make, ada, joining="invitation")
    boss = make.member(home_of(make, leo), role="manager")
    for who in (leo, boss):
        with pytest.raises(NotFound, match=r"circles\.circle"):
            queries.visible_to(make.actor(who), made.slug)
        with pytest.raises(NotFound, match=r"circles\.circle"):
            joined(make, who, made)
        assert queries.page_for(make.actor(who), Cursor(size=9)).rows == []
    invited(make, ada, made, leo)
    assert queries.visible_to(make.actor(leo), made.slug).circle.id == made.id
    assert [line.state for line in queries.mine(make.actor(leo))] == ["invited"]
    admin = make.actor(make.member(role="administrator"))
    assert len(queries.page_for(admin, Cursor(size=9)).rows) == 1


def test_lists_and_pages_say_the_same(make: Make, ada: Account, leo: Account) -> None:
    home = make.actor(ada).home_site_id
    everything = [
        circle(make, ada, name="Un"),
        circle(make, ada, name="Deux", joining="invitation"),
        circle(make, ada, name="Trois", site_id=home),
        circle(make, ada, leo, name="Quatre", joining="invitation"),
    ]
    people = [ada, leo, make.member(home_of(make, ada)), make.member(role="administrator")]
    people += [make.member(home_of(make, ada), role=each) for each in ("guest", "manager")]
    for who in people:
        actor, seen = make.actor(who), set()
        for each in everything:
            try:
                seen.add(queries.visible_to(actor, each.id).circle.id)
            except NotFound:
                continue
        listed = {line.circle.id for line in queries.page_for(actor, Cursor(size=9)).rows}
        assert listed == seen


def test_a_circle_of_a_site_is_for_those_who_live_there(
    make: Make, ada: Account, leo: Account
) -> None:
    made = circle(make, ada, site_id=make.actor(ada).home_site_id)
    with pytest.raises(NotFound):
        joined(make, leo, made)
    with pytest.raises(Refusal, match=r"circles\.site_theirs"):
        invited(make, ada, made, leo)
    with pytest.raises(Refusal, match=r"circles\.site"):
        circle(make, ada, site_id=make.actor(leo).home_site_id)


def test_guests_take_no_part(make: Make, ada: Account) -> None:
    guest = make.member(make.site("Nice"), role="guest")
    made = circle(make, ada)
    with pytest.raises(NotAllowed, match=r"circles\.guest"):
        circle(make, guest)
    with pytest.raises(Refusal, match=r"circles\.nobody"):
        invited(make, ada, made, guest)
    with pytest.raises(NotFound):
        joined(make, guest, made)
    assert queries.page_for(make.actor(guest), Cursor(size=9)).rows == []
    assert queries.mine(make.actor(guest)) == []


def test_only_who_runs_it_changes_it(make: Make, ada: Account, leo: Account) -> None:
    made = circle(make, ada, leo)
    actor = make.actor(leo)
    for act in (
        lambda: commands.edit(actor, made.id, Details(name="Autre")),
        lambda: commands.close(actor, made.id, now=make.now),
        lambda: commands.invite(actor, made.id, ada.id, now=make.now),
        lambda: commands.remove(actor, made.id, ada.id),
        lambda: commands.name_owner(actor, made.id, leo.id, owner=True),
    ):
        with pytest.raises(NotAllowed, match=r"circles\.not_yours"), transaction():
            act()
    with transaction():
        commands.name_owner(make.actor(ada), made.id, leo.id, owner=True)
        commands.name_owner(actor, made.id, ada.id, owner=False)
    with pytest.raises(Refusal, match=r"circles\.last_owner"), transaction():
        commands.name_owner(actor, made.id, leo.id, owner=False)
    assert owners(made) == {leo.id}


def test_without_its_owner_the_oldest_member_runs_it(
    make: Make, ada: Account, leo: Account
) -> None:
    made = circle(make, ada, leo, make.member(make.site("Dakar")))
    left(make, ada, made)
    assert owners(made) == {leo.id}


def test_a_closed_circle_lets_nobody_in_and_keeps_its_readers(
    make: Make, ada: Account, leo: Account
) -> None:
    made, third = circle(make, ada, leo), make.member(make.site("Dakar"))
    invited(make, ada, made, third)
    with transaction():
        commands.close(make.actor(ada), made.id, now=make.now)
    assert state(made, third) is None
    assert make.actor(leo).circle_ids == {made.id}
    with pytest.raises(Refusal, match=r"circles\.closed"):
        invited(make, ada, made, third)


def test_who_is_waiting_is_counted(make: Make, ada: Account, leo: Account) -> None:
    made, third = circle(make, ada), make.member(make.site("Dakar"))
    joined(make, leo, made)
    invited(make, ada, made, third)
    counts = [queries.WAITING.of(make.actor(who)) for who in (ada, leo, third)]
    assert counts == [1, 0, 1]


def test_leaving_a_site_or_the_network_ends_places(make: Make, ada: Account, leo: Account) -> None:
    here, there = circle(make, ada, site_id=make.actor(ada).home_site_id), circle(make, ada, leo)
    with transaction():
        leaving.leave_all(ada.id, by_id=None, of_site_id=make.actor(ada).home_site_id)
    assert (state(here, ada), state(there, ada)) == (None, "in")
    with transaction():
        leaving.leave_all(ada.id, by_id=None)
    assert owners(there) == {leo.id}
    with transaction():
        forget(leo.id)
    in_step()


def test_two_who_are_one_keep_the_nearer_place(make: Make, ada: Account, leo: Account) -> None:
    first, second = circle(make, ada, leo), circle(make, leo)
    joined(make, ada, second)
    with transaction():
        leaving.merge(from_id=leo.id, to_id=ada.id)
    assert [state(each, ada) for each in (first, second)] == ["in", "in"]
    assert ada.id in owners(second)
    assert state(first, leo) is None
    in_step()


@pytest.mark.parametrize("name", ["", " ", "x", "x" * 61, "\0"])
def test_a_name_is_two_to_sixty_letters(name: str) -> None:
    with pytest.raises(Refusal, match=r"circles\.name"):
        rules.clean_name(name)


def test_many_who_are_let_in_at_once_are_in_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        ada, leo = make.member(make.site("Lyon")), make.member(make.site("Lille"))
        made = circle(make, ada)
        invited(make, ada, made, leo)
        rested(ada, leo, made)
    rivals.all_at_once([partial(joined, make, leo, made)] * 4)
    with rivals.inside():
        assert queries.size_of(made.id) == 2
        in_step()
