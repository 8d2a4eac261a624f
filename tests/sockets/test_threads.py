"""A help thread on several screens: told that something changed, never what or who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import factories_help as h

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]


def test_those_who_watch_a_thread_hear_that_it_changed(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    asker, helper, other = (make.member(lyon) for _ in range(3))
    asked = h.question(make, asker)
    watching, writing, elsewhere = (connect(each) for each in (asker, helper, other))
    for each in (watching, writing):
        assert each.ask("watch", {"thread": asked.id}) == {"ok": True}
    look()
    assert writing.heard("thread") == [{"thread": asked.id}]
    watching.heard()
    given = h.answer(make, helper, asked)
    look()
    assert watching.heard("thread") == [{"thread": asked.id}]
    # Who did it sees it already; who looks at another page is not told.
    assert (writing.heard("thread"), elsewhere.heard("thread")) == ([], [])
    for act in (lambda: h.vote(make, asker, given), lambda: h.comment(make, asker, asked)):
        act()
        look()
        assert writing.heard("thread") == [{"thread": asked.id}]


def test_somebody_writes_and_nobody_learns_who(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    asker, helper = make.member(lyon), make.member(lyon)
    asked = h.question(make, asker)
    watching, writing = connect(asker), connect(helper)
    watching.ask("watch", {"thread": asked.id})
    writing.ask("writing", {"thread": asked.id})
    look()
    # A socket that shows another page writes nothing here.
    assert watching.heard("writing") == []
    writing.ask("watch", {"thread": asked.id})
    writing.ask("writing", {"thread": asked.id})
    look()
    assert watching.heard("writing") == [{"thread": asked.id}]
    assert writing.heard("writing") == []


def test_a_thread_that_one_may_not_read_is_not_watched(make: Make, connect: Connect) -> None:
    asked = h.question(make, make.member(make.site("Lyon")), audience="site")
    stranger = connect(make.member(make.site("Lille")))
    for event in ("watch", "writing"):
        assert stranger.ask(event, {"thread": asked.id}) == {"err": "gone", "retry": False}
