"""Statements of a period against a reckoning of their own; who keeps and frees a line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from incubator.domain.exchanges.ledger import posting, statements, writing
from incubator.domain.exchanges.ledger.rules import GENESIS
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from tests.factories_credit import Market, a_market

HOUR = timedelta(hours=1)


@pytest.fixture
def market(make) -> Market:
    return a_market(make, firms=3)


@pytest.fixture
def hours(market) -> list:
    """One hour after another something moves; at 2 h between others, at 3 h it is taken back."""
    one, two, three = market.accounts
    begun = market.make.now
    first = market.gives(one, two, 10_00)
    market.make.now += HOUR
    market.gives(two, one, 3_00)
    market.make.now += HOUR
    market.gives(two, three, 50_00)
    market.make.now += HOUR
    market.reverses(first.id)
    return [begun + number * HOUR for number in range(5)]


def told(market: Market, first, until, *, by=None, firm: int = 0) -> statements.Period:
    reader = market.actor(by or market.people[firm])
    day = market.make.now.date()
    asked = {"firm_id": market.firms[firm].id, "today": day}
    return statements.period(reader, first=first, until=until, **asked)


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(market, hours) -> None:
    def cents(first, until, firm: int = 0) -> tuple[int, list[int], int]:
        found = told(market, hours[first], hours[until], firm=firm)
        return found.opening, [line.cents for line in found.lines], found.closing

    assert cents(0, 4) == (0, [10_00, -3_00, -10_00], -3_00)
    assert cents(0, 1) == (0, [10_00], 10_00)
    assert cents(1, 3) == (10_00, [-3_00], 7_00)
    assert cents(2, 3) == (7_00, [], 7_00)
    assert cents(1, 4, firm=1) == (-10_00, [3_00, 50_00, 10_00], 53_00)
    assert cents(2, 3, firm=2) == (0, [-50_00], -50_00)


def test_a_line_says_what_it_was_and_whether_it_was_taken_back(market, hours) -> None:
    given, _, back = told(market, hours[0], hours[4]).lines
    assert (given.kind, given.reversed_by, given.over_limit) == ("settle", back.txn_id, False)
    assert (back.kind, back.reason, back.reversed_by) == ("reversal", "typed twice", None)
    assert [given.balance_after, back.balance_after] == [10_00, -3_00]
    assert {each.with_name for each in (given, back)} == {market.firms[1].name}
    assert (given.link, back.link) == (1, 4)


def test_the_head_of_a_period_is_the_chain_as_it_was_at_its_end(market, hours) -> None:
    heads = [told(market, hours[0] - HOUR, until).head for until in hours]
    assert [head.length for head in heads] == [0, 1, 2, 3, 4]
    assert (heads[0].hash, heads[0].switched_on) == (GENESIS, True)
    assert len({head.hash for head in heads}) == len(heads)
    market.turn(on=False)
    ends = (hours[0], hours[4])
    assert [told(market, hours[0] - HOUR, until).head.switched_on for until in ends] == [False] * 2


def test_a_period_without_time_is_refused_beside_its_field(market, hours) -> None:
    for first, until in ((hours[1], hours[1]), (hours[2], hours[1])):
        with pytest.raises(Refusal, match=r"^ledger\.period$") as refused:
            told(market, first, until)
        assert refused.value.field == "first"


def test_a_period_of_too_many_lines_is_refused(market, hours, monkeypatch) -> None:
    monkeypatch.setattr(statements, "MOST_LINES", 3)
    assert len(told(market, hours[0], hours[4]).lines) == 3
    monkeypatch.setattr(statements, "MOST_LINES", 2)
    with pytest.raises(Refusal, match=r"^ledger\.period$") as refused:
        told(market, hours[0], hours[4])
    assert refused.value.field == "first"


def test_a_period_adds_nothing_up_of_what_came_before(market, hours, count_queries) -> None:
    def statements_of(first) -> list[str]:
        with count_queries() as found:
            told(market, first, hours[4] + HOUR)
        return found

    later = statements_of(hours[3])
    assert not [each for each in later if "sum(" in each.lower()]
    one, two, _ = market.accounts
    for _ in range(40):
        market.gives(two, one, 1_00)
        market.gives(one, two, 1_00)
    market.make.now += HOUR
    # A statement more a doubling of the history, for each of three edges; not one an entry.
    assert len(statements_of(hours[3])) <= len(later) + 3 * 7


def test_a_long_period_is_read_in_pieces_in_its_order(market, hours, monkeypatch) -> None:
    whole = told(market, hours[0], hours[4]).lines
    monkeypatch.setattr(statements.door, "AT_ONCE", 1)
    assert told(market, hours[0], hours[4]).lines == whole


def test_others_are_told_of_no_account(market, hours, make) -> None:
    nobody = make.member(market.site)
    for reader in (nobody, market.people[1]):
        with pytest.raises(NotFound, match=r"^ledger\.account$"):
            told(market, hours[0], hours[4], by=reader)
    assert told(market, hours[0], hours[4], by=market.managers[0]).closing == -3_00
    with pytest.raises(NotFound, match=r"^ledger\.txn$"):
        statements.line_of(market.one, 10**6)


def test_what_is_kept_is_told_the_oldest_first(market) -> None:
    for key, cents in (("leg:2", 1), ("leg:1", 2), ("leg:3", 3)):
        market.reserve(market.one, cents, key=key, by=market.people[0])
    market.release("leg:3", by=market.people[0])
    kept = [(each.key, each.cents) for each in statements.reserved_of(market.one)]
    assert kept == [("leg:2", 1), ("leg:1", 2)]


# ---------------------------------------------------------------- who keeps and frees a line


def refusal(kind: type[Exception], act, *arguments, **more) -> str:
    with pytest.raises(kind) as caught:
        act(*arguments, **more)
    db.session.rollback()
    return caught.value.code


def test_a_line_is_kept_and_freed_by_its_people_and_freed_by_managers(market, make) -> None:
    stranger, other = make.member(market.site), market.people[1]
    for nobody in (stranger, other, market.managers[0]):
        assert refusal(NotAllowed, market.reserve, market.one, 5_00, by=nobody) == "ledger.post"
    market.reserve(market.one, 5_00, by=market.people[0])
    far = make.member(make.site("Dakar"), role="manager")
    for nobody in (stranger, other, far):
        assert refusal(NotAllowed, market.release, by=nobody) == "ledger.post"
    assert market.release(by=market.managers[0]) == 5_00
    assert market.held(market.one).state.reserved == 0


def test_only_whole_cents_above_nothing_are_kept(market) -> None:
    for cents in (0, -1):
        with transaction(), pytest.raises(Refusal, match=r"^ledger\.cents$"):
            posting.reserve(
                None, account_id=market.one, cents=cents, key="leg:9", now=market.make.now
            )


def test_a_frozen_line_keeps_nothing_and_says_whose_it_is(market) -> None:
    market.freeze(market.one)
    with pytest.raises(Refusal, match=r"^ledger\.frozen$") as refused:
        market.reserve(market.one, 1)
    assert refused.value.details["account_id"] == market.one


def test_words_of_a_posting_are_few_and_plain(market) -> None:
    assert market.gives(market.one, market.two, 1, reason="x" * writing.MOST_REASON).new
    for reason in ("x" * (writing.MOST_REASON + 1), "a\0b"):
        with pytest.raises(Refusal, match=r"^ledger\.reason$") as refused:
            market.gives(market.one, market.two, 1, reason=reason)
        assert refused.value.field == "reason"


def test_who_cannot_take_part_is_named_by_its_account(market) -> None:
    one, two, three = market.accounts
    market.freeze(two)
    with pytest.raises(Refusal, match=r"^ledger\.frozen$") as refused:
        market.gives(one, two, 1)
    assert refused.value.details["account_id"] == two
    # Frozen, it gives.
    market.gives(two, one, 1)
    market.closes(three, by=market.people[2])
    with pytest.raises(Refusal, match=r"^ledger\.closed$") as refused:
        market.gives(one, three, 1)
    assert refused.value.details["account_id"] == three
