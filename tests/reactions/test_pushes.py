"""Pushes, received by a real server that reads what was sealed for its browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.help.models import Question
from incubator.kernel import outward
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import Job, run_due
from incubator.network.letters import paces, wishes
from incubator.network.letters.kinds import APP, PUSH
from incubator.network.letters.quiet_rules import Hours
from incubator.reactions.notifications import reading
from incubator.reactions.notifications.pushing import News
from incubator.reactions.push import keys, rules, sending
from incubator.reactions.push.models import PushSending
from tests import factories_help as h
from tests.factories_letters import keeps
from tests.push_browsers import Taker, claims, rows, told_at
from tests.reactions.test_digests import Killed, dying
from tests.receivers import Receiver, receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from tests.factories import Make

    Run = Callable[..., None]

NOON = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _key(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation with a key, whose push service may be on this machine."""
    keys.make(settings)
    monkeypatch.setitem(app.extensions, sending.KEY, replace(settings, hooks_on_loopback=True))
    yield
    keys.path_of(settings).unlink()


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def ada(make: Make) -> Account:
    who = make.member(make.site(), name="Ada Lovel", language="en")
    with transaction():
        for code in ("help_threads", "help_comments"):
            wishes.want(who.id, wishes.kind_named(code), yes=True, channel=PUSH)
    return who


@pytest.fixture
def taker(make: Make, ada: Account, there: Receiver) -> Taker:
    made = Taker(there.url)
    told_at(make, ada, made)
    return made


@pytest.fixture
def run(app: Flask) -> Run:
    """Do the jobs of a later moment, and those that they write."""

    def go(**later: float) -> None:
        moment = NOON + timedelta(**later)
        with app.app_context(), as_of(moment):
            while run_due(moment):
                pass
        db.session.expire_all()

    return go


def answered(make: Make, ada: Account) -> Question:
    with as_of(NOON):
        asked = h.question(make, ada, title="Dyeing linen")
        h.answer(make, make.member(make.site(), name="Léo Blin"), asked)
    return asked


def states() -> list[tuple[str, int]]:
    query = select(PushSending.state, PushSending.tries)
    return [(state, tries) for state, tries in db.session.execute(query)]


def jobs() -> list[str]:
    return list(db.session.scalars(select(Job.state).where(Job.kind == "push.send")))


def test_a_push_says_what_who_and_how_many_to_its_browser_alone(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run
) -> None:
    asked = answered(make, ada)
    for minutes in (0, 1, 60):
        run(minutes=minutes)
    [(headers, body)] = there.got
    assert taker.read(body) == {
        "title": "Dyeing linen",
        "text": "New answer, Léo Blin",
        "lang": "en",
        "tag": f"thread-{asked.id}",
        "address": f"/notifications/thread/{asked.id}",
        "n": 1,
    }
    told = claims(headers["Authorization"])
    assert there.url.startswith(told["aud"] + "/")
    assert (headers["Content-Encoding"], headers["TTL"], headers["Urgency"]) == (
        "aes128gcm",
        "86400",
        "normal",
    )
    assert len(headers["Topic"]) == rules.TOPIC
    assert [(row.used_at, row.trouble) for row in rows()] == [(NOON, "")]
    assert (states(), jobs()) == ([("sent", 0)], ["done"])


def test_each_browser_of_a_member_is_told_and_nobody_elses(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run
) -> None:
    second, other = Taker(there.url + "/2"), Taker(there.url + "/3")
    told_at(make, ada, second)
    told_at(make, make.member(make.site(), name="Zoé"), other)
    there.answers += [(500, {}, b"")]
    answered(make, ada)
    run()
    run(minutes=1)
    # The one that failed goes again, and the other does not.
    assert len(there.got) == 3
    assert taker.read(there.got[2][1]) == second.read(there.got[1][1])


@pytest.mark.parametrize("how", ["read", "hidden", "muted", "stopped", "archived"])
def test_nothing_goes_of_what_was_read_hidden_or_stopped(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run, how: str
) -> None:
    asked = answered(make, ada)
    actor = make.actor(ada)
    with transaction():
        if how == "read":
            reading.read(actor, "thread", asked.id, now=NOON)
        elif how == "muted":
            reading.mute(actor, "thread", asked.id)
        elif how == "archived":
            reading.archive(actor, "thread", asked.id, now=NOON)
        elif how == "hidden":
            db.session.get_one(Question, asked.id).state = "removed"
        else:
            wishes.choose(actor, {("help_threads", PUSH): False})
    run(minutes=1)
    assert (there.got, jobs()) == ([], ["done"])


def test_quiet_hours_and_pauses_put_a_push_off(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run
) -> None:
    keeps(make, ada, Hours(starts=11 * 60, ends=14 * 60))
    answered(make, ada)
    run(hours=1)
    with transaction():
        paces.pause(make.actor(ada), NOON + timedelta(days=1), now=NOON)
    run(hours=2)
    assert (there.got, jobs()) == ([], ["waiting"])
    run(days=1, hours=3)
    assert len(there.got) == 1


def test_who_wants_it_by_push_alone_opens_it_though_no_list_holds_it(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run
) -> None:
    with transaction():
        wishes.choose(make.actor(ada), {("help_threads", APP): False})
    asked = answered(make, ada)
    run()
    assert taker.read(there.got[0][1])["n"] == 0
    assert reading.told_to(make.actor(ada), "thread", asked.id).shown is False


