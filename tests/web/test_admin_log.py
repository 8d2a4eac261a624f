"""The log of administrators: by whom, on whom, one entry, as a file; and what must stand in it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from incubator.kernel.db import db
from incubator.network.accounts.models import Grant
from incubator.reactions.audit.models import AuditEntry
from tests import factories_commitments as hours
from tests import factories_help as h
from tests.factories_accounts import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

PATH = "/reseau/journal"


@pytest.fixture
def site(make: Make, frozen: object) -> Site:
    return make.site("Lyon")


@pytest.fixture
def boss(make: Make, site: Site) -> Account:
    return make.member(role="administrator", name="Nadia Kaci", password=PASSWORD)


@pytest.fixture
def elise(make: Make, site: Site) -> Account:
    return make.member(site, name="Élise Nguyen", email="elise@example.org", password=PASSWORD)


def last(action: str) -> AuditEntry:
    query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc())
    found = db.session.scalars(query).first()
    assert found, action
    return found


def actions(page: str) -> list[str]:
    return re.findall(r'<a href="/reseau/journal/\d+">([^<]+)</a>', page)


def test_what_somebody_did_and_what_was_done_to_them_are_two_filters(
    boss: Account, elise: Account, sign_in: SignIn
) -> None:
    browser = sign_in(boss)
    browser.post(f"/reseau/membres/{elise.id}/fermer")
    by = actions(browser.get(f"{PATH}?who={boss.id}&part=by").text)
    on = actions(browser.get(f"{PATH}?who={elise.id}&part=on").text)
    assert "Compte fermé" in by
    assert "Compte fermé" in on
    assert "Compte fermé" not in actions(browser.get(f"{PATH}?who={boss.id}&part=on").text)
    assert "Compte fermé" not in actions(browser.get(f"{PATH}?who={elise.id}&part=by").text)
    assert "Compte fermé" in actions(browser.get(f"{PATH}?who={elise.id}&part=nonsense").text)


def test_an_entry_tells_all_that_was_written(
    boss: Account, elise: Account, site: Site, sign_in: SignIn
) -> None:
    browser = sign_in(boss)
    browser.post(f"/reseau/membres/{elise.id}", data={"role": "manager", "site_id": str(site.id)})
    page = browser.get(f"{PATH}/{last('rights_changed').id}").text
    for words in ("Droits changés", "Nadia Kaci", "Élise Nguyen", "Lyon", "rights_changed"):
        assert words in page
    assert "Responsable de site" in page


def test_managers_read_and_take_along_the_entries_of_their_sites_alone(
    make: Make, site: Site, elise: Account, sign_in: SignIn
) -> None:
    away = make.member(make.site("Nantes"), name="Ailleurs")
    hours.declared(make, elise)
    here = last("hours_declared").id
    hours.declared(make, away)
    there = last("hours_declared").id
    browser = sign_in(make.member(site, role="manager"))
    assert browser.get(f"{PATH}/{here}").status_code == 200
    assert browser.get(f"{PATH}/{there}").status_code == 404
    file = browser.post(f"{PATH}/fichier", data={"kind": "csv"})
    numbers = {row["Numéro"] for row in csv.DictReader(io.StringIO(file.text.lstrip("\ufeff")))}
    assert str(here) in numbers
    assert str(there) not in numbers
    assert last("log_exported").site_id == site.id
    assert sign_in(elise).post(f"{PATH}/fichier").status_code == 403


def test_the_file_holds_what_the_filters_choose_and_is_itself_in_the_log(
    boss: Account, elise: Account, sign_in: SignIn
) -> None:
    browser = sign_in(boss)
    browser.post(f"/reseau/membres/{elise.id}/fermer")
    chosen = {"kind": "csv-fr", "who": str(elise.id), "part": "on", "action": "member_deactivated"}
    answer = browser.post(f"{PATH}/fichier", data=chosen)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert [(row["Qui"], row["Pour qui"], row["Où"]) for row in rows] == [
        ("Nadia Kaci", "Élise Nguyen", "Lyon")
    ]
    taken = last("log_exported")
    assert (taken.actor_id, taken.data) == (boss.id, {"how_many": 1, "kind": "csv-fr"})
    book = browser.post(f"{PATH}/fichier", data={**chosen, "kind": "xlsx"}).data
    assert b"Nguyen" in ZipFile(io.BytesIO(book)).read("xl/sharedStrings.xml")


def close(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.post(f"/reseau/membres/{elise.id}/fermer")


def reopen(browser: FlaskClient, elise: Account, site: Site) -> None:
    close(browser, elise, site)
    browser.post(f"/reseau/membres/{elise.id}/rouvrir")


def give(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.post(f"/reseau/membres/{elise.id}", data={"role": "manager", "site_id": str(site.id)})


def take(browser: FlaskClient, elise: Account, site: Site) -> None:
    give(browser, elise, site)
    query = select(Grant.id).where(Grant.account_id == elise.id, Grant.role == "manager")
    browser.post(f"/reseau/membres/{elise.id}/roles/{db.session.scalar(query)}/retirer")


def invite(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.post(
        "/reseau/invitations/nouvelle",
        data={"email": "x@example.org", "role": "resident", "site_id": site.id, "language": "fr"},
    )


def take_members(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.get("/reseau/suivi/fichier")


def take_log(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.post(f"{PATH}/fichier")


def take_own_data(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.post("/moi/reglages/donnees/copie").close()


def new_password(browser: FlaskClient, elise: Account, site: Site) -> None:
    browser.post(
        "/moi/reglages/securite/mot-de-passe",
        data={"current": PASSWORD, "password": "un renard sur la colline"},
    )


SENSITIVE = {
    "member_deactivated": close,
    "member_reactivated": reopen,
    "rights_changed": give,
    "member_invited": invite,
    "members_exported": take_members,
    "log_exported": take_log,
    "data_taken": take_own_data,
    "password_changed": new_password,
}


@pytest.mark.parametrize("action", SENSITIVE)
def test_a_sensitive_act_stands_in_the_log_with_who_did_it(
    boss: Account, elise: Account, site: Site, sign_in: SignIn, action: str
) -> None:
    before = len(entries(action))
    SENSITIVE[action](sign_in(boss), elise, site)
    written = entries(action)[before:]
    assert [entry.actor_id for entry in written] == [boss.id]


def test_a_role_taken_back_stands_in_the_log(
    boss: Account, elise: Account, site: Site, sign_in: SignIn
) -> None:
    take(sign_in(boss), elise, site)
    assert (last("rights_changed").member_id, last("rights_changed").data["given"]) == (
        elise.id,
        False,
    )


def test_coming_in_and_being_turned_away_stand_in_the_log(app: Flask, elise: Account) -> None:
    browser = app.test_client()
    browser.post("/connexion", data={"email": "elise@example.org", "password": "wrong"})
    assert last("sign_in_refused").member_id == elise.id
    browser.post("/connexion", data={"email": "elise@example.org", "password": PASSWORD})
    assert last("signed_in").member_id == elise.id


def test_what_a_manager_does_to_hours_and_texts_stands_in_the_log(
    make: Make, site: Site, elise: Account, sign_in: SignIn
) -> None:
    sophie = make.member(site, role="manager")
    hours.confirmed(make, elise, sophie)
    assert (last("hours_confirmed").actor_id, last("hours_confirmed").site_id) == (
        sophie.id,
        site.id,
    )
    asked = h.question(make, elise)
    assert (last("question_asked").actor_id, last("question_asked").data["question_id"]) == (
        elise.id,
        asked.id,
    )


def entries(action: str) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return list(db.session.scalars(query))
