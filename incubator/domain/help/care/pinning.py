"""A few threads that stay at the top of a list until a day: of a site, or of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, bindparam, func, or_, select

from incubator.domain.help import queries
from incubator.domain.help.care import policy, records, rules
from incubator.domain.help.care.events import ThreadPinned
from incubator.domain.help.care_models import Case, Measure
from incubator.domain.help.records import tell
from incubator.kernel.db import BigId, db
from incubator.kernel.errors import Conflict, NotAllowed, Refusal
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor


def pin(
    actor: Actor,
    question_id: int,
    *,
    site_id: int | None,
    until: date | None,
    today: date,
    now: datetime,
) -> Measure:
    """Keep a thread at the top of a site's list, or of the network's (None), until a day.

    Raise NotAllowed ``help.run_not_manager``, Refusal ``help.care_list``, ``help.care_until``,
    ``help.care_pin_readers`` or ``help.care_pins_enough``, Conflict ``care.meanwhile``.
    """
    question = queries.visible_to(actor, question_id, lock=True)
    if not actor.manages(question.site_id):
        raise NotAllowed("help.run_not_manager")
    if not policy.may_pin_in(actor, site_id):
        raise Refusal("help.care_list", field="list")
    last = rules.clean_until(until, today)
    narrow = question.audience == "site" and question.site_id != site_id
    if narrow or question.audience == "circle":
        raise Refusal("help.care_pin_readers", field="list")
    case = records.case_of(question, question)
    _make_room(actor, case, site_id=site_id, today=today, now=now)
    taken = records.take(actor, case, "pin", now=now, site_id=site_id, until=last)
    tell(ThreadPinned, actor, question, case_id=case.id, member_id=case.author_id)
    return taken


def _make_room(
    actor: Actor, case: Case, *, site_id: int | None, today: date, now: datetime
) -> None:
    before = records.standing(case, "pin")
    if before and before.until is not None and before.until >= today:
        raise Conflict("care.meanwhile")
    if before:
        records.undo(actor, case, before, now=now)
    _hold_list(site_id)
    query = select(func.count()).select_from(Measure).where(*_standing(today))
    number = db.session.scalar(query.where(Measure.site_id == site_id)) or 0
    if number >= rules.PINS_MOST:
        raise Refusal("help.care_pins_enough", field="list", most=rules.PINS_MOST)


def _hold_list(site_id: int | None) -> None:
    """Whoever pins in a list at the same time waits: the network's goes by its first site."""
    query = select(Site.id).order_by(Site.id).limit(1)
    if site_id is not None:
        query = query.where(Site.id == site_id)
    # Rows that name the site hold its key already: the weaker lock waits for pins alone.
    db.session.execute(query.with_for_update(key_share=True))


def _standing(today: Any) -> tuple[ColumnElement[bool], ...]:
    return (Measure.kind == "pin", Measure.undone_at.is_(None), Measure.until >= today)


_PINNED = (
    select(Case.question_id)
    .join(Measure, Measure.case_id == Case.id)
    .where(
        *_standing(bindparam("today", type_=Date)),
        or_(Measure.site_id.is_(None), Measure.site_id == bindparam("site_id", type_=BigId)),
    )
    .order_by(Measure.until, Measure.id)
    .limit(2 * rules.PINS_MOST)
)


def pinned_in(site_id: int | None, today: date) -> Sequence[int]:
    """The threads at the top of the list of a site, the network's among them."""
    return db.session.scalars(_PINNED, {"site_id": site_id, "today": today}).all()


def pin_of(question: Question, today: date) -> Measure | None:
    """The pin of a thread that still holds."""
    case = records.find_case(question)
    found = records.standing(case, "pin") if case else None
    return found if found and found.until and found.until >= today else None
