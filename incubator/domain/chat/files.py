"""Files as readers of a room see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from incubator.domain.chat.file_models import ChatFile
from incubator.kernel.db import BigId, db

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class FileView:
    """A file; a picture maybe says what it shows, and has a size in pixels as rooms show it."""

    id: int
    name: str
    kind: str
    size: int
    width: int | None
    height: int | None
    alt: str

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in the room."""
        return self.width is not None


# The largest that a picture is shown in a room, in pixels.
WIDEST, HIGHEST = 320, 288
_OF = (
    select(ChatFile)
    .where(ChatFile.message_id.in_(bindparam("ids", type_=BigId, expanding=True)))
    .order_by(ChatFile.message_id, ChatFile.id)
)


def of_messages(message_ids: Collection[int]) -> Mapping[int, Sequence[FileView]]:
    """The files of some messages that may be read, by message."""
    found = defaultdict[int, list[FileView]](list)
    if not message_ids:
        return found
    for row in db.session.scalars(_OF, {"ids": list(message_ids)}):
        if row.message_id:
            found[row.message_id].append(view(row))
    return found


def view(file: ChatFile) -> FileView:
    """A file as it is shown."""
    width, height = file.width, file.height
    if width and height:
        scale = min(1, WIDEST / width, HIGHEST / height)
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
    return FileView(
        id=file.id,
        name=file.file_name,
        kind=file.kind,
        size=file.size,
        width=width,
        height=height,
        alt=file.alt,
    )


def sent_by(member_id: int) -> Sequence[ChatFile]:
    """The files that a member uploaded, for the export of what is theirs."""
    query = select(ChatFile).where(ChatFile.owner_id == member_id)
    return db.session.scalars(query.order_by(ChatFile.id)).all()
