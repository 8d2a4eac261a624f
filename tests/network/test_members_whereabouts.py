"""Who is where: said by a button, seen by whom they choose, waited for where they allow it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.members import present, whereabouts
from incubator.network.members.audience import AUDIENCES, DEFAULTS, choices_of
from incubator.network.members.audiences import (
    audiences_of,
    seen_fields,
    set_audience,
    set_audiences,
    visible_in_lists,
)
from incubator.network.members.models import Member
from incubator.network.members.whereabouts_models import ArrivalWatch
from incubator.network.members.whereabouts_rules import (
    LONGEST,
    stay_until,
    usual_half_days,
    usual_mask,
)
from tests.factories import Make
from tests.factories_accounts import letters
from tests.factories_presence import arrive, shows_presence

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site


def seen_at(make: Make, reader: Account, site: Site) -> list[str]:
    return [member.name for member, _ in present.on_site(make.actor(reader), site.id, make.now)]


@given(st.sets(st.integers(0, 13)))
def test_half_days_are_read_back_as_they_were_chosen(chosen: set[int]) -> None:
    assert usual_half_days(usual_mask(chosen)) == sorted(chosen)


def test_a_stay_lasts_until_the_door_shuts_and_never_into_another_day(make: Make) -> None:
    closes = make.now + timedelta(hours=9)
    assert stay_until(make.now, wished=None, closes=closes) == closes
    assert stay_until(make.now, wished=None, closes=None) == make.now + timedelta(hours=4)
    assert stay_until(make.now, wished=None, closes=make.now + 2 * LONGEST) == make.now + LONGEST


@pytest.mark.parametrize("hours", [0, -1, 17])
def test_a_stay_that_is_over_or_far_too_long_is_refused(make: Make, hours: int) -> None:
    with pytest.raises(Refusal, match=r"presence\.until"):
        stay_until(make.now, wished=make.now + timedelta(hours=hours), closes=None)


def test_nobody_is_seen_who_did_not_choose_it(make: Make) -> None:
    lyon = make.site()
    shy, reader = make.member(lyon), make.member(lyon)
    manager = make.member(lyon, role="manager")
    arrive(make, shy, lyon)
    assert seen_at(make, reader, lyon) == seen_at(make, manager, lyon) == []
    assert seen_at(make, shy, lyon) == [make.actor(shy).name]


def test_who_chose_their_site_is_seen_there_alone(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    here = shows_presence(make, make.member(lyon, name="Ada"), "site")
    near, far = make.member(lyon), make.member(dakar)
    arrive(make, here, lyon)
    assert seen_at(make, near, lyon) == ["Ada"]
    assert seen_at(make, far, lyon) == []
    assert present.counts(make.actor(near), make.now) == {lyon.id: 1}
    assert present.counts(make.actor(far), make.now) == {}


def test_who_left_or_stayed_past_the_end_is_gone(make: Make) -> None:
    lyon = make.site()
    left, stayed = (shows_presence(make, make.member(lyon)) for _ in range(2))
    arrive(make, left, lyon)
    arrive(make, stayed, lyon, make.now - timedelta(hours=5))
    with transaction():
        whereabouts.depart(make.actor(left), now=make.now)
    assert seen_at(make, make.member(lyon), lyon) == []


def test_arriving_again_keeps_the_beginning_and_moves_the_end(make: Make) -> None:
    lyon = make.site()
    person = make.member(lyon)
    for hours in (0, 1):
        arrive(make, person, lyon, make.now + timedelta(hours=hours))
    mine = present.own_presence(make.actor(person), make.now + timedelta(hours=1))
    assert (mine.since, mine.until) == (make.now, make.now + timedelta(hours=5))


def test_nobody_arrives_where_there_is_no_site(make: Make) -> None:
    person = make.actor(make.member(make.site()))
    with pytest.raises(NotFound), transaction():
        whereabouts.arrive(person, site_id=10**9, now=make.now)


def wait_for(make: Make, watcher: Account, watched: Account) -> None:
    with transaction():
        whereabouts.watch(make.actor(watcher), watched_id=watched.id, now=make.now)


def test_who_waits_is_told_once(app: Flask, make: Make) -> None:
    lyon = make.site()
    awaited = shows_presence(make, make.member(lyon, name="Ada Martin"))
    watcher = make.member(lyon)
    wait_for(make, watcher, awaited)
    wait_for(make, watcher, awaited)
    arrive(make, awaited, lyon)
    arrive(make, awaited, lyon, make.now + timedelta(days=1))
    told = letters(app, make)
    assert [letter["To"] for letter in told] == [watcher.email]
    assert told[0]["Subject"] == "Ada Martin est sur place"


def test_who_may_no_longer_see_is_not_told(app: Flask, make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    awaited, watcher = shows_presence(make, make.member(lyon)), make.member(dakar)
    wait_for(make, watcher, awaited)
    with transaction():
        set_audience(make.actor(awaited), name="presence", audience="site")
    arrive(make, awaited, lyon)
    assert letters(app, make) == []


def test_only_who_allows_it_is_awaited(make: Make) -> None:
    lyon = make.site()
    watcher, shy = make.member(lyon), make.member(lyon)
    hidden = shows_presence(make, make.member(lyon), "me")
    guest = make.member(lyon, role="guest")
    shown = shows_presence(make, make.member(lyon))
    for asks, about in ((watcher, shy), (watcher, hidden), (guest, shown), (shown, shown)):
        with pytest.raises(NotAllowed):
            wait_for(make, asks, about)


def test_who_no_longer_wishes_it_is_awaited_no_more(make: Make) -> None:
    lyon = make.site()
    awaited, watcher = shows_presence(make, make.member(lyon)), make.member(lyon)
    wait_for(make, watcher, awaited)
    with transaction():
        whereabouts.choose(make.actor(awaited), usual=[], awaited=False)
    assert db.session.scalars(select(ArrivalWatch)).all() == []


def test_choosing_one_audience_leaves_the_others(make: Make) -> None:
    owner = make.member(make.site())
    with transaction():
        set_audiences(make.actor(owner), member_id=owner.id, chosen={"phone": "me"})
        set_audience(make.actor(owner), name="presence", audience="site")
    assert audiences_of([owner.id])[owner.id].chosen == {"phone": "me", "presence": "site"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    name=st.sampled_from(sorted(DEFAULTS)),
    audience=st.sampled_from(AUDIENCES),
    role=st.sampled_from(["resident", "manager", "guest", "administrator"]),
    elsewhere=st.booleans(),
)
def test_lists_and_pages_follow_the_same_rule(
    make: Make, name: str, audience: str, role: str, *, elsewhere: bool
) -> None:
    assume(audience in choices_of(name))
    lyon, dakar = make.site(), make.site("Dakar")
    owner = make.member(lyon)
    reader = make.actor(
        make.member(
            None if role == "administrator" else dakar if elsewhere else lyon,
            role=role,
        )
    )
    with transaction():
        set_audiences(make.actor(owner), member_id=owner.id, chosen={name: audience})
    member = db.session.get_one(Member, owner.id)
    listed = db.session.scalars(
        select(Member.id).where(Member.id == owner.id, visible_in_lists(reader, name))
    ).all()
    assert bool(listed) == (name in seen_fields(reader, member))
