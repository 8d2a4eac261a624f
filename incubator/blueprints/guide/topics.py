"""Which chapters stand together on the first page of the guide, and what draws each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from incubator.edge.guide import MANAGERS, MEMBERS, chapters
from incubator.edge.locale import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

    from incubator.edge.guide import Chapter


@dataclass(frozen=True, eq=False)
class Topic:
    """Neighbouring chapters of one guide: their keys, each with its icon."""

    key: str
    guide: str
    label: LazyString
    icons: Mapping[str, str]

    @property
    def chapters(self) -> list[Chapter]:
        """The chapters in the reader's language, as they are to be read."""
        return [each for each in chapters(language()) if each.key in self.icons]


TOPICS: Final = (
    Topic(
        "begin",
        MEMBERS,
        _l("To begin"),
        {"enter": "log-in", "around": "layout-dashboard", "search": "search", "profile": "user"},
    ),
    Topic(
        "house",
        MEMBERS,
        _l("People and places"),
        {
            "people": "users",
            "presence": "map-pin",
            "notices": "megaphone",
            "week": "newspaper",
            "firms": "building-2",
            "exchanges": "repeat-2",
            "deals": "handshake",
            "credit": "notebook-pen",
            "invoices": "file-text",
            "netting": "scale",
            "rings": "refresh-cw",
        },
    ),
    Topic("time", MEMBERS, _l("Your time"), {"hours": "hourglass", "slots": "calendar-check"}),
    Topic(
        "together",
        MEMBERS,
        _l("Helping and talking"),
        {"help": "hand-helping", "chat": "messages-square", "report": "flag"},
    ),
    Topic(
        "own",
        MEMBERS,
        _l("Your settings"),
        {
            "told": "bell",
            "settings": "sliders-horizontal",
            "offline": "wifi-off",
            "away": "door-open",
            "visiting": "coffee",
            "trouble": "life-buoy",
        },
    ),
    Topic(
        "welcome",
        MANAGERS,
        _l("Letting in and welcoming"),
        {"invite": "user-plus", "follow": "list-checks", "welcome": "sprout"},
    ),
    Topic(
        "desk",
        MANAGERS,
        _l("Hours and presence"),
        {
            "morning": "sun",
            "figures": "chart-column",
            "rules": "scale",
            "confirm": "clipboard-check",
            "screens": "monitor",
            "rota": "calendar-days",
            "promises": "handshake",
        },
    ),
    Topic(
        "place",
        MANAGERS,
        _l("The house and its news"),
        {"site": "house", "closures": "lock", "announce": "megaphone", "letter": "newspaper"},
    ),
    Topic(
        "lives",
        MANAGERS,
        _l("Roles and departures"),
        {"roles": "user-cog", "keys": "key-round", "courses": "door-open"},
    ),
    Topic(
        "care",
        MANAGERS,
        _l("Looking after what is written"),
        {
            "care": "shield",
            "reports": "flag",
            "credit-desk": "notebook-pen",
            "log": "history",
            "mail": "mail",
            "vocabulary": "sprout",
        },
    ),
)


def icon_of(chapter: Chapter) -> str:
    """What draws a chapter."""
    return next(each.icons[chapter.key] for each in TOPICS if chapter.key in each.icons)
