"""Finding documents by the words of their titles, of the line about them and of their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from incubator.domain.documents.models import Document, DocumentTokens, DocumentVersion
from incubator.domain.documents.queries import readable
from incubator.kernel.db import db, transaction
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
from incubator.kernel.stems import search_words, stems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.network.members.actor import Actor

INDEX: Final = Index(DocumentTokens.__table__)  # type: ignore[arg-type]  # a Table, as everywhere
INDEX_ALL: Final = "documents.index_all"
BATCH: Final = 200
WORDS_MOST: Final = 6
# Of this many finds, the newest, those that the reader may open are shown.
LOOKED_AT: Final = 200
STEERING: Final = "_d0"
NETWORK: Final = "_n"


def find(actor: Actor, text: str, most: int) -> list[Document]:
    """At most so many documents that a reader may open and that hold every word, newest first."""
    telling = search_words(text, WORDS_MOST)
    if not telling:
        return []
    found = INDEX.find(Both((*_meant_for(actor), *map(_word, telling)))).subquery().c[0]
    numbers = db.session.scalars(select(found).order_by(found).limit(LOOKED_AT)).all()
    ids = [key_of(number) for number in numbers]
    query = select(Document).where(Document.id.in_(ids), readable(actor))
    return list(db.session.scalars(query.order_by(Document.id.desc()).limit(most)))


def _meant_for(actor: Actor) -> list[Query]:
    """The marks of what a reader may open; an administrator opens everything."""
    if actor.is_administrator:
        return []
    kept = {f"_m{site_id}" for site_id in actor.managed_site_ids}
    if not actor.is_guest:
        kept |= {NETWORK, f"_s{actor.home_site_id}"}
        kept |= {STEERING} if actor.is_manager else set()
    return [marked(*sorted(kept))]


def _word(word: str) -> Query:
    """Documents with a word that begins so, or has the same stem."""
    same = (Token(f"{each}_{stem}") for each in "ab" for stem in sorted(stems(word)))
    begun = (Token(f"{each}{word}", begins=True) for each in "ab")
    return Either((*begun, *same))


def index_document(document_id: int) -> None:
    """Rewrite what search knows of a document; call it in the transaction of the change."""
    db.session.flush()
    db.session.execute(delete(DocumentTokens).where(DocumentTokens.document_id == document_id))
    document = db.session.get(Document, document_id)
    if document is None or document.removed_at is not None:
        return
    names = db.session.scalars(
        select(DocumentVersion.file_name)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    ).all()
    texts = (document.title, " ".join((document.about, *names)))
    tokens = tokens_of(texts, _marks(document), names=0)
    number = number_of(document_id)
    db.session.add(DocumentTokens(id=number, document_id=document_id, tokens=tokens))
    db.session.flush()


def _marks(document: Document) -> set[str]:
    if document.site_id is None:
        return {STEERING if document.audience == "managers" else NETWORK}
    audience = {"network": {NETWORK}, "site": {f"_s{document.site_id}"}}
    return {f"_m{document.site_id}"} | audience.get(document.audience, set())


@job(INDEX_ALL)
def index_all(payload: Mapping[str, Any]) -> None:
    """Index every document from ``after`` on, a batch a job; for shelves from before the index."""
    after = int(payload.get("after", 0))
    with transaction():
        query = select(Document.id).where(Document.id > after).order_by(Document.id).limit(BATCH)
        ids = db.session.scalars(query).all()
        for document_id in ids:
            index_document(document_id)
        if len(ids) == BATCH:
            later(INDEX_ALL, {"after": ids[-1]})
