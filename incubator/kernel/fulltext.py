"""Full-text search: one interface over SQLite's FTS5 and PostgreSQL's tsvector.

Tokens are made here, not by the databases, so that both find the same. A document has up to
four texts, the most telling first; a word of text number 0 is the token «acompta…», of number 1
«b…»: where a word stands needs no second look. A stem is «c_compt»: words hold no underscore.
Marks («_n», «_k12») say who may read a document and what else it can be chosen by.

Documents of a table are numbered so that the newest key comes first: a search that wants a page
reads the beginning of the index however many documents match.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    column,
    event,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.types import TypeDecorator

from incubator.kernel import spelling
from incubator.kernel.db import BigId, db
from incubator.kernel.stems import LONGEST, stems
from incubator.kernel.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.engine import Dialect

LETTERS = "abcd"
CLASSES = len(LETTERS)
# Documents of one key: four at most.
PARTS = 4
_ORIGIN = 2**53
# Prefixes so short have an index of their own in FTS5; longer ones are spelled out.
SHORT = 4
SPELLED_OUT = 12
NOTHING = "_"


class Tokens(TypeDecorator[str]):
    """The tokens of a document: text with spaces around each on SQLite, else a tsvector."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text, or tsvector on PostgreSQL."""
        kind: Any = TSVECTOR() if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Tokens joined by spaces in, each once and in order."""
        if value is None:
            return None
        tokens = sorted(set(value.split()))
        if dialect.name == "postgresql":
            return " ".join(f"'{token}'" for token in tokens)
        return f" {' '.join(tokens)} "

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Tokens joined by spaces out."""
        del dialect
        return None if value is None else " ".join(sorted(value.replace("'", "").split()))


def tokens_of(texts: Sequence[str], marks: Iterable[str], *, names: int = 1) -> str:
    """The tokens of a document, as the column takes them; the first ``names`` have no stems.

    What stands in a more telling text is not said of the others: it is never looked for there.
    """
    found = set(marks)
    told: set[str] = set()
    for number, text in enumerate(texts):
        here = {word[:LONGEST] for word in words(text)}
        if number >= names:
            here |= {f"_{stem}" for word in here for stem in stems(word)}
        found.update(LETTERS[number] + each for each in here - told)
        told |= here
    return " ".join(sorted(found))


def words_among(tokens: str) -> set[str]:
    """The words that the tokens of a document hold, without stems and marks."""
    return {token[1:] for token in tokens.split() if "_" not in token}


def number_of(key: int, part: int = 0) -> int:
    """The id of a document: the newest key first."""
    return _ORIGIN - key * PARTS - part


def key_of(number: int) -> int:
    """The key of a document's id."""
    return (_ORIGIN - number) // PARTS


# ---------------------------------------------------------------------------------- queries
@dataclass(frozen=True)
class Token:
    """A token, or with ``begins`` every token that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True)
class Both:
    """Documents that answer every part; without parts, none."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Either:
    """Documents that answer some part; without parts, none."""

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Without:
    """Documents that answer ``wanted`` and not ``unwanted``."""

    wanted: Query
    unwanted: Query


Query = Token | Both | Either | Without


def marked(*marks: str) -> Query:
    """Documents that hold one of these marks."""
    return Either(tuple(Token(mark) for mark in marks))


def word_in_each(word: str) -> tuple[Query, ...]:
    """For each text, the documents that have a word there which begins so or has the same stem.

    FTS5 would gather every find of a long beginning first: the known words are spelled out.
    """
    begun: tuple[tuple[str, bool], ...] = ((word, True),)
    if _on_sqlite() and len(word) > SHORT:
        known = spelling.beginning(word, SPELLED_OUT + 1)
        if 0 < len(known) <= SPELLED_OUT:
            begun = tuple((each, False) for each in known)
    same = sorted(stems(word))
    return tuple(
        Either(
            (
                *(Token(letter + each, begins=begins) for each, begins in begun),
                *(Token(f"{letter}_{stem}") for stem in same),
            )
        )
        for letter in LETTERS
    )


def _on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def _fts5(query: Query) -> str:
    if isinstance(query, Token):
        return f'"{query.text}" *' if query.begins else f'"{query.text}"'
    if isinstance(query, Without):
        return f"({_fts5(query.wanted)} NOT {_fts5(query.unwanted)})"
    if not query.parts:
        return f'"{NOTHING}"'
    joint = " AND " if isinstance(query, Both) else " OR "
    return f"({joint.join(_fts5(part) for part in query.parts)})"


def _tsquery(query: Query) -> str:
    if isinstance(query, Token):
        return f"'{query.text}':*" if query.begins else f"'{query.text}'"
    if isinstance(query, Without):
        return f"({_tsquery(query.wanted)} & !({_tsquery(query.unwanted)}))"
    if not query.parts:
        return f"'{NOTHING}'"
    joint = " & " if isinstance(query, Both) else " | "
    return f"({joint.join(_tsquery(part) for part in query.parts)})"


def spelled(query: Query) -> str:
    """A query in the language of the database."""
    return _fts5(query) if _on_sqlite() else _tsquery(query)


