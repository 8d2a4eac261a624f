"""What is kept of a member's hours; amounts stay, words may go."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from incubator.domain.commitments.correction_models import Correction, HoursLook
from incubator.domain.commitments.kiosk_models import Badge, Feed
from incubator.domain.commitments.ledger_models import Gift, Line, Standing
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.presence_models import Presence, PresenceRevision, Punch
from incubator.domain.commitments.promise_models import Obligation, Pledge, PledgeRevision, Relief
from incubator.domain.commitments.slot_models import Signup, SlotWatch
from incubator.domain.commitments.status_models import Choice, Status
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData, Through

personal_data = PersonalData(
    {
        # Who asked for help without their name is told to nobody but themselves.
        "hours": Part(
            Contribution,
            (Contribution.giver_id, Contribution.receiver_id),
            secret=("unnamed_id",),
        ),
        "hours-without-a-name": Part(Contribution, (Contribution.unnamed_id,)),
        "promises": Part(Pledge, (Pledge.member_id,)),
        "promise-changes": Part(PledgeRevision, (PledgeRevision.member_id,)),
        "ledger": Part(Line, (Line.member_id,)),
        "months": Part(Standing, (Standing.member_id,)),
        "reliefs": Part(Relief, (Relief.member_id,)),
        "owed": Part(Obligation, (Obligation.member_id,)),
        "standing": Part(Status, (Status.member_id,)),
        "choices": Part(Choice, (Choice.member_id,)),
        "punches": Part(Punch, (Punch.member_id,)),
        "sessions": Part(Presence, (Presence.member_id,)),
        "session-changes": Part(
            PresenceRevision,
            (),
            through=Through(PresenceRevision.session_id, Presence.id, Presence.member_id),
        ),
        "corrections": Part(Correction, (Correction.member_id,)),
        "looks": Part(HoursLook, (HoursLook.member_id,)),
        "slots": Part(Signup, (Signup.member_id,)),
        "slots-watched": Part(SlotWatch, (SlotWatch.member_id,)),
        # Who gave is told to the receiver only where the giver wished so: their own gifts alone.
        "gifts-given": Part(Gift, (Gift.giver_id,), secret=("receiver_id",)),
        "gifts-received": Part(
            Gift, (Gift.receiver_id,), secret=("giver_id", "asked_by_id", "note")
        ),
        "badges": Part(Badge, (Badge.member_id,), secret=("token_hash",)),
        "calendar": Part(Feed, (Feed.member_id,), secret=("token_hash",)),
    }
)
UNSAID = "—"


def forget(member_id: int) -> None:
    """Take away what a member wrote beside their hours, and what speaks for them.

    Minutes, days, lines and punches stay: nobody else's hours may change with a name.
    """
    given = Contribution.giver_id == member_id
    words = {"note": "", "reason": "", "evidence": "", "appeal": ""}
    sessions = select(Presence.id).where(Presence.member_id == member_id)
    changed = PresenceRevision.session_id.in_(sessions)
    for change in (
        update(Contribution).where(given).values(words),
        update(Relief).where(Relief.member_id == member_id).values(private_reason="", answer=""),
        update(Correction).where(Correction.member_id == member_id).values(why="", reason=""),
        update(Signup).where(Signup.member_id == member_id).values(reason=""),
        update(Status).where(Status.member_id == member_id).values(note=""),
        update(Gift).where(Gift.asked_by_id == member_id).values(note=""),
        update(Gift).where(Gift.receiver_id == member_id).values(answer=""),
        update(PresenceRevision).where(changed).values(reason=UNSAID),
    ):
        db.session.execute(change.execution_options(synchronize_session=False))
    for rows in (Badge, Feed, Choice, SlotWatch):
        db.session.execute(delete(rows).where(rows.member_id == member_id))
    db.session.expire_all()
