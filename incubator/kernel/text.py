"""Texts that people write: safe HTML, plain text, words to search by, addresses."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

import bleach
import nh3
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Mapping

INLINE = ("br", "strong", "em", "s", "code", "a")
BLOCKS = ("p", "hr", "pre", "blockquote", "ul", "ol", "li", "h3", "h4")
TABLES = ("table", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset((*INLINE, *BLOCKS, *TABLES))
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})

_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable(["linkify", "strikethrough", "table"])
    .disable("image")
)
_HEADING = re.compile(r"(</?)h([1-6])>")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "ø": "o", "ł": "l"})
_WORD = re.compile(r"[a-z0-9]+")
_WRITTEN = re.compile(r"[^\W_]+")


def _attribute(tag: str, name: str, value: str) -> bool:
    """Allow listed attributes; an address must have a listed scheme or be one of our own pages.

    bleach takes digits after a colon for a port and lets ``javascript:1`` through.
    """
    if name not in ATTRIBUTES.get(tag, set()):
        return False
    if name != "href":
        return True
    target = html.unescape(value).strip().lower()
    scheme, colon, _ = target.partition(":")
    own = target.startswith(("/", "#")) and not target.startswith("//")
    return own or (bool(colon) and scheme in SCHEMES)


_cleaner = bleach.Cleaner(tags=TAGS, attributes=_attribute, protocols=SCHEMES, strip=True)


def markdown_to_html(source: str) -> str:
    """HTML of what a member wrote, safe to show: computed when saved, never when read.

    Raw HTML is text; headings become h3 and h4. Two sanitisers in a row, see decision 0005.
    """
    rendered = _HEADING.sub(
        lambda m: f"{m[1]}h{min(max(int(m[2]) + 1, 3), 4)}>", str(_markdown.render(source))
    )
    attributes: Mapping[str, set[str]] = ATTRIBUTES
    return nh3.clean(
        _cleaner.clean(rendered),
        tags=set(TAGS),
        attributes=dict(attributes),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    ).strip()


def plain_text(rendered: str) -> str:
    """The words of safe HTML, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", rendered)).split())


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a plain text, cut at a word, with an ellipsis when cut."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def fold(text: str) -> str:
    """Lower case without accents or ligatures: «Cœur d’Élise» gives «coeur d'elise»."""
    lowered = text.lower().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words of a text, in order, elisions split."""
    return _WORD.findall(fold(text))


def parts(text: str) -> list[str]:
    """The words of a text as they are written, in order, elisions split."""
    return _WRITTEN.findall(unicodedata.normalize("NFC", text))


def slugify(text: str, length: int = 60) -> str:
    """A readable address part: «Élise Nguyen» gives «elise-nguyen»; «x» when nothing is left."""
    return "-".join(words(text))[:length].strip("-") or "x"
