"""Choices made among the terms of the vocabulary, also in a form opened before a merge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.network.members.models import Skill
from incubator.network.members.skill_models import SkillMerge

if TYPE_CHECKING:
    from collections.abc import Iterable


def as_kept(chosen: Iterable[int]) -> dict[int, int] | None:
    """Each chosen term with the one it counts as now; None when one was never a term.

    The terms stay locked (shared) until the transaction ends: a merge waits, and then moves what
    was written, or was before, and is followed.
    """
    ids = sorted(set(chosen))
    lock = select(Skill.id).where(Skill.id.in_(ids)).order_by(Skill.id)
    if len(db.session.scalars(lock.with_for_update(read=True)).all()) < len(ids):
        return None
    merged = select(SkillMerge.gone_id, SkillMerge.kept_id).where(SkillMerge.gone_id.in_(ids))
    kept = dict(db.session.execute(merged).all())
    return {each: kept.get(each, each) for each in ids}
