"""Finding what was said: only in rooms that the reader may read, the newest first.

The index is one more reader of the log of each room (``chat_indexed``): speaking writes nothing
for it. It reads on when somebody searches, and every hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, or_, select

from incubator.domain.chat import queries, said
from incubator.domain.chat.message_models import Indexed, MessageDocument
from incubator.domain.chat.models import Entry, Message, Room
from incubator.domain.chat.spans import WHOLE
from incubator.kernel.db import db, insert_once, transaction
from incubator.kernel.fulltext import (
    Both,
    Either,
    Index,
    Query,
    Token,
    key_of,
    marked,
    number_of,
    tokens_of,
)
from incubator.kernel.jobs import job, later
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.kernel.schedule import hourly
from incubator.kernel.stems import search_words, stems
from incubator.kernel.text import plain_text, slugify
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.network.members.actor import Actor

INDEX: Final = Index(MessageDocument.__table__)  # type: ignore[arg-type]  # a Table, as everywhere
INDEX_MORE: Final = "chat.index_more"
PAGE_SIZE: Final = 30
WORDS_MOST: Final = 6
ROOMS_MOST: Final = 200
AUTHORS_MOST: Final = 20
# Entries read in one transaction, and transactions that one search waits for.
BATCH: Final = 200
ROUNDS: Final = 5
# Both languages are understood whoever writes.
WITH_FILES: Final = frozenset({"has:file", "has:files", "avec:fichier", "avec:fichiers"})
ME: Final = frozenset({"me", "moi"})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; what is empty does not choose. ``until`` is excluded."""

    text: str = ""
    room_id: int | None = None
    author: str = ""
    since: datetime | None = None
    until: datetime | None = None
    files: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is asked yet: a whole room is read in the room."""
        return not (self.text.strip() or self.author.strip() or self.files)


def taken_apart(typed: str) -> tuple[str, bool]:
    """The words that are looked for, and whether only messages with files («has:file»)."""
    pieces = typed.split()
    kept = [piece for piece in pieces if piece.casefold() not in WITH_FILES]
    return (" ".join(kept), True) if len(kept) < len(pieces) else (typed, False)


def rooms_searched(actor: Actor) -> list[RoomView]:
    """The rooms that a reader may search: theirs, then those that are open to them."""
    return [*queries.rooms_of(actor), *queries.open_to(actor, most=ROOMS_MOST)]


def find(
    actor: Actor, wanted: Wanted, *, rooms: Collection[RoomView], cursor: Cursor
) -> Page[MessageView]:
    """What was said in some rooms that the reader may read, the newest first."""
    ids = [room.id for room in rooms if wanted.room_id in {None, room.id}]
    telling = search_words(wanted.text, WORDS_MOST)
    if not ids or wanted.empty or (wanted.text.strip() and not telling):
        return Page([])
    asked = Both((marked(*(f"_c{room_id}" for room_id in ids)), *map(_word, telling)))
    found = INDEX.find(asked).subquery().c[0]
    query = select(found).join(MessageDocument, MessageDocument.id == found)
    query = query.join(Message, Message.id == MessageDocument.message_id)
    # The index may be a moment behind a removal.
    query = query.where(Message.gone_at.is_(None), *_seen(rooms), *_chosen(actor, wanted))
    page = keyset_page(query, (found,), Cursor(cursor.after, cursor.before, PAGE_SIZE))
    return Page(_views([key_of(number) for number in page.rows]), page.next, page.previous)


def _word(word: str) -> Query:
    """Messages with a word that begins so, or has the same stem."""
    same = (Token(f"a_{stem}") for stem in sorted(stems(word)))
    return Either((Token(f"a{word}", begins=True), *same))


def _seen(rooms: Collection[RoomView]) -> list[ColumnElement[bool]]:
    """What a seat lets read, in the rooms where that is not all."""
    parts = [room for room in rooms if room.span != WHOLE]
    return [or_(Message.room_id != room.id, queries.within(room)) for room in parts]


def _chosen(actor: Actor, wanted: Wanted) -> list[Any]:
    chosen: list[Any] = [Message.file_count > 0] if wanted.files else []
    if slugify(wanted.author) in ME:
        chosen.append(Message.author_id == actor.id)
    elif wanted.author.strip():
        chosen.append(Message.author_id.in_(_named(wanted.author)))
    if wanted.since:
        chosen.append(Message.at >= wanted.since)
    if wanted.until:
        chosen.append(Message.at < wanted.until)
    return chosen


def _named(name: str) -> list[int]:
    """The members of this address, or whose first or family name begins so."""
    start = slugify(name)
    family = start.replace("-", " ")
    query = select(Member.id).where(
        or_(
            (Member.slug >= start) & (Member.slug < start + "{"),
            (Member.sort_name >= family) & (Member.sort_name < family + "{"),
        )
    )
    return list(db.session.scalars(query.order_by(Member.id).limit(AUTHORS_MOST)))


def _views(ids: list[int]) -> list[MessageView]:
    query = said.with_authors().where(Message.id.in_(ids))
    found = {message.id: message for message in said.read(query)}
    return [found[each] for each in ids if each in found]


# -------------------------------------------------------------------------------- the index
def bring_up(room_ids: Collection[int]) -> None:
    """Read on in the log of rooms before a search: a second's work at most, else hours do it."""
    for _round in range(ROUNDS):
        if not _behind(room_ids):
            return
        with transaction():
            read_on(room_ids)


