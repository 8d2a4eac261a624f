"""Previews of letters and copies of what was sent: for administrators, and noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.reactions.audit.models import AuditEntry
from incubator.reactions.mail.samples import KINDS, sample
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About
from tests.factories_accounts import worked

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import Make


USED = sample("skill_decided")


@pytest.fixture
def browser(make: Make, sign_in: Any) -> FlaskClient:
    client: FlaskClient = sign_in(make.member(role="administrator"))
    return client


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_letter_is_shown_as_text_and_as_html(browser: FlaskClient, language: str) -> None:
    page = browser.get("/reseau/lettres").text
    for kind in KINDS:
        assert f"/reseau/lettres/{kind}/{language}" in page
        shown = browser.get(f"/reseau/lettres/{kind}/{language}")
        assert shown.status_code == 200
        assert "<b>Cie</b>" not in shown.text


def test_the_html_of_a_letter_may_run_nothing(browser: FlaskClient) -> None:
    shown = browser.get("/reseau/lettres/digest/en/html")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert '<html lang="en">' in shown.text


@pytest.mark.parametrize("path", ["nothing/fr", "digest/de", "_foot/fr", "digest/de/html"])
def test_a_letter_that_does_not_exist_is_not_found(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/reseau/lettres/{path}").status_code == 404


def test_a_copy_is_found_read_and_noted(app: Flask, make: Make, browser: FlaskClient) -> None:
    elise = make.member(make.site(), email="elise@example.org")
    with transaction():
        about = About("skill", 1, "skill_decided", title="Miel")
        write(
            "skill_decided", "skill_decided", [elise], values=sample("skill_decided"), about=about
        )
    worked(app)
    page = browser.get(f"/reseau/lettres-envoyees?who={elise.id}").text
    assert "elise@example.org" in page
    assert "elise@example.org" not in browser.get("/reseau/lettres-envoyees?who=0").text
    path = page.split('class="cover" href="')[1].split('"')[0]
    assert "To: elise@example.org" in browser.get(path).text
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "copy_read"))
    assert entry.member_id == elise.id
    assert browser.get("/reseau/lettres-envoyees/none").status_code == 404
