"""What managers decide about reported posts, and how each of it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.help.care import doors, hiding, locking, moving, records, rules
from incubator.domain.help.care.events import (
    AuthorWarned,
    CareEvent,
    ReportsDismissed,
    ReportsReopened,
    ThreadUnpinned,
    WarningTakenBack,
)
from incubator.domain.help.locking import lock_of
from incubator.domain.help.records import tell
from incubator.domain.help.rules import HOW_MOST
from incubator.kernel.errors import Conflict, Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.help.care_models import Case, Measure
    from incubator.domain.help.models import Question
    from incubator.network.members.actor import Actor

_UNDONE: Final[dict[str, type[CareEvent]]] = {
    "dismiss": ReportsReopened,
    "warn": WarningTakenBack,
    "pin": ThreadUnpinned,
}


def decide(
    actor: Actor, case_id: int, *, act: str, note: str, seen: int | None, now: datetime
) -> Case:
    """Do one of the DECISIONS about a case as its version ``seen`` was.

    Raise as ``doors.held``; Refusal ``care.act``, or on the note, which the author reads
    when their post is hidden or they are written to.
    """
    question, case = doors.held(actor, case_id, seen=seen)
    if act not in rules.DECISIONS:
        raise Refusal("care.act", field="act")
    if act == "hide":
        hiding.hide_post(actor, question, case, reason=note, now=now)
    elif act == "lock":
        _lock(actor, question, case, note=note, now=now)
    else:
        _note(actor, question, case, act=act, note=note, now=now)
    return case


def _lock(actor: Actor, question: Question, case: Case, *, note: str, now: datetime) -> None:
    """Lock the thread of a case; Conflict when somebody did before."""
    why = rules.clean_words(note, needed=False)
    if lock_of(question):
        raise Conflict("care.meanwhile")
    locking.lock_held(actor, question, case, reason=why[:HOW_MOST], now=now)


def _note(
    actor: Actor, question: Question, case: Case, *, act: str, note: str, now: datetime
) -> None:
    words = rules.clean_words(note, needed=act == "warn")
    records.take(actor, case, act, note=words, now=now)
    kind = AuthorWarned if act == "warn" else ReportsDismissed
    tell(kind, actor, question, case_id=case.id, member_id=case.author_id, note=words)


def undo(actor: Actor, measure_id: int, *, now: datetime) -> Case:
    """Take a measure back, whoever took it; both stay written down.

    Raise as ``doors.held_measure``, and as ``moving.move_back`` for a move.
    """
    question, case, measure = doors.held_measure(actor, measure_id)
    _undo_effect(actor, question, case, measure=measure, now=now)
    return case


def _undo_effect(
    actor: Actor, question: Question, case: Case, *, measure: Measure, now: datetime
) -> None:
    if measure.kind == "lock":
        # Unlocking writes down that the measure is undone.
        locking.unlock_held(actor, question, now=now)
        return
    if measure.kind == "move":
        moving.move_back(actor, question, case, measure=measure, now=now)
        return
    records.undo(actor, case, measure, now=now)
    if measure.kind == "hide":
        hiding.show(actor, question, case)
    elif measure.kind == "offer":
        moving.tell_answer(actor, question, case, answer="")
    else:
        told = {"case_id": case.id, "member_id": case.author_id}
        tell(_UNDONE[measure.kind], actor, question, **told)
