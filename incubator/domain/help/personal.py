"""What help threads keep of a member."""

from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    Removal,
    Revision,
)
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "questions": Part(Question, (Question.author_id,)),
        "answers": Part(Answer, (Answer.author_id,)),
        "accepted": Part(Acceptance, (Acceptance.by_id,)),
        "solved-otherwise": Part(Closure, (Closure.by_id,)),
        "removed": Part(Removal, (Removal.by_id,)),
        "edited": Part(Revision, (Revision.by_id,)),
    }
)
