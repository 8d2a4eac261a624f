"""Running the network: members and roles, invitations, stopped tasks, log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.blueprints.admin.words import ACTIONS
from incubator.kernel.db import db, transaction
from incubator.kernel.events import Event
from incubator.kernel.jobs import Job, later
from incubator.network.accounts.models import Account, Grant, Invitation
from incubator.reactions.audit.reactions import UNWRITTEN, action_of
from tests.factories_accounts import invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.sites.models import Site
    from tests.factories import Make


@pytest.fixture
def site(make: Make, frozen: object) -> Site:
    return make.site("Lyon")


@pytest.fixture
def boss(make: Make, sign_in: Callable[[Account], FlaskClient], site: Site) -> FlaskClient:
    return sign_in(make.member(role="administrator", name="Nadia Kaci"))


@pytest.fixture
def manager(make: Make, sign_in: Callable[[Account], FlaskClient], site: Site) -> FlaskClient:
    return sign_in(make.member(site, role="manager", name="Sophie Lambert"))


def roles(account: Account) -> set[str]:
    query = select(Grant.role).where(Grant.account_id == account.id, Grant.ended_at.is_(None))
    return set(db.session.scalars(query))


def test_the_first_page_shows_sites_guests_and_stopped_tasks(
    boss: FlaskClient, manager: FlaskClient, make: Make, site: Site
) -> None:
    make.member(site, role="guest", name="Hugo Petit")
    dead_job("mail.deliver")
    page = boss.get("/reseau").text
    for words in ("Lyon", "Sophie Lambert", "Hugo Petit", "Envoi d’une lettre"):
        assert words in page


def test_an_empty_network_has_kind_words(boss: FlaskClient) -> None:
    page = boss.get("/reseau").text
    assert "Personne n’attend à la porte" in page
    assert "Tout est parti comme il faut" in page


def test_a_guest_is_admitted_in_one_press(boss: FlaskClient, make: Make, site: Site) -> None:
    hugo = make.member(site, role="guest")
    data = {"role": "resident", "site_id": site.id}
    assert boss.post(f"/reseau/membres/{hugo.id}", data=data).status_code == 303
    assert roles(hugo) == {"resident"}


def test_members_are_found_by_name_address_role_state_and_site(
    boss: FlaskClient, make: Make, site: Site
) -> None:
    make.member(site, name="Élise Nguyen", email="rive@example.org")
    make.member(make.site("Nantes"), role="guest", name="Hugo Petit")

    def found(query: str) -> tuple[bool, bool]:
        page = boss.get(f"/reseau/membres?{query}").text
        return "Élise Nguyen" in page, "Hugo Petit" in page

    assert found("") == (True, True)
    assert found("q=elise+ngu") == (True, False)
    assert found("q=RIVE@ex") == (True, False)
    assert found("role=guest") == (False, True)
    assert found(f"site={site.id}") == (True, False)
    assert found("state=closed") == (False, False)
    assert found("state=active&q=hug") == (False, True)
    assert found("q=%25") == (False, False)


def test_a_manager_sees_and_changes_the_people_of_their_sites(
    manager: FlaskClient, make: Make, site: Site
) -> None:
    here, there = make.member(site, name="Ici"), make.member(make.site("Nantes"), name="Ailleurs")
    page = manager.get("/reseau/membres").text
    assert "Ici" in page
    assert "Ailleurs" not in page
    assert manager.get(f"/reseau/membres/{there.id}").status_code == 404
    assert manager.post(f"/reseau/membres/{there.id}/fermer").status_code == 404
    assert manager.post(f"/reseau/membres/{here.id}/fermer").status_code == 303
    assert manager.post(f"/reseau/membres/{here.id}/rouvrir").status_code == 303
    assert db.session.get_one(Account, here.id).deactivated_at is None


def test_a_manager_is_offered_only_what_they_may_give(
    manager: FlaskClient, make: Make, site: Site
) -> None:
    person = make.member(site)
    page = manager.get(f"/reseau/membres/{person.id}").text
    assert 'value="administrator"' not in page
    wrong = {"role": "administrator", "site_id": ""}
    assert manager.post(f"/reseau/membres/{person.id}", data=wrong).status_code == 422
    assert roles(person) == {"resident"}


def test_a_role_is_given_then_taken(boss: FlaskClient, make: Make, site: Site) -> None:
    person = make.member(site)
    boss.post(f"/reseau/membres/{person.id}", data={"role": "manager", "site_id": site.id})
    assert roles(person) == {"manager", "resident"}
    query = select(Grant.id).where(Grant.account_id == person.id, Grant.role == "manager")
    grant_id = db.session.scalars(query).one()
    assert boss.post(f"/reseau/membres/{person.id}/roles/{grant_id}/retirer").status_code == 303
    assert roles(person) == {"resident"}


def test_a_refused_form_says_why(boss: FlaskClient, make: Make, site: Site) -> None:
    person = make.member(site)
    answer = boss.post(f"/reseau/membres/{person.id}", data={"role": "manager", "site_id": ""})
    assert answer.status_code == 422
    assert "Choisissez un site" in answer.text


def test_the_last_administrator_is_told_to_name_another(
    boss: FlaskClient, make: Make, site: Site
) -> None:
    account = db.session.scalars(select(Grant).where(Grant.role == "administrator")).one()
    boss.post(f"/reseau/membres/{account.account_id}", data={"role": "guest", "site_id": site.id})
    boss.post(f"/reseau/membres/{account.account_id}/roles/{account.id}/retirer")
    assert "nommez-en une autre" in boss.get("/reseau").text


def link_of(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8000(/invitation/[^"]+)"', page)
    assert found
    return found[1]


def test_an_invitation_link_is_shown_once(app: Flask, manager: FlaskClient, site: Site) -> None:
    typed = {"role": "resident", "site_id": site.id, "language": "fr", "email": "", "once": "a"}
    answer = manager.post("/reseau/invitations/nouvelle", data=typed)
    assert answer.headers["Cache-Control"] == "no-store"
    assert app.test_client().get(link_of(answer.text)).status_code == 200
    again = manager.post("/reseau/invitations/nouvelle", data=typed)
    assert again.location == "/reseau/invitations"
    assert link_of(answer.text) not in manager.get("/reseau/invitations").text
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_a_mailed_invitation_is_listed_sent_again_and_withdrawn(
    boss: FlaskClient, site: Site
) -> None:
    typed = {"role": "guest", "site_id": site.id, "language": "en", "email": "hugo@example.org"}
    assert boss.get("/reseau/invitations/nouvelle").status_code == 200
    assert boss.post("/reseau/invitations/nouvelle", data=typed).status_code == 303
    row = db.session.scalars(select(Invitation)).one()
    assert "hugo@example.org" in boss.get("/reseau/invitations").text
    assert boss.post(f"/reseau/invitations/{row.id}/renvoyer").status_code == 303
    assert boss.post(f"/reseau/invitations/{row.id}/retirer").status_code == 303
    page = boss.get("/reseau/invitations").text
    assert "retirée" in page
    assert "/renvoyer" not in page


def test_a_bad_address_stands_beside_its_field(boss: FlaskClient, site: Site) -> None:
    typed = {"role": "guest", "site_id": site.id, "language": "en", "email": "hugo at example"}
    answer = boss.post("/reseau/invitations/nouvelle", data=typed)
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'value="hugo at example"' in answer.text


def test_the_list_of_invitations_invites_when_empty(manager: FlaskClient) -> None:
    assert "Pas encore d’invitation" in manager.get("/reseau/invitations").text


def dead_job(kind: str) -> int:
    with transaction():
        later(kind, {"to": "hugo@example.org", "values": {"token": "secret-token"}})
        row = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
        row.state, row.attempts, row.error = "dead", 8, "SMTPDataError: (550, no such person)"
        return row.id


def test_a_stopped_task_shows_its_error_and_no_secret(boss: FlaskClient) -> None:
    job_id = dead_job("mail.deliver")
    page = boss.get("/reseau/taches").text
    assert "550, no such person" in page
    assert "hugo@example.org" in page
    assert "secret-token" not in page
    assert boss.post(f"/reseau/taches/{job_id}/relancer").status_code == 303
    assert db.session.get_one(Job, job_id).state == "waiting"
    boss.post(f"/reseau/taches/{job_id}/relancer")
    assert "n’est plus arrêtée" in boss.get("/reseau/taches").text


def test_the_log_tells_who_did_what_to_whom(boss: FlaskClient, make: Make, site: Site) -> None:
    person = make.member(site, name="Élise Nguyen")
    boss.post(f"/reseau/membres/{person.id}/fermer")
    page = boss.get("/reseau/journal?action=member_deactivated").text
    for words in ("Compte fermé", "Nadia Kaci", "pour Élise Nguyen", "Lyon"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("who=elise", True),
        ("who=zoe", False),
        ("who=99999999999999999999999", False),
        ("since=2020-01-01", True),
        ("until=2020-01-01", False),
        ("since=nonsense&until=9999-12-31", True),
        ("since=0001-01-01", True),
        ("action=tea_poured", False),
        ("site=99999999999999999999999", True),
        ("after=forged&site=-1", True),
    ],
)
def test_the_log_is_filtered(
    boss: FlaskClient, make: Make, site: Site, query: str, shown: bool
) -> None:
    make.member(site, name="Élise Nguyen")
    page = boss.get(f"/reseau/journal?{query}").text
    assert ("Membre admis</a>" in page) is shown


def test_a_manager_reads_the_log_of_their_sites(
    manager: FlaskClient, make: Make, site: Site
) -> None:
    make.member(site, name="Ici")
    make.member(make.site("Nantes"), name="Ailleurs")
    page = manager.get("/reseau/journal").text
    assert "pour Ici" in page
    assert "Ailleurs" not in page


PAGES = ["/reseau/membres", "/reseau/invitations", "/reseau/journal", "/reseau"]


@pytest.mark.parametrize("address", PAGES)
def test_a_list_costs_the_same_whatever_its_length(
    boss: FlaskClient, make: Make, site: Site, address: str, count_queries: Callable[[], Any]
) -> None:
    giver = make.member(role="administrator")

    def cost() -> int:
        make.member(site, role="guest")
        invitation(make, giver, site)
        boss.get(address)
        with count_queries() as seen:
            boss.get(address)
        return len(seen)

    first = cost()
    for _ in range(6):
        make.member(make.site("Lille"), role="guest")
        invitation(make, giver, site)
    assert cost() == first


def test_long_lists_have_pages(boss: FlaskClient, make: Make, site: Site) -> None:
    for number in range(31):
        make.member(site, name=f"Membre {number:02}")
    first = boss.get("/reseau/membres?role=resident")
    onward = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert onward
    second = boss.get(onward[1].replace("&amp;", "&")).text
    assert "Membre 30" in second
    assert "Membre 29" not in second


def kinds(parent: type[Event] = Event) -> Iterator[type[Event]]:
    for kind in parent.__subclasses__():
        if kind.__module__.startswith("incubator."):
            yield kind
            yield from kinds(kind)


def test_every_event_of_the_product_has_words_in_the_log(app: Flask) -> None:
    parents = {action_of(kind) for kind in kinds() if kind.__subclasses__()}
    missing = {action_of(kind) for kind in kinds()} - parents - UNWRITTEN - ACTIONS.keys()
    assert missing == set()
