"""What care says of one member becomes another's: a merge, or a name that goes."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from incubator.domain.help.care_models import Case, Measure, Report
from incubator.kernel.db import db


def hand_over(*, from_id: int, to_id: int) -> None:
    """Let another member be the author, the reporter and the decider; one report a post stays."""
    twin = aliased(Report)
    both = select(twin.id).where(twin.reporter_id == to_id, twin.case_id == Report.case_id)
    quiet = {"synchronize_session": False}
    twice = delete(Report).where(Report.reporter_id == from_id, both.exists())
    db.session.execute(twice.execution_options(**quiet))
    for kind, column in (
        (Case, Case.author_id),
        (Report, Report.reporter_id),
        (Measure, Measure.by_id),
        (Measure, Measure.undone_by_id),
    ):
        change = update(kind).where(column == from_id).values({column: to_id})
        db.session.execute(change.execution_options(**quiet))
