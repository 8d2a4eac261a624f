"""Rights given and taken, accounts closed and reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.accounts import merging, moving, personal, rights
from incubator.network.accounts.models import Account, Grant, Session
from incubator.network.members.models import Member
from tests.conftest import NOW

if TYPE_CHECKING:
    from tests.factories import Make


def give(make: Make, by: Account, to: Account, role: str, site_id: int | None) -> None:
    with transaction():
        rights.give(make.actor(by), member_id=to.id, role=role, site_id=site_id, now=NOW)


def grant_of(account: Account, role: str) -> int:
    query = select(Grant.id).where(Grant.account_id == account.id, Grant.role == role)
    return db.session.scalars(query.where(Grant.ended_at.is_(None))).one()


def take(make: Make, by: Account, account: Account, role: str) -> None:
    found = grant_of(account, role)
    with transaction():
        rights.take(make.actor(by), member_id=account.id, grant_id=found, now=NOW)


def version(account: Account) -> int:
    return db.session.scalars(select(Account.rights_version).where(Account.id == account.id)).one()


def test_a_guest_admitted_as_a_resident_is_no_longer_a_guest(make: Make) -> None:
    site = make.site()
    visitor = make.member(site, role="guest")
    give(make, make.member(site, role="manager"), visitor, "resident", site.id)
    query = select(Grant.role).where(Grant.account_id == visitor.id, Grant.ended_at.is_(None))
    assert db.session.scalars(query).all() == ["resident"]
    assert version(visitor) == 3


def test_a_role_given_twice_counts_once(make: Make) -> None:
    site = make.site()
    boss, person = make.member(role="administrator"), make.member(site)
    give(make, boss, person, "manager", site.id)
    give(make, boss, person, "manager", site.id)
    assert version(person) == 2
    assert make.actor(person).manages(site.id)


def test_a_role_needs_a_site_unless_it_is_the_networks(make: Make) -> None:
    boss, person = make.member(role="administrator"), make.member(make.site())
    wrong = [("manager", None), ("administrator", 1), ("resident", 999), ("king", None)]
    for role, site_id in wrong:
        with pytest.raises(Refusal):
            give(make, boss, person, role, site_id)


def test_a_manager_gives_no_role_above_their_own(make: Make) -> None:
    site = make.site()
    manager, person = make.member(site, role="manager"), make.member(site)
    for role, site_id in [("manager", site.id), ("administrator", None)]:
        with pytest.raises(NotAllowed):
            give(make, manager, person, role, site_id)


def test_a_manager_does_not_see_the_people_of_another_site(make: Make) -> None:
    manager, person = make.member(make.site(), role="manager"), make.member(make.site("Nantes"))
    with pytest.raises(NotFound):
        give(make, manager, person, "guest", make.actor(manager).home_site_id)


def test_a_role_taken_ends_and_rotates(make: Make) -> None:
    site = make.site()
    boss, person = make.member(role="administrator"), make.member(site, role="manager")
    take(make, boss, person, "manager")
    assert not make.actor(person).is_manager
    assert version(person) == 2


def test_the_last_role_is_not_taken(make: Make) -> None:
    boss, person = make.member(role="administrator"), make.member(make.site())
    with pytest.raises(Refusal) as refused:
        take(make, boss, person, "resident")
    assert refused.value.code == "accounts.last_role"


def test_a_role_taken_meanwhile_is_not_found(make: Make) -> None:
    boss, person = make.member(role="administrator"), make.member(make.site())
    with pytest.raises(NotFound), transaction():
        rights.take(make.actor(boss), member_id=person.id, grant_id=999_999, now=NOW)


def test_a_manager_takes_no_manager_role(make: Make) -> None:
    site = make.site()
    with pytest.raises(NotAllowed):
        take(make, make.member(site, role="manager"), make.member(site, role="manager"), "manager")


def test_the_last_administrator_stays(make: Make) -> None:
    boss = make.member(role="administrator")
    give(make, boss, boss, "resident", make.site().id)
    with pytest.raises(Refusal) as refused:
        take(make, boss, boss, "administrator")
    assert refused.value.code == "accounts.last_administrator"


def test_one_of_two_administrators_may_go(make: Make) -> None:
    boss, second = make.member(role="administrator"), make.member(role="administrator")
    with transaction():
        rights.deactivate(make.actor(boss), member_id=second.id, now=NOW)
    assert db.session.get_one(Account, second.id).deactivated_at == NOW


def test_a_closed_administrator_does_not_count_as_one(make: Make) -> None:
    site = make.site()
    boss, second = make.member(role="administrator"), make.member(role="administrator")
    give(make, boss, boss, "resident", site.id)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=second.id, now=NOW)
    with pytest.raises(Refusal):
        take(make, boss, boss, "administrator")


def test_closing_an_account_ends_its_sessions_and_hides_the_member(make: Make) -> None:
    site = make.site()
    person, manager = make.member(site), make.member(site, role="manager")
    make.session_of(person)
    with transaction():
        rights.deactivate(make.actor(manager), member_id=person.id, now=NOW)
    assert not db.session.get_one(Member, person.id).active
    query = select(Session.ended_at).where(Session.account_id == person.id)
    assert db.session.scalars(query).all() == [NOW]


def test_a_reopened_account_has_its_roles_back(make: Make) -> None:
    site = make.site()
    boss, person = make.member(role="administrator"), make.member(site)
    for _ in range(2):
        with transaction():
            rights.deactivate(make.actor(boss), member_id=person.id, now=NOW)
    for _ in range(2):
        with transaction():
            rights.reactivate(make.actor(boss), member_id=person.id)
    assert db.session.get_one(Member, person.id).active
    assert make.actor(person).role == "resident"


@pytest.mark.parametrize("keep_window", [True, False])
def test_who_left_is_in_the_directory_again_only_with_a_role(
    make: Make, *, keep_window: bool
) -> None:
    site = make.site()
    boss, person = make.member(role="administrator"), make.member(site)
    actor = make.actor(boss)
    with transaction():
        moving.leave_network(
            actor, member_id=person.id, keep_window=keep_window, today=NOW.date(), now=NOW
        )
        rights.deactivate(actor, member_id=person.id, now=NOW)
    with transaction():
        rights.reactivate(actor, member_id=person.id)
    assert not db.session.get_one(Member, person.id).active
    give(make, boss, person, "resident", site.id)
    assert db.session.get_one(Member, person.id).active
    assert make.actor(person).role == "resident"


def test_an_account_of_who_was_forgotten_or_merged_stays_closed(make: Make) -> None:
    site = make.site()
    boss = make.member(role="administrator")
    kept, double, gone = (make.member(site) for _ in range(3))
    actor = make.actor(boss)
    with transaction():
        merging.merge(actor, kept_id=kept.id, gone_id=double.id, now=NOW)
        rights.deactivate(actor, member_id=gone.id, now=NOW)
        personal.forget(gone.id)
    for each in (double, gone):
        with pytest.raises(Refusal, match=r"accounts\.closed_for_good"), transaction():
            rights.reactivate(actor, member_id=each.id)
        assert not db.session.get_one(Member, each.id).active


def test_nobody_closes_their_own_account_or_gives_to_a_closed_one(make: Make) -> None:
    site = make.site()
    boss, person = make.member(role="administrator"), make.member(site)
    with pytest.raises(NotAllowed), transaction():
        rights.deactivate(make.actor(boss), member_id=boss.id, now=NOW)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=person.id, now=NOW)
    with pytest.raises(Refusal):
        give(make, boss, person, "guest", site.id)


def test_the_first_residence_of_a_homeless_member_is_their_home(make: Make) -> None:
    site, boss = make.site(), make.member(role="administrator")
    give(make, boss, boss, "resident", site.id)
    assert make.actor(boss).home_site_id == site.id
