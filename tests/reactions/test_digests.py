"""Digests, pauses, letters made of notifications: once, never of nothing nor of the hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import commands as chat
from incubator.domain.help.models import Question
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import LEASE, Job, run_due
from incubator.kernel.keyset import Cursor
from incubator.network.letters import delivery, paces, wishes
from incubator.network.letters.kinds import DAILY, MAIL, WEEKLY
from incubator.network.letters.pace_rules import Pace
from incubator.network.letters.quiet_rules import Hours
from incubator.reactions.mail import deliver, digests
from incubator.reactions.notifications import reading
from incubator.reactions.notifications.telling import About, tell
from tests import factories_chat as rooms
from tests import factories_help as h
from tests.factories_accounts import letters
from tests.factories_letters import keeps
from tests.factories_notices import announced

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage

    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

NOON = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 13, 7, 0, tzinfo=UTC)


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site()


@pytest.fixture
def ada(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Ada Lovel", email="ada@example.org", language="en")


@pytest.fixture
def leo(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Léo Blin", email="leo@example.org")


def takes(make: Make, who: Account, rhythm: str, *codes: str) -> None:
    """Somebody wants some kinds by a digest and not by letter."""
    with transaction():
        wanted = {(code, rhythm): True for code in codes} | {(code, MAIL): False for code in codes}
        wishes.choose(make.actor(who), wanted)


def sent(app: Flask, make: Make, now: datetime) -> list[EmailMessage]:
    """The letters that leave until an instant."""
    with as_of(now):
        return letters(app, make)


def text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body
    return str(body.get_content())


@pytest.fixture
def answered(make: Make, ada: Account, leo: Account) -> Question:
    """Ada's question has an answer, and she wants it in her daily digest."""
    takes(make, ada, DAILY, "help_threads")
    with as_of(NOON):
        asked = h.question(make, ada, title="Dyeing linen")
        h.answer(make, leo, asked)
    return asked


