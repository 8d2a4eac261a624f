"""Who is on site now, live: a nudge without a name, to those alone who may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import NOW
from tests.factories_checkins import came, left
from tests.factories_presence import shows_presence

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]


def test_two_readers_hear_what_each_may_know(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    ada = shows_presence(make, make.member(lyon), "site")
    near, far = connect(make.member(lyon)), connect(make.member(nantes))
    came(make, ada, lyon, NOW)
    look()
    assert near.heard("site") == [{"site": lyon.id}]
    assert far.heard("site") == []
    left(make, ada, lyon, NOW)
    look()
    assert near.heard("site") == [{"site": lyon.id}]


def test_who_shows_it_to_nobody_nudges_nobody_but_themselves(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    ada = make.member(lyon)
    hers, boss = connect(ada), connect(make.member(lyon, role="manager"))
    came(make, ada, lyon, NOW)
    look()
    assert (len(hers.heard("site")), boss.heard("site")) == (1, [])
