"""Invitations: who may give them, how long they live, and that each is used once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.app import create_app
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.settings import Settings
from incubator.network.accounts import commands, invitations, rights
from incubator.network.accounts.models import Account, Grant, Invitation
from tests import services
from tests.conftest import NOW, database_url
from tests.factories import Make
from tests.factories_accounts import guest, invitation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_a_newcomer_gets_the_role_at_the_site(make: Make) -> None:
    site = make.site()
    issued = invitation(make, make.member(site, role="manager"), site)
    with transaction():
        account = invitations.accept(issued.token or "", guest(), now=NOW)
    actor = make.actor(account)
    assert (actor.role, actor.home_site_id, actor.time_zone) == (
        "resident",
        site.id,
        "Africa/Dakar",
    )


def test_an_invited_manager_is_also_a_resident(make: Make) -> None:
    site = make.site()
    boss = make.member(role="administrator")
    issued = invitation(make, boss, site, role="manager")
    with transaction():
        account = invitations.accept(issued.token or "", guest(), now=NOW)
    assert make.actor(account).manages(site.id)
    assert roles_of(account) == {"manager", "resident"}


def roles_of(account: Account) -> set[str]:
    return set(db.session.scalars(select(Grant.role).where(Grant.account_id == account.id)))


@pytest.mark.parametrize("role", ["administrator", "manager"])
def test_a_manager_invites_neither_managers_nor_administrators(make: Make, role: str) -> None:
    site = make.site()
    manager = make.member(site, role="manager")
    with pytest.raises(NotAllowed):
        invitation(make, manager, site if role == "manager" else None, role=role)


def test_a_manager_invites_to_their_own_sites_only(make: Make) -> None:
    manager = make.member(make.site(), role="manager")
    with pytest.raises(NotAllowed):
        invitation(make, manager, make.site("Nantes"))


def test_a_mailed_invitation_keeps_its_address(make: Make) -> None:
    site = make.site()
    issued = invitation(make, make.member(role="administrator"), site, email="Hugo@Example.org")
    with transaction():
        account = invitations.accept(issued.token or "", guest(email="other@example.org"), now=NOW)
    assert account.email == "hugo@example.org"


@pytest.mark.parametrize("typed", ["hugo@example.org", "HUGO@Example.ORG"])
def test_nobody_is_invited_twice_to_the_same_house(make: Make, typed: str) -> None:
    site = make.site()
    make.member(site, email="hugo@example.org")
    with pytest.raises(Refusal) as refused:
        invitation(make, make.member(role="administrator"), site, email=typed)
    assert refused.value.code == "accounts.already_member"


def test_the_same_form_sent_twice_makes_one_invitation(make: Make) -> None:
    site, boss = make.site(), make.actor(make.member(role="administrator"))
    form = {"role": "guest", "site_id": site.id, "email": None, "language": "fr", "once": "x"}
    with transaction():
        first = invitations.invite(boss, **form, now=NOW)
        second = invitations.invite(boss, **form, now=NOW)
    assert first.invitation.id == second.invitation.id
    assert second.token is None


def accepted(token: str | None, now: Any = NOW, **more: str) -> Account:
    with transaction():
        return invitations.accept(token or "", guest(**more), now=now)


def test_an_invitation_works_once(make: Make) -> None:
    site = make.site()
    issued = invitation(make, make.member(role="administrator"), site)
    accepted(issued.token)
    with pytest.raises(NotFound):
        accepted(issued.token, email="second@example.org")


def test_an_invitation_lives_fourteen_days(make: Make) -> None:
    issued = invitation(make, make.member(role="administrator"), make.site())
    with pytest.raises(NotFound):
        accepted(issued.token, now=NOW + timedelta(days=14))
    assert accepted(issued.token, now=NOW + timedelta(days=14, seconds=-1))


def test_a_forged_or_withdrawn_invitation_opens_nothing(make: Make) -> None:
    boss = make.member(role="administrator")
    issued = invitation(make, boss, make.site())
    with transaction():
        invitations.revoke(make.actor(boss), invitation_id=issued.invitation.id, now=NOW)
    for token in (issued.token, "forged", ""):
        with pytest.raises(NotFound):
            accepted(token)


def test_an_invitation_dies_with_the_rights_of_its_giver(make: Make) -> None:
    site = make.site()
    boss, manager = make.member(role="administrator"), make.member(site, role="manager")
    issued = invitation(make, manager, site)
    with transaction():
        commands.take_role(make.actor(boss), manager.id, role="manager", site_id=site.id, now=NOW)
    with pytest.raises(NotFound):
        accepted(issued.token)


def test_an_invitation_dies_with_the_account_of_its_giver(make: Make) -> None:
    site = make.site()
    boss, manager = make.member(role="administrator"), make.member(site, role="manager")
    issued = invitation(make, manager, site)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=manager.id, now=NOW)
    with pytest.raises(NotFound):
        accepted(issued.token)


def test_sent_again_the_former_link_is_dead(make: Make) -> None:
    boss = make.member(role="administrator")
    issued = invitation(make, boss, make.site())
    with transaction():
        again = invitations.send_again(
            make.actor(boss), invitation_id=issued.invitation.id, now=NOW + timedelta(days=20)
        )
    with pytest.raises(NotFound):
        accepted(issued.token, now=NOW + timedelta(days=21))
    assert accepted(again.token, now=NOW + timedelta(days=33))


def test_a_used_invitation_is_neither_sent_again_nor_withdrawn(make: Make) -> None:
    boss = make.member(role="administrator")
    issued = invitation(make, boss, make.site())
    accepted(issued.token)
    for command in (invitations.send_again, invitations.revoke):
        with pytest.raises(Refusal) as refused, transaction():
            command(make.actor(boss), invitation_id=issued.invitation.id, now=NOW)
        assert refused.value.code == "accounts.invitation_over"


def test_a_manager_does_not_touch_the_invitations_of_another_site(make: Make) -> None:
    issued = invitation(make, make.member(role="administrator"), make.site())
    other = make.member(make.site("Nantes"), role="manager")
    with pytest.raises(NotFound), transaction():
        invitations.revoke(make.actor(other), invitation_id=issued.invitation.id, now=NOW)


def test_a_weak_password_leaves_the_invitation_open(make: Make) -> None:
    issued = invitation(make, make.member(role="administrator"), make.site())
    with pytest.raises(Refusal):
        accepted(issued.token, password="motdepasse")
    assert accepted(issued.token)


@pytest.mark.parametrize("typed", ["awa@example.org", "Awa@EXAMPLE.org"])
def test_an_address_taken_by_another_account_is_refused(make: Make, typed: str) -> None:
    site = make.site()
    make.member(site, email="awa@example.org")
    issued = invitation(make, make.member(role="administrator"), site)
    with pytest.raises(Refusal) as refused:
        accepted(issued.token, email=typed)
    assert refused.value.code == "accounts.email_taken"


def race(app: Any, token: str) -> list[str]:
    """Two people open the same link at the same instant, each in a thread of their own."""
    start, outcomes = threading.Barrier(2), []

    def accept(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                accepted(token, email=f"rival{number}@example.org", name=f"Rival {number}")
                outcomes.append("in")
            except NotFound:
                outcomes.append("out")

    threads = [threading.Thread(target=accept, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def committed(tmp_path: Path) -> Iterator[str]:
    """An empty database of its own: threads do not see what a savepoint hides."""
    if not database_url():
        yield f"sqlite:///{tmp_path / 'race.db'}"
        return
    with services.database_on(database_url()) as url:
        yield url


@pytest.mark.slow
def test_of_two_at_the_same_instant_one_gets_the_account(tmp_path: Path, committed: str) -> None:
    settings = Settings(instance_dir=tmp_path, secret_key="s" * 40, database_url=committed)
    app = create_app(settings, {"TESTING": True})
    with app.app_context():
        Base.metadata.create_all(db.engine)
        make = Make(settings=settings, now=NOW)
        issued = invitation(make, make.member(role="administrator"), make.site())
    assert race(app, issued.token or "") == ["in", "out"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 2
        assert db.session.scalars(select(Invitation.used_at)).one() == NOW
        db.session.remove()
        db.engine.dispose()
