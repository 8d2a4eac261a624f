"""What has no letter of its own is told in the product, and by letter to who wishes so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.domain.help.bumps import is_quiet
from incubator.domain.help.events import AnswerAccepted, ThanksGiven
from incubator.domain.notices.events import NoticePublished
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.models import Account, Grant
from incubator.network.letters import wishes
from incubator.network.members.models import Member
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import write_only
from incubator.reactions.notifications.telling import About, tell

if TYPE_CHECKING:
    from collections.abc import Collection


def subscribe() -> None:
    """Hear what must be told."""
    joins(NoticePublished, announced)
    joins(ThanksGiven, thanked)
    joins(AnswerAccepted, thanked)


def announced(event: NoticePublished) -> None:
    """To everybody whom an announcement is for, but who wrote it."""
    readers = select(Account.id).where(Account.deactivated_at.is_(None))
    if event.site_id is not None:
        runs = select(Grant.account_id).where(
            Grant.role == "manager", Grant.site_id == event.site_id, Grant.ended_at.is_(None)
        )
        here = select(Member.id).where(Member.home_site_id == event.site_id)
        readers = readers.where(Account.id.in_(here) | Account.id.in_(runs))
    others = set(db.session.scalars(readers)) - {event.actor_id}
    about = About("notice", event.notice_id, "notice", by=event.actor_id, title=event.title)
    write_lines("notice", others, about)


def thanked(event: ThanksGiven | AnswerAccepted) -> None:
    """By letter, to who wishes so: the bridge of threads has raised it already."""
    if not is_quiet() and event.helper_id != event.actor_id:
        _letters("help_thanks", {event.helper_id}, ("thread", event.question_id))


def write_lines(kind: str, member_ids: Collection[int], about: About) -> None:
    """Tell members of a subject, and write to those who wish so what the product says."""
    _letters(kind, tell(kind, member_ids, about), (about.area, about.item_id))


def _letters(kind: str, member_ids: Collection[int], key: tuple[str, int]) -> None:
    takers = accounts_of(wishes.wanting(kind, member_ids))
    write_only(kind, "told", takers, values={"keys": [list(key)]})