def _behind(room_ids: Collection[int] | None) -> list[int]:
    query = (
        select(Room.id)
        .outerjoin(Indexed, Indexed.room_id == Room.id)
        .where(Room.seq > func.coalesce(Indexed.seq, 0))
    )
    if room_ids is not None:
        query = query.where(Room.id.in_(room_ids))
    return list(db.session.scalars(query.order_by(Room.id).limit(BATCH)))


def read_on(room_ids: Collection[int] | None = None) -> bool:
    """Index the next entries of rooms, or of all; whether some may be left."""
    left = BATCH
    for room_id in _behind(room_ids):
        left -= _read_room(room_id, left)
        if left <= 0:
            return True
    return False


def _read_room(room_id: int, most: int) -> int:
    """Index the next entries of a room; how many were read."""
    insert_once(Indexed, room_id=room_id, seq=0)
    here = db.session.get_one(Indexed, room_id, with_for_update=True, populate_existing=True)
    entries = db.session.execute(
        select(Entry.seq, Entry.message_id)
        .where(Entry.room_id == room_id, Entry.seq > here.seq)
        .order_by(Entry.seq)
        .limit(most)
    ).all()
    if entries:
        _rewrite({entry.message_id for entry in entries if entry.message_id is not None})
        here.seq = entries[-1].seq
        db.session.flush()
    return len(entries)


def _rewrite(message_ids: set[int]) -> None:
    db.session.execute(delete(MessageDocument).where(MessageDocument.message_id.in_(message_ids)))
    rows = db.session.execute(
        select(Message.id, Message.room_id, Message.body_html).where(
            Message.id.in_(message_ids), Message.gone_at.is_(None)
        )
    )
    for number, room_id, html in rows:
        tokens = tokens_of((plain_text(html),), (f"_c{room_id}",), names=0)
        db.session.add(MessageDocument(id=number_of(number), message_id=number, tokens=tokens))
    db.session.flush()


@hourly("chat.index")
def index_hourly(payload: Mapping[str, Any]) -> None:
    """Read on in all rooms, so that searching has little left to do."""
    index_more(payload)


@job(INDEX_MORE)
def index_more(payload: Mapping[str, Any]) -> None:
    """A batch, and another job while some are left."""
    del payload
    with transaction():
        if read_on():
            later(INDEX_MORE, {})
