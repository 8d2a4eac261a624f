"""Help that was of use counts: what is said of it in a thread becomes a line of hours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.domain.commitments import thread_help
from incubator.domain.commitments.thread_help import ThreadHelp
from incubator.domain.help.events import HelpTimed
from incubator.kernel.events import joins
from incubator.network.accounts import queries as accounts

if TYPE_CHECKING:
    from datetime import date

    from incubator.network.accounts.models import Account


def timed(event: HelpTimed) -> None:
    """Propose the minutes to the other of the two, or agree to what they proposed."""
    account = accounts.account_of(event.actor_id or 0)
    if account is None:
        return
    given = ThreadHelp(
        thread_id=event.question_id,
        giver_id=event.helper_id,
        asker_id=event.asker_id,
        unnamed=event.unnamed,
        day=_day(event, account),
        minutes=event.minutes,
        note=event.note,
    )
    thread_help.count(accounts.actor_of(account), given, now=event.told_at)


def _day(event: HelpTimed, account: Account) -> date:
    """The day of the help by the helper's clock."""
    helper = account if account.id == event.helper_id else accounts.account_of(event.helper_id)
    zone = ZoneInfo(helper.time_zone if helper else "UTC")
    return event.helped_at.astimezone(zone).date()


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(HelpTimed, timed)
