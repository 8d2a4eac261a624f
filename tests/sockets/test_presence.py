"""Who is there, told to those who have them in sight and may know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.db import transaction
from incubator.network.members.audiences import set_audience
from incubator.reactions.live import ephemeral
from incubator.reactions.live.ephemeral import signs
from incubator.reactions.live.presence import AWAY, GONE, LIFE_SECONDS, ONLINE, Presence
from tests.conftest import NOW
from tests.factories_checkins import came, left
from tests.factories_presence import shows_presence

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.accounts.models import Account
    from incubator.reactions.live.service import Live
    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]

ME, OTHER = 7, 8
beats = st.lists(
    st.tuples(
        st.sampled_from([ME, OTHER]),
        st.sampled_from(["one", "two", "far"]),
        st.booleans(),
        st.floats(0, 300),
    ),
    max_size=20,
)


@pytest.fixture
def batch(look: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What ten seconds bring: the notes, then one batch."""

    def turn() -> None:
        with monkeypatch.context() as hurried:
            hurried.setattr(ephemeral, "BATCH_SECONDS", 0)
            look()

    return turn


def people(socket: Socket) -> list[dict[str, str]]:
    """The batches that came."""
    return [told["people"] for told in socket.heard("eph") if "people" in told]


def see(socket: Socket, *who: Account) -> dict[str, str]:
    answer: dict[str, Any] = socket.ask("see", {"people": [each.id for each in who]})
    return dict(answer["people"])


@given(beats, st.floats(300, 600))
def test_whoever_has_an_active_screen_that_lives_is_online(
    signs_of_life: list[tuple[int, str, bool, float]], now: float
) -> None:
    """The model: the last beat of each screen, kept for so long; any active one wins."""
    board = Presence()
    last: dict[tuple[int, str], tuple[bool, float]] = {}
    for member, source, active, at in sorted(signs_of_life, key=lambda beat: beat[3]):
        last[member, source] = (active, at)
        if source == "far":
            board.hear("elsewhere", {ONLINE if active else AWAY: [member]}, now=at)
        else:
            board.beat(member, source, active=active, now=at)
    for member in (ME, OTHER):
        alive = [
            a for (who, _), (a, at) in last.items() if who == member and at + LIFE_SECONDS > now
        ]
        expected = GONE if not alive else ONLINE if any(alive) else AWAY
        assert board.states([member], now=now) == {member: expected}


def test_what_changed_is_told_once_and_the_end_of_a_life_is_a_change() -> None:
    board = Presence()
    board.beat(ME, "one", active=True, now=0)
    assert board.changes(now=1) == {ME}
    board.beat(ME, "one", active=True, now=60)
    assert board.changes(now=61) == set()
    board.beat(ME, "one", active=False, now=70)
    assert board.changes(now=71) == {ME}
    assert board.changes(now=70 + LIFE_SECONDS) == {ME}
    assert board.states([ME], now=70 + LIFE_SECONDS) == {ME: GONE}
    assert board.changes(now=71 + LIFE_SECONDS) == set()
    assert vars(board)["_beats"] == {}


def test_a_process_tells_of_its_own_people_only_and_of_each_once() -> None:
    here, there = Presence(), Presence()
    here.beat(ME, "one", active=False, now=0)
    here.beat(ME, "two", active=True, now=0)
    here.hear(there.origin, {ONLINE: [OTHER]}, now=0)
    told = here.report(now=1)
    assert told == {ONLINE: [ME]}
    assert here.report(now=2) == {}
    here.hear(here.origin, {AWAY: [OTHER]}, now=2)
    there.hear(here.origin, told, now=2)
    assert there.states([ME, OTHER], now=3) == {ME: ONLINE, OTHER: GONE}
    assert here.states([OTHER], now=3) == {OTHER: ONLINE}


@given(
    st.sampled_from([ONLINE, AWAY, GONE]),
    st.booleans(),
    st.frozensets(st.sampled_from(["online", "presence"])),
)
def test_nothing_is_told_that_is_not_shown(state: str, on_site: bool, seen: frozenset[str]) -> None:
    told = signs(state, on_site=on_site, seen=seen).split()
    assert ("site" in told) == (on_site and "presence" in seen)
    assert ({*told} - {"site"} == {state}) == (bool(state) and "online" in seen)


