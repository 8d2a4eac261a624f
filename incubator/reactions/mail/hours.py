"""Letters about hours: help to confirm, what was refused, reliefs, gifts, corrections.

Who did something themselves gets no letter about it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from incubator.domain.commitments import ledger
from incubator.domain.commitments.events import (
    ContributionEvent,
    HoursAppealed,
    HoursCorrected,
    HoursDeclared,
    HoursRefused,
    MinutesGiven,
    PoolAsked,
    PoolDecided,
    ReliefAsked,
    ReliefDecided,
)
from incubator.domain.commitments.ledger_models import Gift
from incubator.domain.commitments.models import Contribution, Kind, Period
from incubator.domain.commitments.promise_models import Relief
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.members.models import Member
from incubator.reactions.mail.readers import accounts_of, managers_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.accounts.models import Account

# What a letter about hours given is, by what it says.
SHARED: Final = {
    "confirm": "hours_confirm",
    "offer": "hours_confirm",
    "refused": "hours_decided",
    "appealed": "desk_hours",
}


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(HoursDeclared, declared)
    joins(HoursRefused, refused)
    joins(HoursAppealed, appealed)
    joins(HoursCorrected, corrected)
    joins(ReliefAsked, relief_asked)
    joins(ReliefDecided, relief_decided)
    joins(PoolAsked, pool_asked)
    joins(PoolDecided, pool_decided)
    joins(MinutesGiven, given)


def declared(event: HoursDeclared) -> None:
    """To whoever is asked for their word, the person helped or the giver: one tap says yes."""
    row = db.session.get_one(Contribution, event.contribution_id)
    if row.offered:
        _shared(event, "offer", accounts_of([row.giver_id]), name=_name(row.receiver_id))
    else:
        _shared(event, "confirm", accounts_of([row.helped_id]))


def refused(event: HoursRefused) -> None:
    """To who gave the hours: why, and that another may look."""
    _shared(event, "refused", accounts_of([event.giver_id]), note=event.reason)


def appealed(event: HoursAppealed) -> None:
    """To the managers of the giver's site, but the one who refused."""
    row = db.session.get_one(Contribution, event.contribution_id)
    but = {row.decided_by_id, row.unnamed_id, event.giver_id}
    readers = [one for one in managers_of(event.site_id) if one.id not in but]
    _shared(event, "appealed", readers, note=row.appeal)


def _shared(
    event: ContributionEvent,
    what: str,
    readers: Sequence[Account],
    *,
    note: str = "",
    name: str | None = None,
) -> None:
    row = db.session.get_one(Contribution, event.contribution_id)
    kind = db.session.get_one(Kind, event.kind)
    values = {
        "what": what,
        "contribution_id": str(row.id),
        "name": name if what == "offer" else _name(event.giver_id),
        "day_on": row.day.isoformat(),
        "minutes": str(row.minutes),
        "note": note or row.note,
    }
    write(
        SHARED[what],
        "hours_shared",
        readers,
        values=lambda reader: values | {"kind": kind.name_in(reader.language)},
        about=About("contribution", row.id, f"hours_{what}", site_id=event.site_id),
    )


def relief_asked(event: ReliefAsked) -> None:
    """To the managers of the member's site."""
    readers = [one for one in managers_of(event.site_id) if one.id != event.member_id]
    _relief(event, "asked", readers)


def relief_decided(event: ReliefDecided) -> None:
    """To the member."""
    if event.actor_id != event.member_id:
        _relief(event, event.state, accounts_of([event.member_id]))


def _relief(event: ReliefAsked | ReliefDecided, what: str, readers: Sequence[Account]) -> None:
    row = db.session.get_one(Relief, event.relief_id)
    values = {
        "what": what,
        "relief_id": str(row.id),
        "name": _name(row.member_id),
        "percent": str(row.pct),
        "starts_on": row.starts_on.isoformat(),
        # Of letters, managers' mailboxes keep copies: why is read on the page alone.
        "note": row.answer,
    }
    _decided(About("relief", row.id, what, site_id=event.site_id), readers, values)


def pool_asked(event: PoolAsked) -> None:
    """To the managers of the member's site."""
    readers = [one for one in managers_of(event.site_id) if one.id != event.receiver_id]
    _draw(event, "asked", readers)


def pool_decided(event: PoolDecided) -> None:
    """To the member."""
    what = "granted" if event.granted else "refused"
    _draw(event, what, accounts_of([event.receiver_id]))


def _draw(event: PoolAsked | PoolDecided, what: str, readers: Sequence[Account]) -> None:
    row = db.session.get_one(Gift, event.gift_id)
    values = {
        "what": what,
        "gift_id": str(row.id),
        "name": _name(row.receiver_id),
        "minutes": str(row.minutes),
        "note": row.answer,
    }
    _decided(About("draw", row.id, what, site_id=event.site_id), readers, values)


def _decided(about: About, readers: Sequence[Account], values: Mapping[str, str | None]) -> None:
    """What managers are asked, or a member is answered."""
    asked = about.what == "asked"
    told = replace(about, what=f"{about.area}_{'asked' if asked else 'decided'}")
    sort = "desk_hours" if asked else "hours_decided"
    write(sort, f"hours_{about.area}", readers, values=values, about=told)


def given(event: MinutesGiven) -> None:
    """To who was given hours; who gave is told only where they wished so."""
    name = _name(event.actor_id) if event.named else None
    values = {"minutes": str(event.minutes), "name": name}
    about = About("gift", 0, "gift", by=event.actor_id if event.named else None)
    reader = accounts_of([event.receiver_id])
    write("hours_gift", "hours_gift", reader, values=values, about=about)


def corrected(event: HoursCorrected) -> None:
    """To the member whose balance changed by what became known of an earlier period."""
    origin = db.session.get_one(Period, event.origin_period_id)
    values = {
        "minutes": str(event.minutes),
        "after": str(ledger.balance(event.member_id or 0)),
        "starts_on": origin.starts_on.isoformat(),
    }
    about = About("hours", 0, "corrected")
    reader = accounts_of([event.member_id])
    write("hours_corrected", "hours_corrected", reader, values=values, about=about)


def _name(member_id: int | None) -> str | None:
    member = db.session.get(Member, member_id) if member_id else None
    return member.name if member else None
