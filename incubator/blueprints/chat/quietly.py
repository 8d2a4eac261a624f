"""What happened in a room, laid between its messages: several in a row are one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.domain.chat import quiet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from incubator.domain.chat.message_queries import Stretch
    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.quiet import Happening
    from incubator.domain.chat.said import MessageView

TOGETHER = ("came", "left", "out")


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A line of what happened: to whom, when it began; ``seq`` is that of its last entry."""

    what: str
    names: Sequence[str]
    at: datetime
    seq: int
    name: str = ""
    no: int | None = None

    def day(self, zone: ZoneInfo) -> date:
        """The day it stands under."""
        return self.at.astimezone(zone).date()


def around(room: RoomView, page: Stretch) -> list[Happening]:
    """What happened around the messages of a page."""
    return quiet.between(room.id, room.span, page.messages, older=page.older, newer=page.newer)


def woven(
    messages: Sequence[MessageView], happened: Sequence[Happening], zone: ZoneInfo
) -> list[MessageView | Quiet]:
    """Messages and what happened, in the order of the log."""
    both: list[MessageView | Happening] = sorted((*messages, *happened), key=lambda item: item.seq)
    found: list[MessageView | Quiet] = []
    for item in both:
        if not isinstance(item, quiet.Happening):
            found.append(item)
            continue
        line = _line(item)
        last = found[-1] if found else None
        if isinstance(last, Quiet) and _together(last, line, zone):
            found[-1] = Quiet(what=last.what, names=_names(last, line), at=last.at, seq=line.seq)
        else:
            found.append(line)
    return found


def _line(one: Happening) -> Quiet:
    return Quiet(what=one.what, names=[one.who], at=one.at, seq=one.seq, name=one.name, no=one.no)


def _together(last: Quiet, line: Quiet, zone: ZoneInfo) -> bool:
    same = last.what == line.what and line.what in TOGETHER
    return same and last.day(zone) == line.day(zone)


def _names(last: Quiet, line: Quiet) -> list[str]:
    """Who comes, goes and comes again is named once."""
    return [*last.names, *(name for name in line.names if name not in last.names)]
