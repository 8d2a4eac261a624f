"""Passwords forgotten and changed, addresses confirmed at both ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.events import joins
from incubator.kernel.jobs import Job, run_due
from incubator.network.accounts import credentials, sessions
from incubator.network.accounts.events import LinkAsked
from incubator.network.accounts.models import Account, OneTimeLink, Session
from tests.conftest import NOW
from tests.factories_accounts import PASSWORD

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Make

heard: list[LinkAsked] = []


@pytest.fixture(autouse=True)
def links() -> list[LinkAsked]:
    """The links asked for during the test."""
    heard.clear()
    joins(LinkAsked, heard.append)
    return heard


def forget(app: Flask, email: str) -> None:
    with transaction():
        credentials.forget(email)
    with app.app_context():
        run_due()
    db.session.expire_all()


def reset(token: str, password: str = PASSWORD) -> Account:
    with transaction():
        return credentials.reset_password(token, password=password, now=utcnow())


def live(account: Account) -> list[int]:
    query = select(Session.id).where(Session.account_id == account.id, Session.ended_at.is_(None))
    return list(db.session.scalars(query))


def test_a_forgotten_password_is_replaced_once_and_ends_all_sessions(
    app: Flask, make: Make, links: list[LinkAsked]
) -> None:
    person = make.member(make.site(), email="elise@example.org", password="another password 1")
    make.session_of(person)
    forget(app, " Elise@example.org ")
    reset(links[0].token)
    assert live(person) == []
    assert credentials.recognise("elise@example.org", PASSWORD)
    with pytest.raises(NotFound):
        reset(links[0].token)


def test_an_unknown_or_closed_address_gets_no_link_but_the_same_job(
    app: Flask, make: Make, links: list[LinkAsked]
) -> None:
    person = make.member(make.site(), email="gone@example.org")
    with transaction():
        db.session.get_one(Account, person.id).deactivated_at = NOW
    forget(app, "gone@example.org")
    forget(app, "nobody@example.org")
    assert links == []
    assert db.session.scalars(select(Job.state).where(Job.kind == "accounts.reset")).all() == [
        "done",
        "done",
    ]


def test_a_new_link_kills_the_former_and_lives_one_hour(
    app: Flask, make: Make, links: list[LinkAsked]
) -> None:
    make.member(make.site(), email="elise@example.org")
    forget(app, "elise@example.org")
    forget(app, "elise@example.org")
    for token, later in [(links[0].token, 0), (links[1].token, 61), ("forged", 0)]:
        with pytest.raises(NotFound):
            credentials.open_link(token, "reset", now=utcnow() + timedelta(minutes=later))
    assert credentials.open_link(links[1].token, "reset", now=utcnow())


def test_a_weak_password_leaves_the_link_open(
    app: Flask, make: Make, links: list[LinkAsked]
) -> None:
    make.member(make.site(), email="elise@example.org")
    forget(app, "elise@example.org")
    with pytest.raises(Refusal):
        reset(links[0].token, "motdepasse")
    assert reset(links[0].token)


def test_a_changed_password_keeps_this_session_and_ends_the_others(make: Make) -> None:
    person = make.member(make.site(), password=PASSWORD)
    for _ in range(3):
        make.session_of(person)
    kept = live(person)[0]
    with transaction():
        credentials.change_password(
            make.actor(person),
            current=PASSWORD,
            password="un renard sur la colline",
            session_id=kept,
            now=NOW,
        )
    assert live(person) == [kept]


def test_the_current_password_is_asked(make: Make) -> None:
    person = make.member(make.site(), password=PASSWORD)
    with pytest.raises(Refusal) as refused, transaction():
        credentials.ask_new_email(
            make.actor(person), email="new@example.org", current="wrong", now=NOW
        )
    assert (refused.value.code, refused.value.field) == ("accounts.password_wrong", "current")


def ask(make: Make, person: Account, email: str = "new@example.org") -> None:
    actor = make.actor(person)
    with transaction():
        credentials.ask_new_email(actor, email=email, current=PASSWORD, now=NOW)


def confirm(token: str, later: int = 0) -> bool:
    with transaction():
        return credentials.confirm_email(token, now=NOW + timedelta(hours=later))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_address_changes_once_both_ends_confirm(
    make: Make, links: list[LinkAsked], order: tuple[int, int]
) -> None:
    person = make.member(make.site(), email="old@example.org", password=PASSWORD)
    ask(make, person)
    assert [link.email for link in links] == ["old@example.org", "new@example.org"]
    assert [confirm(links[side].token) for side in order] == [False, True]
    assert db.session.get_one(Account, person.id).email == "new@example.org"
    assert db.session.scalars(select(OneTimeLink)).all() == []


def test_one_end_is_not_enough_even_twice(make: Make, links: list[LinkAsked]) -> None:
    person = make.member(make.site(), email="old@example.org", password=PASSWORD)
    ask(make, person)
    assert not confirm(links[1].token)
    with pytest.raises(NotFound):
        confirm(links[1].token)
    with pytest.raises(NotFound):
        confirm(links[0].token, later=24)
    assert db.session.get_one(Account, person.id).email == "old@example.org"


def test_asking_again_kills_the_former_links(make: Make, links: list[LinkAsked]) -> None:
    person = make.member(make.site(), password=PASSWORD)
    ask(make, person)
    confirm(links[0].token)
    ask(make, person, "third@example.org")
    with pytest.raises(NotFound):
        confirm(links[1].token)
    assert not confirm(links[2].token)
    assert confirm(links[3].token)


def test_an_address_taken_is_told_only_to_who_reads_its_mail(
    make: Make, links: list[LinkAsked]
) -> None:
    site = make.site()
    make.member(site, email="taken@example.org")
    person = make.member(site, password=PASSWORD)
    ask(make, person, "taken@example.org")
    confirm(links[0].token)
    with pytest.raises(Refusal) as refused:
        confirm(links[1].token)
    assert refused.value.code == "accounts.email_taken"


def test_the_same_address_is_no_change(make: Make) -> None:
    person = make.member(make.site(), email="old@example.org", password=PASSWORD)
    with pytest.raises(Refusal) as refused:
        ask(make, person, "OLD@example.org")
    assert refused.value.code == "accounts.email_same"


def test_somebody_elses_session_is_not_found(make: Make) -> None:
    site = make.site()
    person, other = make.member(site), make.member(site)
    make.session_of(person)
    with pytest.raises(NotFound), transaction():
        sessions.end_own(other.id, live(person)[0], now=NOW)
