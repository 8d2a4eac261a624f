"""Work that comes round, whoever runs it and however often they look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel import jobs, schedule
from incubator.kernel.db import db, transaction
from incubator.kernel.jobs import Job, run_due
from incubator.kernel.schedule import hourly, write_hourly

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from tests.factories import Make


@pytest.fixture
def rounds(make: Make, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(schedule, "_hourly", [])
    made: list[str] = []

    @hourly("water")
    def water(payload: Mapping[str, Any]) -> None:
        del payload
        made.append("watered")

    return made


def look(now: datetime) -> None:
    with transaction():
        write_hourly(now)


def test_each_hour_has_one_job_of_a_kind_however_many_look(make: Make, rounds: list[str]) -> None:
    look(make.now)
    look(make.now + timedelta(minutes=5))
    look(make.now + timedelta(hours=1))
    assert len(db.session.scalars(select(Job)).all()) == 2
    run_due(make.now + timedelta(hours=1))
    assert rounds == ["watered", "watered"]


def test_naming_a_kind_again_writes_it_once(make: Make, rounds: list[str]) -> None:
    hourly("water")(lambda _: None)
    look(make.now)
    assert len(db.session.scalars(select(Job)).all()) == 1
