"""Step of the loader: who is away, who moves and who left."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from incubator.demo.content import DATA, email_of
from incubator.demo.moments import day_zero
from incubator.demo.stage import key_of
from incubator.domain.membership import life_acts, life_tick
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.stage import Stage

# How long before its day something was asked for.
NOTICE = timedelta(days=9)


def change_courses(stage: Stage) -> str:
    """Plan leaves, moves and departures; what lies in the past has taken place."""
    rows: list[dict[str, Any]] = tomllib.loads((DATA / "life.toml").read_text("utf-8"))["process"]
    for row in sorted(rows, key=lambda row: row["in_days"]):
        _plan(stage, row)
    return f"{len(rows)} absences, moves and departures"


def _plan(stage: Stage, row: dict[str, Any]) -> None:
    person = stage.actors[email_of(row["who"])]
    zone = stage.zones[stage.members[email_of(row["who"])].site]
    starts_on = day_zero(stage.now, zone) + timedelta(days=row["in_days"])
    leave = row["kind"] == "leave"
    wish = life_acts.Wish(
        kind=row["kind"],
        member_id=person.id,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=row["days"]) if leave else None,
        to_site_id=stage.sites.get(row.get("to", "")),
        reason=row["reason"],
        **{name: row[name] for name in ("access", "hours", "messages") if name in row},
    )
    asked_at = min(stage.now + timedelta(days=min(row["in_days"], 0)) - NOTICE, stage.now)
    with as_of(asked_at):
        process = life_acts.ask(person, wish, once=key_of("life", row["who"]), now=asked_at)
        if "by" in row:
            life_acts.agree(stage.actors[email_of(row["by"])], process.id, now=asked_at)
    if row["in_days"] < 0:
        _take_place(stage, person.id, at=stage.now + timedelta(days=row["in_days"]))


def _take_place(stage: Stage, member_id: int, *, at: datetime) -> None:
    """Let the calendar do what it owed at an instant, once the day has begun everywhere."""
    then = stage.not_later(at + timedelta(hours=23))
    with as_of(then):
        life_tick.advance(member_id, now=then)
