"""How useful threads proved, which sorts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from incubator.domain.help.models import Acceptance
from incubator.domain.help.post_models import Vote
from incubator.domain.help.search_models import Saved, ThreadDocument
from incubator.kernel.db import db

if TYPE_CHECKING:
    from collections.abc import Sequence

WORTH_OF_SOLUTION: Final = 5


def usefulness_of(question_ids: Sequence[int]) -> dict[int, int]:
    """How useful threads proved: accepted answers, votes, and everybody who keeps them."""
    found: dict[int, int] = {}
    for kind, worth in ((Acceptance, WORTH_OF_SOLUTION), (Vote, 1), (Saved, 1)):
        counted = (
            select(kind.question_id, func.count())
            .where(kind.question_id.in_(question_ids))
            .group_by(kind.question_id)
        )
        for question_id, number in db.session.execute(counted):
            found[question_id] = found.get(question_id, 0) + worth * number
    return found


def reweigh(question_id: int) -> None:
    """Write anew how useful a thread proved."""
    useful = usefulness_of([question_id]).get(question_id, 0)
    db.session.execute(
        update(ThreadDocument)
        .where(ThreadDocument.question_id == question_id)
        .values(useful=useful)
        .execution_options(synchronize_session="fetch")
    )
