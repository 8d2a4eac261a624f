"""How a session should read, and whether it can have been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments import presence_rules
from incubator.domain.commitments import rules as hours_rules
from incubator.domain.commitments.periods import rule_on
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_rules import Stay
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_TEXT = 300
PROBLEMS = {
    "future": "commitments.session_future",
    "order": "commitments.session_order",
    "too_long": "commitments.session_too_long",
    "day_full": "commitments.session_day_full",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How a session should read: from when to when, why, and who was there, if anybody."""

    started_at: datetime
    ended_at: datetime
    why: str = ""
    witness_id: int | None = None


def check_wish(member_id: int, site_id: int, wish: Wish, *, but: int | None, now: datetime) -> None:
    """Refuse what cannot have been.

    Raise Refusal ``commitments.session_future``, ``session_order``, ``session_too_long``,
    ``session_day_full``, ``before_joining``, ``too_long_ago``, ``text_too_long`` or
    ``witness_not_there``.
    """
    site = changes.site_of(site_id)
    day = changes.day_at(site, wish.started_at)
    stay = Stay(but or 0, site_id, site.time_zone, wish.started_at, wish.ended_at)
    around = changes.others(member_id, stay.start, stay.end, but=but)
    limits = changes.limits_on(day)
    wrong = presence_rules.problem(stay, around, limits=limits, now=now)
    if wrong:
        raise Refusal(PROBLEMS[wrong], field="ended", most=limits.max_session // 60)
    joined_at = db.session.get_one(Member, member_id).joined_at
    hours_rules.check_day(
        day,
        today=changes.day_at(site, now),
        joined_on=changes.day_at(site, joined_at),
        back_days=rule_on(day).back_days,
    )
    changed_words(wish.why)
    if wish.witness_id is not None:
        _check_witness(member_id, site_id, wish)


def _check_witness(member_id: int, site_id: int, wish: Wish) -> None:
    """Who vouches for somebody was there at the time, by their own session."""
    if wish.witness_id == member_id:
        raise Refusal("commitments.receiver_self", field="witness")
    there = db.session.scalar(
        select(func.count())
        .select_from(Presence)
        .where(
            Presence.member_id == wish.witness_id,
            Presence.site_id == site_id,
            Presence.state.in_(("open", *changes.COUNTING)),
            Presence.started_at < wish.ended_at,
            func.coalesce(Presence.ended_at, wish.ended_at) > wish.started_at,
        )
    )
    if not there:
        raise Refusal("commitments.witness_not_there", field="witness")


def changed_words(text: str) -> str:
    """A reason on one line; raise Refusal ``commitments.text_too_long``."""
    words = one_line(text)
    if len(words) > LONGEST_TEXT:
        raise Refusal("commitments.text_too_long", field="why", most=LONGEST_TEXT)
    return words
