"""Rivals over one firm, with real threads on both databases."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.app import create_app
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import Refusal
from incubator.kernel.settings import Settings
from incubator.network.members import firm_people, firm_queries, firms
from incubator.network.members.firm_models import Firm, FirmRequest, FirmRole
from tests import factories_members as m
from tests.conftest import NOW
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

RIVALS = 6
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=DATABASES)
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, Make]]:
    """An application on a database of its own, with real connections."""
    own = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/rivals.db" if own else request.getfixturevalue("postgres_url")
    settings = Settings(instance_dir=tmp_path, secret_key="s" * 40, database_url=url)
    app = create_app(settings, {"TESTING": True})
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
    yield app, Make(settings=settings, now=NOW)
    with app.app_context():
        db.engine.dispose()


def rested(*rows: Base) -> None:
    """Load rows whole, so that they can be read after their session."""
    for row in rows:
        db.session.refresh(row)


def at_once(app: Flask, acts: list[Callable[[], object]]) -> Counter[str]:
    """Do these at the same instant, each on a connection of its own; how they ended."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        with app.app_context():
            start.wait(10)
            try:
                act()
            except Refusal as refusal:
                return refusal.code
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def test_rival_answers_to_one_request_give_one_outcome(installation: tuple[Flask, Make]) -> None:
    app, make = installation
    with app.app_context():
        founder, second = make.member(make.site()), make.member(make.site())
        firm = m.a_firm(make, founder)
        asked = m.asks_to_join(make, second, firm)
        rested(founder, second, asked)
    acts = [
        partial(m.decides, make, founder, asked, "accept"),
        partial(m.decides, make, founder, asked, "decline"),
        partial(m.decides, make, second, asked, "withdraw"),
    ]
    ends = at_once(app, acts * 2)
    assert ends == {"done": 2, "firms.request_over": 4}
    with app.app_context():
        state = db.session.scalars(select(FirmRequest.state)).one()
        roles = select(func.count()).where(FirmRole.member_id == second.id)
        assert db.session.scalar(roles) == (state == "accepted")


def test_rival_requests_of_one_member_are_one(installation: tuple[Flask, Make]) -> None:
    app, make = installation
    with app.app_context():
        founder, second = make.member(make.site()), make.member(make.site())
        firm = m.a_firm(make, founder)
        rested(founder, second, firm)
    acts: list[Callable[[], Any]] = [partial(m.asks_to_join, make, second, firm)] * RIVALS
    acts += [partial(m.invites, make, founder, firm, second)] * RIVALS
    ends = at_once(app, acts)
    assert ends["done"] == RIVALS
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FirmRequest)) == 1


def test_rivals_for_one_number_and_one_address_all_end_well(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        founders = [make.member(make.site()) for _ in range(RIVALS)]
        rested(*founders)
    numbered = [
        partial(m.a_firm, make, each, "Rive", registration="732829320") for each in founders
    ]
    ends = at_once(app, numbered)
    assert ends == {"done": 1, "firms.registration_taken": RIVALS - 1}
    ends = at_once(app, [partial(m.a_firm, make, each, "Zinc") for each in founders])
    assert ends["done"] >= 1
    assert set(ends) <= {"done", "firms.busy"}
    with app.app_context():
        slugs = db.session.scalars(select(Firm.slug)).all()
        assert len(slugs) == len(set(slugs)) == ends["done"] + 1


def test_rival_edits_to_one_number_leave_it_to_one(installation: tuple[Flask, Make]) -> None:
    app, make = installation
    with app.app_context():
        founders = [make.member(make.site()) for _ in range(RIVALS)]
        kept = [m.a_firm(make, each, f"Zinc {each.id}") for each in founders]
        rested(*founders, *kept)

    def edit(number: int) -> None:
        firm, founder = kept[number], founders[number]
        with transaction():
            firms.edit_firm(
                make.actor(founder),
                firm_id=firm.id,
                details=firms.FirmDetails(name=firm.name, registration="732829320"),
                today=NOW.date(),
            )

    ends = at_once(app, [partial(edit, number) for number in range(RIVALS)])
    assert ends == {"done": 1, "firms.registration_taken": RIVALS - 1}


def test_two_keepers_who_leave_at_once_do_not_both_go_unseen(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        founder, second = make.member(make.site()), make.member(make.site())
        firm = m.a_firm(make, founder)
        role = m.works_at(make, second, firm)
        with transaction():
            firm_people.set_keeper(None, role_id=role.id, keeper=True, today=NOW.date())
        first = firm_people.lasting_role(firm.id, founder.id)
        assert first
        rested(founder, second, first, role, firm)

    def leave(number: int) -> None:
        mine, who = ((first, founder), (role, second))[number]
        with transaction():
            firm_people.end_role(make.actor(who), role_id=mine.id, today=NOW.date())

    ends = at_once(app, [partial(leave, 0), partial(leave, 1)])
    assert ends == {"done": 1, "firms.last_keeper": 1}
    with app.app_context():
        assert firm_queries.standing_of(firm, NOW.date()).is_kept
