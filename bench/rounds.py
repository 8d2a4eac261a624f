"""A whole round of netting by the product's own code: 100,000 invoices among 10,000 firms.

Each debt of ``bench/netting.py`` is an invoice of a deal of its own, each firm has a person who
agrees for it and is told. Seconds by step: gather, compute (solve and keep), preview, consent of
all firms, execute, publish, and what ``incubator netting verify`` does with the file.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert, select

from bench import netting
from bench.bulk import hurry_all
from incubator.app import create_app
from incubator.cli.netting import verify
from incubator.domain.exchanges.deals.models import Deal, DealLeg, DealParty
from incubator.domain.exchanges.invoices.models import Invoice
from incubator.domain.exchanges.rounds import (
    answering,
    gathering,
    queries,
    records,
    rules,
    running,
    solving,
    switch,
)
from incubator.domain.exchanges.rounds.models import NettingPart, RoundNotice
from incubator.domain.exchanges.rounds.netting import Debt
from incubator.kernel import schema
from incubator.kernel.db import Base, db, end_read, transaction
from incubator.kernel.settings import Settings
from incubator.network.accounts import commands as people
from incubator.network.accounts.models import Account, Grant
from incubator.network.accounts.queries import account_of, actor_of
from incubator.network.members.actor import Actor
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member
from incubator.network.sites import commands as sites

FIRMS, DEBTS = 10_000, 100_000
# The numbers of the people of firms begin after those of everybody else.
FIRST, BATCH = 1_000, 10_000
NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)
Row = dict[str, object]
T = TypeVar("T")


def measure(firms: int = FIRMS, debts: int = DEBTS) -> dict[str, float]:
    """Seconds by step (``round_…_s``), all of them together, and how many debts were cleared."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.load(Path(folder), {}))
        with app.app_context():
            schema.upgrade(db.engine)
            hurry_all(db.engine)
            boss = _filled(firms, netting.made(firms, debts))
            db.session.remove()
            found = _round(boss, Path(folder, "round.json"))
            db.session.remove()
            db.engine.dispose()
    return found


def _round(boss: Actor, file: Path) -> dict[str, float]:
    new = running.New(cutoff=NOW.date(), mode=rules.PURE, answer_days=7, once="bench")
    with transaction():
        number = running.open_round(boss, new, now=NOW).id
    took: dict[str, float] = {}
    opened = records.seen(number)
    took["gather"] = _timed(lambda: gathering.gather(opened, agreed_only=False))
    end_read()
    took["compute"] = _timed(lambda: solving.compute(boss, number, reason="first", now=NOW))
    took["preview"] = _timed(lambda: _shown(boss, number))
    took["consent"] = _timed(lambda: _agreed(number))
    took["execute"] = _timed(lambda: solving.execute(boss, number, now=NOW))
    took["publish"] = _timed(lambda: _published(boss, number))
    file.write_text(queries.file_for(boss, number), "utf-8")
    end_read()
    took["verify"] = _timed(lambda: _proven(file))
    told = {f"round_{step}_s": seconds for step, seconds in took.items()}
    return told | {"round_end_to_end_s": sum(took.values())}


def _shown(boss: Actor, number: int) -> None:
    with transaction():
        running.show(boss, number, revision=records.seen(number).revision, now=NOW)


def _agreed(number: int) -> None:
    """Everybody agrees, each by a transaction as their page makes it."""
    rows = select(RoundNotice.firm_id).where(RoundNotice.round_id == number, records.CLEARS)
    firms = db.session.scalars(rows).all()
    end_read()
    for firm in firms:
        account = account_of(firm + FIRST)
        assert account
        by = actor_of(account)
        end_read()
        with transaction():
            told = records.notice_of(records.seen(number), firm)
            read = (told.payables_cleared, told.receivables_cleared, told.ledger_delta)
            seen = rules.Shown(*read)
            answering.accept(by, number, firm_id=firm, seen=seen, now=NOW)


def _published(boss: Actor, number: int) -> None:
    with transaction():
        running.publish(boss, number, now=NOW)


def _proven(file: Path) -> None:
    assert verify(file, again=False) == []


