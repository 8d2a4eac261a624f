"""Rivals on one thread, with real threads on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.app import create_app
from incubator.domain.help import commands
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import NotFound
from incubator.kernel.settings import Settings
from tests import factories_help as h
from tests.conftest import NOW
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

RIVALS = 8
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


def at_once(app: Flask, acts: list[Callable[[], object]]) -> None:
    """Do these at the same instant, each on a connection of its own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(10)
            act()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def test_a_double_send_makes_one_question_and_one_answer(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        asker = make.member(make.site())
        term = h.skill(make)
        rested(asker)
    at_once(app, [lambda: h.question(make, asker, term, once="q")] * RIVALS)
    with app.app_context():
        asked = db.session.scalars(select(Question)).one()
        rested(asked)
    at_once(app, [lambda: h.answer(make, asker, asked, once="a")] * RIVALS)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Answer)) == 1
        assert db.session.scalars(select(Question.answer_count)).one() == 1


def test_rival_acceptances_leave_one_accepted_answer(installation: tuple[Flask, Make]) -> None:
    app, make = installation
    with app.app_context():
        asker = make.member(make.site())
        asked = h.question(make, asker)
        given = [h.answer(make, asker, asked) for _ in range(RIVALS)]
        rested(asker, *given)
    at_once(app, [partial(h.accept, make, asker, each) for each in given])
    with app.app_context():
        accepted = db.session.scalars(select(Acceptance.answer_id)).all()
        assert len(accepted) == 1
        assert accepted[0] in {each.id for each in given}
        assert db.session.scalars(select(Question.state)).one() == "solved"


def test_rival_answers_are_all_counted(installation: tuple[Flask, Make]) -> None:
    app, make = installation
    with app.app_context():
        asker = make.member(make.site())
        asked = h.question(make, asker)
    at_once(app, [lambda: h.answer(make, asker, asked)] * RIVALS)
    with app.app_context():
        assert db.session.scalars(select(Question.answer_count)).one() == RIVALS


def test_an_acceptance_and_a_removal_leave_no_solved_thread_without_its_answer(
    installation: tuple[Flask, Make],
) -> None:
    app, make = installation
    with app.app_context():
        boss = make.member(make.site(), role="manager")
        asked = h.question(make, boss)
        given = h.answer(make, boss, asked)

    def remove() -> None:
        with transaction():
            commands.remove_answer(make.actor(boss), given.id, now=NOW)

    def accept() -> None:
        # Coming second, it finds no answer any more.
        with suppress(NotFound):
            h.accept(make, boss, given)

    at_once(app, [remove, accept])
    with app.app_context():
        assert db.session.scalars(select(Question.state)).one() == "open"
        assert not db.session.scalars(select(Acceptance)).all()
