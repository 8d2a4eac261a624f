"""Texts that people write: safe HTML, plain text, words to search by, addresses."""

from __future__ import annotations

import html
import re
import unicodedata
from importlib import import_module
from typing import TYPE_CHECKING

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.rules_core import StateCore

    # What a text names («@camille-dervaux», «/annuaire/camille-dervaux»): its words, its page.
    Names = Mapping[str, tuple[str, str]]

INLINE = ("br", "strong", "em", "s", "code", "a")
BLOCKS = ("p", "hr", "pre", "blockquote", "ul", "ol", "li", "h3", "h4")
TABLES = ("table", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset((*INLINE, *BLOCKS, *TABLES))
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})

# Two thousand characters could ask for 65,000 empty cells, which fill the rows of a wide table.
vars(import_module("markdown_it.rules_block.table"))["MAX_AUTOCOMPLETED_CELLS"] = 300
_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    .enable(["linkify", "strikethrough", "table"])
    .disable("image")
)
_HEADING = re.compile(r"(</?)h([1-6])>")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "ø": "o", "ł": "l"})
_WORD = re.compile(r"[a-z0-9]+")
_WRITTEN = re.compile(r"[^\W_]+")
# Blanks but the two no-break ones.
_TAG = re.compile(r"<[^>]+>")
_INLINE = re.compile(rf"</?(?:{'|'.join(tag for tag in INLINE if tag != 'br')})(?: [^>]*)?>")
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
# «@camille-dervaux», or the path of a page; not inside a word, an address or another path.
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_NAMED = re.compile(rf"(?<![\w@/.:-])(?:@{_SLUG}|/[a-z]{{3,20}}(?:/{_SLUG}){{1,5}})(?![\w/@]|-\w)")
_NAMES = "names"


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


def _free_texts(children: list[Token]) -> Iterator[tuple[int, Token]]:
    """The texts of a line that are neither code nor inside a link, each with its place."""
    depth = 0
    for place, token in enumerate(children):
        depth += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type == "text" and not depth:
            yield place, token


def _link_names(state: StateCore) -> None:
    """Make links of what the caller knows by name."""
    names: Names = state.env.get(_NAMES, {})
    for block in state.tokens if names else ():
        # The last one first: the places of the others stay what they are.
        for place, token in reversed(list(_free_texts(block.children or []))):
            block.children[place : place + 1] = _linked(token, names)  # type: ignore[index]  # it had children


def _linked(token: Token, names: Names) -> list[Token]:
    made, done = [], 0
    for found in _NAMED.finditer(token.content):
        if found[0] not in names:
            continue
        words, path = names[found[0]]
        made += [
            _text(token.content[done : found.start()]),
            Token("link_open", "a", 1, attrs={"href": path}),
            _text(words),
            Token("link_close", "a", -1),
        ]
        done = found.end()
    return [*made, _text(token.content[done:])] if made else [token]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_markdown.core.ruler.push(_NAMES, _link_names)


def names_in(source: str) -> list[str]:
    """What a Markdown text may name, in order: «@slug» and paths, outside code and links."""
    found = (
        match[0]
        for block in _markdown.parse(source)
        for _place, token in _free_texts(block.children or [])
        for match in _NAMED.finditer(token.content)
    )
    return list(dict.fromkeys(found))


def markdown_to_html(source: str, names: Names | None = None) -> str:
    """HTML of what a member wrote, safe to show: computed when saved, never when read.

    Raw HTML is text; headings become h3 and h4; what ``names`` knows becomes a link with its
    words. Two sanitisers in a row, see decision 0005.
    """
    known = {_NAMES: names or {}}
    rendered = _HEADING.sub(
        lambda m: f"{m[1]}h{min(max(int(m[2]) + 1, 3), 4)}>",
        str(_markdown.render(source, known)),
    )
    attributes: Mapping[str, set[str]] = ATTRIBUTES
    return nh3.clean(
        _cleaner.clean(rendered),
        tags=set(TAGS),
        attributes=dict(attributes),
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    ).strip()


def one_line(text: str) -> str:
    """A text on one line, its blanks single; the no-break spaces of French stay as they are."""
    return _BLANKS.sub(" ", text).strip()


def plain_text(rendered: str) -> str:
    """The words of safe HTML, on one line: a mark within a sentence leaves no blank behind."""
    return one_line(html.unescape(_TAG.sub(" ", _INLINE.sub("", rendered))))


def excerpt(text: str, length: int = 160) -> str:
    """The beginning of a plain text, cut at a word, with an ellipsis when cut."""
    line = one_line(text)
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def fold(text: str) -> str:
    """Lower case without accents or ligatures: «Cœur d’Élise» gives «coeur d'elise»."""
    if text.isascii():  # most words: a page folds thousands of them to point some out
        return text.lower()
    lowered = text.lower().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The folded words of a text, in order, elisions split."""
    return _WORD.findall(fold(text))


def begun_in(text: str, wanted: Sequence[str]) -> bool:
    """Whether for each of these folded words a word of the text begins so."""
    known = words(text)
    return all(any(word.startswith(start) for word in known) for start in wanted)


def parts(text: str) -> list[str]:
    """The words of a text as they are written, in order, elisions split."""
    return _WRITTEN.findall(unicodedata.normalize("NFC", text))


def slugify(text: str, length: int = 60) -> str:
    """A readable address part: «Élise Nguyen» gives «elise-nguyen»; «x» when nothing is left."""
    return "-".join(words(text))[:length].strip("-") or "x"