def _timed(act: Callable[[], T]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _filled(firms: int, debts: tuple[Debt, ...]) -> Actor:
    """Firms, a person for each, and what they owe; an administrator to run the round."""
    newcomer = people.Newcomer(
        name="Camille Roy",
        email="camille@example.org",
        roles=[("administrator", None)],
        password=None,
        time_zone="Europe/Paris",
    )
    with transaction():
        boss_id = people.admit(None, newcomer, now=NOW).id
        account = account_of(boss_id)
        assert account
        boss = actor_of(account)
        switch.switch(boss, turned_on=True, text_read="Read.", now=NOW)
        numbers = range(1, firms + 1)
        _rows(Member, (_member(n) for n in numbers))
        _rows(Account, (_account(n) for n in numbers))
        details = sites.SiteDetails(
            name="Lyon", city="Lyon", country="FR", time_zone="Europe/Paris"
        )
        grant = {"role": "resident", "site_id": sites.open_site(None, details=details).id}
        _rows(Grant, (grant | {"account_id": n + FIRST, "granted_at": NOW} for n in numbers))
        _rows(Firm, ({"id": n, "slug": f"f{n}", "name": f"F{n}"} for n in numbers))
        role = {"since_on": NOW.date(), "title": "", "keeper": True}
        _rows(FirmRole, (role | {"member_id": n + FIRST, "firm_id": n} for n in numbers))
        _rows(NettingPart, ({"firm_id": n, "by_id": n + FIRST, "at": NOW} for n in numbers))
        _rows(Deal, (_deal(debt) for debt in debts))
        _rows(DealParty, (row for debt in debts for row in _parties(debt)))
        _rows(DealLeg, (_leg(debt) for debt in debts))
        _rows(Invoice, (_invoice(debt) for debt in debts))
    return boss


def _rows(table: type[Base], rows: Iterable[Row]) -> None:
    left = iter(rows)
    while some := list(islice(left, BATCH)):
        db.session.execute(insert(table), some)


def _member(number: int) -> Row:
    told = {"slug": f"m{number}", "name": f"M{number}", "sort_name": f"m{number}"}
    return {"id": number + FIRST, "active": True, "joined_at": NOW, **told}


def _account(number: int) -> Row:
    told = {"email": f"m{number}@example.org", "time_zone": "Europe/Paris", "created_at": NOW}
    return {"id": number + FIRST, **told}


def _deal(debt: Debt) -> Row:
    return {
        "id": debt.no, "kind": "swap", "state": "fulfilled", "title": "x", "expires_at": NOW,
        "terms_hash": "", "turn_id": debt.creditor, "created_by_id": debt.creditor + FIRST,
        "once": f"d{debt.no}", "created_at": NOW, "changed_at": NOW,
    }  # fmt: skip


def _parties(debt: Debt) -> Iterable[Row]:
    pair = enumerate((debt.creditor, debt.debtor))
    return [{"deal_id": debt.no, "firm_id": firm, "seq": seq} for seq, firm in pair]


def _leg(debt: Debt) -> Row:
    return {
        "id": debt.no, "deal_id": debt.no, "seq": 0, "giver_id": debt.creditor,
        "receiver_id": debt.debtor, "mode": "cash", "title": "x", "ht_cents": debt.owed,
        "vat_cents": 0, "ttc_cents": debt.owed, "state": "invoiced", "delivered_at": NOW,
        "accepted_at": NOW, "accepted_cents": debt.owed,
    }  # fmt: skip


def _invoice(debt: Debt) -> Row:
    day = NOW.date()
    return {
        "id": debt.no, "status": "issued", "origin": "registered", "deal_id": debt.no,
        "leg_id": debt.no, "issuer_id": debt.creditor, "recipient_id": debt.debtor,
        "number": f"F-{debt.no}", "issued_on": day, "supplied_on": day, "due_on": day,
        "title": "x", "in_cash": True, "ht_cents": debt.owed, "vat_cents": 0,
        "ttc_cents": debt.owed, "vat_by_rate": [], "regime": "franchise_293B",
        "vat_on": "debits", "operation": "services", "mention": "", "seller": {}, "buyer": {},
        "issuer_siren": "", "recipient_siren": "", "made_by_id": debt.creditor + FIRST,
        "made_at": NOW, "changed_at": NOW,
    }  # fmt: skip


if __name__ == "__main__":
    for key, figure in measure().items():
        print(f"{key:<28}{figure:>10.3f}")
