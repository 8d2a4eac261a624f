"""Letters that are refused, put off, ended by one click: each kind by the one place that knows."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from incubator.domain.commitments.presence_events import SessionPresumed
from incubator.domain.help import bump_letters, follows
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.events import record
from incubator.kernel.jobs import Job
from incubator.network.accounts.events import PasswordChanged
from incubator.network.letters.kinds import KINDS
from incubator.network.letters.quiet_rules import Hours
from tests import factories_help as h
from tests.conftest import NOW
from tests.factories_accounts import letters
from tests.factories_checkins import stayed
from tests.factories_letters import keeps, off, refused

EVENING = NOW.replace(hour=21)
MORNING = NOW.replace(hour=7, minute=0) + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nights(nights):
    return nights


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ada(make, lyon):
    return make.member(lyon, name="Ada", email="ada@example.org", language="en")


@pytest.fixture
def presumed(make, ada, lyon):
    """Somebody forgot to check out: a letter of hours that waits for the morning."""
    session = stayed(make, ada, lyon, NOW - timedelta(days=1), 2)

    def happen(at) -> None:
        with as_of(at), transaction():
            told = SessionPresumed(
                actor_id=None, site_id=lyon.id, session_id=session.id, member_id=ada.id
            )
            record(told)

    return happen


def left(app, make, at) -> list[str]:
    """To whom letters leave at an instant."""
    with as_of(at):
        return [letter["To"] for letter in letters(app, make)]


def jobs() -> list[Job]:
    query = select(Job).where(Job.kind == "mail.deliver")
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def test_what_comes_at_night_goes_once_in_the_morning(app, make, ada, presumed):
    presumed(EVENING)
    assert [job.due_at for job in jobs()] == [MORNING]
    assert left(app, make, MORNING - MINUTE) == []
    assert left(app, make, MORNING) == ["ada@example.org"]
    assert left(app, make, MORNING + timedelta(days=1)) == []


def test_what_is_refused_is_not_written(app, make, ada, presumed):
    off(ada, "hours_presumed")
    presumed(NOW)
    assert jobs() == []


def test_what_waits_and_is_refused_meanwhile_is_not_sent(app, make, ada, presumed):
    presumed(EVENING)
    off(ada, "hours_presumed")
    assert left(app, make, MORNING) == []
    assert [job.state for job in jobs()] == ["done"]


def test_what_waits_follows_new_quiet_hours_and_stays_one_letter(app, make, ada, presumed):
    presumed(EVENING)
    keeps(make, ada, Hours(ends=10 * 60))
    assert left(app, make, MORNING) == []
    (job,) = jobs()
    assert (job.state, job.attempts, job.due_at) == ("waiting", 0, MORNING + timedelta(hours=2))
    assert left(app, make, MORNING + timedelta(hours=2)) == ["ada@example.org"]
    assert [job.state for job in jobs()] == ["done"]


def test_a_letter_that_failed_by_day_is_not_tried_again_by_night(app, make, ada, presumed):
    presumed(NOW)
    assert left(app, make, EVENING) == []
    assert left(app, make, MORNING) == ["ada@example.org"]


def test_a_weekend_and_another_zone_are_kept(app, make, ada, presumed):
    with transaction():
        ada.time_zone = "America/Toronto"
    keeps(make, ada, Hours(weekends=True))
    friday = NOW.replace(day=14, hour=2)
    presumed(friday)
    assert [job.due_at for job in jobs()] == [NOW.replace(day=16, hour=13, minute=0)]


def test_security_goes_at_once_and_has_nothing_to_end(app, make, ada):
    with as_of(EVENING), transaction():
        record(PasswordChanged(actor_id=ada.id, member_id=ada.id, how="changed"))
    with as_of(EVENING):
        (letter,) = letters(app, make)
    assert letter["List-Unsubscribe"] is None
    plain = letter.get_body(("plain",)).get_content()
    assert "/me/letters" in plain
    assert "No more letters of this kind" not in plain


def test_one_click_of_a_mail_program_ends_the_kind(app, make, ada, presumed):
    presumed(NOW)
    with as_of(NOW):
        (letter,) = letters(app, make)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"].strip(" <>")
    for part in ("plain", "html"):
        assert address in letter.get_body((part,)).get_content()
    path = urlsplit(address).path
    stranger = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert stranger.get(path).status_code == 200
        assert refused(ada) == set()
        sent = {"List-Unsubscribe": "One-Click"}
        assert stranger.post(path, data=sent).status_code == 200
        assert stranger.post(path, data=sent).status_code == 200
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert refused(ada) == {"hours_presumed"}


def test_a_mention_is_told_without_what_is_refused_of_the_thread(app, make, ada, lyon):
    leo = make.member(lyon, name="Léo Blin")
    with as_of(NOW):
        asked = h.question(make, ada)
        h.answer(make, leo, asked, body="Une autre piste.")
        h.comment(make, leo, asked, body=f"@{make.actor(ada).slug}, et cela ?")
    off(ada, "help_threads")
    with as_of(NOW + 10 * MINUTE):
        with transaction():
            bump_letters.write_due(asked.id, now=NOW + 10 * MINUTE)
        (letter,) = letters(app, make)
    plain = letter.get_body(("plain",)).get_content()
    assert "et cela ?" in plain
    assert "Une autre piste." not in plain


def test_new_questions_are_a_kind_of_their_own(app, make, ada, lyon):
    term, leo = h.skill(make), make.member(lyon)
    with transaction():
        follows.follow_skill(make.actor(ada), term.id, now=NOW)
    off(ada, "help_questions")
    with as_of(NOW):
        asked = h.question(make, leo, term)
    with as_of(NOW + 10 * MINUTE):
        with transaction():
            bump_letters.write_due(asked.id, now=NOW + 10 * MINUTE)
        assert letters(app, make) == []


def test_letters_written_before_there_were_kinds_still_go(app, make, ada, presumed):
    presumed(NOW)
    with transaction():
        (job,) = jobs()
        job.payload = {
            name: value for name, value in job.payload.items() if name not in {"sort", "member_id"}
        }
    assert left(app, make, EVENING) == ["ada@example.org"]


def test_every_kind_is_written_somewhere(request):
    folder = request.config.rootpath / "incubator"
    texts = [path.read_text("utf-8") for path in folder.glob("reactions/*/*.py")]
    texts += [path.read_text("utf-8") for path in folder.glob("domain/help/*.py")]
    named = set(re.findall(r'"([a-z]+(?:_[a-z]+)?)"', "".join(texts)))
    assert {kind.code for kind in KINDS} <= named
