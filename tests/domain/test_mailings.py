"""Messages to many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.mailings import commands, rules
from incubator.domain.mailings.models import Mailing, Recipient
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal, TooMany
from incubator.network.accounts import rights
from tests.factories_accounts import letters

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def write(make: Make, by: Account, *to: Account, **more: Any) -> Mailing:
    said = {"subject": "Bonjour", "body": "À **lundi**.", "once": "a"} | more
    with transaction():
        return commands.send(
            make.actor(by), member_ids=[each.id for each in to], site_id=None, now=make.now, **said
        )


def test_each_gets_a_letter_of_their_own(app: Flask, make: Make) -> None:
    lyon = make.site()
    sophie, ada, bob = make.member(lyon, role="manager"), make.member(lyon), make.member(lyon)
    write(make, sophie, ada, bob)
    left = letters(app, make)
    assert sorted(letter["To"] for letter in left) == sorted([ada.email, bob.email])
    rich = left[0].get_body(("html",))
    assert rich
    assert "<strong>lundi</strong>" in rich.get_content()
    assert "**lundi**" in left[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_same_form_sent_twice_writes_once(app: Flask, make: Make) -> None:
    lyon = make.site()
    sophie, ada = make.member(lyon, role="manager"), make.member(lyon)
    assert write(make, sophie, ada).id == write(make, sophie, ada).id
    assert len(letters(app, make)) == 1


def test_managers_write_to_their_own_members_only(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    sophie, near, far = make.member(lyon, role="manager"), make.member(lyon), make.member(dakar)
    with pytest.raises(NotAllowed):
        write(make, sophie, near, far)
    with pytest.raises(NotAllowed):
        write(make, near, sophie)
    assert write(make, make.member(role="administrator"), near, far).how_many == 2


def test_closed_accounts_are_left_out(make: Make) -> None:
    lyon = make.site()
    chief, gone, here = make.member(role="administrator"), make.member(lyon), make.member(lyon)
    with transaction():
        rights.deactivate(make.actor(chief), member_id=gone.id, now=make.now)
    mailing = write(make, chief, gone, here)
    assert [row.member_id for row in db.session.query(Recipient)] == [here.id]
    assert mailing.how_many == 1
    with pytest.raises(Refusal, match="nobody"):
        write(make, chief, gone, once="b")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"subject": " "}, "empty"),
        ({"body": ""}, "empty"),
        ({"subject": "x" * 121}, "too_long"),
        ({"body": "x" * 5001}, "too_long"),
    ],
)
def test_a_bad_message_is_refused(make: Make, more: dict[str, str], code: str) -> None:
    lyon = make.site()
    with pytest.raises(Refusal, match=code):
        write(make, make.member(lyon, role="manager"), make.member(lyon), **more)


def test_a_line_break_never_reaches_the_subject() -> None:
    assert rules.clean_subject("Bonjour\r\nBcc: x@example.org") == "Bonjour Bcc: x@example.org"


def test_nobody_writes_to_many_all_day_long(make: Make) -> None:
    lyon = make.site()
    sophie, ada = make.member(lyon, role="manager"), make.member(lyon)
    for number in range(rules.MOST_A_DAY):
        write(make, sophie, ada, once=str(number))
    with pytest.raises(TooMany):
        write(make, sophie, ada, once="one more")
