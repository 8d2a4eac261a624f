"""Messages as pages and clients show them: who speaks, be it a member or a machine, and what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.chat import files as reading
from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.models import Message
from incubator.kernel.db import db
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from incubator.domain.chat.files import FileView


@dataclass(frozen=True)
class Author:
    """Who speaks, as a message shows them; a machine has a negative id and no page."""

    id: int
    name: str
    slug: str
    face: str | None
    site_id: int | None = None
    bot: bool = False


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """A message with its author; without text when it is gone. A reply has a ``root_id``."""

    id: int
    room_id: int
    no: int
    seq: int
    cid: str
    html: str
    at: datetime
    author: Author
    root_id: int | None = None
    rev: int = 0
    gone_at: datetime | None = None
    gone_reason: str | None = None
    replies: int = 0
    replied_at: datetime | None = None
    file_count: int = 0
    files: Sequence[FileView] = ()

    @property
    def speaker_id(self) -> int:
        """Who said it: a member, or negative a machine."""
        return self.author.id


# What is shown of who said a message, beside the message: one tuple for all statements.
AUTHOR = (Member.name, Member.slug, Member.face, Member.home_site_id, Bot.name, Bot.handle)
Row = tuple[Message, str, str, str | None, int | None, str | None, str | None]


def with_authors() -> Select[*Row]:
    """Messages and what is shown of who said them: rows for ``view_of``."""
    query = select(Message, *AUTHOR).join(Member, Member.id == Message.author_id)
    return query.outerjoin(Bot, Bot.id == Message.bot_id)


def view_of(message: Message, *shown: Any) -> MessageView:
    """A message and its author, from the values of AUTHOR."""
    name, slug, face, site_id, bot, handle = shown
    if message.bot_id is None:
        author = Author(message.author_id, name, slug, face, site_id)
    else:
        author = Author(message.speaker_id, bot, handle, None, bot=True)
    return MessageView(
        id=message.id,
        room_id=message.room_id,
        no=message.no,
        seq=message.seq,
        cid=message.cid,
        html=message.body_html,
        at=message.at,
        author=author,
        root_id=message.root_id,
        rev=message.rev,
        gone_at=message.gone_at,
        gone_reason=message.gone_reason,
        replies=message.replies,
        replied_at=message.replied_at,
        file_count=message.file_count,
    )


def with_files(messages: Sequence[MessageView]) -> list[MessageView]:
    """The same messages with their files, which are asked for only where there are some."""
    files = reading.of_messages([each.id for each in messages if each.file_count])
    return [replace(m, files=files[m.id]) if m.file_count else m for m in messages]


def read(query: Select[*Row]) -> list[MessageView]:
    """The messages of such a statement, with their files."""
    return with_files([view_of(*row) for row in db.session.execute(query)])
