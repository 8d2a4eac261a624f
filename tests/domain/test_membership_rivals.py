"""Rivals on one application, one list, one welcome, with real threads on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.app import create_app
from incubator.domain.membership import (
    applications,
    applications_links,
    applications_review,
    charters,
    welcome,
)
from incubator.domain.membership.application_models import Application, ApplicationStep
from incubator.domain.membership.charter_models import CharterSignature
from incubator.domain.membership.welcome_models import Welcome, WelcomeTask
from incubator.domain.membership.welcome_rules import USUAL
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import Conflict, NotFound
from incubator.kernel.settings import Settings
from incubator.network.accounts.models import Invitation
from tests import factories_membership as m
from tests.conftest import NOW
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site

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


def staffed(make: Make) -> tuple[Site, Account]:
    """A site that takes applications, and who runs it; whole, to be read after their session."""
    site = make.site()
    boss = make.member(site, role="manager")
    m.open_door(make, site, boss)
    for row in (site, boss):
        db.session.refresh(row)
    return site, boss


def at_once(app: Flask, acts: list[Callable[[], object]]) -> None:
    """Do these at the same instant, each on a connection of its own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(10)
            act()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def test_of_many_decisions_one_stands_and_the_others_hear_of_it(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    heard: list[str] = []
    with app.app_context():
        site, boss = staffed(make)
        found = m.applied(make, site)
        actor, application_id, seen = make.actor(boss), found.id, found.revision

    def decide(number: int) -> None:
        same = {"revision": seen, "once": str(number), "now": NOW}
        try:
            with transaction():
                if number % 2:
                    applications_review.accept(actor, application_id, start_on=NOW.date(), **same)
                else:
                    applications_review.decline(actor, application_id, reason="x", **same)
        except Conflict as refusal:
            heard.append(refusal.code)

    at_once(app, [partial(decide, number) for number in range(RIVALS)])
    assert heard == ["membership.decided_meanwhile"] * (RIVALS - 1)
    with app.app_context():
        steps = db.session.scalars(select(ApplicationStep.state)).all()
        state = db.session.scalars(select(Application.state)).one()
        invited = db.session.scalar(select(func.count()).select_from(Invitation))
        assert steps == ["new", state]
        assert invited == (1 if state == "accepted" else 0)


def test_a_waiting_list_stays_whole_while_many_move_in_it(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        site, boss = staffed(make)
        ids = [m.listed(make, boss, m.applied(make, site)).id for _ in range(RIVALS)]
        coming = [m.applied(make, site).id for _ in range(2)]
        actor = make.actor(boss)

    def move(place: int, *, up: bool) -> None:
        with suppress(Conflict), transaction():
            applications_review.move(actor, ids[place], up=up, seen=place + 1)

    def leave(place: int) -> None:
        with transaction():
            applications_review.decline(
                actor, ids[place], reason="x", revision=2, once="d", now=NOW
            )

    def come(application_id: int) -> None:
        with transaction():
            applications_review.put_on_list(actor, application_id, revision=1, once="l", now=NOW)

    acts: list[Callable[[], object]] = [partial(move, n, up=bool(n % 2)) for n in range(RIVALS)]
    acts += [partial(leave, 0), partial(leave, 3), *(partial(come, one) for one in coming)]
    at_once(app, acts)
    with app.app_context():
        places = db.session.scalars(
            select(Application.position)
            .where(Application.position.is_not(None))
            .order_by(Application.position)
        ).all()
        assert places == list(range(1, RIVALS + 1))


def test_a_form_sent_many_times_is_one_and_its_link_works_once(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    opened: list[str] = []
    with app.app_context():
        site, _boss = staffed(make)
    at_once(app, [lambda: m.sent(make, site, once="k", email="awa@example.org")] * RIVALS)
    with app.app_context(), transaction():
        sent_id = db.session.scalars(select(Application.id)).one()
        token = applications_links.mint(sent_id, "confirm", now=NOW)

    def confirm() -> None:
        with suppress(NotFound), transaction():
            opened.append(applications.confirm(token, now=NOW))

    at_once(app, [confirm] * RIVALS)
    assert len(opened) == 1
    with app.app_context():
        assert db.session.scalars(select(Application.state)).all() == ["new"]


def test_rival_confirmations_of_one_person_leave_one_open_application(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        site, _boss = staffed(make)
        sent = [m.sent(make, site, email="awa@example.org").id for _ in range(RIVALS)]
        with transaction():
            tokens = [applications_links.mint(one, "confirm", now=NOW) for one in sent]

    def confirm(token: str) -> None:
        with transaction():
            applications.confirm(token, now=NOW)

    at_once(app, [partial(confirm, token) for token in tokens])
    with app.app_context():
        assert db.session.scalars(select(Application.state)).all() == ["new"]


def test_a_withdrawal_and_an_acceptance_leave_no_open_invitation_behind(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        site, boss = staffed(make)
        application = m.sent(make, site)
        token = m.confirmed(make, application)
        actor, application_id = make.actor(boss), application.id

    def withdraw() -> None:
        with suppress(Conflict), transaction():
            applications.withdraw(token, reason="", once="w", now=NOW)

    def accept() -> None:
        with suppress(Conflict), transaction():
            applications_review.accept(
                actor, application_id, start_on=NOW.date(), revision=1, once="a", now=NOW
            )

    at_once(app, [withdraw, accept])
    with app.app_context():
        state = db.session.scalars(select(Application.state)).one()
        open_ones = [row for row in db.session.scalars(select(Invitation)) if not row.revoked_at]
        assert (state == "accepted") == bool(open_ones)


def test_many_starts_and_signatures_are_one(installation: tuple[Flask, Make]) -> None:
    app, make = installation
    with app.app_context():
        site, boss = staffed(make)
        newcomer = make.member(site)
        m.checklist(make, site, boss)
        version_id, site_id = m.charter(make, site, boss).id, site.id
        actor, member_id = make.actor(newcomer), newcomer.id

    def start() -> None:
        with transaction():
            welcome.start(member_id, site_id, now=NOW)

    def sign() -> None:
        with transaction():
            charters.sign(actor, version_id, now=NOW)

    at_once(app, [start] * RIVALS)
    at_once(app, [sign] * RIVALS)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Welcome)) == 1
        tasks = db.session.scalar(select(func.count()).select_from(WelcomeTask))
        assert tasks == len(USUAL)
        assert db.session.scalar(select(func.count()).select_from(CharterSignature)) == 1
