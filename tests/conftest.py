"""Fixtures: one application a run, a savepoint a test, people made by the product's commands."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import has_app_context
from flask.globals import app_ctx
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import StaticPool

from incubator.app import create_app
from incubator.domain.help.care import rules as care_rules
from incubator.edge import clock
from incubator.kernel.db import Base, as_of, db
from incubator.kernel.settings import Settings
from incubator.network.accounts import passwords
from incubator.network.letters import quiet_rules
from incubator.network.letters.quiet_rules import Hours
from tests.factories import Make

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Connection

    from incubator.network.accounts.models import Account

HOUSE_LIMITS = dict(care_rules.ALLOWED)
ENDLESS = dict.fromkeys(care_rules.LEVELS, 10**6)

pytest_plugins = (
    "tests.not_run",
    "tests.pool",
    "tests.nursery",
    "tests.rivals",
)

NOW = datetime(2026, 11, 12, 9, 41, tzinfo=UTC)
# Objects made before the collector looks: with the default 700 it looks all the time.
YOUNG = 50_000
HOUSE_HASHER = passwords.hasher()

# How long an example takes says how busy the machine is, and nothing of the product.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


class Client(FlaskClient):
    """A browser without JavaScript; the test's own session sees what a request changed."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().open(*args, **kwargs)
        finally:
            if not has_app_context():
                db.session.expire_all()


def database_url() -> str:
    """The PostgreSQL database of this run, when the runner names one; else «»: embedded."""
    return os.environ.get("INCUBATOR_TEST_DATABASE", "")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk through it all the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 100)


def _hash_with(hasher: PasswordHasher) -> Iterator[None]:
    nobody = hasher.hash("nobody")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", lambda: hasher)
        patch.setattr(passwords, "_nobody", lambda: nobody)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hashing is slow on purpose: who does not test that gets the cheapest parameters."""
    yield from _hash_with(PasswordHasher.from_parameters(CHEAPEST))


@pytest.fixture
def dear_passwords() -> Iterator[None]:
    """Hashing as the product does it."""
    yield from _hash_with(HOUSE_HASHER)


@pytest.fixture(scope="session", autouse=True)
def _untiring_members() -> Iterator[None]:
    """Members of tests write as much as they like, except where that is the subject."""
    with mock.patch.dict(care_rules.ALLOWED, dict.fromkeys(care_rules.ALLOWED, ENDLESS)):
        yield


@pytest.fixture
def daily_limits() -> Iterator[None]:
    """As many texts a day as the house allows."""
    with mock.patch.dict(care_rules.ALLOWED, HOUSE_LIMITS):
        yield


@pytest.fixture(scope="session", autouse=True)
def _sleepless_members() -> Iterator[None]:
    """Letters of tests leave whatever the clock says, except where quiet hours are the subject."""
    with mock.patch.object(quiet_rules, "USUAL", Hours(nights=False)):
        yield


@pytest.fixture
def nights() -> Iterator[None]:
    """Quiet hours as the house has them."""
    with mock.patch.object(quiet_rules, "USUAL", Hours()):
        yield


@pytest.fixture(scope="session")
def compiled_templates(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> FileSystemBytecodeCache:
    """Templates compiled once for all processes of all suites."""
    shared = pytestconfig.pluginmanager.get_plugin("tests.pool").pool()
    folder = (shared.parent if shared else tmp_path_factory.getbasetemp()) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    instance: Path = tmp_path_factory.mktemp("instance")
    return Settings(instance_dir=instance, secret_key="s" * 40, database_url=database_url())


@pytest.fixture(scope="session")
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Flask:
    config: dict[str, Any] = {"SQLALCHEMY_ENGINE_OPTIONS": {}}
    if not settings.database_url:
        embedded = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        # In memory, which no installation may ask for.
        config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///:memory:"
        config["SQLALCHEMY_ENGINE_OPTIONS"] = embedded
    made = create_app(settings, {"TESTING": True, "WTF_CSRF_ENABLED": False} | config)
    made.test_client_class = Client
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture(scope="session")
def connection(app: Flask) -> Iterator[Connection]:
    """One connection for the whole run, with the schema and nothing else in it."""
    with app.app_context():
        engine = db.engine
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with engine.connect() as made:
        yield made
    engine.dispose()


def _scope() -> int:
    # A request has the scope of its context; the test itself has one of its own.
    return id(app_ctx.g) if has_app_context() else 0


@pytest.fixture
def session(connection: Connection) -> Iterator[scoped_session[Session]]:
    """A savepoint around the test: whatever it commits is undone at its end."""
    outer = connection.begin()
    before = db.session
    maker = sessionmaker(
        bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    )
    db.session = scoped_session(maker, scopefunc=_scope)  # type: ignore[assignment]
    try:
        yield db.session
    finally:
        db.session.remove()
        db.session = before
        outer.rollback()


@pytest.fixture
def make(session: object, settings: Settings) -> Make:
    return Make(settings=settings, now=NOW)


@pytest.fixture
def frozen() -> Iterator[datetime]:
    """Pages read this instant."""
    with clock.stopped_at(NOW):
        yield NOW


@pytest.fixture
def present() -> Iterator[None]:
    """Reactions live at the instant of the tests, a Thursday morning."""
    with as_of(NOW):
        yield


@pytest.fixture
def client(app: Flask, session: object) -> FlaskClient:
    """A visitor."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, make: Make) -> Callable[[Account], FlaskClient]:
    """A browser signed in as a member."""

    def enter(account: Account) -> FlaskClient:
        browser = app.test_client()
        token = make.session_of(account)
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    return enter


@pytest.fixture
def count_queries(connection: Connection) -> Callable[[], Any]:
    """``with count_queries() as seen: …`` then ``len(seen)``."""

    @contextmanager
    def counting() -> Generator[list[str]]:
        seen: list[str] = []

        def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return counting
