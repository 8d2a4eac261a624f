"""Pushes: one a cause, drawn when they go, for who wishes so and may be disturbed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.domain.help.models import Question
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import run_due
from incubator.network.letters import wishes
from incubator.network.letters.kinds import PUSH
from incubator.network.letters.quiet_rules import Hours
from incubator.reactions.notifications import pushing, reading
from incubator.reactions.notifications.pushing import Push
from tests import factories_help as h
from tests.factories_letters import keeps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make

NOON = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)


class Devices:
    """What was handed over, after failing as often as told."""

    def __init__(self) -> None:
        self.got: list[Push] = []
        self.failures = 0

    def deliver(self, push: Push) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the push service is down")
        self.got.append(push)


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> Iterator[Devices]:
    monkeypatch.setattr(pushing, "_ports", [])
    made = Devices()
    pushing.connect(made)
    return made


@pytest.fixture
def ada(make: Make) -> Account:
    who = make.member(make.site(), name="Ada Lovel", language="en")
    with transaction():
        for code in ("help_threads", "help_comments"):
            wishes.want(who.id, wishes.kind_named(code), yes=True, channel=PUSH)
    return who


def answered(make: Make, ada: Account) -> Question:
    with as_of(NOON):
        asked = h.question(make, ada, title="Dyeing linen")
        h.answer(make, make.member(make.site(), name="Léo Blin"), asked)
    return asked


def pushed(app: Flask, moment: datetime) -> None:
    with app.app_context(), as_of(moment):
        while run_due(moment):
            pass


def test_a_push_says_what_who_and_how_many(
    app: Flask, make: Make, ada: Account, devices: Devices
) -> None:
    asked = answered(make, ada)
    devices.failures = 1
    for minutes in (0, 1, 60):
        pushed(app, NOON + timedelta(minutes=minutes))
    assert devices.got == [
        Push(
            member_id=ada.id,
            language="en",
            title="Dyeing linen",
            text="New answer, Léo Blin",
            area="thread",
            item_id=asked.id,
            number=1,
        )
    ]


@pytest.mark.parametrize("how", ["read", "hidden", "muted", "stopped"])
def test_nothing_goes_of_what_was_read_hidden_or_stopped(
    app: Flask, make: Make, ada: Account, devices: Devices, how: str
) -> None:
    asked = answered(make, ada)
    actor = make.actor(ada)
    with transaction():
        if how == "read":
            reading.read(actor, "thread", asked.id, now=NOON)
        elif how == "muted":
            reading.mute(actor, "thread", asked.id)
        elif how == "hidden":
            db.session.get_one(Question, asked.id).state = "removed"
        else:
            wishes.choose(actor, {("help_threads", PUSH): False})
    pushed(app, NOON + timedelta(minutes=1))
    assert devices.got == []


def test_quiet_hours_put_a_push_off(app: Flask, make: Make, ada: Account, devices: Devices) -> None:
    keeps(make, ada, Hours(starts=11 * 60, ends=14 * 60))
    answered(make, ada)
    pushed(app, NOON + timedelta(hours=1))
    assert devices.got == []
    pushed(app, NOON + timedelta(hours=2))
    assert len(devices.got) == 1
