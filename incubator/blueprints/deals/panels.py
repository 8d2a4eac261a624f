"""What deals bring to shared pages: the way to propose one to a firm, those that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.deals import queries
from incubator.domain.exchanges.deals.track_record import track_record
from incubator.edge.clock import now
from incubator.edge.entries import PagePanel, Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor


SHOWN: Final = 3


def waiting(reader: Actor) -> Mapping[str, object] | None:
    """The deals in which something is asked of the reader."""
    found = queries.waiting_for(reader, most=SHOWN)
    return (
        {"deals": found, "own": {firm.id for firm in queries.firms_of(reader.id)}}
        if found
        else None
    )


def waits(values: Mapping[str, Any]) -> Iterable[Fact]:
    """The one that waits longest, with the firm that waits."""
    deal = values["deals"][0]
    others = [party.firm.name for party in deal.parties if party.firm_id not in values["own"]]
    name = others[0] if others else deal.title
    yield Fact(key="deal", name=name, title=deal.title, address=url("deals.show", deal_id=deal.id))


PANELS: Final = (
    Panel(
        key="deals",
        slot="main",
        order=12,
        template="deals/_home.html",
        load=waiting,
        tells=waits,
    ),
)


def of_firm(reader: Actor, firm_id: int) -> Mapping[str, object] | None:
    """How a firm kept its deals, and the button of one that is not one's own, for who has one."""
    record, may = track_record(firm_id, now=now()), queries.may_deal_with(reader, firm_id)
    if not may and not (record.kept or record.due):
        return None
    return {"firm_id": firm_id, "record": record, "may_deal": may}


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