def test_a_digest_comes_in_the_morning_once_with_what_is_new(
    app: Flask, make: Make, answered: Question
) -> None:
    assert sent(app, make, MORNING - timedelta(minutes=1)) == []
    (letter,) = sent(app, make, MORNING)
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Your day: 1 news")
    assert "Dyeing linen" in text(letter)
    assert "Léo Blin" in text(letter)
    assert f"/help/{answered.id}" in text(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent(app, make, MORNING + timedelta(days=3)) == []


@pytest.mark.usefixtures("answered")
def test_one_click_ends_all_of_a_rhythm(app: Flask, make: Make, ada: Account) -> None:
    (letter,) = sent(app, make, MORNING)
    path = "/" + letter["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert app.test_client().post(path).status_code == 200
    wanted = wishes.wanted_by(ada.id)
    assert not any(yes for (_code, channel), yes in wanted.items() if channel == DAILY)


@pytest.mark.parametrize("how", ["read", "seen", "hidden", "stopped", "muted"])
def test_nothing_is_sent_of_what_was_read_seen_or_hidden(
    app: Flask, make: Make, ada: Account, answered: Question, how: str
) -> None:
    actor = make.actor(ada)
    with transaction():
        if how == "read":
            reading.read(actor, "thread", answered.id, now=NOON)
        elif how == "seen":
            rows = reading.page_for(actor, Cursor(), unread=True).rows
            reading.see(actor, rows, now=NOON)
        elif how == "hidden":
            db.session.get_one(Question, answered.id).state = "removed"
        elif how == "muted":
            reading.mute(actor, "thread", answered.id)
        else:
            wishes.stop_digests(ada.id, DAILY)
    assert sent(app, make, MORNING) == []


def test_what_is_hidden_between_gathering_and_sending_is_not_told(
    app: Flask, make: Make, answered: Question
) -> None:
    with app.app_context(), as_of(MORNING):
        (job,) = db.session.scalars(select(Job).where(Job.kind == "mail.digest"))
        digests.gather(job.payload)
    with transaction():
        db.session.get_one(Question, answered.id).state = "removed"
    assert sent(app, make, MORNING) == []


def test_a_weekly_digest_holds_what_no_daily_one_held(
    app: Flask, make: Make, ada: Account, answered: Question, leo: Account
) -> None:
    takes(make, ada, WEEKLY, "help_threads", "skill_decided")
    assert len(sent(app, make, MORNING)) == 1
    with as_of(NOON), transaction():
        tell("skill_decided", [ada.id], About("skill", 7, "skill_decided", title="Beekeeping"))
    monday = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
    (weekly,) = sent(app, make, monday)
    assert weekly["Subject"] == "Your week: 1 news"
    assert "Beekeeping" in text(weekly)
    assert "Dyeing" not in text(weekly)


def test_each_zone_has_its_morning_and_quiet_hours_and_pauses_put_it_off(
    app: Flask, make: Make, ada: Account, lyon: Site
) -> None:
    far = make.member(lyon, email="far@example.org", time_zone="America/Montreal")
    quiet = make.member(lyon, email="quiet@example.org")
    away = make.member(lyon, email="away@example.org")
    keeps(make, quiet, Hours(starts=22 * 60, ends=9 * 60))
    with transaction():
        paces.pause(make.actor(away), MORNING + timedelta(days=3), now=NOON)
        paces.choose_pace(make.actor(ada), Pace(minutes=6 * 60))
    for who in (ada, far, quiet, away):
        takes(make, who, DAILY, "skill_decided")
    with as_of(NOON + timedelta(hours=2)), transaction():
        ids = [ada.id, far.id, quiet.id, away.id]
        tell("skill_decided", ids, About("skill", 7, "skill_decided", title="Beekeeping"))
    came = {}
    for hours in range(-4, 80):
        now = MORNING + timedelta(hours=hours)
        for letter in sent(app, make, now):
            came.setdefault(letter["To"], hours)
    assert came == {
        "ada@example.org": -2,
        "quiet@example.org": 1,
        "far@example.org": 6,
        "away@example.org": 72,
    }


class Killed(BaseException):
    """The process dies here."""


def dying(after: Callable[..., object] | None = None) -> Callable[..., None]:
    """Do it, or not, and die."""

    def die(*args: object, **more: object) -> None:
        if after:
            after(*args, **more)
        raise Killed

    return die


def killed(monkeypatch: pytest.MonkeyPatch, target: object, name: str, *, done: bool) -> None:
    """Let the machine die at a step, done or not, and be started again."""
    with monkeypatch.context() as patch:
        patch.setattr(target, name, dying(getattr(target, name) if done else None))
        with pytest.raises(Killed):
            while run_due():
                pass
    db.session.rollback()


@pytest.mark.parametrize(
    ("where", "name", "done"),
    [
        (digests, "waiting", False),
        (digests, "later", False),
        (digests, "later", True),
        (deliver, "compose", False),
        (deliver, "compose", True),
    ],
)
def test_a_digest_is_sent_once_however_often_the_machine_dies(
    app: Flask,
    make: Make,
    answered: Question,
    monkeypatch: pytest.MonkeyPatch,
    where: object,
    name: str,
    done: bool,
) -> None:
    with app.app_context(), as_of(MORNING):
        killed(monkeypatch, where, name, done=done)
    later = MORNING + LEASE + timedelta(minutes=1)
    assert len(sent(app, make, later)) == 1
    with app.app_context(), as_of(later + timedelta(hours=1)):
        assert run_due() == 0


def test_who_is_away_is_told_of_messages_and_who_reads_is_not(
    app: Flask, make: Make, ada: Account, leo: Account
) -> None:
    with as_of(NOON):
        room = rooms.direct(make, leo, ada)
        rooms.say(make, leo, room.id, "Bonjour")
        rooms.say(make, leo, room.id, "Tu es là ?")
    assert sent(app, make, NOON + timedelta(minutes=1)) == []
    (letter,) = sent(app, make, NOON + timedelta(minutes=5))
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "New messages · Léo Blin")
    assert "Bonjour" not in text(letter)
    with as_of(NOON + timedelta(hours=1)):
        rooms.say(make, leo, room.id, "Et là ?")
        with transaction():
            chat.mark_read(make.actor(ada), room.id, no=3)
    assert sent(app, make, NOON + timedelta(hours=2)) == []
    assert not reading.waits(make.actor(ada), "room", room.id)


def test_an_announcement_goes_by_letter_to_who_wishes_so(
    app: Flask, make: Make, lyon: Site, ada: Account, leo: Account
) -> None:
    with transaction():
        wishes.choose(make.actor(ada), {("notice", MAIL): True})
    with as_of(NOON):
        announced(make, make.member(lyon, role="manager"), lyon, title="Water is off")
    (letter,) = sent(app, make, NOON)
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Announcement · Water is off")


def test_a_pause_holds_all_but_what_cannot_be_refused_or_cannot_wait(
    make: Make, ada: Account
) -> None:
    until = NOON + timedelta(days=3)
    with transaction():
        paces.pause(make.actor(ada), until, now=NOON)
    found = {
        code: delivery.dues(code, [ada.id], at=NOON)[ada.id]
        for code in ("help_asked", "membership", "slot_changes")
    }
    assert found == {"help_asked": until, "membership": NOON, "slot_changes": NOON}
