"""Letters about reports: managers hear of those that wait, gathered; who reported what came of it.

Who reported stands in no letter: managers read it on the page, for their eyes alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.help.bump_letters import sees
from incubator.domain.help.bumps import accounts_of, is_quiet
from incubator.domain.help.care import policy
from incubator.domain.help.care.events import PostReported, ReportsAnswered
from incubator.domain.help.care_models import Case, Report
from incubator.domain.help.models import Question
from incubator.kernel.db import db, transaction
from incubator.kernel.events import joins
from incubator.kernel.jobs import job, later
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.letters.delivery import dues
from incubator.reactions.mail.gathering import next_half_hour
from incubator.reactions.mail.readers import managers_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.accounts.models import Account

TELL: Final = "help.reports"
TITLES_MOST: Final = 10


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(PostReported, reported)
    joins(ReportsAnswered, answered)


def reported(event: PostReported) -> None:
    """One job a manager and half an hour; the author of the post hears nothing of it."""
    if is_quiet():
        return
    case = db.session.get_one(Case, event.case_id)
    readers = {reader.id for reader in managers_of(case.site_id)}
    readers -= {event.actor_id, case.author_id}
    for member_id, due in sorted(
        dues("desk_reports", readers, at=next_half_hour(event.at)).items()
    ):
        told = {"member_id": member_id, "since": event.at.isoformat()}
        later(TELL, told, at=due, key=f"{TELL}:{member_id}:{due:%Y%m%dT%H%M}")


@job(TELL)
def tell(payload: Mapping[str, Any]) -> None:
    """Write to a manager what still waits of the reports since an instant."""
    since = datetime.fromisoformat(str(payload["since"]))
    with transaction():
        reader = account_of(int(payload["member_id"]))
        if reader is not None and reader.deactivated_at is None:
            _write(reader, since)


def _write(reader: Account, since: datetime) -> None:
    titles = _waiting(reader, since)
    if titles:
        values = {
            "titles": titles[:TITLES_MOST],
            "number": len(titles),
            "more": max(0, len(titles) - TITLES_MOST),
        }
        mine = actor_of(reader).managed_site_ids
        about = About("reports", 0, "reports", site_id=min(mine, default=None))
        write("desk_reports", "reports", [reader], values=values, about=about)


def _waiting(reader: Account, since: datetime) -> Sequence[str]:
    """The threads of the posts that wait for this manager and were reported since."""
    actor = actor_of(reader)
    fresh = select(Report.case_id).where(
        Report.reported_at >= since, Report.reporter_id != actor.id
    )
    cases = db.session.scalars(
        select(Case)
        .where(Case.id.in_(fresh), Case.waiting_since.is_not(None))
        .options(joinedload(Case.question))
        .order_by(Case.waiting_since, Case.id)
    )
    return [case.question.title for case in cases if policy.may_decide(actor, case)]


def answered(event: ReportsAnswered) -> None:
    """To those whose reports waited: that it was looked at, and what everybody may see of it."""
    if is_quiet():
        return
    rows = select(Report.reporter_id).where(
        Report.case_id == event.case_id, Report.reported_at >= event.since
    )
    waited = set(db.session.scalars(rows)) - {event.actor_id}
    title = db.session.get_one(Question, event.question_id).title
    for reader in accounts_of(waited):
        values = {
            "id": str(event.question_id),
            "title": title if sees(actor_of(reader), event.question_id) else "",
            "what": event.act,
        }
        about = About("report", event.case_id, "reported")
        write("help_reported", "reported", [reader], values=values, about=about)
