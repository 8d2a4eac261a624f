"""What lets browsers go or go on: sessions that end or follow one another, accounts that close."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete

from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.events import joins
from incubator.kernel.schedule import hourly
from incubator.network.accounts.events import MemberDeactivated
from incubator.network.accounts.sessions import SessionFollowed, SessionsEnded
from incubator.network.members.merged_rows import any_double
from incubator.reactions.notifications import pushing
from incubator.reactions.push import browsers
from incubator.reactions.push.keys import key_of
from incubator.reactions.push.models import PushSending
from incubator.reactions.push.sending import plan, settings_here

if TYPE_CHECKING:
    from collections.abc import Mapping

# Longer than any job of a push lives.
KEPT: Final = timedelta(days=30)


def sessions_ended(event: SessionsEnded) -> None:
    """Who is signed out of a browser is told nothing there."""
    if event.session_id is None:
        member_gone(event.account_id)
    else:
        browsers.of_session(event.session_id, now=utcnow())


def session_followed(event: SessionFollowed) -> None:
    """The browser goes on under its new session."""
    browsers.follow(event.former_id, event.session_id)


def deactivated(event: MemberDeactivated) -> None:
    """Who left the network is told nothing any more."""
    member_gone(event.member_id)


def member_gone(member_id: int) -> None:
    """All their browsers go; those of a double follow who it became, and sleep until then."""
    if not any_double(member_id):
        browsers.of_member(member_id)


@hourly("push.sweep")
def sweep(payload: Mapping[str, Any]) -> None:
    """Forget browsers where nobody came back, and what went long ago."""
    del payload
    now, settings = utcnow(), settings_here()
    ours = key_of(settings)
    with transaction():
        browsers.sweep(days=settings.session_days, made_for=ours.name if ours else "", now=now)
        db.session.execute(delete(PushSending).where(PushSending.at < now - KEPT))


def subscribe() -> None:
    """Hear them in their own transaction, and let what is raised go by push."""
    joins(SessionsEnded, sessions_ended)
    joins(SessionFollowed, session_followed)
    joins(MemberDeactivated, deactivated)
    pushing.connect(plan)
