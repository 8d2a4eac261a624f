"""What can be read of rounds. ``visible_to`` is the only door: hidden is not found.

Administrators read all of a round; a firm what concerns it, once it was shown; everybody the
figures and the file of a published one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from incubator.domain.exchanges.invoices.models import Invoice
from incubator.domain.exchanges.rounds import records, rules
from incubator.domain.exchanges.rounds.models import (
    NettingSwitch,
    Revision,
    Round,
    RoundLine,
    RoundNotice,
)
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import keyset_page
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.reader import READER_ID, Counter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Select

    from incubator.kernel.keyset import Cursor, Page
    from incubator.network.members.actor import Actor

PAGE_SIZE, LINES_MOST, FIRMS_MOST, WAITING_MOST = 20, 200, 500, 20
# Whoever was shown a round may read what it meant for their firm, however it ended.
_TOLD: Final = or_(
    Round.state.in_((*rules.SHOWN, *rules.DONE)),
    (Round.state == "cancelled") & Round.answer_by.is_not(None),
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A round for its reader: what its firms of theirs read of it; ``whole`` if they may read all.

    ``figures`` is its present computing, where they may read that.
    """

    round: Round
    mine: list[RoundNotice]
    whole: bool
    figures: Revision | None

    @property
    def waits(self) -> list[RoundNotice]:
        """What the reader may still answer."""
        if self.round.state != "previewed":
            return []
        return [
            each
            for each in self.mine
            if each.concerned and not each.out and each.accepted_at is None
        ]


