"""A letter leaves once whenever the machine dies; an address refused for good is left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import LEASE, Job, run_due
from incubator.network.letters import refusals
from incubator.reactions.mail import copies, deliver, transport
from incubator.reactions.mail.models import MailCopy
from incubator.reactions.mail.samples import sample
from incubator.reactions.mail.writing import post, write
from incubator.reactions.notifications.telling import About
from tests.conftest import NOW
from tests.reactions.test_digests import Killed, dying

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make
    from tests.reactions.mail_sink import Sink


@pytest.fixture
def elise(make: Make) -> Account:
    return make.member(make.site(), name="Élise", email="elise@example.org")


def written(who: Account) -> None:
    with as_of(NOW), transaction():
        about = About("skill", 1, "skill_decided", title="Miel")
        write("skill_decided", "skill_decided", [who], values=sample("skill_decided"), about=about)


def run(app: Flask, minutes: int = 0) -> None:
    """Do the jobs of a later moment, and those that they write."""
    moment = NOW + timedelta(minutes=minutes)
    with app.app_context(), as_of(moment):
        while run_due(moment):
            pass
    db.session.expire_all()


def states() -> list[str]:
    return list(db.session.scalars(select(MailCopy.state)))


STEPS = [
    (deliver, "compose", False, 1),
    (transport, "_envelope", True, 1),
    (transport, "_body", True, 1),
    (copies, "insert_once", False, 1),
]


@pytest.mark.parametrize(("where", "name", "done", "letters"), STEPS)
def test_a_machine_that_dies_at_any_step_sends_one_letter(
    posting: Flask,
    elise: Account,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    done: bool,
    letters: int,
) -> None:
    written(elise)
    with monkeypatch.context() as patch:
        patch.setattr(where, name, dying(getattr(where, name) if done else None))
        with pytest.raises(Killed):
            run(posting)
    db.session.rollback()
    for minutes in (0, 10, 60, 600):
        run(posting, minutes)
    assert len(sink.taken) == letters
    assert db.session.scalars(select(Job.state).where(Job.kind == "mail.deliver")).one() == "done"


def test_a_machine_that_dies_before_the_last_line_may_have_sent_and_does_not_again(
    posting: Flask, elise: Account, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(elise)
    with monkeypatch.context() as patch:
        patch.setattr(copies.Copy, "keep", dying(copies.Copy.keep))
        with pytest.raises(Killed):
            run(posting)
    db.session.rollback()
    run(posting, int(LEASE.total_seconds() // 60) + 1)
    assert (sink.taken, states()) == ([], ["unsure"])


def test_a_copy_is_what_was_sent_without_its_secrets_and_goes_after_90_days(
    posting: Flask, elise: Account, sink: Sink
) -> None:
    with as_of(NOW), transaction():
        post("reset", to="elise@example.org", language="fr", values=sample("reset"))
    run(posting)
    (copy,) = db.session.scalars(select(MailCopy)).all()
    assert (copy.state, copy.email, copy.kind) == ("sent", "elise@example.org", "reset")
    assert b"secret-token" in sink.taken[0].replace(b"=\r\n", b"")
    assert "secret-token" not in copy.message.replace("=\n", "")
    assert f"Subject: {copy.subject}"[:20] in copy.message
    with as_of(NOW + timedelta(days=91)):
        copies.forget_old({})
    assert states() == []


def test_an_address_refused_for_good_gets_nothing_until_it_is_changed(
    posting: Flask, elise: Account, sink: Sink
) -> None:
    sink.unknown = {"elise@example.org": "550 5.1.1 No such user"}
    written(elise)
    run(posting)
    found = refusals.refused("elise@example.org")
    assert found
    assert (found.code, "No such user" in found.said) == (550, True)
    sink.unknown = {}
    written(elise)
    run(posting, 60)
    assert (sink.taken, states()) == ([], ["refused"])
    with transaction():
        refusals.try_again_of(elise.id)
    written(elise)
    run(posting, 120)
    assert len(sink.taken) == 1


@pytest.mark.parametrize("answer", ["550 5.7.1 Relaying denied", "451 4.3.0 Later", "452 Full"])
def test_a_server_that_minds_something_else_is_tried_again(
    posting: Flask, elise: Account, sink: Sink, answer: str
) -> None:
    sink.unknown = {"elise@example.org": answer}
    written(elise)
    run(posting)
    assert refusals.refused("elise@example.org") is None
    sink.unknown = {}
    run(posting, 30)
    assert len(sink.taken) == 1


def test_a_line_that_begins_with_a_dot_arrives_whole(
    posting: Flask, make: Make, sink: Sink
) -> None:
    with as_of(NOW), transaction():
        values = sample("mailing") | {"text": "...\n.\nfin", "html": "<p>.</p>"}
        post("mailing", to="elise@example.org", language="fr", values=values)
    run(posting)
    assert b"...\r\n.\r\nfin" in sink.taken[0]
