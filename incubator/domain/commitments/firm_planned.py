"""The same for firms: minutes that their people signed up for and that keep the firm's promise."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from incubator.domain.commitments import accounts
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.ledger_models import FirmStanding
from incubator.domain.commitments.promise_models import Pledge
from incubator.kernel.db import Base, BigId, db
from incubator.network.members.firm_models import FirmRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MINUTE = timedelta(minutes=1)
_FIRMS = (
    select(FirmRole.firm_id)
    .join(Pledge, Pledge.firm_id == FirmRole.firm_id)
    .where(FirmRole.member_id.in_(bindparam("ids", type_=BigId, expanding=True)))
    .distinct()
    .order_by(FirmRole.firm_id)
)
_KNOWN = (
    select(FirmStanding.period_id, FirmStanding.planned)
    .where(FirmStanding.firm_id == bindparam("firm"))
    .order_by(FirmStanding.period_id)
)
_TABLE = Base.metadata.tables[FirmStanding.__tablename__]
_WRITE = (
    update(_TABLE)
    .where(_TABLE.c.firm_id == bindparam("holder"), _TABLE.c.period_id == bindparam("period"))
    .values(planned=bindparam("minutes"))
)


def firms_of(member_ids: Sequence[int]) -> Sequence[int]:
    """The firms with a promise that these members belong or belonged to."""
    return db.session.scalars(_FIRMS, {"ids": member_ids}).all()


def people_of(firm_ids: Iterable[int]) -> dict[int, Sequence[int]]:
    """Whose hours may be a firm's; each firm is locked: two of its people may sign up at once."""
    found = {}
    for firm_id in firm_ids:
        account = Account(firm_id=firm_id)
        accounts.lock(account)
        found[firm_id] = accounts.people_of(account)
    return found


class Whose:
    """Which account an hour of a member on a day would be of; asked of the database once."""

    def __init__(self) -> None:
        self._known: dict[int, accounts.Promises] = {}

    def firm(self, member_id: int, day: date) -> int | None:
        """The firm whose promise it keeps; None: the member's own account."""
        if member_id not in self._known:
            self._known[member_id] = accounts.promises_of(member_id)
        return self._known[member_id].firm_on(day)


def keep(firm_id: int, duties: Iterable[Any], whose: Whose) -> int:
    """Let the standings of a firm say what ``duties`` of its people add up to; how many did not."""
    sums: dict[int, timedelta] = defaultdict(timedelta)
    for duty in duties:
        if whose.firm(duty.member_id, duty.local_date) == firm_id:
            sums[duty.period_id] += duty.ends_at - duty.starts_at
    wrong = [
        {"holder": firm_id, "period": period_id, "minutes": minutes}
        for period_id, known in db.session.execute(_KNOWN, {"firm": firm_id})
        if (minutes := sums[period_id] // MINUTE) != known
    ]
    if wrong:
        db.session.execute(_WRITE, wrong)
    return len(wrong)
