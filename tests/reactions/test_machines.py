"""Calls of machines, received by a real server: signed, tried again, given up, answered."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.chat import queries
from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.bots import keeping, rules
from incubator.domain.chat.message_queries import one, replies_to
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.jobs import MAX_ATTEMPTS, Job, dead_letters, run_due
from incubator.reactions import machines
from tests import factories_chat as chat
from tests import factories_rooms as fr
from tests.receivers import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from tests.factories import Make

    Run = Callable[..., None]

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def scene(
    make: Make, app: Flask, settings: Settings, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> tuple[Account, int, Bot]:
    """Somebody, their private room and a machine there that is told."""
    local = replace(settings, hooks_on_loopback=True)
    monkeypatch.setitem(app.extensions, machines.KEY, local)
    ana = make.member(make.site("Lyon"), name="Ana Petit")
    room = fr.private(make, ana)
    wanted = keeping.Wanted(name="Météo", url=there.url, local=True)
    with transaction():
        bot = keeping.make(make.actor(ana), room.id, wanted, now=make.now).bot
    return ana, room.id, bot


@pytest.fixture
def run(app: Flask) -> Run:
    """Do the jobs that are due in so many days."""

    def run_in(days: int = 0) -> None:
        with app.app_context():
            run_due(utcnow() + timedelta(days=days))

    return run_in


def answers(make: Make, who: Account, room_id: int, no: int) -> list[tuple[str, bool, str]]:
    room = queries.visible_to(make.actor(who), room_id)
    said = replies_to(room, one(room, no)).messages
    return [(each.author.name, each.author.bot, each.html) for each in said]


def job() -> Job:
    kind = select(Job).where(Job.kind == "chat.call_bot")
    return db.session.scalars(kind.execution_options(populate_existing=True)).one()


def test_a_call_is_signed_and_its_answer_stands_in_the_thread(
    make: Make, scene: tuple[Account, int, Bot], there: Receiver, settings: Settings, run: Run
) -> None:
    ana, room, bot = scene
    there.answers.append((200, JSON, json.dumps({"text": "Il **pleut**"}).encode()))
    said = chat.say(make, ana, room, "@meteo quel temps à Lyon ?")
    run()
    headers, body = there.got[0]
    told: dict[str, Any] = json.loads(body)
    assert told["message"]["text"] == "@meteo quel temps à Lyon ?"
    assert (told["message"]["no"], told["message"]["author"]) == (said.no, "Ana Petit")
    at, signed = (part.partition("=")[2] for part in headers["X-Incubator-Signature"].split(","))
    secret = rules.secret_of(bot.salt, settings.secret_key)
    wanted = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert (signed, abs(int(at) - utcnow().timestamp()) < 60) == (wanted, True)
    assert headers["X-Incubator-Delivery"] == told["id"]
    [(name, machine, html)] = answers(make, ana, room, said.no)
    assert (name, machine, "<strong>pleut</strong>" in html) == ("Météo", True, True)
    assert job().state == "done"


def test_a_call_that_fails_is_made_again_and_answered_once(
    make: Make, scene: tuple[Account, int, Bot], there: Receiver, run: Run
) -> None:
    ana, room, bot = scene
    there.answers += [(500, {}, b""), (200, JSON, b'{"text": "enfin"}'), (200, JSON, b"{}")]
    said = chat.say(make, ana, room, "@meteo ?")
    run()
    assert (job().state, len(there.got)) == ("waiting", 1)
    assert "500" in db.session.get_one(Bot, bot.id, populate_existing=True).trouble
    run(days=1)
    assert (job().state, len(there.got)) == ("done", 2)
    assert not db.session.get_one(Bot, bot.id, populate_existing=True).trouble
    # The same delivery both times, so that the other side can tell.
    assert there.got[0][0]["X-Incubator-Delivery"] == there.got[1][0]["X-Incubator-Delivery"]
    with transaction():
        job().state = "waiting"
        job().payload = {"bot": bot.id, "message": said.id}
    there.answers[:] = [(200, JSON, b'{"text": "enfin"}')]
    run(days=2)
    assert len(answers(make, ana, room, said.no)) == 1


def test_what_is_never_taken_is_given_up_in_the_open(
    make: Make, scene: tuple[Account, int, Bot], there: Receiver, run: Run
) -> None:
    ana, room, _bot = scene
    there.answers += [(302, {"Location": there.url}, b"")] * MAX_ATTEMPTS
    chat.say(make, ana, room, "@meteo ?")
    for days in range(MAX_ATTEMPTS):
        run(days=days * 30)
    assert [letter.kind for letter in dead_letters()] == ["chat.call_bot"]
    assert "302" in dead_letters()[0].error
    assert len(there.got) == MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"hello"),
        ("application/json", b"{"),
        ("application/json", b'["text"]'),
        ("application/json", b'{"text": 3}'),
        ("application/json", b'{"text": ""}'),
        ("application/json", b"\xff\xfe"),
    ],
)
def test_an_answer_without_words_says_nothing(
    make: Make, scene: tuple[Account, int, Bot], there: Receiver, kind: str, body: bytes, run: Run
) -> None:
    ana, room, _bot = scene
    there.answers.append((200, {"Content-Type": kind}, body))
    said = chat.say(make, ana, room, "@meteo ?")
    run()
    assert (job().state, answers(make, ana, room, said.no)) == ("done", [])


def test_an_answer_that_the_room_refuses_is_told_to_who_looks_after_it(
    make: Make, scene: tuple[Account, int, Bot], there: Receiver, run: Run
) -> None:
    ana, room, bot = scene
    there.answers.append((200, JSON, b'{"text": "@salon debout !"}'))
    said = chat.say(make, ana, room, "@meteo ?")
    run()
    trouble = db.session.get_one(Bot, bot.id, populate_existing=True).trouble
    assert ("chat.not_everybody" in trouble, job().state) == (True, "done")
    assert answers(make, ana, room, said.no) == []


def test_a_revoked_machine_is_told_nothing(
    make: Make, scene: tuple[Account, int, Bot], there: Receiver, run: Run
) -> None:
    ana, room, bot = scene
    chat.say(make, ana, room, "@meteo ?")
    with transaction():
        keeping.revoke(make.actor(ana), room, bot.id, now=make.now)
    run()
    assert (there.got, job().state) == ([], "done")


def test_this_machine_is_not_called_as_the_house_stands(
    make: Make,
    scene: tuple[Account, int, Bot],
    there: Receiver,
    app: Flask,
    settings: Settings,
    run: Run,
) -> None:
    ana, room, bot = scene
    app.extensions[machines.KEY] = settings
    chat.say(make, ana, room, "@meteo ?")
    run()
    assert (there.got, job().state) == ([], "waiting")
    assert db.session.get_one(Bot, bot.id, populate_existing=True).trouble == "closed"