@dataclass(frozen=True, slots=True)
class Line:
    """What a round clears of an invoice of a firm: ``owes`` if the firm is the one that pays."""

    invoice_id: int
    number: str
    with_name: str
    due_on: date
    owes: bool
    owed_cents: int
    cleared_cents: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the firms that a round clears something of: all, agreed, silent so far; and left out."""

    concerned: int
    accepted: int
    waiting: int
    out: int


def page_for(reader: Actor, cursor: Cursor) -> Page[Round]:
    """The rounds that somebody may read, the latest first."""
    query = select(Round)
    if not reader.is_administrator:
        mine = select(RoundNotice.round_id).where(
            RoundNotice.firm_id.in_(_firms_of(reader.id)), records.CLEARS
        )
        query = query.where(or_(Round.state == "published", Round.id.in_(mine) & _TOLD))
    return keyset_page(query, (Round.id,), cursor, newest_first=True)


def mine_of(reader: Actor, round_ids: Sequence[int]) -> dict[int, list[RoundNotice]]:
    """What the firms of somebody read of some rounds, by round."""
    query = (
        select(RoundNotice)
        .where(RoundNotice.round_id.in_(round_ids))
        .where(RoundNotice.firm_id.in_(_firms_of(reader.id)))
        .options(joinedload(RoundNotice.firm))
        .order_by(RoundNotice.firm_id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[RoundNotice]] = {}
    for notice in db.session.scalars(query) if round_ids else ():
        found.setdefault(notice.round_id, []).append(notice)
    return found


def figures_of(rounds: Sequence[Round]) -> dict[int, Revision]:
    """The present computing of each of some rounds, without its file."""
    query = (
        select(Revision)
        .join(Round, (Round.id == Revision.round_id) & (Round.revision == Revision.no))
        .where(Round.id.in_([each.id for each in rounds]))
    )
    return {each.round_id: each for each in db.session.scalars(query)} if rounds else {}


def visible_to(reader: Actor, round_id: int) -> Seen:
    """A round for its reader; raise NotFound ``rounds.round``."""
    found = db.session.get(Round, round_id, populate_existing=True)
    if found is None or reader.is_guest:
        raise NotFound("rounds.round")
    told = found.state in {*rules.SHOWN, *rules.DONE} or (
        found.state == "cancelled" and found.answer_by is not None
    )
    mine = mine_of(reader, [round_id]).get(round_id, []) if told else []
    whole = reader.is_administrator
    if not (whole or mine or found.state == "published"):
        raise NotFound("rounds.round")
    may_read = whole or found.state == "published"
    figures = figures_of([found]).get(round_id) if may_read else None
    return Seen(round=found, mine=mine, whole=whole, figures=figures)


def file_for(reader: Actor, round_id: int) -> str:
    """The file of a round that is published, or of any for administrators; raise NotFound."""
    seen = visible_to(reader, round_id)
    text = db.session.scalar(
        select(Revision.file).where(
            Revision.round_id == round_id, Revision.no == seen.round.revision
        )
    )
    if seen.figures is None or text is None:
        raise NotFound("rounds.round")
    return text


def lines_of(found: Round, firm_id: int) -> list[Line]:
    """What a round clears of the invoices of a firm, the largest first, at most so many."""
    other = aliased(Firm)
    pays = RoundLine.debtor_id == firm_id
    query = (
        select(RoundLine, Invoice.number, Invoice.due_on, other.name)
        .join(Invoice, Invoice.id == RoundLine.invoice_id)
        .join(
            other,
            or_(
                pays & (other.id == RoundLine.creditor_id),
                ~pays & (other.id == RoundLine.debtor_id),
            ),
        )
        .where(RoundLine.round_id == found.id, RoundLine.revision == found.revision)
        .where(or_(pays, RoundLine.creditor_id == firm_id))
        .order_by(RoundLine.cleared_cents.desc(), RoundLine.id)
        .limit(LINES_MOST)
    )
    return [
        Line(
            invoice_id=line.invoice_id,
            number=number or "",
            with_name=name,
            due_on=due_on,
            owes=line.debtor_id == firm_id,
            owed_cents=line.owed_cents,
            cleared_cents=line.cleared_cents,
        )
        for line, number, due_on, name in db.session.execute(query)
    ]


def history_of(round_id: int) -> Sequence[Revision]:
    """Each computing of a round, the latest first; for administrators."""
    return db.session.scalars(
        select(Revision).where(Revision.round_id == round_id).order_by(Revision.no.desc())
    ).all()


def notices_of(round_id: int) -> Sequence[RoundNotice]:
    """The firms of a round, those that it clears most of first; for administrators."""
    return db.session.scalars(
        select(RoundNotice)
        .where(RoundNotice.round_id == round_id)
        .options(joinedload(RoundNotice.firm))
        .order_by(
            (RoundNotice.payables_cleared + RoundNotice.receivables_cleared).desc(),
            RoundNotice.number,
        )
        .limit(FIRMS_MOST)
        .execution_options(populate_existing=True)
    ).all()


def counts_of(round_id: int) -> Counts:
    """How the firms of a round stand."""
    accepted = RoundNotice.accepted_at.is_not(None)
    inside = records.CLEARS & records.IN_IT
    row = db.session.execute(
        select(
            func.count().filter(inside),
            func.count().filter(inside & accepted),
            func.count().filter(inside & ~accepted),
            func.count().filter(~records.IN_IT),
        ).where(RoundNotice.round_id == round_id)
    ).one()
    return Counts(*row)


def firms_kept_by(member_id: int) -> Sequence[tuple[Firm, bool]]:
    """The firms in which somebody works, and whether they keep each."""
    query = (
        select(Firm, FirmRole.keeper)
        .join(FirmRole, FirmRole.firm_id == Firm.id)
        .where(FirmRole.member_id == member_id, FirmRole.until_on.is_(None))
        .order_by(FirmRole.since_on, FirmRole.id)
        .limit(FIRMS_MOST)
    )
    kept: dict[int, tuple[Firm, bool]] = {}
    for firm, keeper in db.session.execute(query):
        kept[firm.id] = (firm, keeper or kept.get(firm.id, (firm, False))[1])
    return list(kept.values())


def _firms_of(member_id: int) -> Select[int]:
    return select(FirmRole.firm_id).where(
        FirmRole.member_id == member_id, FirmRole.until_on.is_(None)
    )


_own = select(FirmRole.firm_id).where(FirmRole.member_id == READER_ID, FirmRole.until_on.is_(None))
_asks = (
    select(RoundNotice.id)
    .join(Round, Round.id == RoundNotice.round_id)
    .where(RoundNotice.firm_id.in_(_own), Round.state == "previewed")
    .where(records.CLEARS, records.IN_IT, RoundNotice.accepted_at.is_(None))
    .limit(WAITING_MOST)
    .subquery()
)
# Rounds that wait for the reader's word.
WAITING: Final = Counter(select(func.count()).select_from(_asks).scalar_subquery(), WAITING_MOST)
# 1 while netting is on.
ON: Final = Counter(
    select(func.count())
    .select_from(
        select(NettingSwitch.id)
        .where(NettingSwitch.id == select(func.max(NettingSwitch.id)).scalar_subquery())
        .where(NettingSwitch.turned_on)
        .subquery()
    )
    .scalar_subquery(),
    1,
)
# The rounds of which the reader may be told.
READABLE: Final = union_all(
    select(RoundNotice.round_id)
    .join(Round, Round.id == RoundNotice.round_id)
    .where(RoundNotice.firm_id.in_(_own), _TOLD),
    select(Round.id).where(Round.state == "published"),
)
