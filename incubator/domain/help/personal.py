"""What help threads keep of a member."""

from sqlalchemy import delete, update

from incubator.domain.help.care_models import Case, Measure, Report
from incubator.domain.help.follow_models import (
    Bump,
    Concern,
    Follow,
    SiteFollow,
    SkillFollow,
    ThreadFeed,
)
from incubator.domain.help.learning.models import Sheet, SheetRevision
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    Removal,
    Revision,
)
from incubator.domain.help.post_models import (
    Attachment,
    Comment,
    Conversion,
    Draft,
    Duplicate,
    Lock,
    Thanks,
    Vote,
)
from incubator.domain.help.routing import keeping
from incubator.domain.help.routing.models import Asking, HelpRequest
from incubator.domain.help.search_models import Saved
from incubator.domain.help.talks.models import Origin, Quote, Talk
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

# Whether others answered what was passed on to them is theirs to tell.
NOT_OF_OTHERS = ("reasons", "state", "settled_at", "due_at", "told_at")

personal_data = PersonalData(
    {
        "questions": Part(Question, (Question.author_id,)),
        "answers": Part(Answer, (Answer.author_id,)),
        "comments": Part(Comment, (Comment.author_id,)),
        "votes": Part(Vote, (Vote.member_id,)),
        "sheets": Part(Sheet, (Sheet.made_by_id,)),
        "sheets-edited": Part(SheetRevision, (SheetRevision.by_id,)),
        "thanks": Part(Thanks, (Thanks.member_id,)),
        "drafts": Part(Draft, (Draft.author_id,)),
        "attached": Part(Attachment, (Attachment.owner_id,)),
        "accepted": Part(Acceptance, (Acceptance.by_id,)),
        "solved-otherwise": Part(Closure, (Closure.by_id,)),
        "duplicates": Part(Duplicate, (Duplicate.by_id,)),
        "locked": Part(Lock, (Lock.by_id,)),
        "converted": Part(Conversion, (Conversion.by_id,)),
        "removed": Part(Removal, (Removal.by_id,)),
        "edited": Part(Revision, (Revision.by_id,)),
        "followed": Part(Follow, (Follow.member_id,)),
        "skills-followed": Part(SkillFollow, (SkillFollow.member_id,)),
        "sites-followed": Part(SiteFollow, (SiteFollow.member_id,)),
        "kept": Part(Saved, (Saved.member_id,)),
        "news": Part(Bump, (Bump.member_id,)),
        "named-or-commented": Part(Concern, (Concern.member_id,)),
        "made-of-messages": Part(Origin, (Origin.by_id,)),
        "quoted": Part(Quote, (Quote.author_id,)),
        "talked-through": Part(Talk, (Talk.by_id, Talk.with_id)),
        "asked-of-me": Part(HelpRequest, (HelpRequest.member_id,)),
        "passed-on": Part(HelpRequest, (HelpRequest.by_id,), secret=NOT_OF_OTHERS),
        "how-often-asked": Part(Asking, (Asking.member_id,)),
        "reports": Part(Report, (Report.reporter_id,)),
        "cared-for": Part(Case, (Case.author_id,)),
        "measures": Part(Measure, (Measure.by_id, Measure.undone_by_id)),
        "feeds": Part(ThreadFeed, (ThreadFeed.member_id,), secret=("token_hash",)),
    }
)


def forget(member_id: int) -> None:
    """What one followed, kept, never sent and said in thanks goes; so do files that waited.

    That something was reported stays, for it was decided upon; the words of who did go.
    """
    for rows in (Follow, SkillFollow, SiteFollow, Saved, Bump, Concern, ThreadFeed):
        gone = delete(rows).where(rows.member_id == member_id)
        db.session.execute(gone.execution_options(synchronize_session=False))
    keeping.forget(member_id)
    words = update(Thanks).where(Thanks.member_id == member_id).values(words="")
    db.session.execute(words.execution_options(synchronize_session=False))
    unsent = Attachment.question_id.is_(None)
    db.session.execute(delete(Attachment).where(Attachment.owner_id == member_id, unsent))
    db.session.execute(delete(Draft).where(Draft.author_id == member_id))
    db.session.execute(update(Report).where(Report.reporter_id == member_id).values(words=""))
    db.session.expire_all()
