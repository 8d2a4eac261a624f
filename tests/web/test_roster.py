"""The manager's list, its file, messages and invitations to many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.membership import charters
from incubator.kernel.db import transaction
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import sessions
from incubator.network.members.absence import set_away
from incubator.network.members.audiences import set_audiences
from incubator.network.members.commands import edit_profile
from incubator.reactions.roster import queries
from incubator.reactions.roster.queries import Which
from tests.factories_accounts import letters
from tests.factories_membership import charter

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def listed(make: Make, by: Account, **which: Any) -> list[int]:
    return queries.ids_of(make.actor(by), Which(**which), now=make.now)


def test_a_manager_lists_their_own_members_only(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    sophie, near, far = make.member(lyon, role="manager"), make.member(lyon), make.member(dakar)
    assert listed(make, sophie) == [sophie.id, near.id]
    assert far.id in listed(make, make.member(role="administrator"))


def test_who_was_not_seen_for_long_is_found(make: Make) -> None:
    lyon = make.site()
    sophie, never, lately = make.member(lyon, role="manager"), make.member(lyon), make.member(lyon)
    for account, days in ((lately, 3), (sophie, 40)):
        with transaction():
            at = make.now - timedelta(days=days)
            sessions.start(account.id, address="", device="", now=at)
    assert listed(make, sophie, unseen_days=30) == [sophie.id, never.id]


@pytest.mark.parametrize(
    ("today", "came", "found"),
    [
        ((2026, 11, 12), (2024, 11, 12), True),
        ((2026, 11, 12), (2024, 12, 12), True),
        ((2026, 11, 12), (2024, 12, 13), False),
        ((2026, 11, 12), (2024, 11, 11), False),
        ((2026, 12, 20), (2025, 1, 5), True),
        ((2026, 11, 12), (2026, 11, 20), False),
    ],
)
def test_anniversaries_of_the_next_thirty_days(
    make: Make, today: tuple[int, int, int], came: tuple[int, int, int], *, found: bool
) -> None:
    year, month, day = came
    make.now = make.now.replace(year=year, month=month, day=day)
    lyon = make.site()
    person = make.member(lyon)
    chief = make.member(role="administrator")
    year, month, day = today
    make.now = make.now.replace(year=year, month=month, day=day)
    assert (person.id in listed(make, chief, anniversary=True)) is found


def test_who_is_away_is_active_and_told_apart(make: Make) -> None:
    lyon = make.site()
    sophie, away = make.member(lyon, role="manager"), make.member(lyon)
    with transaction():
        set_away(away.id, back_on=make.now.date() + timedelta(days=9))
    assert listed(make, sophie) == [sophie.id, away.id]
    assert listed(make, sophie, state="away") == [away.id]
    assert listed(make, sophie, state="alumni") == []
    page = queries.page_of(make.actor(sophie), Which(), Cursor(), now=make.now)
    assert [row.state for row in page.rows] == ["active", "away"]


def test_who_left_and_still_reads_is_no_longer_active(make: Make) -> None:
    lyon = make.site()
    sophie, gone = make.member(lyon, role="manager"), make.member(lyon, role="alumni")
    assert listed(make, sophie) == [sophie.id]
    assert listed(make, sophie, state="alumni") == [gone.id]


def test_who_has_not_signed_the_charter_is_found(make: Make) -> None:
    lyon = make.site()
    sophie, ada = make.member(lyon, role="manager"), make.member(lyon)
    assert listed(make, sophie, unsigned=True) == []
    version = charter(make, lyon, sophie)
    with transaction():
        charters.sign(make.actor(sophie), version.id, now=make.now)
    assert listed(make, sophie, unsigned=True) == [ada.id]


def test_the_page_and_its_filters(make: Make, sign_in: Any, frozen: datetime) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager", name="Sophie Lambert")
    make.member(lyon, name="Ada Martin")
    browser = sign_in(sophie)
    assert "Ada Martin" in browser.get("/reseau/suivi").text
    assert "Ada Martin" not in browser.get("/reseau/suivi?q=sophie").text
    assert "Personne ne correspond" in browser.get("/reseau/suivi?state=closed").text
    assert browser.get("/reseau/suivi?state=x&unseen=x&site=x&after=x").status_code == 200


def test_the_file_holds_the_list_and_nothing_private(
    make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    shy = make.member(lyon, name="Ada Martin")
    with transaction():
        edit_profile(
            make.actor(shy), member_id=shy.id, name="Ada Martin", phone="+33 6 99 99 99 99"
        )
        set_audiences(make.actor(shy), member_id=shy.id, chosen={"phone": "me"})
    browser = sign_in(make.member(lyon, role="manager", email="sophie@example.org"))
    text = browser.get("/reseau/suivi/fichier?kind=csv").data.decode()
    assert "Ada Martin" in text
    assert "99 99 99" not in text
    assert "sophie@example.org" in text
    assert browser.get("/reseau/suivi/fichier?kind=xlsx").data.startswith(b"PK")


def test_a_message_is_seen_before_it_is_sent(
    app: Flask, make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    ada = make.member(lyon, name="Ada Martin")
    browser = sign_in(make.member(lyon, role="manager", name="Sophie Lambert"))
    typed = {"subject": "Bonjour", "body": "À **lundi**", "seen": "1", "once": "a"}
    seen = browser.post("/reseau/suivi/ecrire?q=ada", data={**typed, "step": "preview"})
    assert "<strong>lundi</strong>" in seen.text
    assert "Envoyer à 1 personne" in seen.text
    assert letters(app, make) == []
    sent = browser.post("/reseau/suivi/ecrire?q=ada", data={**typed, "step": "send"})
    assert sent.status_code == 303
    assert [letter["To"] for letter in letters(app, make)] == [ada.email]
    assert "Bonjour" in browser.get("/reseau/suivi/envois").text


def test_a_list_that_changed_meanwhile_is_shown_again(
    app: Flask, make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    browser = sign_in(make.member(lyon, role="manager"))
    make.member(lyon)
    typed = {"subject": "Bonjour", "body": "Lundi", "seen": "1", "once": "a", "step": "send"}
    answer = browser.post("/reseau/suivi/ecrire", data=typed)
    assert answer.status_code == 422
    assert "La liste a changé" in answer.text
    assert 'name="seen" type="hidden" value="2"' in answer.text
    assert letters(app, make) == []


def test_many_invitations_are_seen_line_by_line_before_they_leave(
    app: Flask, make: Make, sign_in: Any, frozen: datetime
) -> None:
    lyon = make.site()
    browser = sign_in(make.member(lyon, role="manager"))
    typed = {
        "addresses": "Ada <ada@new.example>\nzoé",
        "role": "resident",
        "site_id": str(lyon.id),
        "language": "fr",
        "once": "b" * 32,
    }
    seen = browser.post("/reseau/invitations/plusieurs", data={**typed, "step": "preview"})
    assert "n’est pas une adresse" in seen.text
    assert "Envoyer 1 invitation" in seen.text
    sent = browser.post("/reseau/invitations/plusieurs", data={**typed, "step": "send"})
    assert sent.status_code == 303
    assert [letter["To"] for letter in letters(app, make)] == ["ada@new.example"]


def test_an_empty_paste_is_said_beside_the_field(make: Make, sign_in: Any) -> None:
    lyon = make.site()
    browser = sign_in(make.member(lyon, role="manager"))
    typed = {"addresses": " ", "role": "resident", "site_id": str(lyon.id), "language": "fr"}
    page = browser.post("/reseau/invitations/plusieurs", data={**typed, "step": "send"})
    assert "Collez au moins une adresse" in page.text


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    make: Make, sign_in: Any, count_queries: Any
) -> None:
    lyon = make.site()
    browser = sign_in(make.member(lyon, role="manager"))
    browser.get("/reseau/suivi")
    with count_queries() as few:
        browser.get("/reseau/suivi")
    for _ in range(10):
        make.member(lyon)
    with count_queries() as many:
        browser.get("/reseau/suivi")
    assert len(many) == len(few)
