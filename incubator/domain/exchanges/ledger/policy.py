"""Who may do what in the barter ledger. None who acts is the machine: deals that run by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """What an actor is to a firm at present, and at which site it is."""

    site_id: int | None
    works_there: bool = False
    keeps_it: bool = False


def may_switch(by: Actor) -> bool:
    """Mutual credit is switched on and off by those who run the whole network."""
    return by.is_administrator


def may_set_policy(by: Actor, site_id: int) -> bool:
    """Managers of a site say with what line its firms begin and how it grows."""
    return by.manages(site_id)


def may_open(by: Actor | None, seat: Seat) -> bool:
    """Whoever keeps the firm joins and leaves; so do managers of its site for it."""
    if by is None:
        return True
    return not by.is_guest and (seat.keeps_it or by.manages(seat.site_id))


def may_spend(by: Actor | None, seat: Seat) -> bool:
    """People of the firm take on what it receives."""
    return by is None or (seat.works_there and not by.is_guest)


def may_decide(by: Actor, seat: Seat) -> bool:
    """A manager of the firm's site who is not of the firm."""
    return by.manages(seat.site_id) and not seat.works_there


def may_post(
    by: Actor | None, kind: str, *, receivers: Sequence[Seat], all_of: Sequence[Seat]
) -> bool:
    """Whoever receives takes it on, or a manager who settles a dispute and is no party.

    Clearings are the machine's and administrators', openings and adjustments theirs who decide.
    """
    if by is None:
        return kind != "adjustment"
    if kind in {"settle", "fee"}:
        return all(may_spend(by, seat) or may_decide_between(by, all_of) for seat in receivers)
    if kind == "adjustment":
        return may_decide_between(by, all_of)
    return by.is_administrator


def may_decide_between(by: Actor, seats: Sequence[Seat]) -> bool:
    """A manager of the site of one of the parties, who is of none."""
    managed = any(by.manages(seat.site_id) for seat in seats)
    return managed and not any(seat.works_there for seat in seats)


def may_see(reader: Actor, seat: Seat) -> bool:
    """A statement is for the people of the firm and the managers of its site."""
    return (seat.works_there and not reader.is_guest) or reader.manages(seat.site_id)
