"""Ten thousand people are told at once: all of them, once, in few statements each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from incubator.kernel.db import Base, db, transaction
from incubator.kernel.jobs import Job
from incubator.reactions.notifications import telling
from incubator.reactions.notifications.models import Notification
from tests.factories_accounts import worked
from tests.factories_notices import announced

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make

CROWD = 10_000


def copied(one: Account, number: int) -> None:
    """So many accounts like one, written as rows."""
    for table in ("members_member", "accounts_account"):
        rows = Base.metadata.tables[table]
        like = dict(db.session.execute(select(rows).where(rows.c.id == one.id)).mappings().one())
        unique = {"slug", "email"} & like.keys()
        made = [
            like | {"id": one.id + each} | {name: f"{each}-{like[name]}" for name in unique}
            for each in range(1, number + 1)
        ]
        db.session.execute(insert(rows), made)


def test_everybody_of_a_network_is_told_of_an_announcement(app: Flask, make: Make) -> None:
    boss = make.member(role="administrator")
    one = make.member(make.site(), email="crowd@example.org")
    with transaction():
        copied(one, CROWD - 1)
    announced(make, boss, None, title="Fermeture d’été")
    parts = db.session.scalar(select(func.count(Job.id)).where(Job.kind == telling.TELL))
    assert parts == CROWD / telling.AT_ONCE
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 0
    worked(app)
    told = db.session.execute(
        select(
            func.count(),
            func.count(func.distinct(Notification.member_id)),
            func.max(Notification.times),
        )
    ).one()
    assert tuple(told) == (CROWD, CROWD, 1)
    assert db.session.scalar(select(func.count(Job.id)).where(Job.state != "done")) == 0
