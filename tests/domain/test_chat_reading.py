"""Who has read: only in small rooms, only between those who all show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.chat.reading import MOST_READERS, Circle, Reader, circle
from incubator.kernel.db import transaction
from incubator.network.members.actor import Actor
from incubator.network.members.audience import Audiences
from incubator.network.members.audiences import set_audience
from tests import factories_chat as chat

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SITES = (1, 2)
choices = st.sampled_from(["me", "site", "network", None])
people = st.lists(st.tuples(st.sampled_from(SITES), choices), min_size=1, max_size=6)


def actor(member_id: int, site: int) -> Actor:
    return Actor(
        id=member_id, name="A", slug="a", role="resident", home_site_id=site,
        managed_site_ids=frozenset(), language="fr", time_zone="Europe/Paris",
    )  # fmt: skip


@given(people)
def test_who_shows_nothing_sees_nothing_and_is_not_seen(them: list[tuple[int, str | None]]) -> None:
    readers = [
        Reader(id=n, home_site_id=site, name="", no=n) for n, (site, _) in enumerate(them, 1)
    ]
    chosen = {n: Audiences({"reading": each}) for n, (_, each) in enumerate(them, 1) if each}
    known = Circle(readers, chosen)
    for n, (site, own) in enumerate(them, 1):
        seen = {each.id for each in known.seen_by(actor(n, site))}
        assert n not in seen
        for m, (other_site, theirs) in enumerate(them, 1):
            shown = theirs == "network" or (theirs == "site" and other_site == site)
            assert (m in seen) == (m != n and own in {"site", "network"} and shown)
    assert known.seen_by(actor(99, 1)) == []


def shares(make: Make, *accounts: Account) -> None:
    with transaction():
        for account in accounts:
            set_audience(make.actor(account), name="reading", audience="network")


def test_markers_that_exist_tell_who_has_read(make: Make) -> None:
    lyon = make.site("Lyon")
    ada, bob, eve = (make.member(lyon) for _ in range(3))
    room = chat.direct(make, ada, bob).id
    for _ in range(3):
        chat.say(make, ada, room)
    chat.read(make, bob, room, no=2)
    assert circle(room).seen_by(make.actor(ada)) == []
    shares(make, ada, bob, eve)
    (seen,) = circle(room).seen_by(make.actor(ada))
    assert (seen.id, seen.no) == (bob.id, 2)
    assert circle(room).seen_by(make.actor(eve)) == []


def test_in_a_larger_room_nobody_is_told(make: Make) -> None:
    lyon = make.site("Lyon")
    them = [make.member(lyon) for _ in range(MOST_READERS)]
    chat.sit(make, *them)
    shares(make, *them)
    assert len(circle(chat.room_of(lyon)).seen_by(make.actor(them[0]))) == MOST_READERS - 1
    chat.sit(make, make.member(lyon))
    assert circle(chat.room_of(lyon)).seen_by(make.actor(them[0])) == []
