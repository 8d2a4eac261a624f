"""Errors are one clear sentence with an id, whatever has failed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from incubator.app import create_app
from incubator.edge import errors
from incubator.edge.clock import stopped_at
from incubator.kernel import engines
from incubator.kernel.db import DatabaseDown, NoConnection, db, utcnow
from tests.factories import Make
from tests.real_app import real_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Flask]:
    with real_app(tmp_path) as app:
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield app


@pytest.fixture
def member(house: Flask) -> FlaskClient:
    """A browser signed in as a resident, on a real database file."""
    with house.app_context():
        make = Make(settings=house.extensions["incubator"].settings, now=utcnow())
        token = make.session_of(make.member(make.site()))
    browser = house.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return browser


def drop(house: Flask, table: str) -> None:
    with house.app_context(), db.engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.execute(text(f"DROP TABLE {table}"))


def test_a_lost_table_of_sessions_is_a_page_not_a_traceback(
    house: Flask, member: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    drop(house, "accounts_session")
    answer = member.get("/annuaire")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_database_that_cannot_be_written_still_lets_people_read(
    house: Flask, member: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TURN_SECONDS", 0.05)
    with house.app_context():
        engine = db.engine
    with engine.connect() as rival:
        rival.execution_options(write=True).begin()
        with stopped_at(utcnow() + timedelta(days=1)):
            assert member.get("/annuaire").status_code == 200
        answer = member.post("/moi", data={"name": "Nadia", "once": "a"})
    assert answer.status_code == 503


def test_a_database_that_another_process_holds_too_long_is_a_page(
    house: Flask, member: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TURN_SECONDS", 0.05)
    with house.app_context():
        file = str(db.engine.url.database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = member.post("/preferences", data={"language": "en", "back": "/annuaire"})
        assert (answer.status_code, "Traceback" in answer.text) == (503, False)
        other.execute("COMMIT")
    answer = member.post("/preferences", data={"language": "en", "back": "/annuaire"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/health", 405),
        ("GET", "/static/x/none.css", 404),
        ("GET", "/annuaire/%00", 404),
        ("GET", "/heures/99999999999999999999", 404),
    ],
)
def test_a_wrong_request_gets_its_page(
    member: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = member.open(path, method=method)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "asked", [{}, {"headers": {"Accept": "application/json"}}], ids=["page", "json"]
)
def test_a_wrong_method_is_told_which_are_right(member: FlaskClient, asked: dict) -> None:
    answer = member.delete("/health", **asked)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= answer.allow


def test_a_machine_gets_json(member: FlaskClient) -> None:
    answer = member.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


def test_a_database_of_which_every_connection_is_taken_is_a_page(
    house: Flask, member: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.app_context():
        engine = db.engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    with ExitStack() as taken:
        with pytest.raises(NoConnection):
            while True:
                taken.enter_context(engine.connect())
        answer = member.get("/annuaire")
    assert (answer.status_code, "Traceback" in answer.text) == (503, False)
    assert member.get("/annuaire").status_code == 200


def test_who_tried_too_often_is_still_refused_after_a_restart(house: Flask) -> None:
    told = {"email": "nobody@example.org", "password": "wrong"}
    known = house.extensions["incubator"].settings
    answers = [house.test_client().post("/connexion", data=told).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    anew = create_app(known, {"TESTING": True, "WTF_CSRF_ENABLED": False})
    assert anew.test_client().post("/connexion", data=told).status_code == 429
    with anew.app_context():
        db.engine.dispose()


def test_whatever_was_written_comes_back_with_the_error_but_no_secret(
    house: Flask, member: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(house.config, "WTF_CSRF_ENABLED", True)
    sent = {
        "reason": "Elle a déménagé à Lille.",
        "about_md": "Je répare\ndes vélos.",
        "current": "un secret long",
        "password": "un autre secret",
        "once": "6f1e",
        "day": "1 2",
    }
    answer = member.post(
        "/deconnexion", data=sent, headers={"Referer": "http://localhost/annuaire"}
    )
    assert answer.status_code == 400
    kept = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)
    assert sorted(kept) == ["Elle a déménagé à Lille.", "Je répare\ndes vélos."]


def test_trying_again_leads_to_the_form_and_not_to_where_it_was_sent(
    house: Flask, member: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> str:
        raise DatabaseDown("", None, Exception())

    monkeypatch.setitem(house.view_functions, "auth.sign_out", fails)
    monkeypatch.setattr(errors, "is_down", lambda _: True)
    for referrer, leads in (("http://localhost/annuaire?q=a", "/annuaire?q=a"), ("", "/")):
        answer = member.post("/deconnexion", headers={"Referer": referrer})
        assert answer.status_code == 503
        assert f'href="{leads}"' in answer.text.partition("Réessayer")[0].rpartition("<a ")[2]


@pytest.mark.parametrize("kind", ["application/json", "text/xml", "multipart/form-data"])
def test_a_form_of_another_kind_is_answered_in_words(member: FlaskClient, kind: str) -> None:
    answer = member.post("/entraide/demander", data=b"{<not a form", content_type=kind)
    assert answer.status_code in {400, 415, 422}
    assert "Traceback" not in answer.text
