"""What I promised: now, before, with which charter, and what my firm promised for me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import journal, queries
from incubator.domain.commitments.periods import period_on
from incubator.domain.membership import charters_queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.pages import render
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.models import Period
    from incubator.domain.commitments.queries import Month

WHOLE = 100  # percent


def at_home(month: Month, member_id: int, period: Period | None) -> int | None:
    """How much of a member's presence of this period was at the site of their promise, percent."""
    if month.pledge is None or period is None:
        return None
    return journal.home_share(member_id, period.id, month.pledge.home_site_id)


@pages.get("/heures/engagement", en="/hours/pledge", may=members)
def promise() -> ResponseReturnValue:
    """My promise and its history."""
    reader = actor()
    this_day = today(reader.time_zone)
    month = queries.month(reader.id, this_day)
    period = period_on(this_day)
    history = queries.pledge_history(reader.id)
    signed = {one.charter_version_id for one in history if one.charter_version_id}
    usual = queries.usual_minutes(this_day)
    held = month.pledge.minutes_per_period if month.pledge else 0
    return render(
        "commitments/promise.html",
        at_home=at_home(month, reader.id, period),
        month=month,
        history=history,
        today=this_day,
        usual=usual,
        part=held * WHOLE // usual if usual else WHOLE,
        places={place.id: place for place in sites.open_places()},
        charters=charters_queries.for_reader(reader),
        signed=charters_queries.versions_with(signed) if signed else {},
        firms=[
            (firm, pledge, journal.firm_standing(firm.id, period.id if period else None)[1])
            for firm, pledge in queries.firm_pledges_of(reader.id, this_day)
        ],
    )
