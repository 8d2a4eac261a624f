"""Netting in the demo: a round that went all the way, and one that waits for three firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.demo import rounds
from incubator.demo.content import email_of
from incubator.domain.exchanges.rounds import files, parts, queries, switch
from incubator.domain.exchanges.rounds.models import Round, RoundNotice
from incubator.kernel.db import db
from incubator.network.accounts.queries import account_by_email, actor_of
from incubator.network.members.firm_models import Firm
from tests.demo.loaded import NOW

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor


def actor(key: str) -> Actor:
    account = account_by_email(email_of(key))
    assert account
    return actor_of(account)


def the_rounds() -> list[Round]:
    return list(db.session.scalars(select(Round).order_by(Round.id)))


def test_four_firms_take_part_since_netting_was_switched_on(inside):
    assert switch.is_on()
    firms = select(Firm.id).where(Firm.slug.in_(rounds.PARTNERS))
    assert len(parts.among(db.session.scalars(firms).all())) == len(rounds.PARTNERS)


def test_a_round_was_published_whose_file_proves_itself(inside):
    first, second = the_rounds()
    assert [first.state, second.state] == ["published", "previewed"]
    assert files.faults(queries.file_for(actor("camille.dervaux"), first.id)) == []
    figures = queries.figures_of([first, second])
    assert figures[first.id].cleared_cents == 3 * 480_00
    assert figures[second.id].cleared_cents == 3 * 300_00 + 3 * 180_00


def test_the_other_round_waits_for_three_of_its_four_firms(inside):
    waiting = the_rounds()[1]
    told = queries.counts_of(waiting.id)
    assert (told.concerned, told.accepted, told.waiting, told.out) == (4, 1, 3, 0)
    assert waiting.answer_by is not None
    assert waiting.answer_by > NOW
    asked = {who: queries.WAITING.of(actor(who)) for who, _form in rounds.PARTNERS.values()}
    assert sorted(asked.values()) == [0, 1, 1, 1]
    owes = select(RoundNotice.payables_cleared).where(RoundNotice.round_id == waiting.id)
    assert sorted(db.session.scalars(owes)) == [180_00, 300_00, 480_00, 480_00]
