"""Announcements: to whom they go, until when, and who has read them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.domain.notices import commands, queries
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from tests.factories_notices import announced

if TYPE_CHECKING:
    from incubator.domain.notices.models import Notice
    from incubator.network.accounts.models import Account
    from tests.factories import Make

FIRST = Cursor()


def titles(make: Make, reader: Account) -> list[str]:
    return [notice.title for notice in queries.page_for(make.actor(reader), FIRST).rows]


def read(make: Make, reader: Account, notice: Notice) -> None:
    with transaction():
        commands.mark_read(make.actor(reader), notice.id, now=make.now)


def test_a_site_and_the_network_hear_what_is_theirs(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    chief, sophie = make.member(role="administrator"), make.member(lyon, role="manager")
    announced(make, sophie, lyon, title="Coupure d’eau")
    announced(make, chief, None, title="Assemblée")
    assert titles(make, make.member(lyon)) == ["Assemblée", "Coupure d’eau"]
    assert titles(make, make.member(dakar)) == ["Assemblée"]


@pytest.mark.parametrize("role", ["resident", "guest", "manager"])
def test_only_managers_of_the_place_announce(make: Make, role: str) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    person = make.member(dakar if role == "manager" else lyon, role=role)
    for site in (lyon, None):
        with pytest.raises(NotAllowed):
            announced(make, person, site)


def test_an_announcement_of_another_site_is_not_there(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    notice = announced(make, make.member(lyon, role="manager"), lyon)
    for reader in (make.member(dakar), make.member(dakar, role="manager")):
        with pytest.raises(NotFound):
            queries.visible_to(make.actor(reader), notice.id)


def test_what_is_over_leaves_the_first_page_and_stays_in_the_list(make: Make) -> None:
    lyon = make.site()
    reader = make.member(lyon)
    notice = announced(make, make.member(lyon, role="manager"), lyon, days=2)
    asked = make.actor(reader)
    assert [n.id for n in queries.unread_by(asked, make.now)] == [notice.id]
    assert queries.unread_by(asked, make.now + timedelta(days=3)) == []
    assert titles(make, reader) == [notice.title]


def test_reading_is_said_once_and_seen_by_the_publishers(make: Make) -> None:
    lyon = make.site()
    reader, other = make.member(lyon, name="Ada"), make.member(lyon, name="Bob")
    notice = announced(make, make.member(lyon, role="manager"), lyon)
    read(make, reader, notice)
    read(make, reader, notice)
    assert queries.how_many_read(notice) == 1
    assert [row.member.name for row in queries.readers_of(notice, FIRST).rows] == ["Ada"]
    assert [who.id for who in queries.not_yet_read(notice, FIRST).rows] == [other.id]
    assert queries.unread_by(make.actor(reader), make.now) == []


def test_another_text_asks_to_be_read_again(make: Make) -> None:
    lyon = make.site()
    reader, sophie = make.member(lyon), make.member(lyon, role="manager")
    notice = announced(make, sophie, lyon)
    read(make, reader, notice)
    with transaction():
        commands.edit(
            make.actor(sophie),
            notice.id,
            title=notice.title,
            body="En fait, mardi.",
            expires_at=notice.expires_at,
            now=make.now,
        )
    assert queries.how_many_read(notice) == 0
    assert len(queries.unread_by(make.actor(reader), make.now)) == 1


def test_what_is_withdrawn_is_gone_but_for_its_publishers(make: Make) -> None:
    lyon = make.site()
    reader, sophie = make.member(lyon), make.member(lyon, role="manager")
    notice = announced(make, sophie, lyon)
    for _ in range(2):
        with transaction():
            commands.withdraw(make.actor(sophie), notice.id, now=make.now)
    assert titles(make, reader) == []
    with pytest.raises(NotFound):
        queries.visible_to(make.actor(reader), notice.id)
    assert queries.visible_to(make.actor(sophie), notice.id).standing_at(make.now) == "withdrawn"


def test_the_same_form_sent_twice_announces_once(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    twice = [announced(make, sophie, lyon, once="same") for _ in range(2)]
    assert twice[0].id == twice[1].id


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "notices.empty"),
        ({"body": ""}, "notices.empty"),
        ({"body": "x" * 5001}, "notices.too_long"),
        ({"days": 0}, "notices.over"),
        ({"days": 400}, "notices.too_far"),
    ],
)
def test_a_bad_announcement_is_refused(make: Make, more: dict[str, object], code: str) -> None:
    lyon = make.site()
    with pytest.raises(Refusal, match=code):
        announced(make, make.member(lyon, role="manager"), lyon, **more)
