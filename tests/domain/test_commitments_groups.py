"""Groups of lines sum to zero when a transaction ends, on real connections of both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from incubator.domain.commitments import ledger
from incubator.domain.commitments.ledger_models import FirmStanding, Group, Line, Pool, Standing
from incubator.domain.commitments.periods import ensure_period
from incubator.edge.state import KEY
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.factories import Make
from tests.factories_members import a_firm
from tests.real_app import real_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Two members on a database of its own, whose commits are real."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with real_app(tmp_path, url) as app, app.app_context():
        made = Make(settings=app.extensions[KEY].settings, now=NOW)
        site = made.site()
        yield made, made.member(site), made.member(site)


def entry(kind: str, minutes: int, account: int | None, group: Group, **more: Any) -> ledger.Entry:
    return ledger.Entry(
        member_id=account,
        period_id=ensure_period(NOW.date()).id,
        kind=kind,
        minutes=minutes,
        key=f"{group.key}:{kind}",
        source_type="gift",
        group_id=group.id,
        **more,
    )


def give(kind: str, *sides: tuple[str, int, int | None]) -> None:
    with transaction():
        group = ledger.open_group(kind, key=f"g:{kind}:{len(sides)}", by_id=None, now=NOW)
        for name, minutes, account in sides:
            ledger.post(entry(name, minutes, account, group), now=NOW)


def balances(model: type[Standing | FirmStanding]) -> list[int]:
    return sorted(db.session.scalars(select(model.balance)))


def test_a_gift_is_as_much_as_it_takes(pair) -> None:
    _, ines, karim = pair
    give("gift", ("GIFT_OUT", -60, ines.id), ("GIFT_IN", 60, karim.id))
    assert balances(Standing) == [-60, 60]


def test_a_gift_that_is_more_than_it_takes_is_not_kept(pair) -> None:
    _, ines, karim = pair
    for minutes in (90, 30):
        with pytest.raises(IntegrityError):
            give("gift", ("GIFT_OUT", -60, ines.id), ("GIFT_IN", minutes, karim.id))
    with pytest.raises(IntegrityError):
        give("pool", ("SURPLUS", -60, ines.id))
    assert db.session.scalars(select(Line)).all() == []


def test_the_pool_holds_what_was_given_to_it(pair) -> None:
    _, ines, karim = pair
    give("pool", ("SURPLUS", -60, ines.id), ("POOL", 60, None))
    give("gift", ("POOL", -45, None), ("GIFT_IN", 45, karim.id))
    assert db.session.scalars(select(Pool.balance)).all() == [15]
    assert db.session.scalars(select(Group.balance)).all() == [0, 0]


def test_a_line_of_a_group_is_taken_back_with_its_other_side(pair) -> None:
    _, ines, karim = pair
    give("gift", ("GIFT_OUT", -60, ines.id), ("GIFT_IN", 60, karim.id))
    rows = db.session.scalars(select(Line).order_by(Line.id)).all()
    with pytest.raises(IntegrityError), transaction():
        ledger.reverse(rows[0], reason="x", actor_id=None, now=NOW)
    with transaction():
        group = ledger.open_group("gift", key="back", by_id=None, now=NOW)
        for line in rows:
            ledger.reverse(line, reason="x", actor_id=None, now=NOW, group_id=group.id)
    assert balances(Standing) == [0, 0]


def test_a_merge_need_not_sum_to_zero(pair) -> None:
    _, ines, _karim = pair
    give("merge", ("CORRECTION", 60, ines.id))
    assert db.session.scalars(select(Group.balance)).all() == [None]


def test_lines_of_a_firm_are_summed_for_the_firm(pair) -> None:
    made, ines, _karim = pair
    firm = a_firm(made, ines)
    with transaction():
        group = ledger.open_group("merge", key="g", by_id=None, now=NOW)
        entries = [entry("DONE", 60, ines.id, group, firm_id=firm.id)]
        ledger.post_new(entries, now=NOW)
    assert (balances(FirmStanding), balances(Standing)) == ([60], [])
