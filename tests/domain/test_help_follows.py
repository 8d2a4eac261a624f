"""Following: who hears of what, once, and nobody of what they may not read."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.help import (
    bumps,
    commands,
    feeds,
    follows,
    resolving,
)
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.follow_models import Bump, Follow, ThreadFeed
from incubator.domain.help.opened import opened
from incubator.domain.help.personal import forget
from incubator.domain.help.search_models import Saved, ThreadDocument
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.jobs import Job
from incubator.network.members.models import Member
from tests import factories_help as h
from tests.conftest import NOW
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[ThreadNews]:
    return h.news_told(monkeypatch)


@pytest.fixture
def asker(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


def raised(question: Question) -> dict[int, tuple[str, bool]]:
    """Who has a thread raised: for which reason, and whether it is unread."""
    rows = db.session.scalars(select(Bump).where(Bump.question_id == question.id))
    return {row.member_id: (row.why, row.read_at is None) for row in rows}


def test_who_asks_or_answers_follows_unless_they_said_no(make: Make, asker: Account) -> None:
    helper, asked = make.member(make.site("Lille")), h.question(make, asker)
    h.answer(make, helper, asked)
    assert opened(make.actor(asker), asked.id).kept == (True, False, True)
    assert opened(make.actor(helper), asked.id).kept == (True, False, False)
    with transaction():
        follows.unfollow(helper.id, asked.id, now=make.now)
    h.answer(make, helper, asked)
    assert not opened(make.actor(helper), asked.id).kept.followed
    with transaction():
        follows.follow(make.actor(helper), asked.id, now=make.now)
    assert opened(make.actor(helper), asked.id).kept.followed


def test_news_raise_a_thread_for_all_who_follow_but_the_author(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    one, two = make.member(make.site("Lille")), make.member(make.site("Dakar"))
    h.answer(make, one, asked)
    assert raised(asked) == {asker.id: ("thread", True)}
    reader = make.member(make.site("Nantes"))
    with transaction():
        follows.follow(make.actor(reader), asked.id, now=make.now)
    assert reader.id not in raised(asked)
    h.answer(make, two, asked)
    assert raised(asked) == dict.fromkeys((asker.id, one.id, reader.id), ("thread", True))
    assert bumps.UNREAD.of(make.actor(one)) == 1
    with transaction():
        bumps.read(one.id, asked.id, now=make.now)
    assert bumps.UNREAD.of(make.actor(one)) == 0


def test_new_questions_reach_who_follows_their_skill_or_site_once(
    make: Make, asker: Account
) -> None:
    term, other = h.skill(make, "Droit"), h.skill(make, "Photo")
    both, site = make.member(make.site("Lille")), make.member(make.site("Dakar"))
    home = make.actor(asker).home_site_id
    assert home
    with transaction():
        follows.follow_skill(make.actor(both), term.id, now=make.now)
        follows.follow_skill(make.actor(both), other.id, now=make.now)
        for who in (both, site, asker):
            follows.follow_site(make.actor(who), home, now=make.now)
    asked = h.question(make, asker, term, other)
    assert raised(asked) == {both.id: ("skill", True), site.id: ("site", True)}
    with transaction():
        follows.unfollow_skill(both.id, term.id)
        follows.unfollow_site(site.id, home)
    assert [each.id for each in follows.skills_followed(both.id)] == [other.id]
    assert follows.sites_followed(site.id) == []


def test_one_letter_tells_what_came_together_and_once(
    make: Make, asker: Account, news: list[ThreadNews]
) -> None:
    asked, helper = h.question(make, asker), make.member(make.site("Lille"))
    h.answer(make, helper, asked)
    last = h.answer(make, helper, asked)
    assert db.session.scalar(select(func.count()).where(Job.kind == bumps.TELL)) == 1
    h.letters_due(asked, now=NOW)
    assert news == []
    h.letters_due(asked)
    h.letters_due(asked)
    assert [(one.member_id, one.after_answer_id, one.last_answer_id) for one in news] == [
        (asker.id, 0, last.id)
    ]
    third = h.answer(make, helper, asked)
    h.letters_due(asked, now=LATER + timedelta(hours=1))
    assert [(one.after_answer_id, one.last_answer_id) for one in news[1:]] == [(last.id, third.id)]


def test_what_was_read_or_given_up_is_not_told(
    make: Make, asker: Account, news: list[ThreadNews]
) -> None:
    asked, helper = h.question(make, asker), make.member(make.site("Lille"))
    h.answer(make, helper, asked)
    with transaction():
        bumps.read(asker.id, asked.id, now=make.now)
    h.letters_due(asked)
    h.answer(make, helper, asked)
    with transaction():
        follows.unfollow(asker.id, asked.id, now=make.now)
    h.letters_due(asked)
    assert news == []


def test_nobody_is_told_of_what_they_may_not_read_any_more(
    make: Make, news: list[ThreadNews]
) -> None:
    lyon = make.site("Lyon")
    asker, neighbour = make.member(lyon), make.member(lyon)
    asked = h.question(make, asker, audience="site")
    for who in (neighbour, make.member(lyon)):
        h.answer(make, who, asked)
    far = make.site("Dakar")
    with transaction():
        db.session.get_one(Member, neighbour.id).home_site_id = far.id
    h.letters_due(asked)
    assert [one.member_id for one in news] == [asker.id]


def test_a_machine_that_slept_sends_no_flood(
    make: Make, asker: Account, news: list[ThreadNews]
) -> None:
    asked = h.question(make, asker)
    h.answer(make, make.member(make.site("Lille")), asked)
    h.letters_due(asked, now=NOW + timedelta(days=3))
    assert news == []


def test_what_is_loaded_late_is_in_nobodys_letters(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    with bumps.without_letters():
        h.answer(make, make.member(make.site("Lille")), asked)
    assert raised(asked) == {asker.id: ("thread", True)}
    assert not db.session.scalar(select(func.count()).where(Job.kind == bumps.TELL))
    with transaction():
        bumps.read_before(LATER)
    assert raised(asked) == {asker.id: ("thread", False)}


def test_keeping_a_thread_makes_it_more_useful(make: Make, asker: Account) -> None:
    asked, actor = h.question(make, asker), make.actor(asker)
    useful = select(ThreadDocument.useful)
    for _ in range(2):
        with transaction():
            follows.save(actor, asked.id, now=make.now)
        assert db.session.scalars(useful).one() == 1
    with transaction():
        follows.unsave(actor, asked.id)
    assert db.session.scalars(useful).one() == 0


def test_guests_follow_nothing_and_what_is_not_there_is_not_found(
    make: Make, asker: Account
) -> None:
    asked, site = h.question(make, asker), make.site("Dakar")
    guest, actor = make.actor(make.member(site, role="guest")), make.actor(asker)
    for act in (follows.follow, follows.save, follows.follow_skill, follows.follow_site):
        with pytest.raises(NotAllowed), transaction():
            act(guest, asked.id, now=make.now)
        with pytest.raises(NotFound), transaction():
            act(actor, 4321, now=make.now)
    with pytest.raises(NotFound), transaction():
        follows.unfollow(asker.id, 4321, now=make.now)


def test_a_feed_is_read_by_its_secret_until_it_is_taken_back(make: Make, asker: Account) -> None:
    actor = make.actor(asker)
    with transaction():
        token = feeds.make_feed(actor, query="view=open", now=make.now)
    feed, reader = feeds.read_by(token)
    assert (feed.query, reader) == ("view=open", actor)
    assert feeds.is_due_to_note(feed, now=make.now)
    with transaction():
        feeds.note_reading(feed.id, now=make.now)
    assert not feeds.is_due_to_note(feeds.feeds_of(asker.id)[0], now=make.now)
    stranger = make.actor(make.member(make.site("Dakar")))
    with pytest.raises(NotFound), transaction():
        feeds.revoke_feed(stranger, feed.id, now=make.now)
    with transaction():
        feeds.revoke_feed(actor, feed.id, now=make.now)
    for secret in (token, "x"):
        with pytest.raises(NotFound):
            feeds.read_by(secret)


def test_feeds_end_with_an_account_and_have_their_number(make: Make, asker: Account) -> None:
    actor = make.actor(asker)
    with transaction():
        tokens = [feeds.make_feed(actor, now=make.now) for _ in range(feeds.MOST)]
    with pytest.raises(Refusal, match="feeds_enough"), transaction():
        feeds.make_feed(actor, now=make.now)
    with transaction():
        asker.deactivated_at = make.now
    with pytest.raises(NotFound):
        feeds.read_by(tokens[0])


def test_a_member_who_goes_leaves_no_trace_of_what_they_followed(
    make: Make, asker: Account
) -> None:
    asked, actor = h.question(make, asker), make.actor(asker)
    h.answer(make, make.member(make.site("Lille")), asked)
    with transaction():
        follows.save(actor, asked.id, now=make.now)
        feeds.make_feed(actor, now=make.now)
        forget(asker.id)
    for rows in (Follow, Saved, Bump, ThreadFeed):
        mine = select(func.count()).where(rows.member_id == asker.id)  # type: ignore[attr-defined]
        assert db.session.scalar(mine) == 0


def test_rivals_raise_a_thread_once_and_write_one_letter(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker, helper = make.member(make.site("Lyon")), make.member(make.site("Lille"))
        asked = h.question(make, asker)
        rested(asker, helper, asked)
    rivals.all_at_once([lambda: h.answer(make, helper, asked)] * 6)
    with rivals.inside():
        assert raised(asked) == {asker.id: ("thread", True)}
        due = db.session.scalars(select(Bump.due_at)).one()
        assert due
    rivals.all_at_once([partial(h.letters_due, asked, now=due)] * 6)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).where(Job.kind == "mail.deliver")) == 1


def test_rivals_keep_and_follow_a_thread_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        asker = make.member(make.site("Lyon"))
        asked, actor = h.question(make, asker), make.actor(asker)
        rested(asked)

    def keep() -> None:
        with transaction():
            follows.save(actor, asked.id, now=NOW)
            follows.follow(actor, asked.id, now=NOW)

    rivals.all_at_once([keep] * 6)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Saved)) == 1
        assert db.session.scalars(select(ThreadDocument.useful)).one() == 1


def test_an_answer_taken_away_is_not_told(
    make: Make, asker: Account, news: list[ThreadNews]
) -> None:
    asked, helper = h.question(make, asker), make.member(make.site("Lille"))
    given = h.answer(make, helper, asked)
    with transaction():
        commands.remove_answer(make.actor(helper), given.id, now=make.now)
    h.letters_due(asked)
    assert not db.session.scalar(select(func.count()).where(Job.kind == "mail.deliver"))


def test_who_follows_a_repeated_question_follows_the_one_with_the_answers(
    make: Make, asker: Account
) -> None:
    first, again = h.question(make, asker), h.question(make, make.member(make.site("Lille")))
    reader = make.actor(make.member(make.site("Dakar")))
    with transaction():
        follows.follow(reader, again.id, now=make.now)
    admin = make.actor(make.member(make.site("Nantes"), role="administrator"))
    with transaction():
        resolving.repeats(admin, again.id, original_id=first.id, now=make.now)
    assert opened(reader, first.id).kept.followed
