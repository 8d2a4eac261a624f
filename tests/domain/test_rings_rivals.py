"""Firms of rings that answer, and searches that suggest, at the same instant."""

from __future__ import annotations

from functools import partial

from sqlalchemy import func, select

from incubator.domain.exchanges.deals.models import Deal
from incubator.domain.exchanges.rings import commands, seeking
from incubator.domain.exchanges.rings.models import Ring, RingHold
from incubator.kernel.db import as_of, db, transaction
from tests import factories_listings as listed
from tests import factories_rings as f
from tests.rivals import DONE, Rivals, rested


def _rested(turns: list[f.Turn]) -> None:
    for turn in turns:
        rested(turn.trader.account, turn.trader.firm, turn.offer, turn.need)


def _yes(rivals: Rivals, turn: f.Turn, ring: Ring) -> None:
    with as_of(rivals.make.now):
        f.says_yes(rivals.make, turn, ring)


def _deals() -> int:
    return db.session.scalar(select(func.count()).select_from(Deal)) or 0


def test_three_that_say_yes_at_once_twice_make_one_deal(rivals: Rivals) -> None:
    with rivals.inside(), as_of(rivals.make.now):
        turns = f.ringed(rivals.make)
        ring = f.suggested(rivals.make, turns)
        rested(ring)
        _rested(turns)
    rivals.all_at_once([partial(_yes, rivals, turn, ring) for turn in turns * 2])
    with rivals.inside():
        assert f.again(ring).state == "became_deal"
        assert _deals() == 1
        assert db.session.scalar(select(func.count()).select_from(RingHold)) == 6


def test_of_two_rings_with_one_listing_one_wins(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside(), as_of(make.now):
        turns = f.ringed(make, 2)
        first = f.suggested(make, turns)
        rival = f.rival_of(make, turns[0])
        second = f.suggested(make, [rival, turns[0]])
        assert first.id != second.id
        for ring in (first, second):
            f.says_yes(make, turns[0], ring)
        rested(first, second)
        _rested([*turns, rival])
    ends = rivals.at_once(
        [partial(_yes, rivals, turns[1], first), partial(_yes, rivals, rival, second)]
    )
    with rivals.inside():
        states = sorted(f.again(ring).state for ring in (first, second))
        assert states == ["became_deal", "lapsed"]
        assert _deals() == 1
    assert ends in ({DONE: 2}, {DONE: 1, "rings.state": 1})


def test_a_listing_withdrawn_and_the_last_yes_at_once_never_wait_for_each_other(
    rivals: Rivals,
) -> None:
    make = rivals.make
    with rivals.inside(), as_of(make.now):
        turns = f.ringed(make)
        ring = f.suggested(make, turns)
        for turn in turns[:2]:
            f.says_yes(make, turn, ring)
        rested(ring)
        _rested(turns)

    def withdraws() -> None:
        with as_of(make.now):
            listed.moved(make, turns[0].trader, turns[0].offer, "withdraw")

    ends = rivals.at_once([withdraws, partial(_yes, rivals, turns[2], ring)])
    with rivals.inside():
        found = f.again(ring)
        assert (found.state, found.cause, _deals()) in {
            ("became_deal", "", 1),
            ("lapsed", "listing", 0),
        }
    assert ends in ({DONE: 2}, {DONE: 1, "rings.state": 1})


def test_a_yes_and_a_no_at_once_leave_one_end(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside(), as_of(make.now):
        turns = f.ringed(make, 2)
        ring = f.suggested(make, turns)
        f.says_yes(make, turns[0], ring)
        rested(ring)
        _rested(turns)

    def refuses() -> None:
        with as_of(make.now):
            f.says_no(make, turns[0], ring)

    ends = rivals.at_once([refuses, partial(_yes, rivals, turns[1], ring)])
    assert ends == {DONE: 1, "rings.state": 1}
    with rivals.inside():
        assert (f.again(ring).state, _deals()) in {("became_deal", 1), ("refused", 0)}


def test_searches_at_once_suggest_once_and_never_a_fourth(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside(), as_of(make.now):
        turns = f.ringed(make, 2)
        for _more in range(4):
            f.rival_of(make, turns[0])
        firm_id = turns[0].trader.firm.id

    def seeks() -> None:
        with as_of(make.now):
            for each in seeking.through(firm_id, now=make.now):
                with transaction():
                    seeking.suggest(each, now=make.now)

    rivals.all_at_once([seeks] * 4)
    with rivals.inside():
        assert seeking.open_ideas([firm_id]) == {firm_id: 3}
        assert db.session.scalar(select(func.count()).select_from(Ring)) == 3
        assert commands.due(make.now) == []
