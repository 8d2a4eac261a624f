"""Rules of the chat: what a message and a topic may look like, and how fast one may talk."""

from __future__ import annotations

import re
import unicodedata

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

MAX_CHARACTERS = 4_000
# Twenty messages at once, then one a second.
BURST = 20
BURST_SECONDS = 20
UNREAD_SHOWN = 100
NAME_LENGTH = range(2, 61)
PURPOSE_LENGTH = 160
# Parts of addresses that are pages of their own.
RESERVED = frozenset({"messages", "new", "nouveau", "rooms", "salons", "sync"})

_CID = re.compile(r"[0-9A-Za-z-]{16,36}")
_INVISIBLE = ("C", "Z")


def clean(text: str) -> str:
    """What is stored of a typed text: no control character, no broken code point, no end space."""
    whole = text.encode("utf-8", "replace").decode()
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
    return kept.strip()


def said(text: str) -> str:
    """The text of a message; raise Refusal ``chat.blank`` or ``chat.too_long``."""
    kept = clean(text)
    if all(unicodedata.category(c)[0] in _INVISIBLE for c in kept):
        raise Refusal("chat.blank", field="text")
    if len(kept) > MAX_CHARACTERS:
        raise Refusal("chat.too_long", field="text", most=MAX_CHARACTERS)
    return kept


def named(cid: str) -> str:
    """A message's own key, 16 to 36 letters, digits and dashes; raise Refusal ``chat.bad_cid``."""
    if not _CID.fullmatch(cid):
        raise Refusal("chat.bad_cid")
    return cid


def topic_name(name: str) -> str:
    """The name of a topic room on one line; raise Refusal ``chat.bad_name``."""
    line = one_line(clean(name))
    if len(line) not in NAME_LENGTH:
        raise Refusal(
            "chat.bad_name", field="name", least=NAME_LENGTH.start, most=NAME_LENGTH.stop - 1
        )
    return line
