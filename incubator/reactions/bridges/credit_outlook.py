"""What signing a deal would mean on mutual credit, told to one of its firms before it signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.domain.exchanges.ledger import door
from incubator.domain.exchanges.ledger.rules import passes_soft_limit
from incubator.kernel.errors import Refusal
from incubator.network.members.firm_queries import with_id
from incubator.reactions.bridges.credited_deals import accounts_of, obstacles, sums

if TYPE_CHECKING:
    from collections.abc import Collection

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.reactions.bridges.credited_deals import Obstacle


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The account of one's own firm as it is and as it would be, in cents.

    ``left`` is what it may still receive while nothing of what it gives is accepted yet; ``low``
    that this is less than a fifth of its line. ``mine`` and ``others`` are what stands in the way.
    """

    balance: int
    after: int
    left: int
    line: int
    low: bool
    receives: int
    mine: Obstacle | None
    others: tuple[Obstacle, ...]


def is_on() -> bool:
    """Whether mutual credit is on."""
    return door.head().switched_on


def outlook(deal: Deal, firm_id: int) -> Outlook | None:
    """What the deal means for the account of a firm; None where no account of it is touched.

    A swap that euros complete, or one of whose firms cannot be carried, is left to itself.
    """
    number = accounts_of([firm_id]).get(firm_id)
    if number is None or not is_on() or (deal.kind != "credit" and deal.soulte is not None):
        return None
    found = obstacles(deal.legs, {party.firm_id for party in deal.parties})
    gives, receives = sums(deal.legs, firm_id)
    if not (gives or receives) or (found and deal.kind != "credit"):
        return None
    state = door.account(number, locked=False).state
    free = state.balance - state.reserved
    own = [each for each in found if each.firm_id == firm_id]
    return Outlook(
        balance=state.balance,
        after=state.balance + gives - receives,
        left=max(0, free - receives - state.limits.lower),
        line=-state.limits.lower,
        low=receives > 0
        and (
            free < state.limits.soft
            or passes_soft_limit(state.limits, before=free, after=free - receives)
        ),
        receives=receives,
        mine=own[0] if own else None,
        others=tuple(each for each in found if each.firm_id != firm_id),
    )


def require(firm_ids: Collection[int]) -> None:
    """Refuse to propose on mutual credit what could never be signed.

    Raise Refusal ``ledger.off`` or ``credit.no_account``, beside «credit».
    """
    if not is_on():
        raise Refusal("ledger.off", field="credit")
    for each in obstacles([], firm_ids):
        raise Refusal("credit.no_account", field="credit", firm=with_id(each.firm_id).name)
