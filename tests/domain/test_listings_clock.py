"""Ends of listings: told once, renewed once; searches told daily; acts at the same instant."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.exchanges.listings import clock, commands, saved
from incubator.domain.exchanges.listings.lists import Filters
from incubator.domain.exchanges.listings.models import (
    Listing,
    ListingNotice,
    ListingStep,
    SavedSearch,
)
from incubator.domain.exchanges.listings.queries import steps_of
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.accounts.models import Account
from incubator.reactions.notifications.models import Notification
from tests.factories_listings import again, listing, moved, of, trader
from tests.factories_members import a_skill
from tests.rivals import DATABASES, Rivals, rested

if TYPE_CHECKING:
    from tests.factories import Make

DAY = timedelta(days=1)


def tick(make: Make, after: timedelta) -> None:
    """What the hourly job does, at an instant."""
    now = make.now + after
    for listing_id in clock.due(now):
        with transaction():
            clock.pass_hour(listing_id, now=now)


def told() -> list[str]:
    rows = select(Notification.what).where(Notification.area == "listing")
    return list(db.session.scalars(rows))


def stages() -> list[str]:
    return sorted(db.session.scalars(select(ListingNotice.stage)))


def test_an_end_is_told_a_week_and_a_day_before_and_at_it_each_once(make: Make) -> None:
    anna = trader(make)
    need = of(make, anna)
    tick(make, 22 * DAY)
    assert stages() == []
    for after, expected in (
        (23 * DAY, ["week"]),
        (23.5 * DAY, ["week"]),
        (29 * DAY, ["day", "week"]),
        (30 * DAY, ["day", "end", "week"]),
        (31 * DAY, ["day", "end", "week"]),
    ):
        tick(make, after)
        assert stages() == expected
    assert told() == ["listing_end"]
    assert (again(need).state, need.live) == ("expired", False)
    assert (steps_of(need.id)[0].act, steps_of(need.id)[0].by_id) == ("expire", None)


def test_two_clocks_that_found_the_same_end_tell_it_once(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = of(make, trader(make))
    happened: list[object] = []
    monkeypatch.setattr(clock, "record", happened.append)
    for _ in range(2):
        with transaction():
            clock.pass_hour(one.id, now=make.now + timedelta(days=24))
    assert len(happened) == 1


def test_a_machine_that_slept_tells_the_last_stage_only(make: Make) -> None:
    of(make, trader(make))
    tick(make, 40 * DAY)
    assert stages() == ["end"]


def test_an_offer_without_an_end_has_none(make: Make) -> None:
    of(make, trader(make), kind="offer")
    tick(make, 900 * DAY)
    assert stages() == []


def test_renewing_twice_renews_once_and_notices_begin_again(make: Make) -> None:
    anna = trader(make)
    need = of(make, anna)
    tick(make, 30 * DAY)
    seen, now = again(need).until, make.now + 31 * DAY
    actor = make.actor(anna.account)
    with transaction():
        assert commands.renew(actor, need.id, seen_until=seen, now=now)
    with transaction():
        assert not commands.renew(actor, need.id, seen_until=seen, now=now + DAY)
    assert (again(need).state, need.until) == ("published", now + 30 * DAY)
    tick(make, 54 * DAY)
    assert stages() == ["end", "week"]


def test_a_link_renews_for_who_is_still_of_the_firm(make: Make) -> None:
    anna, boris = trader(make), trader(make)
    need = of(make, anna)
    until = need.until
    assert until
    for member, error in ((boris, NotAllowed),):
        with pytest.raises(error), transaction():
            commands.renew_by_link(
                need.id, member_id=member.account.id, seen_until=until, now=make.now
            )
    with transaction():
        assert commands.renew_by_link(
            need.id, member_id=anna.account.id, seen_until=until, now=make.now + DAY
        )
    moved(make, anna, need, "withdraw")
    with pytest.raises(Refusal), transaction():
        commands.renew_by_link(
            need.id, member_id=anna.account.id, seen_until=again(need).until, now=make.now
        )
    with pytest.raises(NotFound), transaction():
        commands.renew_by_link(0, member_id=anna.account.id, seen_until=until, now=make.now)


def look(make: Make, after: timedelta) -> int:
    now = make.now + after
    for search_id in saved.due(now):
        with transaction():
            saved.look(search_id, now=now)
    rows = select(Notification.times).where(Notification.area == "listing_search")
    return sum(db.session.scalars(rows))


def test_a_kept_search_tells_once_a_day_what_is_new_to_who_may_read_it(make: Make) -> None:
    anna, reader = trader(make), make.member(make.site("Nantes"))
    bois = a_skill(make, "Bois")
    filters = Filters(kind="need", skill_ids=(bois.id,))
    of(make, anna, bois)
    with transaction():
        kept = saved.keep(make.actor(reader), name="Du bois", filters=filters, now=make.now)
    assert saved.filters_of(kept) == filters
    assert look(make, 2 * DAY) == 0
    for visibility, day in (("site", 2), ("network", 3)):
        at = make.now + day * DAY + timedelta(hours=1)
        of(make, anna, bois, visibility=visibility, now=at)
    assert look(make, 2 * DAY + timedelta(hours=2)) == 0
    assert look(make, 4 * DAY) == 1
    assert look(make, 4 * DAY + timedelta(hours=1)) == 1
    with transaction():
        saved.set_told(make.actor(reader), kept.id, told=False, now=make.now)
    of(make, anna, bois, now=make.now + 5 * DAY)
    assert look(make, 9 * DAY) == 1


def test_searches_have_names_and_a_number(make: Make) -> None:
    actor = make.actor(make.member(make.site()))
    with pytest.raises(Refusal, match=r"listings\.search_name"), transaction():
        saved.keep(actor, name=" ", filters=Filters(), now=make.now)
    for number in range(saved.SEARCHES_MOST):
        with transaction():
            saved.keep(actor, name=f"n{number}", filters=Filters(), now=make.now)
    with transaction():
        saved.keep(actor, name="n0", filters=Filters(kind="offer"), now=make.now)
    with pytest.raises(Refusal, match=r"listings\.searches_many"), transaction():
        saved.keep(actor, name="one more", filters=Filters(), now=make.now)
    other = make.actor(make.member(make.site()))
    with pytest.raises(NotFound):
        saved.own(other, saved.of_member(actor)[0].id)


@pytest.mark.parametrize("rivals", DATABASES, indirect=True)
def test_a_form_sent_twice_at_once_is_published_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        anna, skill = trader(make), a_skill(make)
        rested(anna.account, anna.firm, anna.site, skill)
        account_id = anna.account.id

    def publish() -> int:
        account = db.session.get_one(Account, account_id)
        made = listing(make, account, anna.firm, anna.site, skill, once="same")
        return made.id

    assert len(set(rivals.answers([publish] * 4))) == 1
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(ListingStep)) == 1


@pytest.mark.parametrize("rivals", DATABASES, indirect=True)
def test_a_search_kept_twice_at_once_is_kept_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        actor = make.actor(make.member(make.site()))

    def keep() -> int:
        with transaction():
            return saved.keep(actor, name="Bois", filters=Filters(kind="need"), now=make.now).id

    assert len(set(rivals.answers([keep] * 4))) == 1
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(SavedSearch)) == 1


@pytest.mark.parametrize("rivals", DATABASES, indirect=True)
def test_two_clicks_and_the_clock_at_once_renew_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        anna = trader(make)
        need = of(make, anna)
        listing_id, member_id, until = need.id, anna.account.id, need.until
    assert until
    now = until + timedelta(hours=1)

    def renew() -> None:
        with transaction():
            commands.renew_by_link(listing_id, member_id=member_id, seen_until=until, now=now)

    def hour() -> None:
        with transaction():
            clock.pass_hour(listing_id, now=now)

    rivals.all_at_once([renew, hour, renew, hour])
    with rivals.inside():
        row = db.session.get_one(Listing, listing_id)
        assert (row.state, row.until) == ("published", now + timedelta(days=30))
        acts = [each.act for each in steps_of(listing_id)]
        assert acts.count("renew") == 1
