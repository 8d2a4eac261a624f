"""The desk on the first page of who runs a site, live: they hear that its figures moved, alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories_commitments import declared
from tests.factories_slots import a_slot, signed_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]

DESK = ["site-day", "waiting"]


def moved(socket: Socket) -> bool:
    """Whether a page heard that the desk moved; what it heard is taken away."""
    return DESK in [told.get("panels") for told in socket.heard("me")]


def test_who_runs_a_site_hears_of_its_slots_and_hours_and_nobody_else(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon, nantes = make.site(), make.site("Nantes")
    boss, ada, leo = make.member(lyon, role="manager"), make.member(lyon), make.member(lyon)
    runs = [connect(boss), connect(make.member(role="administrator"))]
    others = [connect(each) for each in (leo, make.member(nantes, role="manager"))]
    slot = a_slot(make, boss, lyon)
    look()
    assert [moved(each) for each in (*runs, *others)] == [True, True, False, False]
    signed_up(make, ada, slot)
    look()
    assert [moved(each) for each in (*runs, *others)] == [True, True, False, False]
    declared(make, ada, kind="mentoring", receiver=make.member(nantes), minutes=60)
    look()
    assert [moved(each) for each in (*runs, *others)] == [True, True, False, False]
