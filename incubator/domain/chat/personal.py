"""What rooms keep of a member."""

from sqlalchemy import delete, update

from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.domain.chat.draft_models import ChatDraft
from incubator.domain.chat.file_models import ChatFile
from incubator.domain.chat.message_models import Mention, Pin, Reaction, Revision
from incubator.domain.chat.models import Entry, Link, Message, Pair, Room, Seat
from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData, Through

personal_data = PersonalData(
    {
        "messages": Part(Message, (Message.author_id,)),
        "room-entries": Part(Entry, (Entry.actor_id, Entry.member_id)),
        # Not what a room is called today: others may have named it since they left.
        "rooms-opened": Part(
            Room, (Room.created_by_id,), secret=("name", "purpose", "found_by", "key")
        ),
        "room-links": Part(Link, (Link.made_by_id,), secret=("token_hash",)),
        "conversations": Part(Pair, (Pair.low_id, Pair.high_id)),
        "former-texts": Part(
            Revision,
            (),
            through=Through(Revision.message_id, Message.id, Message.author_id),
        ),
        "reactions": Part(Reaction, (Reaction.member_id,)),
        "mentions": Part(Mention, (Mention.member_id, Mention.by_id)),
        "pins": Part(Pin, (Pin.by_id,)),
        "seats": Part(Seat, (Seat.member_id,)),
        "room-files": Part(ChatFile, (ChatFile.owner_id,), secret=("file_key",)),
        "room-drafts": Part(ChatDraft, (ChatDraft.member_id,)),
        "room-cases": Part(ChatCase, (ChatCase.author_id,)),
        "room-reports": Part(ChatReport, (ChatReport.reporter_id,)),
        "room-measures": Part(ChatMeasure, (ChatMeasure.by_id, ChatMeasure.undone_by_id)),
        "room-bots": Part(Bot, (Bot.made_by_id, Bot.revoked_by_id), secret=("token_hash", "salt")),
    }
)


def forget(member_id: int) -> None:
    """What was never sent goes, uploads and drafts, and the words of what they reported.

    That something was reported stays, for it was decided upon.
    """
    unsent = ChatFile.message_id.is_(None)
    db.session.execute(delete(ChatFile).where(ChatFile.owner_id == member_id, unsent))
    db.session.execute(delete(ChatDraft).where(ChatDraft.member_id == member_id))
    told = ChatReport.reporter_id == member_id
    db.session.execute(update(ChatReport).where(told).values(words=""))
    db.session.expire_all()
