"""Minutes that change hands: from a member to another or to the pool, and draws on the pool.

Who gives stays at zero or above. Both sides are lines of one group, which sums to zero. Gifts are
anonymous unless the giver names themselves; a draw is decided by a manager of the home site.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.commitments import ledger, policy, rules
from incubator.domain.commitments.accounts import lock_member
from incubator.domain.commitments.events import MinutesGiven, PoolAsked, PoolDecided
from incubator.domain.commitments.ledger_models import Gift, Pool
from incubator.domain.commitments.periods import ensure_period, hold_open, rule_on
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import one_line
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Present:
    """What is given: minutes to a member, or to the pool (None); ``named`` tells who gave."""

    minutes: int
    receiver_id: int | None = None
    named: bool = False
    note: str = ""


def give(actor: Actor, present: Present, *, once: str, now: datetime) -> Gift:
    """Give minutes that one has; ``once`` makes a repetition return the first.

    Raise Refusal ``commitments.gift_minutes`` for none or an odd number, ``receiver_self``,
    ``receiver_unknown``, ``gift_too_much`` where one would owe, ``gift_cap`` for the year's cap.
    """
    if not policy.may_declare(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    for member_id in sorted({actor.id, present.receiver_id or actor.id}):
        lock_member(member_id)
    sent = _sent(actor.id, once)
    if sent is not None:
        return sent
    _check_receiver(actor, present.receiver_id)
    _check_minutes(present.minutes, actor, now)
    if ledger.balance(actor.id) < present.minutes:
        raise Refusal("commitments.gift_too_much", field="duration")
    _check_year(Gift.giver_id, actor.id, present.minutes, now=now)
    made = _gift(actor, present, once=once, now=now)
    kind = "gift" if present.receiver_id else "pool"
    made.group_id = _open_group(made, kind, by_id=actor.id, now=now)
    made.giver_id, made.state, made.decided_at = actor.id, "granted", now
    db.session.add(made)
    _write(made, now=now)
    record(
        MinutesGiven(
            actor_id=actor.id if present.named else None,
            site_id=None,
            gift_id=made.id,
            minutes=made.minutes,
            receiver_id=present.receiver_id,
            named=present.named,
        )
    )
    return made


def ask_pool(actor: Actor, *, minutes: int, note: str, once: str, now: datetime) -> Gift:
    """Ask the pool for minutes; a manager of one's home site decides.

    Raise Refusal ``commitments.gift_minutes``, ``gift_cap``, ``reason_needed``.
    """
    if not policy.may_declare(actor):
        raise NotAllowed("commitments.guests_do_not_declare")
    lock_member(actor.id)
    sent = _sent(actor.id, once)
    if sent is not None:
        return sent
    _check_minutes(minutes, actor, now)
    if not note.strip():
        raise Refusal("commitments.reason_needed", field="note")
    _check_year(Gift.receiver_id, actor.id, minutes, now=now)
    made = _gift(actor, Present(minutes, actor.id, note=note), once=once, now=now)
    made.site_id = actor.home_site_id
    db.session.add(made)
    db.session.flush()
    record(PoolAsked(actor_id=actor.id, site_id=made.site_id, **_told(made), receiver_id=actor.id))
    return made


def grant(actor: Actor, gift_id: int, *, answer: str = "", now: datetime) -> Gift:
    """Let the pool give what was asked for; repeating changes nothing.

    Raise Refusal ``commitments.pool_short`` where it holds less, ``gift_cap``, ``decided_before``.
    """
    gift = _to_decide(actor, gift_id)
    if gift.state == "granted":
        return gift
    _check_waiting(gift)
    held = db.session.scalars(select(Pool.balance).with_for_update()).one()
    if held < gift.minutes:
        raise Refusal("commitments.pool_short", left=held)
    _check_year(Gift.receiver_id, gift.receiver_id, gift.minutes, now=now)
    gift.group_id = _open_group(gift, "pool", by_id=actor.id, now=now)
    _decide(gift, actor, state="granted", answer=answer, now=now)
    _write(gift, now=now)
    _tell_decided(gift, actor)
    return gift


def refuse(actor: Actor, gift_id: int, *, answer: str, now: datetime) -> Gift:
    """Say why the pool does not give. Raise Refusal ``reason_needed`` or ``decided_before``."""
    gift = _to_decide(actor, gift_id)
    if gift.state == "refused":
        return gift
    _check_waiting(gift)
    if not answer.strip():
        raise Refusal("commitments.reason_needed", field="answer")
    _decide(gift, actor, state="refused", answer=answer, now=now)
    db.session.flush()
    _tell_decided(gift, actor)
    return gift


def withdraw(actor: Actor, gift_id: int, *, now: datetime) -> Gift:
    """No longer ask the pool. Raise Refusal ``commitments.decided_before``."""
    gift = _held(gift_id)
    if gift.giver_id is not None or gift.receiver_id != actor.id:
        raise NotFound("commitments.gift")
    if gift.state == "withdrawn":
        return gift
    _check_waiting(gift)
    _decide(gift, actor, state="withdrawn", answer="", now=now)
    db.session.flush()
    return gift


def waiting(site_id: int) -> Sequence[Gift]:
    """The draws that wait for the managers of a site, the oldest first."""
    return db.session.scalars(
        select(Gift)
        .where(Gift.state == "asked", Gift.site_id == site_id)
        .order_by(Gift.asked_at, Gift.id)
        .limit(200)
    ).all()


def pool_balance() -> int:
    """The minutes that the pool holds."""
    return db.session.scalars(select(Pool.balance)).one()


def _sent(actor_id: int, once: str) -> Gift | None:
    return db.session.scalar(select(Gift).where(Gift.asked_by_id == actor_id, Gift.once == once))


def _check_receiver(actor: Actor, receiver_id: int | None) -> None:
    if receiver_id is None:
        return
    if receiver_id == actor.id:
        raise Refusal("commitments.receiver_self", field="with_name")
    if not db.session.scalar(select(Member.active).where(Member.id == receiver_id)):
        raise Refusal("commitments.receiver_unknown", field="with_name")


def _check_minutes(minutes: int, actor: Actor, now: datetime) -> None:
    step = rule_on(rules.civil_day(now, actor.time_zone)).round_to
    if minutes <= 0 or minutes % step:
        raise Refusal("commitments.gift_minutes", field="duration", step=step)


def _check_year(side: object, member_id: int | None, minutes: int, *, now: datetime) -> None:
    """Bound what a member gives, or is given by the pool, in a year."""
    most = rule_on(now.date()).gift_cap_year
    first = datetime(now.year, 1, 1, tzinfo=UTC)
    of_pool = side is Gift.receiver_id
    column = Gift.receiver_id if of_pool else Gift.giver_id
    query = select(func.coalesce(func.sum(Gift.minutes), 0)).where(
        column == member_id, Gift.state == "granted", Gift.decided_at >= first
    )
    if of_pool:
        query = query.where(Gift.giver_id.is_(None))
    left = most - int(db.session.scalar(query) or 0)
    if minutes > left:
        raise Refusal("commitments.gift_cap", field="duration", left=max(0, left))


def _gift(actor: Actor, present: Present, *, once: str, now: datetime) -> Gift:
    note = one_line(present.note)
    if len(note) > LONGEST_NOTE:
        raise Refusal("commitments.text_too_long", field="note", most=LONGEST_NOTE)
    return Gift(
        receiver_id=present.receiver_id,
        minutes=present.minutes,
        named=present.named,
        note=note,
        state="asked",
        asked_by_id=actor.id,
        asked_at=now,
        once=once,
    )


def _key(gift: Gift) -> str:
    return f"gift:{gift.asked_by_id}:{gift.once}"


def _open_group(gift: Gift, kind: str, *, by_id: int, now: datetime) -> int:
    return ledger.open_group(kind, key=_key(gift), reason="gift", by_id=by_id, now=now).id


def _write(gift: Gift, *, now: datetime) -> None:
    """Both sides in the open period, as one group."""
    db.session.flush()
    period = ensure_period(now.date())
    hold_open([period.id])

    def side(member_id: int | None, sort: str, minutes: int) -> ledger.Entry:
        return ledger.Entry(
            member_id=member_id,
            period_id=period.id,
            kind=sort if member_id else "POOL",
            minutes=minutes,
            key=f"{_key(gift)}:{'in' if minutes > 0 else 'out'}",
            source_type="gift",
            source_id=gift.id,
            group_id=gift.group_id,
        )

    ledger.post_new(
        [
            side(gift.giver_id, "GIFT_OUT", -gift.minutes),
            side(gift.receiver_id, "GIFT_IN", gift.minutes),
        ],
        now=now,
    )


def _held(gift_id: int) -> Gift:
    found = db.session.get(
        Gift, gift_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        raise NotFound("commitments.gift")
    return found


def _to_decide(actor: Actor, gift_id: int) -> Gift:
    gift = _held(gift_id)
    if gift.giver_id is not None or not (
        gift.receiver_id == actor.id or actor.manages(gift.site_id)
    ):
        raise NotFound("commitments.gift")
    if not policy.may_decide_draw(actor, gift):
        raise NotAllowed("commitments.not_your_member")
    if gift.receiver_id is not None:
        lock_member(gift.receiver_id)
    return gift


def _check_waiting(gift: Gift) -> None:
    if gift.state != "asked":
        raise Refusal("commitments.decided_before")


def _decide(gift: Gift, actor: Actor, *, state: str, answer: str, now: datetime) -> None:
    words = one_line(answer)
    if len(words) > LONGEST_NOTE:
        raise Refusal("commitments.text_too_long", field="answer", most=LONGEST_NOTE)
    gift.state, gift.answer = state, words
    gift.decided_by_id, gift.decided_at = actor.id, now


def _told(gift: Gift) -> dict[str, int]:
    return {"gift_id": gift.id, "minutes": gift.minutes}


def _tell_decided(gift: Gift, actor: Actor) -> None:
    record(
        PoolDecided(
            actor_id=actor.id,
            site_id=gift.site_id,
            **_told(gift),
            receiver_id=gift.receiver_id or 0,
            granted=gift.state == "granted",
        )
    )
