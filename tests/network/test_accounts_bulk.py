"""Inviting many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.network.accounts import bulk
from incubator.network.accounts.models import Invitation
from tests.factories_accounts import invitation

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


def invite(make: Make, by: Account, site: Site, text: str, once: str = "a" * 32) -> int:
    with transaction():
        return bulk.invite_all(
            make.actor(by),
            text=text,
            role="resident",
            site_id=site.id,
            language="fr",
            once=once,
            now=make.now,
        )


def test_addresses_are_read_as_people_paste_them() -> None:
    text = "Ada Martin <Ada@Example.org>\n\nbob@example.org, eve@example.org;zoé\nbob@example.org"
    found = [(line.address, line.fault) for line in bulk.read_lines(text)]
    assert found == [
        ("ada@example.org", ""),
        ("bob@example.org", ""),
        ("eve@example.org", ""),
        ("", "bad"),
        ("bob@example.org", "twice"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [(" \n , ", "no_address"), ("\n".join(f"a{n}@b.fr" for n in range(201)), "too_many_lines")],
)
def test_nothing_or_too_much_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        bulk.read_lines(text)


def test_members_and_those_already_invited_are_named(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    member = make.member(lyon)
    invitation(make, sophie, lyon, email="awa@example.org")
    lines = bulk.read_lines(f"{member.email}\nawa@example.org\nnew@example.org")
    assert [line.fault for line in bulk.examined(lines, now=make.now)] == ["member", "invited", ""]


def test_only_sound_lines_leave_and_only_once(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    text = f"a@example.org\nnot an address\n{sophie.email}\nb@example.org"
    assert invite(make, sophie, lyon, text) == 2
    with pytest.raises(Refusal, match="nobody_to_invite"):
        invite(make, sophie, lyon, text)
    assert sorted(db.session.scalars(select(Invitation.email))) == [
        "a@example.org",
        "b@example.org",
    ]


def test_nobody_invites_where_they_do_not_manage(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    with pytest.raises(NotAllowed):
        invite(make, make.member(dakar, role="manager"), lyon, "a@example.org")
    assert db.session.scalars(select(Invitation)).all() == []
