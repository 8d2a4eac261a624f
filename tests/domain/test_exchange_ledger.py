"""Moving cents between firms: reserved, posted, refused to the cent, reversed, told once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from incubator.domain.exchanges.ledger import accounts, posting, switch, verifying
from incubator.domain.exchanges.ledger.models import Entry, LimitChange, Switch, Txn
from incubator.domain.exchanges.ledger.writing import Draft, Excess, Shortfall
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import recording
from tests.factories_credit import READ, a_market
from tests.factories_members import a_firm

START = 500_00


@pytest.fixture
def market(make):
    return a_market(make, firms=3)


@pytest.fixture(autouse=True)
def every_proof_holds(session):
    yield
    assert verifying.verify() == []


def refusal(act, kind: type[Refusal] = Refusal) -> Refusal:
    with pytest.raises(kind) as caught:
        act()
    return caught.value


def test_until_it_is_switched_on_nothing_opens_moves_or_is_kept(make) -> None:
    market = a_market(make, opened=False)
    acts = (
        lambda: market.gives(1, 2, 5),
        lambda: market.reserve(1, 5),
    )
    assert [refusal(act).code for act in acts] == ["ledger.off"] * 2
    assert not switch.is_on()


def test_only_an_administrator_who_read_the_text_switches_it_on(make) -> None:
    market = a_market(make, opened=False)

    def turn(by, text: str = READ) -> bool:
        with transaction():
            return switch.switch(market.actor(by), turned_on=True, text_read=text, now=make.now)

    assert refusal(lambda: turn(market.managers[0]), NotAllowed).code == "ledger.switch"
    assert refusal(lambda: turn(market.boss, "  ")).code == "ledger.unread"
    assert (turn(market.boss), turn(market.boss)) == (True, False)
    (told,) = switch.history()
    assert (told.by_id, told.at, told.text_read) == (market.boss.id, make.now, READ)


def test_what_one_gives_another_receives(market) -> None:
    posted = market.gives(market.one, market.two, 120_00, by=market.people[1])
    assert (posted.link, posted.new, len(posted.hash)) == (1, True, 64)
    assert market.balances() == [120_00, -120_00, 0]


def test_told_twice_it_moves_once_and_another_sum_is_no_repetition(market) -> None:
    first = market.gives(market.one, market.two, 10_00, idem="leg:1")
    again = market.gives(market.one, market.two, 10_00, idem="leg:1")
    assert (again.id, again.new) == (first.id, False)
    assert market.balances() == [10_00, -10_00, 0]
    other = refusal(lambda: market.gives(market.one, market.two, 11_00, idem="leg:1"), Conflict)
    assert other.code == "ledger.key"


def test_a_float_never_reaches_the_ledger(market) -> None:
    bad = ({market.one: 10.0, market.two: -10.0}, {market.one: True, market.two: -1})
    assert [refusal(lambda a=a: market.post(a)).code for a in bad] == ["ledger.cents"] * 2
    assert refusal(lambda: market.reserve(market.one, 9.5)).code == "ledger.cents"


@pytest.mark.parametrize("cents", [(5, -4), (5, 5), (0, 0)])
def test_what_sums_to_something_is_refused(market, cents) -> None:
    amounts = dict(zip(market.accounts, cents, strict=False))
    assert refusal(lambda: market.post(amounts)).code == "ledger.sum"


def test_a_shortfall_says_how_much_is_missing_and_how_much_is_left(market) -> None:
    market.reserve(market.two, 100_00)
    said = refusal(lambda: market.gives(market.one, market.two, 400_01), Shortfall)
    assert (said.cents, said.available, said.wanted) == (1, 400_00, 400_01)
    assert said.details == {
        "cents": 1,
        "wanted": 400_01,
        "available": 400_00,
        "account_id": market.two,
    }
    market.gives(market.one, market.two, 400_00)


def test_nobody_gives_above_their_upper_limit(market) -> None:
    market.line(market.one, START, upper=50_00)
    said = refusal(lambda: market.gives(market.one, market.two, 50_01), Excess)
    assert (said.code, said.cents) == ("ledger.full", 1)


def test_who_is_frozen_gives_and_receives_nothing(market) -> None:
    market.freeze(market.two)
    market.gives(market.two, market.one, 5_00)
    assert refusal(lambda: market.gives(market.one, market.two, 1)).code == "ledger.frozen"
    assert refusal(lambda: market.reserve(market.two, 1)).code == "ledger.frozen"
    market.freeze(market.two, frozen=False)
    market.gives(market.one, market.two, 1)


def test_what_is_reserved_is_received_and_the_rest_released(market) -> None:
    market.reserve(market.two, 300_00)
    market.reserve(market.two, 300_00)
    assert market.held(market.two).state.available == START - 300_00
    market.gives(market.one, market.two, 250_00, releases={"leg:1": 250_00})
    state = market.held(market.two).state
    assert (state.balance, state.reserved) == (-250_00, 50_00)
    assert (market.release(), market.release()) == (50_00, 0)
    assert market.held(market.two).state.reserved == 0


def test_no_more_is_received_of_a_reservation_than_it_keeps(market) -> None:
    market.reserve(market.two, 10_00)
    acts = (
        (lambda: market.reserve(market.two, 11_00), "ledger.key"),
        (
            lambda: market.gives(market.one, market.two, 20_00, releases={"leg:1": 11_00}),
            "ledger.released",
        ),
        (
            lambda: market.gives(market.one, market.two, 20_00, releases={"leg:2": 1}),
            "ledger.reservation",
        ),
        (
            lambda: market.gives(market.two, market.one, 20_00, releases={"leg:1": 0}),
            "ledger.cents",
        ),
        (lambda: market.release("leg:2"), "ledger.reservation"),
        (lambda: market.reserve(market.two, START, "leg:3"), "ledger.short"),
    )
    assert [refusal(act).code for act, _ in acts] == [code for _, code in acts]
    assert market.held(market.two).state.reserved == 10_00


def codes(*acts) -> list[str]:
    return [refusal(act).code for act in acts]


def test_whoever_receives_takes_it_on_or_a_manager_who_is_no_party(market, make) -> None:
    lone = make.member(make.site("Nantes"), role="manager")
    for by in (market.people[0], market.people[2], lone):
        refused = codes(
            lambda by=by: market.gives(market.one, market.two, 5, by=by),
            lambda by=by: market.reserve(market.two, 5, by=by),
        )
        assert refused == ["ledger.post"] * 2
    for by in (market.people[1], market.managers[0]):
        market.gives(market.one, market.two, 5, by=by)


def test_a_manager_who_is_a_party_decides_nothing(market, make) -> None:
    boss = make.member(market.site, role="manager")
    own = market.opens(a_firm(make, boss, "Chez la responsable"))
    posted = market.gives(own, market.one, 5)
    assert codes(
        lambda: market.gives(own, market.one, 5, by=boss),
        lambda: market.reverses(posted.id, by=boss),
    ) == ["ledger.post", "ledger.reverse"]


def test_openings_and_clearings_are_for_administrators_and_the_machine(market) -> None:
    amounts = {market.one: 5, market.two: -5}
    for kind in ("opening", "clearing"):
        assert codes(lambda k=kind: market.post(amounts, kind=k, by=market.managers[0])) == [
            "ledger.post"
        ]
        market.post(amounts, kind=kind, by=market.boss)
        market.post(amounts, kind=kind)


def test_an_adjustment_takes_two_managers_and_a_reason(market) -> None:
    amounts, (first, other) = {market.one: 5, market.two: -5}, market.managers
    told = {"kind": "adjustment", "reason": "counted wrongly"}
    assert (
        codes(
            lambda: market.post(amounts, **told),
            lambda: market.post(amounts, **told, by=first),
            lambda: market.post(amounts, **told, by=first, second=first),
            lambda: market.post(amounts, **told, by=market.people[1], second=first),
            lambda: market.post(amounts, **told, by=first, second=market.people[0]),
        )
        == ["ledger.post"] * 5
    )
    market.post(amounts, **told, by=first, second=other)


def test_what_has_a_command_of_its_own_is_not_posted(market) -> None:
    for kind in ("reversal", "guarantee", "gift"):
        with pytest.raises(ValueError, match=kind):
            market.post({market.one: 5, market.two: -5}, kind=kind)
    with pytest.raises(ValueError, match="no key"):
        market.gives(market.one, market.two, 5, idem="")


def test_a_batch_is_one_transaction_or_none(market) -> None:
    third = market.accounts[2]
    amounts = {market.one: START + 1, market.two: 0 - START - 1}
    assert codes(lambda: market.post(amounts | {third: 0}, kind="clearing")) == ["ledger.sum"]
    assert codes(lambda: market.post(amounts, kind="clearing")) == ["ledger.short"]
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0
    market.post({market.one: 30, market.two: -10, third: -20}, kind="clearing")
    assert market.balances() == [30, -10, -20]


def test_a_fee_is_taken_beside_its_cause(market) -> None:
    fund = market.fund
    market.post({market.one: 100_00, market.two: -102_00, fund: 2_00}, kind="fee")
    assert [*market.balances(), market.held(fund).state.balance] == [100_00, -102_00, 0, 2_00]
    assert market.held(market.one).given == 100_00


def test_a_transaction_is_taken_back_once_by_its_opposite(market) -> None:
    posted = market.gives(market.one, market.two, 40_00)
    back = market.reverses(posted.id)
    assert market.balances() == [0, 0, 0]
    assert market.held(market.one).given == 0
    assert codes(lambda: market.reverses(posted.id), lambda: market.reverses(back.id)) == [
        "ledger.reversed",
        "ledger.not_reversible",
    ]


def test_a_reversal_has_a_reason_and_an_author_who_is_no_party(market, make) -> None:
    posted = market.gives(market.one, market.two, 40_00)
    lone = make.member(make.site("Nantes"), role="manager")
    assert codes(
        lambda: market.reverses(posted.id, reason=" "),
        lambda: market.reverses(posted.id, reason="x" * 301),
        lambda: market.reverses(posted.id, by=lone),
        lambda: market.reverses(posted.id, by=market.people[0]),
        lambda: market.reverses(posted.id + 1),
    ) == ["ledger.reason"] * 2 + ["ledger.reverse"] * 2 + ["ledger.txn"]


def test_a_reversal_breaks_a_line_only_where_everybody_sees_it(market) -> None:
    posted = market.gives(market.one, market.two, START)
    market.gives(market.two, market.one, START)
    market.line(market.one, 0)
    assert codes(lambda: market.reverses(posted.id)) == ["ledger.short"]
    back = market.reverses(posted.id, over_limit=True)
    row = db.session.get_one(Txn, back.id)
    assert (row.over_limit_by_id, row.by_id) == (market.managers[0].id,) * 2
    assert market.held(market.one).state.balance == -START


def test_switched_off_it_only_winds_down(market) -> None:
    posted = market.gives(market.one, market.two, 40_00)
    market.reserve(market.two, 5_00)
    market.turn(on=False)
    assert (
        codes(
            lambda: market.gives(market.two, market.one, 1),
            lambda: market.reserve(market.two, 1, "leg:2"),
        )
        == ["ledger.off"] * 2
    )
    assert market.release() == 5_00
    market.reverses(posted.id)
    assert [row.turned_on for row in db.session.scalars(select(Switch).order_by(Switch.id))] == [
        True,
        False,
    ]


def test_the_hours_and_the_barter_ledger_share_no_key() -> None:
    tables = Base.metadata.tables
    paths = {
        (table.name.partition("_")[0], key.column.table.name.partition("_")[0])
        for table in tables.values()
        for key in table.foreign_keys
    }
    assert ("exchanges", "exchanges") in paths
    assert not {("exchanges", "commitments"), ("commitments", "exchanges")} & paths


def test_what_moved_is_told_with_its_parties(market) -> None:
    with transaction():
        draft = Draft(kind="settle", amounts={market.one: 450_00, market.two: -450_00}, idem="x")
        with recording() as events:
            posting.post(None, draft, now=market.make.now)
    told = {type(event).__name__: event for event in events}
    ours = {name for name in told if name.startswith("Credit")}
    assert ours == {"CreditLimitsChanged", "CreditSoftLimitPassed", "CreditMoved"}
    moved, low = told["CreditMoved"], told["CreditSoftLimitPassed"]
    assert (moved.cents, moved.firm_ids) == (450_00, tuple(one.id for one in market.firms[:2]))
    assert (low.firm_id, low.available_cents) == (market.firms[1].id, 50_00)


def test_a_delivery_makes_the_line_longer_and_history_says_so(market) -> None:
    market.gives(market.one, market.two, 300_00)
    assert market.held(market.one).state.limits.lower == -550_00
    rows = db.session.scalars(
        select(LimitChange).where(LimitChange.account_id == market.one).order_by(LimitChange.id)
    ).all()
    assert [(row.cause, row.lower_limit, row.soft_limit) for row in rows] == [
        ("opening", -500_00, -400_00),
        ("growth", -550_00, -440_00),
    ]


def test_a_line_made_shorter_is_told_as_such_in_its_history(market) -> None:
    market.reverses(market.gives(market.one, market.two, 250_00).id)
    latest, before, *_ = accounts.limit_history(market.one)
    assert (before.cause, before.lower_limit) == ("growth", -550_00)
    assert (latest.cause, latest.lower_limit, latest.comment) == ("reversal", -500_00, "")


def test_an_account_that_is_not_there_is_not_found(market) -> None:
    act = lambda: market.gives(market.one, 10**6, 5)  # noqa: E731 - one line
    assert refusal(act, NotFound).code == "ledger.account"


def test_what_a_round_cleared_is_never_taken_back(market) -> None:
    cleared = market.post({market.one: 30, market.two: -30}, kind="clearing")
    assert codes(lambda: market.reverses(cleared.id)) == ["ledger.not_reversible"]
    assert market.balances()[:2] == [30, -30]


def test_a_delivery_that_is_taken_back_takes_its_growth_with_it(market) -> None:
    line = -market.held(market.one).state.limits.lower
    posted = market.gives(market.one, market.two, 250_00)
    assert -market.held(market.one).state.limits.lower == line + 50_00
    market.reverses(posted.id)
    assert -market.held(market.one).state.limits.lower == line
    # Again and again is no way to a longer line.
    market.reverses(market.gives(market.one, market.two, 250_00).id)
    assert -market.held(market.one).state.limits.lower == line
    # What a manager set stays as it was set.
    again = market.gives(market.one, market.two, 250_00)
    market.line(market.one, 900_00)
    market.reverses(again.id)
    assert -market.held(market.one).state.limits.lower == 900_00
