"""Who sees which field of whom: one rule for every door."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.network.members.actor import Actor
from incubator.network.members.audience import (
    DEFAULTS,
    FOR_GUESTS,
    Audiences,
    Reach,
    choices_of,
    differing,
    reach,
)
from incubator.network.members.audiences import audiences_of, seen_fields, set_audiences
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from tests.factories import Make

HOME, ELSEWHERE = 1, 2
chosen = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(choices_of(name)) for name in sorted(DEFAULTS)}
)


def somebody(member_id: int = 7, role: str = "resident", home: int | None = HOME) -> Actor:
    return Actor(
        id=member_id,
        name="Somebody",
        slug="somebody",
        role=role,
        home_site_id=home,
        managed_site_ids=frozenset({home} if role == "manager" and home else ()),
        language="fr",
        time_zone="Europe/Paris",
    )


@pytest.mark.parametrize(
    ("reader", "near"),
    [
        (somebody(1, home=ELSEWHERE), Reach.OWNER),
        (somebody(1, role="guest"), Reach.OWNER),
        (somebody(role="administrator", home=None), Reach.MANAGER),
        (somebody(role="manager"), Reach.MANAGER),
        (somebody(role="manager", home=ELSEWHERE), Reach.NETWORK),
        (somebody(), Reach.SITE),
        (somebody(home=ELSEWHERE), Reach.NETWORK),
        (somebody(home=None), Reach.NETWORK),
        (somebody(role="guest"), Reach.GUEST),
    ],
)
def test_how_near_a_reader_stands(reader: Actor, near: Reach) -> None:
    assert reach(reader, 1, HOME) == near


def test_people_without_a_site_are_no_neighbours() -> None:
    assert reach(somebody(home=None), 1, None) == Reach.NETWORK


@given(chosen)
def test_who_stands_nearer_sees_all_that_the_others_see(choice: dict[str, str]) -> None:
    seen = [Audiences(choice).seen_by(near) for near in Reach]
    assert all(fewer <= more for fewer, more in pairwise(seen))
    assert seen[Reach.OWNER] == frozenset(DEFAULTS)


@given(chosen, st.sampled_from(Reach))
def test_a_field_is_never_seen_from_too_far(choice: dict[str, str], near: Reach) -> None:
    least = {"me": 4, "managers": 3, "site": 2, "network": 1}
    for name in Audiences(choice).seen_by(near):
        guests_too = name in FOR_GUESTS and Audiences(choice).of(name) == "network"
        assert near >= (0 if guests_too else least[Audiences(choice).of(name)])


@given(chosen)
def test_only_what_differs_is_kept_and_nothing_is_lost(choice: dict[str, str]) -> None:
    kept = Audiences(differing(choice))
    assert all(kept.of(name) == choice.get(name, DEFAULTS[name]) for name in DEFAULTS)


@pytest.mark.parametrize("choice", [{"soul": "me"}, {"phone": "everybody"}, {"email": "me"}])
def test_a_field_or_an_audience_that_does_not_exist_is_refused(choice: dict[str, str]) -> None:
    with pytest.raises(Refusal, match=r"members\.audience"):
        differing(choice)


def test_a_phone_kept_for_the_site_is_seen_there_and_nowhere_else(make: Make) -> None:
    lyon, dakar = make.site("Lyon"), make.site("Dakar")
    owner, near, far = make.member(lyon), make.member(lyon), make.member(dakar)
    with transaction():
        set_audiences(make.actor(owner), member_id=owner.id, chosen={"phone": "site"})
    member = db.session.get_one(Member, owner.id)
    assert "phone" in seen_fields(make.actor(near), member)
    assert "phone" not in seen_fields(make.actor(far), member)


def test_a_second_choice_replaces_the_first(make: Make) -> None:
    owner = make.member(make.site())
    for choice in ({"phone": "me", "about": "site"}, {"about": "managers"}):
        with transaction():
            set_audiences(make.actor(owner), member_id=owner.id, chosen=choice)
    assert audiences_of([owner.id])[owner.id].chosen == {"about": "managers"}


def test_nobody_chooses_for_another(make: Make) -> None:
    site = make.site()
    owner, manager = make.member(site), make.member(site, role="manager")
    with pytest.raises(NotAllowed), transaction():
        set_audiences(make.actor(manager), member_id=owner.id, chosen={"phone": "me"})
