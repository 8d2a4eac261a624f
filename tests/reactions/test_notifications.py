"""Notifications: one row a member and subject, raised once a cause, and only for eyes that may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.help import bumps, follows
from incubator.domain.help.models import Question
from incubator.domain.help.rules import Wish
from incubator.kernel.db import as_of, db, transaction, utcnow
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import rights
from incubator.network.accounts.models import Grant
from incubator.network.letters import wishes
from incubator.network.letters.kinds import APP, CHANNELS, KINDS, kind_named
from incubator.reactions.notifications import reading, telling
from incubator.reactions.notifications.lines import PLACES, lines_of
from incubator.reactions.notifications.sights import BELL
from incubator.reactions.notifications.telling import About, tell, tell_many
from incubator.reactions.notifications.words import WHATS
from tests import factories_help as h
from tests.conftest import NOW
from tests.factories_accounts import letters
from tests.factories_notices import announced

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from incubator.reactions.notifications.lines import Line
    from tests.factories import Make


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site()


@pytest.fixture
def ada(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Ada Lovel")


@pytest.fixture
def leo(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Léo Blin")


def told(make: Make, who: Account, *, unread: bool = True) -> list[Line]:
    """What somebody finds in their list."""
    actor = make.actor(who)
    return lines_of(actor, reading.page_for(actor, Cursor(), unread=unread).rows)


def bell(make: Make, who: Account) -> int:
    return BELL.of(make.actor(who))


def make_grants(who: Account) -> list[Grant]:
    return list(db.session.scalars(select(Grant).where(Grant.account_id == who.id)))


def raised(who: Account, about: About, kind: str = "help_threads") -> None:
    with transaction():
        tell(kind, [who.id], about)


def test_news_of_one_subject_are_one_line_that_says_who_and_how_many(
    make: Make, lyon: Site, ada: Account
) -> None:
    asked = h.question(make, ada)
    for name in ("Mina", "Léo", "Zoé"):
        h.answer(make, make.member(lyon, name=name), asked)
    (line,) = told(make, ada)
    assert (line.row.area, line.row.what, line.row.times) == ("thread", "answer", 3)
    assert (line.names, line.others) == (("Zoé", "Léo"), 1)
    assert line.title == asked.title
    assert bell(make, ada) == 1


def test_what_is_read_begins_anew_with_the_next_news(
    make: Make, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    with transaction():
        reading.read(make.actor(ada), "thread", asked.id, now=NOW)
    assert (told(make, ada), bell(make, ada)) == ([], 0)
    h.comment(make, leo, asked)
    (line,) = told(make, ada)
    assert (line.row.what, line.row.times, line.names) == ("comment_mine", 1, ("Léo Blin",))


def test_an_act_raises_a_subject_once_and_its_weightiest_news_stand(
    make: Make, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    h.accept(make, ada, h.answer(make, leo, asked))
    (line,) = told(make, leo)
    assert (line.row.kind, line.row.what, line.row.times) == ("help_thanks", "accepted", 1)
    with transaction():
        for what in ("answer", "mention", "comment"):
            tell("help_threads", [ada.id], About("thread", asked.id, what))
    (line,) = told(make, ada)
    assert (line.row.what, line.row.times) == ("mention", 3)


def test_nobody_is_told_what_they_did_themselves(make: Make, ada: Account, leo: Account) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    h.comment(make, ada, asked)
    assert all("Ada Lovel" not in line.names for line in told(make, ada))
    assert [line.names for line in told(make, leo)] == [("Ada Lovel",)]


def test_a_muted_subject_stays_silent_by_every_way(
    app: Flask, make: Make, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    with transaction():
        reading.mute(make.actor(ada), "thread", asked.id)
    with as_of(NOW + timedelta(hours=3)):
        h.answer(make, leo, asked, now=NOW)
    assert (told(make, ada), bell(make, ada)) == ([], 0)
    with as_of(NOW + timedelta(days=1)):
        assert [one["To"] for one in letters(app, make)] == []
    with transaction():
        reading.unmute(make.actor(ada), "thread", asked.id)
    h.answer(make, leo, asked)
    assert bell(make, ada) == 1


def test_what_is_put_away_comes_back_with_news_or_when_it_is_taken_back(
    make: Make, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    actor = make.actor(ada)
    with transaction():
        reading.archive(actor, "thread", asked.id, now=NOW)
    assert told(make, ada, unread=False) == []
    with transaction():
        reading.bring_back(actor, "thread", asked.id)
    assert len(told(make, ada)) == 1
    with transaction():
        reading.archive(actor, "thread", asked.id, now=NOW)
    h.answer(make, leo, asked)
    assert [line.row.times for line in told(make, ada)] == [1]


def test_reading_all_is_undone_without_what_was_read_before_or_came_since(
    make: Make, ada: Account
) -> None:
    for number in range(3):
        with as_of(NOW + timedelta(minutes=number)):
            raised(ada, About("hours", number, "corrected"))
    actor = make.actor(ada)
    with transaction():
        reading.read(actor, "hours", 0, now=NOW)
    with transaction():
        late = NOW + timedelta(minutes=1)
        assert reading.read_all(actor, until=late, now=NOW + timedelta(hours=1)) == 1
    assert [line.row.item_id for line in told(make, ada)] == [2]
    with transaction():
        reading.undo_reading(actor, at=NOW + timedelta(hours=1))
    assert [line.row.item_id for line in told(make, ada)] == [2, 1]


def test_what_is_marked_as_read_is_read_where_threads_are_followed_too_and_undone_with_it(
    make: Make, lyon: Site, ada: Account, leo: Account
) -> None:
    asked, other = h.question(make, ada), h.question(make, ada)
    for each in (asked, other):
        h.answer(make, leo, each)
    actor = make.actor(ada)

    def news() -> int:
        db.session.expire_all()
        return bumps.UNREAD.of(actor)

    assert news() == 2
    with transaction():
        reading.mark_read(actor, "thread", asked.id, now=NOW)
    assert news() == 1
    with transaction():
        reading.read_all(actor, until=utcnow(), now=NOW + timedelta(hours=1))
    assert news() == 0
    with transaction():
        reading.undo_reading(actor, at=NOW + timedelta(hours=1))
    assert news() == 1
    with transaction():
        reading.unread(actor, "thread", asked.id)
    assert news() == 2


@pytest.mark.parametrize(("undone", "sent"), [(False, 0), (True, 1)])
def test_a_letter_about_what_was_marked_as_read_is_not_sent_unless_that_is_undone(
    make: Make,
    ada: Account,
    leo: Account,
    monkeypatch: pytest.MonkeyPatch,
    *,
    undone: bool,
    sent: int,
) -> None:
    told = h.news_told(monkeypatch)
    asked, actor = h.question(make, ada), make.actor(ada)
    with as_of(NOW):
        h.answer(make, leo, asked)
    with transaction():
        reading.mark_read(actor, "thread", asked.id, now=NOW)
    if undone:
        with transaction():
            reading.unread(actor, "thread", asked.id)
    h.letters_due(asked)
    assert [each.member_id for each in told] == [ada.id] * sent


def test_what_the_reader_may_no_longer_read_is_not_there_nor_counted(
    make: Make, lyon: Site, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    assert bell(make, ada) == 1
    with transaction():
        db.session.get_one(Question, asked.id).state = "removed"
    assert (told(make, ada), bell(make, ada)) == ([], 0)
    with pytest.raises(NotFound):
        reading.visible_to(make.actor(ada), "thread", asked.id)
    boss = make.member(lyon, role="manager")
    raised(boss, About("desk", lyon.id, "desk_morning", site_id=lyon.id), "desk_morning")
    assert bell(make, boss) == 1
    admin = make.actor(make.member(role="administrator"))
    (grant,) = (each for each in make_grants(boss) if each.role == "manager")
    with transaction():
        rights.take(admin, member_id=boss.id, grant_id=grant.id, now=NOW)
    assert (told(make, boss), bell(make, boss)) == ([], 0)


def test_who_asked_without_their_name_is_in_no_row(
    make: Make, lyon: Site, ada: Account, leo: Account
) -> None:
    with transaction():
        db.session.get_one(type(lyon), lyon.id).hidden_askers = True
    asked = h.question(make, ada, wish=Wish(anonymous=True))
    h.answer(make, leo, asked)
    h.comment(make, ada, asked)
    (line,) = told(make, leo)
    assert (line.names, line.row.people) == ((), [])


def test_who_does_not_want_a_kind_in_the_product_finds_none(
    make: Make, ada: Account, leo: Account
) -> None:
    with transaction():
        wishes.choose(make.actor(ada), {("help_threads", APP): False})
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    assert (told(make, ada), bell(make, ada)) == ([], 0)


def test_a_crowd_is_told_by_jobs_that_may_run_twice(
    make: Make, lyon: Site, ada: Account, leo: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    parts = []
    monkeypatch.setattr(telling, "later", lambda _kind, payload: parts.append(payload))
    boss = make.member(lyon, name="Ines Roy", role="manager")
    announced(make, boss, lyon)
    assert bell(make, ada) == 0
    for part in [*parts, *parts]:
        tell_many(part)
    (line,) = told(make, ada)
    assert (line.title, line.row.times, line.names) == ("Coupure d’eau", 1, ("Ines Roy",))
    assert bell(make, leo) == 1
    assert bell(make, boss) == 0


def test_every_kind_has_known_channels_and_every_place_a_page(app: Flask) -> None:
    assert all(set(kind.usual) <= set(CHANNELS) for kind in KINDS)
    assert kind_named("account").channels == ()
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {endpoint for endpoint, _part in PLACES.values()} <= endpoints
    assert all(len(what) <= 24 for what in WHATS)


def test_followers_are_told_of_answers_and_those_who_left_are_not(
    make: Make, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    with transaction():
        follows.unfollow(leo.id, asked.id, now=NOW)
    h.answer(make, ada, asked)
    assert told(make, leo) == []