def _spelled(query: Query, tokens: ColumnElement[str]) -> ColumnElement[bool]:
    """The same as a condition on the text of one document: a probe, not a search."""
    if isinstance(query, Token):
        ending = "" if query.begins else " "
        return func.instr(tokens, f" {query.text}{ending}") > 0
    if isinstance(query, Without):
        return and_(_spelled(query.wanted, tokens), not_(_spelled(query.unwanted, tokens)))
    parts = [_spelled(part, tokens) for part in query.parts] or [false()]
    return and_(*parts) if isinstance(query, Both) else or_(*parts)


# ------------------------------------------------------------------------------------ index
_INDEXES: list[Index] = []


def anywhere(word: str) -> bool:
    """Whether a document of any index holds a word."""
    every = Either(tuple(Token(letter + word) for letter in LETTERS))
    return any(index.at_most(every, 0) for index in _INDEXES)


class Index:
    """The search index of a table that has an ``id`` (see ``number_of``) and its ``tokens``.

    The databases keep it themselves: FTS5 by triggers, PostgreSQL as a GIN index. Whoever writes
    a row of the table has indexed it.
    """

    def __init__(self, documents: Table) -> None:
        self.documents = documents
        _INDEXES.append(self)
        self._words = table(f"{documents.name}_words", column("rowid", BigId))
        event.listen(documents, "after_create", self._create)
        event.listen(documents, "before_drop", self._drop)

    def find(self, query: Query) -> Select[int]:
        """The ids of the documents that answer."""
        if _on_sqlite():
            name: ColumnElement[str] = literal_column(self._words.name)
            asked: ColumnElement[str] = bindparam(None, _fts5(query), unique=True)
            return select(self._words.c.rowid).where(name.op("MATCH")(asked))
        return select(self.documents.c.id).where(self.holds(query))

    def found_by(self, name: str) -> Select[int]:
        """As ``find``, for a statement built once: its parameter takes ``spelled(query)``."""
        asked = bindparam(name, type_=Text)
        if _on_sqlite():
            words: ColumnElement[str] = literal_column(self._words.name)
            return select(self._words.c.rowid).where(words.op("MATCH")(asked))
        holds = self.documents.c.tokens.op("@@", is_comparison=True)(cast(asked, TSQUERY))
        return select(self.documents.c.id).where(holds)

    def keys(self, found: Select[int]) -> Select[int]:
        """The keys of found documents."""
        some = found.subquery()
        return select((_ORIGIN - some.c[0]) // PARTS)

    def holds(self, query: Query) -> ColumnElement[bool]:
        """Whether the document of the statement answers, looked at by itself."""
        tokens = self.documents.c.tokens
        if _on_sqlite():
            return _spelled(query, tokens)
        asked = cast(bindparam(None, _tsquery(query), Text, unique=True), TSQUERY)
        return tokens.op("@@", is_comparison=True)(asked)

    def at_most(self, query: Query, most: int) -> int:
        """How many documents answer; of more than ``most``, one more."""
        some = self.find(query).limit(most + 1).subquery()
        return int(db.session.scalar(select(func.count()).select_from(some)) or 0)

    def rarity(self, query: Query, most: int) -> float | None:
        """How many keys there are for one that is found, guessed from the ``most`` newest finds.

        None when there are fewer.
        """
        found = self.find(query)
        some = found.order_by(found.selected_columns[0]).limit(most).subquery()
        number = some.c[0]
        asked = select(func.count(), func.max(number) - func.min(number)).select_from(some)
        finds, width = db.session.execute(asked).one()
        return float(width) / PARTS / finds if finds == most else None

    def ddl(self, dialect: str) -> tuple[str, ...]:
        """What makes the index of a new table; a migration runs the same."""
        return ddl(self.documents.name, dialect)

    def _create(self, documents: object, connection: Connection, **_rest: object) -> None:
        del documents
        for statement in self.ddl(connection.dialect.name):
            connection.exec_driver_sql(statement)

    def _drop(self, documents: object, connection: Connection, **_rest: object) -> None:
        del documents
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self._words.name}")


def ddl(name: str, dialect: str) -> tuple[str, ...]:
    """What makes the index of the table ``name``."""
    if dialect != "sqlite":
        return (f"CREATE INDEX ix_{name}_tokens ON {name} USING gin (tokens)",)
    into = f"INSERT INTO {name}_words"
    gone = f"{into} ({name}_words, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    come = f"{into} (rowid, tokens) VALUES (new.id, new.tokens);"
    words = f"CREATE VIRTUAL TABLE {name}_words USING fts5(tokens, content='{name}',"
    words += " content_rowid='id', detail=none, prefix='2 3 4 5',"
    words += " tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    return (
        words,
        f"CREATE TRIGGER {name}_come AFTER INSERT ON {name} BEGIN {come} END",
        f"CREATE TRIGGER {name}_gone AFTER DELETE ON {name} BEGIN {gone} END",
        f"CREATE TRIGGER {name}_changed AFTER UPDATE ON {name} BEGIN {gone} {come} END",
    )
