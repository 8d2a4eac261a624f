"""What else names a member in rooms (files, care, machines) becomes another's."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.draft_models import ChatDraft
from incubator.domain.chat.file_models import ChatFile
from incubator.kernel.db import db

COLUMNS = (
    (ChatFile, ChatFile.owner_id),
    (ChatDraft, ChatDraft.member_id),
    (ChatCase, ChatCase.author_id),
    (ChatReport, ChatReport.reporter_id),
    (ChatMeasure, ChatMeasure.by_id),
    (ChatMeasure, ChatMeasure.undone_by_id),
    (Bot, Bot.made_by_id),
    (Bot, Bot.revoked_by_id),
)


def hand_over(*, from_id: int, to_id: int) -> None:
    """Let another member stand where one did; of two reports of a message one stays.

    Of two drafts in one place that of ``to_id`` stays.
    """
    quiet = {"synchronize_session": False}
    twin = aliased(ChatReport)
    both = select(twin.id).where(twin.reporter_id == to_id, twin.case_id == ChatReport.case_id)
    twice = delete(ChatReport).where(ChatReport.reporter_id == from_id, both.exists())
    db.session.execute(twice.execution_options(**quiet))
    begun = aliased(ChatDraft)
    same = (begun.room_id == ChatDraft.room_id, begun.root == ChatDraft.root)
    theirs = select(begun.room_id).where(begun.member_id == to_id, *same).exists()
    double = delete(ChatDraft).where(ChatDraft.member_id == from_id, theirs)
    db.session.execute(double.execution_options(**quiet))
    for kind, column in COLUMNS:
        change = update(kind).where(column == from_id).values({column: to_id})
        db.session.execute(change.execution_options(**quiet))
