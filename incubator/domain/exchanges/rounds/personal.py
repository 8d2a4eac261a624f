"""What netting keeps of a member: what they said for a firm, and what administrators did.

A word given for a firm is the firm's: who leaves or is forgotten stays in it as the person that
their row says.
"""

from __future__ import annotations

from incubator.domain.exchanges.rounds.models import (
    NettingPart,
    NettingSwitch,
    Revision,
    Round,
    RoundNotice,
)
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "netting_switch": Part(NettingSwitch, (NettingSwitch.by_id,)),
        "netting_parts": Part(NettingPart, (NettingPart.by_id, NettingPart.ended_by_id)),
        "netting_rounds": Part(
            Round,
            (Round.opened_by_id, Round.executed_by_id, Round.published_by_id),
            secret=("once",),
        ),
        "netting_computed": Part(Revision, (Revision.by_id,), secret=("file",)),
        "netting_answers": Part(RoundNotice, (RoundNotice.who_id,)),
    }
)
