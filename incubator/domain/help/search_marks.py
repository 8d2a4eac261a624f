"""The index of threads, and the marks of its documents: who may read them, how old they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from incubator.domain.help.search_models import ThreadDocument
from incubator.kernel.db import db
from incubator.kernel.fulltext import Both, Either, Index, Query, Token, key_of
from incubator.network.members.circles import read_by

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

INDEX: Final = Index(ThreadDocument.__table__)  # type: ignore[arg-type]  # a Table, as everywhere
ALL, NETWORK, OPEN, SOLVED, WAITING, SHEET = "_z", "_n", "_o", "_d", "_u", "_f"
# Threads are marked by five hundred, so that a search may look at the latest ones alone.
ERA: Final = 500


def readable(actor: Actor) -> Query:
    """The threads that a reader may search; the same rule as ``queries.READABLE``."""
    if actor.is_administrator:
        return Token(ALL)
    sites = set(actor.managed_site_ids)
    if not actor.is_guest and actor.home_site_id is not None:
        sites.add(actor.home_site_id)
    marks = [NETWORK, f"_r{actor.id}", *(f"_s{site_id}" for site_id in sorted(sites))]
    marks += [f"_c{circle_id}" for circle_id in sorted(read_by(actor))]
    return Either(tuple(Token(mark) for mark in marks))


def era_of(question_id: int) -> str:
    """The mark of the threads that were asked about when this one was."""
    return f"_w{question_id // ERA}"


# Documents are numbered downwards.
NEWEST: Final = select(func.min(ThreadDocument.id))


def newest_document() -> int | None:
    """The key of the latest document."""
    return db.session.scalar(NEWEST)


def latest(eras: int, newest: int | None) -> Query:
    """The threads of the latest eras, up to the one whose document is ``newest``."""
    last = key_of(newest) // ERA if newest is not None else 0
    return Either(tuple(Token(f"_w{era}") for era in range(max(0, last - eras + 1), last + 1)))


def within(*parts: Query) -> Query:
    """What answers every part."""
    return parts[0] if len(parts) == 1 else Both(parts)
