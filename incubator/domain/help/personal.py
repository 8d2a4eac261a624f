"""What help threads keep of a member."""

from sqlalchemy import delete

from incubator.domain.help.follow_models import (
    Bump,
    Follow,
    SiteFollow,
    SkillFollow,
    ThreadFeed,
)
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
    Vote,
)
from incubator.domain.help.search_models import Saved
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData

personal_data = PersonalData(
    {
        "questions": Part(Question, (Question.author_id,)),
        "answers": Part(Answer, (Answer.author_id,)),
        "comments": Part(Comment, (Comment.author_id,)),
        "votes": Part(Vote, (Vote.member_id,)),
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
        "feeds": Part(ThreadFeed, (ThreadFeed.member_id,), secret=("token_hash",)),
    }
)


def forget(member_id: int) -> None:
    """What one followed, kept and never sent goes; the sweep of files takes theirs along."""
    for rows in (Follow, SkillFollow, SiteFollow, Saved, Bump, ThreadFeed):
        gone = delete(rows).where(rows.member_id == member_id)
        db.session.execute(gone.execution_options(synchronize_session=False))
    unsent = Attachment.question_id.is_(None)
    db.session.execute(delete(Attachment).where(Attachment.owner_id == member_id, unsent))
    db.session.execute(delete(Draft).where(Draft.author_id == member_id))
    db.session.expire_all()
