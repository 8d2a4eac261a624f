"""A letter of a week goes once to each, whoever presses, wherever the machine stops."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import event, func, select

from incubator.domain.newsletter import commands
from incubator.domain.newsletter.models import Edition, Item
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import Job
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.models import Member
from incubator.reactions.newsletter import hourly
from tests.factories_accounts import letters
from tests.factories_weekly import (
    FRIDAY,
    HOUR,
    THURSDAY,
    a_draft,
    clock,
    earlier,
    edition,
    editions,
    lively,
    solved,
)
from tests.rivals import DONE, rested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from flask import Flask
    from sqlalchemy import Connection

    from incubator.network.sites.models import Site
    from tests.factories import Make
    from tests.rivals import Rivals

MANY = 2_000


class Killed(Exception):
    """The machine stops here."""


@contextmanager
def killed_at(connection: Connection, number: int) -> Iterator[list[str]]:
    """Stop at a statement; those that ran."""
    ran: list[str] = []

    def stop(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return
        if len(ran) == number:
            raise Killed
        ran.append(statement)

    event.listen(connection, "before_cursor_execute", stop)
    try:
        yield ran
    finally:
        event.remove(connection, "before_cursor_execute", stop)


def survives(connection: Connection, number: int, act: Callable[[], None]) -> bool:
    """Act until the machine stops at a statement; whether it ended before."""
    with killed_at(connection, number):
        try:
            act()
        except Killed:
            return False
    return True


def waiting(sort: str) -> int:
    """How many letters of a sort are written and not sent."""
    rows = db.session.scalars(select(Job).where(Job.kind == "mail.deliver", Job.state != "done"))
    return sum(row.payload.get("sort") == sort for row in rows)


def test_a_machine_killed_at_any_statement_of_sending_sends_once(
    app: Flask, make: Make, connection: Connection
) -> None:
    here = lively(make)
    payload = {"edition_id": a_draft(here.site, ("solved", here.solved.id))}
    letters(app, make)
    with as_of(FRIDAY):
        killed = 0
        while not survives(connection, killed, lambda: hourly.leave(payload)):
            assert (waiting("weekly"), editions(here.site)) == (0, [(46, "draft")])
            killed += 1
        assert (waiting("weekly"), editions(here.site)) == (2, [(46, "sent")])
        assert killed > 15
        # Killed after that, before the job was noted as done: it is done again.
        hourly.leave(payload)
        assert sorted(str(letter["To"]) for letter in letters(app, make)) == [
            "camille@example.org",
            "sophie@example.org",
        ]
        assert letters(app, make) == []


def test_a_machine_killed_at_any_statement_of_drafting_drafts_once(
    app: Flask, make: Make, connection: Connection
) -> None:
    here = lively(make)
    payload = {"site_id": here.site.id, "week": [2026, 46]}
    letters(app, make)
    with as_of(THURSDAY):
        killed = 0
        while not survives(connection, killed, lambda: hourly.draft(payload)):
            assert (waiting("desk_newsletter"), editions(here.site)) == (0, [])
            killed += 1
        assert killed > 15
        hourly.draft(payload)
        assert (waiting("desk_newsletter"), editions(here.site)) == (1, [(46, "draft")])
    whole = db.session.scalar(select(func.count()).select_from(Item))
    assert whole == len(edition(here.site).items) > 0


def test_the_hour_may_come_twice(app: Flask, make: Make) -> None:
    here = lively(make)
    for _twice in range(2):
        clock(app, make, THURSDAY)
    sent = [letter for _twice in range(2) for letter in clock(app, make, FRIDAY)]
    assert len(sent) == 2
    assert editions(here.site) == [(46, "sent")]


def test_two_managers_and_the_machine_at_once_send_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        managers = [make.actor(make.member(site, role="manager")) for _ in range(2)]
        made = a_draft(site, ("member", managers[0].id))

    def press(number: int) -> None:
        with transaction():
            commands.send(managers[number % 2], made, now=FRIDAY)

    def leave() -> None:
        with transaction():
            commands.leave(made, now=FRIDAY)

    rivals.all_at_once([*(partial(press, number) for number in range(6)), leave, leave])
    with rivals.inside():
        assert waiting("weekly") == 2
        assert db.session.scalars(select(Edition.state)).one() == "sent"


def test_sending_and_skipping_at_once_is_one_of_both(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site = make.site()
        manager = make.actor(make.member(site, role="manager"))
        made = a_draft(site, ("member", manager.id))

    def act(command: Callable[..., object]) -> None:
        with transaction():
            command(manager, made, now=FRIDAY)

    ends = rivals.at_once([partial(act, commands.send), partial(act, commands.skip)] * 3)
    with rivals.inside():
        state = db.session.scalars(select(Edition.state)).one()
        assert waiting("weekly") == (state == "sent")
    assert ends[DONE] == 3
    assert ends["newsletter.decided"] == 3


def test_a_draft_is_made_once_by_many_machines(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        here = lively(make)
        rested(here.site)

    def draft() -> None:
        with as_of(THURSDAY):
            hourly.draft({"site_id": here.site.id, "week": [2026, 46]})

    rivals.all_at_once([draft] * 6)
    with rivals.inside():
        assert waiting("desk_newsletter") == 1
        assert editions(here.site) == [(46, "draft")]


def crowd(site: Site, make: Make, number: int) -> None:
    """So many residents of a site, as rows."""
    first = 1_000_000
    with transaction():
        for each in range(first, first + number):
            db.session.add(
                Member(
                    id=each,
                    slug=f"crowd-{each}",
                    name=f"Crowd {each}",
                    home_site_id=site.id,
                    joined_at=make.now - timedelta(days=300),
                    sort_name=f"crowd {each}",
                )
            )
        db.session.flush()
        db.session.add_all(
            Account(
                id=each,
                email=f"crowd{each}@example.org",
                language="en" if each % 2 else "fr",
                time_zone="Europe/Paris",
                created_at=make.now,
            )
            for each in range(first, first + number)
        )
        db.session.flush()
        db.session.add_all(
            Grant(account_id=each, role="resident", site_id=site.id, granted_at=make.now)
            for each in range(first, first + number)
        )


def test_two_thousand_letters_cost_as_many_statements_as_two(
    make: Make, count_queries: Callable[[], Any]
) -> None:
    few, many = lively(make), lively(make, house="2")
    crowd(many.site, make, MANY)
    costs = []
    for here in (few, many):
        made = a_draft(here.site, ("solved", here.solved.id))
        with count_queries() as seen, transaction():
            commands.send(make.actor(here.manager), made, now=THURSDAY + HOUR)
        costs.append(len(seen))
    assert waiting("weekly") == 2 * 2 + MANY
    assert costs[0] == costs[1] <= 40


def test_the_cost_of_a_letter_does_not_grow_with_what_it_tells(
    make: Make, count_queries: Callable[[], Any]
) -> None:
    few, many = lively(make), lively(make, house="2")
    things = [solved(earlier(make), many.member, many.manager).id for _ in range(8)]
    costs = []
    for here, told in ((few, [few.solved.id]), (many, [many.solved.id, *things])):
        made = a_draft(here.site, *(("solved", each) for each in told))
        with count_queries() as seen, transaction():
            commands.send(make.actor(here.manager), made, now=THURSDAY + HOUR)
        costs.append(len(seen))
    assert costs[0] == costs[1]
