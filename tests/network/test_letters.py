"""What members want of letters: deviations alone are kept, and one place answers for all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.blueprints.letters.words import CHANNELS as CHANNEL_WORDS
from incubator.blueprints.letters.words import FEATURES
from incubator.blueprints.letters.words import KINDS as WORDS
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotFound, Refusal
from incubator.network.letters import delivery, paces, personal, wishes
from incubator.network.letters.kinds import CHANNELS, KINDS, MAIL, kind_named, kinds_for
from incubator.network.letters.models import LetterChoice, QuietHours
from incubator.network.letters.pace_rules import Pace
from incubator.network.letters.quiet_rules import Hours
from incubator.network.letters.stop_links import Stop, stop_of
from tests.factories_letters import keeps, off, refused

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SECRET = "s" * 40


@pytest.fixture
def leo(make: Make) -> Account:
    return make.member(make.site())


def kept() -> list[LetterChoice]:
    return list(db.session.scalars(select(LetterChoice)))


def choose(make: Make, who: Account, code: str, *, yes: bool) -> None:
    with transaction():
        wishes.choose(make.actor(who), {(code, MAIL): yes})


def test_every_kind_has_words_and_a_code_of_its_own() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert set(codes) == WORDS.keys()
    assert {kind.feature for kind in KINDS} == FEATURES.keys()
    assert set(CHANNELS) == CHANNEL_WORDS.keys()


def test_security_cannot_be_switched_off_and_waits_for_no_morning(make: Make, leo: Account) -> None:
    assert not kind_named("account").waits
    for code in ("account", "membership", "mailing"):
        with pytest.raises(Refusal, match=r"letters\.needed"):
            choose(make, leo, code, yes=False)
        choose(make, leo, code, yes=True)
    assert kept() == []


def test_each_reader_has_the_kinds_that_may_come_to_them(make: Make) -> None:
    site = make.site()
    of = {
        role: {kind.reader for kind in kinds_for(make.actor(make.member(site, role=role)))}
        for role in ("guest", "resident", "manager")
    }
    assert of == {
        "guest": {"anybody"},
        "resident": {"anybody", "member"},
        "manager": {"anybody", "member", "desk"},
    }


@pytest.mark.parametrize("code", ["nothing", "desk_morning"])
def test_what_cannot_come_to_somebody_is_not_theirs_to_choose(
    make: Make, leo: Account, code: str
) -> None:
    with pytest.raises(NotFound):
        choose(make, leo, code, yes=False)


def test_only_what_differs_from_the_usual_is_kept(make: Make, leo: Account) -> None:
    for _twice in range(2):
        choose(make, leo, "help_asked", yes=False)
    assert [(row.kind, row.channel, row.wanted) for row in kept()] == [("help_asked", MAIL, False)]
    assert refused(leo) == {"help_asked"}
    assert not wishes.wants(leo.id, "help_asked")
    choose(make, leo, "help_asked", yes=True)
    assert kept() == []
    assert wishes.wants(leo.id, "help_asked")


def test_quiet_hours_are_kept_only_where_they_differ(
    make: Make, leo: Account, nights: None
) -> None:
    del nights
    for hours in (Hours(starts=60), Hours(weekends=True)):
        keeps(make, leo, hours)
        assert delivery.quiet_hours_of(leo.id) == hours
    keeps(make, leo, Hours())
    assert db.session.scalars(select(QuietHours)).all() == []
    assert delivery.quiet_hours_of(leo.id) == Hours()


def test_off_is_not_written_quiet_is_put_off_and_urgent_goes_at_once(
    make: Make, leo: Account, nights: None
) -> None:
    del nights
    site = make.site("Montréal")
    far = make.member(site, time_zone="America/Toronto")
    silent, gone = make.member(site), make.member(site)
    off(silent, "help_asked")
    with transaction():
        gone.deactivated_at = make.now
    everybody = [leo.id, far.id, silent.id, gone.id]
    morning = make.now.replace(hour=13, minute=0)
    assert delivery.dues("help_asked", everybody, at=make.now) == {
        leo.id: make.now,
        far.id: morning,
    }
    assert delivery.dues("account", everybody, at=make.now) == dict.fromkeys(everybody, make.now)
    assert delivery.dues("slot_changes", [far.id], at=make.now) == {far.id: make.now}
    # Who has left is told what became of their membership all the same.
    assert gone.id in delivery.dues("membership", everybody, at=make.now)
    assert delivery.dues("help_asked", [], at=make.now) == {}


def test_asking_for_many_costs_no_more_than_for_one(
    make: Make, leo: Account, count_queries: object
) -> None:
    others = [make.member(make.site()).id for _ in range(5)]
    counted = []
    for ids in ([leo.id], [leo.id, *others]):
        with count_queries() as seen:  # type: ignore[operator]
            delivery.dues("help_asked", ids, at=make.now + timedelta(hours=1))
        counted.append(len(seen))
    assert counted == [4, 4]


def test_a_link_ends_one_kind_of_one_member_and_cannot_be_forged() -> None:
    stop = Stop(12, kind_named("help_asked"))
    token = stop.token(SECRET)
    assert stop_of(token, SECRET) == stop
    others = (token[:-1], token.replace("12-", "13-", 1), token.replace("asked", "care"), "é-é", "")
    for wrong in others:
        with pytest.raises(NotFound):
            stop_of(wrong, SECRET)
    with pytest.raises(NotFound):
        stop_of(token, "t" * 40)


def rows_about(who: Account) -> dict[str, int]:
    """How many rows are kept of a member, by their kind."""
    return {name: len(list(rows)) for name, rows in personal.personal_data(who.id).items()}


def test_what_is_forgotten_leaves_nothing(make: Make, leo: Account) -> None:
    off(leo, "help_asked")
    keeps(make, leo, Hours(weekends=True))
    with transaction():
        paces.choose_pace(make.actor(leo), Pace(weekday=4))
        paces.pause(make.actor(leo), make.now + timedelta(days=3), now=make.now)
    assert rows_about(leo) == dict.fromkeys(personal.personal_data.parts, 1)
    with transaction():
        personal.forget(leo.id)
    assert rows_about(leo) == dict.fromkeys(personal.personal_data.parts, 0)
