"""What a member wants to be written about, as they said it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.accounts.models import Account
from incubator.network.letters.kinds import CHANNELS, KINDS, MAIL, Kind, kind_named, kinds_for
from incubator.network.letters.models import LetterChoice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from incubator.network.members.actor import Actor

Wanted = dict[tuple[str, str], bool]


def wanted_by(member_id: int) -> Wanted:
    """What a member wants of each kind by each channel."""
    usual = {(kind.code, way): way in kind.usual for kind in KINDS for way in CHANNELS}
    rows = db.session.scalars(select(LetterChoice).where(LetterChoice.member_id == member_id))
    return usual | {(row.kind, row.channel): row.wanted for row in rows}


def wants(member_id: int, code: str) -> bool:
    """Whether a member wants letters of a kind."""
    row = db.session.get(LetterChoice, (member_id, code, MAIL))
    return row.wanted if row else MAIL in kind_named(code).usual


def wanting(code: str, member_ids: Collection[int], channel: str = MAIL) -> set[int]:
    """Who of these wants a kind by a channel; nobody whose account is closed."""
    return takers(code, member_ids, (channel,))[channel]


def takers(
    code: str, member_ids: Collection[int], channels: Collection[str]
) -> dict[str, set[int]]:
    """By each of some channels, who of these wants a kind; nobody whose account is closed."""
    if not member_ids:
        return {channel: set() for channel in channels}
    open_ones = select(Account.id).where(
        Account.id.in_(sorted(member_ids)), Account.deactivated_at.is_(None)
    )
    rows = select(LetterChoice.member_id, LetterChoice.channel, LetterChoice.wanted).where(
        LetterChoice.member_id.in_(sorted(member_ids)), LetterChoice.kind == code
    )
    chosen = {(each, way): wanted for each, way, wanted in db.session.execute(rows)}
    usual, there = kind_named(code).usual, set(db.session.scalars(open_ones))
    return {
        way: {each for each in there if chosen.get((each, way), way in usual)} for way in channels
    }


def choose(actor: Actor, wanted: Mapping[tuple[str, str], bool]) -> None:
    """Get these kinds by these channels from now on, or no longer; others stay as they are.

    Raise NotFound ``letters.kind`` for what cannot come to them, Refusal ``letters.needed``.
    """
    mine = kinds_for(actor)
    for (code, channel), yes in wanted.items():
        kind = kind_named(code)
        if kind not in mine or channel not in CHANNELS:
            raise NotFound("letters.kind")
        want(actor.id, kind, yes=yes, channel=channel)


def want(member_id: int, kind: Kind, *, yes: bool, channel: str = MAIL) -> None:
    """Let a member get a kind by a channel or not; raise Refusal ``letters.needed``."""
    if not (yes or kind.optional):
        raise Refusal("letters.needed")
    key = {"member_id": member_id, "kind": kind.code, "channel": channel}
    db.session.execute(delete(LetterChoice).filter_by(**key))
    if yes != (channel in kind.usual):
        insert_once(LetterChoice, **key, wanted=yes)


def stop(member_id: int, code: str) -> None:
    """Write no more letters of a kind to a member; one that waits is not sent."""
    want(member_id, kind_named(code), yes=False)


def stop_digests(member_id: int, rhythm: str) -> None:
    """Let nothing come by the daily or the weekly digest any more."""
    for kind in KINDS:
        if kind.optional:
            want(member_id, kind, yes=False, channel=rhythm)