def test_who_comes_online_is_told_in_the_next_batch_to_those_who_see_them(
    make: Make, connect: Connect, batch: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    ada, near, far, guest = (
        *(make.member(lyon) for _ in range(3)),
        make.member(lyon, role="guest"),
    )
    hers, sees, sees_not, visits = (connect(each) for each in (ada, near, far, guest))
    assert see(sees, ada) == see(visits, ada) == {}
    batch()
    hers.ask("presence", {"state": "active"})
    assert people(sees) == []
    batch()
    assert people(sees) == [{str(ada.id): "online"}]
    # Who has nobody in sight hears nothing, nor does a guest.
    assert people(sees_not) == people(visits) == []
    assert see(sees_not, ada) == {str(ada.id): "online"}
    hers.ask("presence", {"state": "idle"})
    hers.ask("presence", {"state": "idle"})
    batch()
    assert people(sees) == [{str(ada.id): "away"}]
    batch()
    assert people(sees) == []


def test_two_screens_of_one_person_are_one_presence(
    make: Make, connect: Connect, batch: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    ada, other = make.member(lyon), make.member(lyon)
    desk, phone, sees = connect(ada), connect(ada), connect(other)
    see(sees, ada)
    desk.ask("presence", {"state": "active"})
    phone.ask("presence", {"state": "idle"})
    batch()
    assert people(sees) == [{str(ada.id): "online"}]


@pytest.mark.parametrize(("audience", "told"), [("me", False), ("site", True), ("network", True)])
def test_who_hides_it_is_seen_by_nobody_even_of_their_site(
    make: Make, connect: Connect, batch: Callable[[], None], audience: str, told: bool
) -> None:
    lyon = make.site("Lyon")
    ada, near = make.member(lyon), make.member(lyon, role="manager")
    with transaction():
        set_audience(make.actor(ada), name="online", audience=audience)
    hers, sees = connect(ada), connect(near)
    hers.ask("presence", {"state": "active"})
    assert (see(sees, ada) != {}) == told
    hers.ask("presence", {"state": "idle"})
    batch()
    assert (people(sees) != []) == told


def test_who_begins_to_hide_disappears_at_once(
    make: Make, connect: Connect, look: Callable[[], None], batch: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    ada, near = make.member(lyon), make.member(lyon)
    hers, sees = connect(ada), connect(near)
    hers.ask("presence", {"state": "active"})
    assert see(sees, ada) == {str(ada.id): "online"}
    batch()
    sees.heard()
    with transaction():
        set_audience(make.actor(ada), name="online", audience="me")
    look()
    assert people(sees) == [{str(ada.id): ""}]
    hers.ask("presence", {"state": "idle"})
    batch()
    assert people(sees) in ([], [{str(ada.id): ""}])
    with transaction():
        set_audience(make.actor(ada), name="online", audience="network")
    look()
    assert people(sees) == [{str(ada.id): "away"}]


def test_who_is_on_site_is_told_as_their_audience_of_it_says(
    make: Make, connect: Connect, batch: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    monkeypatch.setattr(ephemeral, "utcnow", lambda: NOW)
    ada = shows_presence(make, make.member(lyon), "site")
    near, far = connect(make.member(lyon)), connect(make.member(nantes))
    connect(ada).ask("presence", {"state": "active"})
    see(near, ada)
    see(far, ada)
    batch()
    came(make, ada, lyon, NOW)
    batch()
    assert people(near)[-1] == {str(ada.id): "online site"}
    assert people(far)[-1] == {str(ada.id): "online"}
    left(make, ada, lyon, NOW)
    batch()
    assert people(near) == [{str(ada.id): "online"}]


def test_a_socket_that_lags_is_told_nothing_that_may_be_lost(
    make: Make,
    connect: Connect,
    live: Live,
    batch: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lyon = make.site("Lyon")
    ada, near = make.member(lyon), make.member(lyon)
    hers, sees = connect(ada), connect(near)
    see(sees, ada)
    monkeypatch.setattr(live, "queued", lambda _conn: 128)
    hers.ask("presence", {"state": "active"})
    batch()
    assert people(sees) == []
    monkeypatch.setattr(live, "queued", lambda _conn: 127)
    hers.ask("presence", {"state": "idle"})
    batch()
    assert people(sees) == [{str(ada.id): "away"}]
