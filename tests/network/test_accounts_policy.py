"""Who may open the door to whom: each role, at each site."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incubator.network.accounts import policy
from incubator.network.members.actor import ROLES, Actor

HERE, THERE = 1, 2
BASE = Actor(
    id=1,
    name="A",
    slug="a",
    role="resident",
    home_site_id=HERE,
    managed_site_ids=frozenset(),
    language="fr",
    time_zone="Europe/Paris",
)
RESIDENT = BASE
GUEST = replace(BASE, role="guest")
MANAGER = replace(BASE, role="manager", managed_site_ids=frozenset({HERE}))
ADMINISTRATOR = replace(BASE, role="administrator")


@pytest.mark.parametrize("site_id", [HERE, THERE, None])
@pytest.mark.parametrize("role", ROLES)
def test_only_managers_at_home_and_administrators_give_roles(
    role: str, site_id: int | None
) -> None:
    local = role in {"resident", "guest"} and site_id == HERE
    assert policy.may_grant(MANAGER, role, site_id) is local
    assert policy.may_invite(MANAGER, role, site_id) is local
    assert policy.may_grant(ADMINISTRATOR, role, site_id)
    assert not policy.may_grant(RESIDENT, role, site_id)
    assert not policy.may_grant(GUEST, role, site_id)


def test_a_form_offers_the_roles_that_may_be_given() -> None:
    assert set(policy.grantable_roles(ADMINISTRATOR)) == set(ROLES) - {"alumni"}
    assert policy.grantable_roles(MANAGER) == ("resident", "guest")
    assert policy.grantable_roles(RESIDENT) == ()


@pytest.mark.parametrize(
    ("actor", "person", "allowed"),
    [
        (ADMINISTRATOR, replace(MANAGER, id=2), True),
        (ADMINISTRATOR, replace(ADMINISTRATOR, id=2), True),
        (ADMINISTRATOR, ADMINISTRATOR, False),
        (MANAGER, replace(RESIDENT, id=2), True),
        (MANAGER, replace(GUEST, id=2), True),
        (MANAGER, replace(RESIDENT, id=2, home_site_id=THERE), False),
        (MANAGER, replace(RESIDENT, id=2, home_site_id=None), False),
        (MANAGER, replace(MANAGER, id=2), False),
        (MANAGER, replace(ADMINISTRATOR, id=2), False),
        (MANAGER, MANAGER, False),
        (RESIDENT, replace(RESIDENT, id=2), False),
        (GUEST, replace(RESIDENT, id=2), False),
    ],
)
def test_managers_close_the_accounts_of_their_site_but_not_of_their_peers(
    actor: Actor, person: Actor, allowed: bool
) -> None:
    assert policy.may_deactivate(actor, person) is allowed
