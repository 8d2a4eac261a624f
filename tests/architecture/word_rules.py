"""The rules for words: every sentence has its French, and the French is set as French is."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.house_rules import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from babel.messages.catalog import Message

KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "_n": (1, 2),
}
METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
OPTIONS = {"templates/**": {"trim_blocks": "true", "lstrip_blocks": "true", "trimmed": "true"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
RAISERS = {"Refusal", "NotAllowed", "Conflict", "TooMany"}
NOT_DETAILS = {"field"}
NARROW, WIDE = "\u202f", "\u00a0"
SPACING = {
    "no narrow no-break space before the sign": re.compile(rf"[^{NARROW}!?…(](?:[;!?](?!\w)|»)"),
    "no narrow no-break space after «": re.compile(rf"«(?!{NARROW})"),
    "no no-break space before :": re.compile(rf"[^{WIDE}\d]:(?=\s|$)"),
    "a straight apostrophe": re.compile(r"\w'\w"),
    "two spaces": re.compile(r"  "),
}
Key = str | tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A sentence of a catalogue and where it stands."""

    file: str
    message: Message

    @property
    def words(self) -> tuple[str, ...]:
        """The translation, in each plural form."""
        text = self.message.string
        return (text,) if isinstance(text, str) else tuple(text)

    @property
    def ids(self) -> tuple[str, ...]:
        """The sentence as the code has it: one form, or singular and plural."""
        key = self.message.id
        return (key,) if isinstance(key, str) else tuple(key)


def said(folder: Path) -> dict[Key, str]:
    """Every sentence that code and templates say, and one place that says it."""
    found = extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS)
    return {message: f"{name}:{line}" for name, line, message, *_ in found if message}


def entries(folder: Path) -> list[Entry]:
    """Every sentence of the catalogues of one language."""
    found = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=folder.name, abort_invalid=True)
        found += [Entry(path.name, message) for message in catalogue if message.id]
    return found


def first(key: Key) -> str:
    """What gettext looks a sentence up by: its singular."""
    return key if isinstance(key, str) else key[0]


def untranslated(spoken: dict[Key, str], known: Iterable[Entry]) -> Iterator[str]:
    """Sentences without words in the catalogues, or with another plural."""
    words = {first(entry.message.id): entry for entry in known}
    for key, place in spoken.items():
        entry = words.get(first(key))
        if entry is None:
            yield f"{place}: not translated: {first(key)!r}"
        elif not isinstance(key, str) and entry.ids != tuple(key):
            yield f"{place}: the plural differs from {entry.file}: {first(key)!r}"


def stale(spoken: dict[Key, str], known: Iterable[Entry]) -> Iterator[str]:
    """Sentences of the catalogues that nobody says any more."""
    alive = {first(key) for key in spoken}
    for entry in known:
        if first(entry.message.id) not in alive:
            yield f"{entry.file}: nobody says {first(entry.message.id)!r}"


def contradictions(known: Iterable[Entry]) -> Iterator[str]:
    """The same sentence in two files with different words."""
    seen: dict[str, Entry] = {}
    for entry in known:
        other = seen.setdefault(first(entry.message.id), entry)
        if other.words != entry.words:
            yield f"{entry.file} and {other.file} differ on {entry.ids[0]!r}"


def faults(entry: Entry) -> Iterator[str]:
    """What is wrong with one translation: unfinished, or parts lost."""
    where = f"{entry.file}: {entry.ids[0]!r}"
    if entry.message.fuzzy:
        yield f"{where} is fuzzy"
    if not all(entry.words):
        yield f"{where} is empty"
    if len(entry.ids) != 1 and len(entry.words) != 2:
        yield f"{where} lacks a plural form"
    for pattern in (PLACEHOLDER, TAG):
        one, many = (set(pattern.findall(text)) for text in (entry.ids[0], entry.ids[-1]))
        for text in filter(None, entry.words):
            # The singular may say «one» without its number.
            least, most = (one & many, one | many) if text == entry.words[0] else (many, many)
            if not least <= set(pattern.findall(text)) <= most:
                yield f"{where}: the parts differ in {text!r}"


def misprints(entry: Entry) -> Iterator[str]:
    """Where French spacing or signs are not kept, or English has those of French."""
    for text in entry.ids:
        if "«" in text or "»" in text:
            yield f"{entry.file}: English quotes “so”: {text!r}"
    for text in entry.words:
        bare = TAG.sub("", text)
        for what, pattern in SPACING.items():
            if found := pattern.search(bare):
                yield f"{entry.file}: {what}: {bare[max(0, found.start() - 20) : found.end()]!r}"


def codes_raised(place: str, tree: ast.AST) -> Iterator[tuple[str, str, set[str] | None]]:
    """Refusals in code: place, code and the details given (None: not to be known)."""
    for name, call in called(tree):
        if name in RAISERS and call.args:
            given = {keyword.arg for keyword in call.keywords}
            details = None if None in given else {str(one) for one in given} - NOT_DETAILS
            for node in ast.walk(call.args[0]):
                if isinstance(node, ast.Constant) and CODE.fullmatch(str(node.value)):
                    yield f"{place}:{call.lineno}", str(node.value), details


def refusal_words(tree: ast.AST) -> dict[str, str]:
    """The words that a module has in a dict called REFUSALS: code to English sentence."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        named = any(isinstance(one, ast.Name) and one.id == "REFUSALS" for one in targets)
        if named and isinstance(value := getattr(node, "value", None), ast.Dict):
            for key, words in zip(value.keys, value.values, strict=True):
                found[ast.literal_eval(key) if key else ""] = _sentence(words)
    return found


def _sentence(node: ast.expr) -> str:
    texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return str(texts[0]) if texts else ""


def speechless(trees: dict[str, ast.Module]) -> Iterator[str]:
    """Refusals whose code has no words, or whose words want a detail that is not given."""
    words = {code: text for tree in trees.values() for code, text in refusal_words(tree).items()}
    for place, tree in trees.items():
        for where, code, details in codes_raised(place, tree):
            if code not in words:
                yield f"{where}: no words for {code}"
            elif details is not None and (lost := _wanted(words[code]) - details):
                yield f"{where}: the words of {code} want {sorted(lost)}"


def _wanted(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def unheard(trees: dict[str, ast.Module]) -> Iterator[str]:
    """Words for a code that stands nowhere else."""
    texts = Counter(
        str(node.value)
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    )
    worded = Counter(code for tree in trees.values() for code in refusal_words(tree))
    yield from (f"nobody raises {code}" for code in worded if texts[code] <= worded[code])
