"""Rules of the chat: what a message and a topic may look like, and how fast one may talk."""

from __future__ import annotations

import re
import unicodedata

from incubator.kernel.errors import Refusal
from incubator.kernel.text import fold, one_line, words

MAX_CHARACTERS = 4_000
# Twenty messages at once, then one a second.
BURST = 20
BURST_SECONDS = 20
UNREAD_SHOWN = 100
NAME_LENGTH = range(2, 61)
PURPOSE_LENGTH = 160
KEY_LENGTH = 80
# A conversation of several, oneself included.
GROUP = range(3, 13)
# For how many hours somebody may be asked to be silent; for how many days a link leads in.
MUTED_HOURS = (1, 24, 168)
LINK_DAYS = (1, 7, 30)
LINKS_MOST = 10
INVOLVEMENTS = ("all", "mentions", "none", "hidden")
# Parts of addresses that are pages of their own.
RESERVED = frozenset(
    {
        *("messages", "new", "nouveau", "rooms", "salons", "sync", "recherche", "search"),
        *("lien", "link", "avec", "with", "a-plusieurs", "several"),
        *("mes-choix", "my-choices", "personnes", "people"),
    }
)

_CID = re.compile(r"[0-9A-Za-z-]{16,36}")
_INVISIBLE = ("C", "Z")


def clean(text: str) -> str:
    """What is stored of a typed text: no control character, no broken code point, no end space."""
    whole = text.encode("utf-8", "replace").decode()
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
    return kept.strip()


def said(text: str, *, alone: bool = True) -> str:
    """The text of a message; raise Refusal ``chat.blank`` or ``chat.too_long``.

    It may be blank unless it is ``alone``, without files.
    """
    kept = clean(text)
    if alone and all(unicodedata.category(c)[0] in _INVISIBLE for c in kept):
        raise Refusal("chat.blank", field="text")
    if len(kept) > MAX_CHARACTERS:
        raise Refusal("chat.too_long", field="text", most=MAX_CHARACTERS)
    return kept


def named(cid: str) -> str:
    """A message's own key, 16 to 36 letters, digits and dashes; raise Refusal ``chat.bad_cid``."""
    if not _CID.fullmatch(cid):
        raise Refusal("chat.bad_cid")
    return cid


def topic_key(title: str) -> str:
    """What a name is compared by: «Vélos !» and «velos» are one."""
    return " ".join(words(title))[:KEY_LENGTH] or fold(title)[:KEY_LENGTH]


def topic_name(name: str) -> str:
    """The name of a topic room on one line; raise Refusal ``chat.bad_name``."""
    line = one_line(clean(name))
    if len(line) not in NAME_LENGTH:
        raise Refusal(
            "chat.bad_name", field="name", least=NAME_LENGTH.start, most=NAME_LENGTH.stop - 1
        )
    return line
