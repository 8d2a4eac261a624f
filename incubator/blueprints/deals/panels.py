"""What deals bring to the page of a firm: the way to propose one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.deals import queries
from incubator.edge.entries import PagePanel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor


def of_firm(reader: Actor, firm_id: int) -> Mapping[str, object] | None:
    """The button of a firm that is not one's own, for who has one."""
    return {"firm_id": firm_id} if queries.may_deal_with(reader, firm_id) else None


PAGE_PANELS: Final = (
    PagePanel(
        key="firm_deal",
        page="firm",
        slot="side",
        order=20,
        template="deals/_of_firm.html",
        load=of_firm,
    ),
)
