"""What the barter ledger keeps of a member: it is of firms, and names people for what they did."""

from __future__ import annotations

from incubator.domain.exchanges.ledger.models import Adjustment, Departure, Switch, Txn
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "credit-moved": Part(Txn, (Txn.by_id,)),
        "credit-switched": Part(Switch, (Switch.by_id,)),
        "credit-adjustments": Part(Adjustment, (Adjustment.asked_by_id,), secret=("once",)),
        "credit-departures": Part(Departure, (Departure.asked_by_id,)),
    }
)