def test_without_a_key_or_with_another_nothing_goes(
    make: Make, ada: Account, there: Receiver, taker: Taker, settings: Settings, run: Run
) -> None:
    keys.path_of(settings).unlink()
    answered(make, ada)
    run()
    keys.make(settings)
    answered(make, ada)
    run(minutes=5)
    assert there.got == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_took_its_address_back_is_forgotten(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run, status: int
) -> None:
    there.answers.append((status, {}, b""))
    answered(make, ada)
    run()
    run(days=1)
    assert (len(there.got), rows(), jobs()) == (1, [], ["done"])


@pytest.mark.parametrize("wait", ["1800", format_datetime(NOON + timedelta(minutes=30))])
def test_a_service_that_wants_rest_gets_it_as_long_as_it_says(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run, wait: str
) -> None:
    there.answers.append((429, {"Retry-After": wait}, b""))
    answered(make, ada)
    run()
    answered(make, ada)
    run(minutes=29)
    assert (len(there.got), rows()[0].trouble) == (1, "status 429")
    run(minutes=31)
    assert (len(there.got), rows()[0].trouble, jobs()) == (3, "", ["done", "done"])


def test_a_service_that_never_takes_it_is_left_alone_after_a_while(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run
) -> None:
    there.answers += [(503, {}, b"")] * 20
    answered(make, ada)
    for hours in range(0, 100, 3):
        run(hours=hours)
    assert len(there.got) == rules.MOST_TRIES
    assert (states(), jobs()) == ([("refused", rules.MOST_TRIES)], ["done"])
    assert rows()[0].trouble == "status 503"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((400, {}, b""), "status 400"),
        ((403, {}, b"bad token"), "status 403"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "status 302"),
    ],
)
def test_what_is_refused_is_not_sent_again_nor_elsewhere(
    make: Make,
    ada: Account,
    there: Receiver,
    taker: Taker,
    run: Run,
    answer: tuple[int, dict[str, str], bytes],
    trouble: str,
) -> None:
    there.answers.append(answer)
    answered(make, ada)
    for days in (0, 1, 2):
        run(days=days)
    assert (len(there.got), rows()[0].trouble, jobs()) == (1, trouble, ["done"])


def test_an_address_inside_is_never_called(
    make: Make,
    app: Flask,
    ada: Account,
    there: Receiver,
    taker: Taker,
    settings: Settings,
    run: Run,
) -> None:
    app.extensions[sending.KEY] = settings
    answered(make, ada)
    run()
    run(days=1)
    assert (there.got, rows()[0].trouble, states()) == ([], "closed", [("refused", 0)])


def test_a_service_nobody_finds_is_tried_again(
    make: Make, ada: Account, there: Receiver, taker: Taker, run: Run
) -> None:
    with transaction():
        rows()[0].endpoint = "http://127.0.0.1:9/nobody"
    answered(make, ada)
    run()
    assert (rows()[0].trouble, jobs()) == ("connection", ["waiting"])
    with transaction():
        rows()[0].endpoint = there.url
    run(minutes=1)
    assert (len(there.got), jobs()) == (1, ["done"])


def test_a_slow_service_may_have_taken_it_and_is_let_rest(
    make: Make,
    ada: Account,
    there: Receiver,
    taker: Taker,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outward, "WHOLE_SECONDS", 0.3)
    there.held.clear()
    answered(make, ada)
    run()
    assert (states(), rows()[0].trouble) == ([("unsure", 0)], "silence")
    assert rows()[0].rest_until == NOON + rules.REST
    there.held.set()
    run(days=1)
    assert (len(there.got), jobs()) == (1, ["done"])


STEPS = [
    (sending, "sealed", False, "sent", 1),
    (sending, "post", False, "sent", 1),
    (sending.Errand, "hand", False, "sent", 1),
    (sending.Errand, "hand", True, "unsure", 0),
    (sending, "post", True, "unsure", 1),
    (sending, "_answered", False, "unsure", 1),
    (sending, "_answered", True, "sent", 1),
]


@pytest.mark.parametrize(("where", "name", "done", "state", "pushes"), STEPS)
def test_a_machine_that_dies_at_any_step_sends_no_push_twice(
    make: Make,
    ada: Account,
    there: Receiver,
    taker: Taker,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    done: bool,
    state: str,
    pushes: int,
) -> None:
    answered(make, ada)
    with monkeypatch.context() as patch:
        patch.setattr(where, name, dying(getattr(where, name) if done else None))
        with pytest.raises(Killed):
            run()
    db.session.rollback()
    for minutes in (1, 10, 60, 600):
        run(minutes=minutes)
    assert (len(there.got), states(), jobs()) == (pushes, [(state, 0)], ["done"])


def test_of_two_runners_with_one_push_one_lets_it_go(
    make: Make, ada: Account, taker: Taker
) -> None:
    news = News(area="thread", item_id=1, cause="c")
    first, second = (sending.Errand(rows()[0].id, ada.id, news) for _ in range(2))
    first.hand()
    with pytest.raises(sending.Overtaken):
        second.hand()
    assert (first.handed, second.handed) == (True, False)
