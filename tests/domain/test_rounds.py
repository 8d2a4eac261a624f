"""A round from its opening to its file: what enters, who agrees, what is executed, what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.invoices import rules as invoice_rules
from incubator.domain.exchanges.invoices.models import Setoff
from incubator.domain.exchanges.rounds import (
    answering,
    computing,
    files,
    parts,
    queries,
    records,
    rules,
    running,
    switch,
)
from incubator.domain.exchanges.rounds.events import RoundAnswered, RoundMoved
from incubator.domain.exchanges.rounds.models import NettingPart, Revision
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import joins
from incubator.kernel.keyset import Cursor
from tests import factories_deals as f
from tests import factories_rounds as r
from tests.factories_rounds import RING, network

LATER = timedelta(days=8)


def test_a_ring_of_debts_is_cleared_once_each_firm_agreed(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    assert net.cleared(found) == [900_00] * 3
    assert net.left() == [900_00, 1200_00, 1000_00]
    net.accepts(found, 0, 1)
    assert records.seen(found.id).state == "previewed"
    net.accepts(found, 2)
    assert records.seen(found.id).state == "consented"
    done = net.executes(found)
    assert (done.state, done.txn_id) == ("executed", None)
    assert net.left() == [0, 300_00, 100_00]
    assert net.publishes(found).state == "published"


def test_a_firm_reads_how_much_less_it_owes_and_is_owed_and_by_which_invoices(
    make, connection
) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    seen = queries.visible_to(f.actor_of(make, net[1]), found.id)
    (mine,) = seen.mine
    assert (mine.payables_cleared, mine.receivables_cleared, mine.ledger_delta) == (
        900_00,
        900_00,
        0,
    )
    assert [each.firm_id for each in seen.waits] == [net[1].firm_id]
    lines = queries.lines_of(seen.round, net[1].firm_id)
    assert [(line.with_name, line.owes, line.owed_cents, line.cleared_cents) for line in lines] == [
        (net[0].name, False, 900_00, 900_00),
        (net[2].name, True, 1200_00, 900_00),
    ]


def test_only_what_is_due_between_firms_that_take_part_enters(make, connection) -> None:
    net = network(make, debts=RING)
    tomorrow = make.now.date() + timedelta(days=1)
    net.owes(1, 0, 500_00, due_on=tomorrow)
    outsider = f.house(make, "Dehors")
    net.houses.append(outsider)
    net.owes(0, 3, 500_00)
    net.owes(3, 0, 500_00)
    contested = net.owes(0, 2, 77_00)
    with transaction():
        contested.status = "contested"
    found = net.computes(net.opens())
    assert net.cleared(found) == [900_00] * 3 + [0] * 4
    (told,) = queries.history_of(found.id)
    assert (told.debts, told.firms, told.owed_cents) == (3, 3, 3100_00)


def test_who_refuses_is_left_out_and_what_the_others_read_only_falls(make, connection) -> None:
    net = network(make, 4, debts=(*RING, (0, 3, 50_00), (3, 0, 60_00)))
    found = net.shown()
    net.accepts(found, 0, 1)
    net.refuses(found, 2)
    assert net.cleared(net.computes(found, "refused")) == [0, 0, 0, 50_00, 50_00]
    told = net.notice(found, 0)
    assert (told.payables_cleared, told.accepted_at) == (50_00, make.now)
    assert net.notice(found, 2).payables_cleared == 0
    net.accepts(found, 3)
    net.executes(found)
    assert net.left() == [900_00, 1200_00, 1000_00, 0, 10_00]


def test_a_firm_may_refuse_after_it_agreed_until_it_is_executed(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    net.refuses(found, 0)
    with pytest.raises(Conflict, match=r"rounds\.moved"):
        net.executes(found)
    assert net.computes(found, "refused").state == "cancelled"
    assert net.left() == [900_00, 1200_00, 1000_00]
    with pytest.raises(Refusal, match=r"rounds\.state"):
        net.refuses(found, 1)


def test_a_refusal_changes_nothing_that_is_executed(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.executed()
    before = net.left()
    with pytest.raises(Refusal, match=r"rounds\.state"):
        net.refuses(found, 0)
    assert net.leaves(0)
    assert (net.left(), net.cleared(found)) == (before, [900_00] * 3)
    assert records.seen(found.id).state == "executed"


def test_a_debt_that_is_contested_or_paid_before_execution_drops_out(make, connection) -> None:
    ring = ((0, 1, 900_00), (1, 2, 1200_00), (2, 0, 500_00))
    net = network(make, debts=(*ring, (1, 0, 30_00)))
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    with transaction():
        net.invoices[2].status = "contested"
    with pytest.raises(Conflict, match=r"rounds\.moved"):
        net.executes(found)
    net.computes(found, "moved", agreed_only=True)
    assert net.cleared(found) == [30_00, 0, 0, 30_00]
    assert net.executes(found).state == "executed"
    assert net.left() == [870_00, 1200_00, 500_00, 0]


def test_a_debt_paid_in_part_is_cleared_for_what_is_left_of_it(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    with transaction():
        net.invoices[1].paid_cents = 1100_00
    with pytest.raises(Conflict, match=r"rounds\.moved"):
        net.executes(found)
    net.computes(found, "moved", agreed_only=True)
    net.executes(found)
    assert net.left() == [800_00, 0, 900_00]


def test_what_was_solved_from_other_debts_is_not_kept(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.opens()
    planned = computing.plan(found.id, reason="first")
    net.owes(0, 2, 5_00)
    with pytest.raises(Conflict, match=r"rounds\.moved"), transaction():
        computing.keep(net.admin, planned, now=make.now)
    net.computes(found)
    stale = computing.plan(found.id, reason="again")
    net.computes(found, "again")
    with pytest.raises(Conflict, match=r"rounds\.moved"), transaction():
        computing.keep(net.admin, stale, now=make.now)


def test_a_firm_agrees_to_no_more_than_it_read(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    with pytest.raises(Conflict, match=r"rounds\.stale"):
        net.accepts(found, 0, seen=rules.Shown(899_99, 900_00, 0))
    net.accepts(found, 0, seen=rules.Shown(1000_00, 1000_00, 0))
    assert net.notice(found, 0).accepted_at == make.now


def test_who_does_not_answer_in_time_is_reminded_then_left_out(make, connection) -> None:
    heard: list[RoundMoved] = []
    joins(RoundMoved, heard.append)
    net = network(make, 4, debts=(*RING, (0, 3, 50_00), (3, 0, 60_00)))
    found = net.shown()
    net.accepts(found, 0, 1, 3)
    day_before = make.now + timedelta(days=6, hours=1)
    net.hour(found, day_before)
    net.hour(found, day_before)
    reminded = [each.firm_ids for each in heard if each.verb == "reminded"]
    assert reminded == [(net[2].firm_id,)]
    net.hour(found, make.now + LATER)
    assert net.notice(found, 2).silent_at == make.now + LATER
    with pytest.raises(Refusal, match=r"rounds\.out"):
        net.accepts(found, 2)
    assert net.computes(found, "silent", agreed_only=True).state == "consented"
    assert net.cleared(found) == [0, 0, 0, 50_00, 50_00]


def test_an_answer_after_the_end_is_too_late(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    with pytest.raises(Refusal, match=r"rounds\.late"):
        net.accepts(found, 0, at=make.now + LATER)


def test_a_firm_that_takes_part_no_more_is_out_at_once(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    assert net.leaves(2)
    assert not net.leaves(2)
    assert net.notice(found, 2).refused_at == make.now
    assert net.computes(found, "refused").state == "cancelled"
    (part,) = db.session.scalars(select(NettingPart).where(NettingPart.firm_id == net[2].firm_id))
    assert (part.at, part.ended_at) == (make.now, make.now)
    r.takes_part(make, net[2])
    assert parts.among([net[2].firm_id]).keys() == {net[2].firm_id}


def test_every_act_is_safe_to_repeat(make, connection) -> None:
    heard: list[object] = []
    joins(RoundMoved, heard.append)
    joins(RoundAnswered, heard.append)
    net = network(make, debts=RING)
    found = net.opens(once="form")
    assert net.opens(once="form").id == found.id
    net.computes(found)
    net.shows(found)
    net.shows(found)
    for _ in range(2):
        net.accepts(found, 0, 1, 2)
    for _ in range(2):
        net.executes(found)
    for _ in range(2):
        net.publishes(found)
    assert net.left() == [0, 300_00, 100_00]
    verbs = [each.verb for each in heard if isinstance(each, RoundMoved)]
    assert verbs == [
        "opened", "computed", "previewed", "consented", "executed", "published",
    ]  # fmt: skip
    assert sum(isinstance(each, RoundAnswered) for each in heard) == 3


def test_one_round_runs_at_a_time(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.opens()
    with pytest.raises(Refusal, match=r"rounds\.running"):
        net.opens()
    with transaction():
        running.cancel(net.admin, found.id, words="Essai", now=make.now)
        running.cancel(net.admin, found.id, words="Essai", now=make.now)
    assert records.seen(found.id).words == "Essai"
    assert net.opens().id != found.id


def test_a_round_clears_nothing_where_no_circle_is(make, connection) -> None:
    net = network(make, debts=((0, 1, 900_00),))
    found = net.computes(net.opens())
    with pytest.raises(Refusal, match=r"rounds\.nothing"):
        net.shows(found)


def test_what_an_administrator_read_is_what_is_shown(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.computes(net.opens())
    net.computes(found, "again")
    with pytest.raises(Conflict, match=r"rounds\.stale"):
        net.shows(found, revision=1)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"answer_days": 1}, "rounds.days"),
        ({"answer_days": 31}, "rounds.days"),
        ({"mode": "free"}, "rounds.mode"),
        ({"mode": "credit"}, "rounds.mode"),
    ],
)
def test_what_is_no_round_is_refused_beside_its_field(make, connection, told, code) -> None:
    net = network(make, firms=1)
    with pytest.raises(Refusal, match=code):
        net.opens(**told)
    with pytest.raises(Refusal, match=r"rounds\.cutoff"):
        net.opens(cutoff=make.now.date() + timedelta(days=1))


def test_a_round_moves_in_its_order_alone(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.opens()
    for act in (
        lambda: net.shows(found),
        lambda: net.executes(found),
        lambda: net.publishes(found),
    ):
        with pytest.raises(Refusal):
            act()
    net.shows(net.computes(found))
    for act in (lambda: net.executes(found), lambda: net.publishes(found)):
        with pytest.raises(Refusal, match=r"rounds\.state"):
            act()
    with pytest.raises(NotFound):
        running.execute(net.admin, 99, now=make.now)


def test_netting_is_off_until_an_administrator_has_read_the_text(make, connection) -> None:
    boss, other = make.member(role="administrator"), make.member(make.site(), role="manager")
    assert not switch.is_on()
    with pytest.raises(Refusal, match=r"rounds\.unread"), transaction():
        switch.switch(make.actor(boss), turned_on=True, text_read=" ", now=make.now)
    with pytest.raises(NotAllowed), transaction():
        switch.switch(make.actor(other), turned_on=True, text_read="x", now=make.now)
    r.turn(make, boss)
    r.turn(make, boss)
    assert switch.is_on()
    r.turn(make, boss, on=False)
    acts = [(act.turned_on, act.text_read) for act, _name in switch.history()]
    assert acts == [(False, r.READ), (True, r.READ)]


def test_switched_off_nothing_is_opened_shown_or_executed(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.shown()
    net.accepts(found, 0, 1, 2)
    r.turn(make, net.boss, on=False)
    with pytest.raises(Refusal, match=r"rounds\.off"):
        net.executes(found)
    with pytest.raises(Refusal, match=r"rounds\.off"):
        r.takes_part(make, net[0])
    assert net.leaves(0)
    with transaction():
        running.cancel(net.admin, found.id, words="Éteint", now=make.now)
    with pytest.raises(Refusal, match=r"rounds\.off"):
        net.opens()


def test_a_published_round_is_a_file_that_proves_itself_and_names_nobody(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.publishes(net.executed())
    stranger = make.actor(make.member(make.site()))
    text = queries.file_for(stranger, found.id)
    assert files.faults(text) == []
    assert files.solved_again(text) == []
    assert not any(house.name in text for house in net.houses)
    told = db.session.scalars(select(Revision)).one()
    assert told.input_sha in text


def test_a_list_tells_each_reader_of_the_rounds_that_are_theirs(make, connection) -> None:
    net = network(make, debts=RING)
    stranger, guest = (
        make.actor(make.member(make.site())),
        make.actor(make.member(make.site(), role="guest")),
    )
    found = net.computes(net.opens())
    mine = f.actor_of(make, net[0])

    def ids(reader) -> list[int]:
        return [each.id for each in queries.page_for(reader, Cursor(size=9)).rows]

    assert (ids(net.admin), ids(mine), ids(stranger)) == ([found.id], [], [])
    net.shows(found)
    assert (ids(mine), ids(stranger)) == ([found.id], [])
    for reader in (stranger, guest):
        with pytest.raises(NotFound):
            queries.visible_to(reader, found.id)
    assert queries.WAITING.of(mine) == 1
    net.accepts(found, 0, 1, 2)
    assert queries.WAITING.of(mine) == 0
    net.publishes(net.executes(found))
    assert ids(stranger) == [found.id]
    assert queries.visible_to(stranger, found.id).mine == []
    with pytest.raises(NotFound):
        queries.visible_to(guest, found.id)


def test_rounds_are_for_administrators_and_firms_for_those_who_keep_them(make, connection) -> None:
    net = network(make, debts=RING)
    site = make.site()
    manager = make.actor(make.member(site, role="manager"))
    found = net.shown()
    for act in (
        lambda: running.cancel(manager, found.id, words="x", now=make.now),
        lambda: running.execute(manager, found.id, now=make.now),
        lambda: running.publish(manager, found.id, now=make.now),
        lambda: running.show(manager, found.id, revision=1, now=make.now),
    ):
        with pytest.raises(NotAllowed, match=r"rounds\.run"), transaction():
            act()
    for who in (net.admin, manager, f.actor_of(make, net[1])):
        with pytest.raises(NotAllowed, match=r"rounds\.keeper"), transaction():
            parts.take_no_part(who, firm_id=net[0].firm_id, now=make.now)
    with pytest.raises(NotFound), transaction():
        answering.refuse(net.admin, found.id, firm_id=net[0].firm_id, now=make.now)


def test_the_setoff_of_a_round_says_what_it_rests_on(make, connection) -> None:
    net = network(make, debts=RING)
    found = net.executed()
    setoff = db.session.get_one(Setoff, found.setoff_id)
    assert (setoff.kind, setoff.basis, setoff.round_id) == ("round", invoice_rules.AGREED, found.id)
