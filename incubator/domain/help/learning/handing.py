"""Thanks and sheets of two members who are one person, or whose name goes."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import aliased

from incubator.domain.help.learning.models import Sheet, SheetRevision
from incubator.domain.help.learning.thanks import thanks_of
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.post_models import Thanks
from incubator.domain.help.records import settle
from incubator.kernel.db import db


def hand_over_thanks(from_id: int, to_id: int) -> None:
    """Let another have given them; nobody thanks twice, nor themselves."""
    twin = aliased(Thanks)
    twice = select(twin.answer_id).where(twin.member_id == to_id)
    own = select(Answer.id).where(Answer.author_id == to_id)
    gone = db.session.execute(
        delete(Thanks)
        .where(
            or_(
                (Thanks.member_id == from_id) & Thanks.answer_id.in_(twice),
                Thanks.member_id.in_((from_id, to_id)) & Thanks.answer_id.in_(own),
            )
        )
        .returning(Thanks.question_id, Thanks.answer_id)
    ).all()
    moved = update(Thanks).where(Thanks.member_id == from_id).values(member_id=to_id)
    db.session.execute(moved.execution_options(synchronize_session=False))
    for _question_id, answer_id in gone:
        number = thanks_of(answer_id)
        db.session.execute(update(Answer).where(Answer.id == answer_id).values(thanks=number))
    db.session.expire_all()
    for question_id in sorted({row.question_id for row in gone}):
        settle(db.session.get_one(Question, question_id, with_for_update=True))


def hand_over_sheets(from_id: int, to_id: int) -> None:
    """Let another have made and rewritten them."""
    for column in (Sheet.made_by_id, SheetRevision.by_id):
        moved = update(column.class_).where(column == from_id).values({column: to_id})
        db.session.execute(moved.execution_options(synchronize_session=False))
