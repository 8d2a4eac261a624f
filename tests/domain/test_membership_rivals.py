"""Rivals on one application, one list, one welcome, with real threads on both databases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.membership import (
    applications,
    applications_links,
    applications_review,
    charters,
    welcome,
)
from incubator.domain.membership.application_models import Application, ApplicationStep
from incubator.domain.membership.charter_models import CharterSignature
from incubator.domain.membership.welcome_models import Welcome, WelcomeTask
from incubator.domain.membership.welcome_rules import USUAL
from incubator.kernel.db import db, transaction
from incubator.network.accounts.models import Invitation
from tests import factories_membership as m
from tests.conftest import NOW
from tests.factories import Make
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site

RIVALS = 6


def staffed(make: Make) -> tuple[Site, Account]:
    """A site that takes applications, and who runs it; whole, to be read after their session."""
    site = make.site()
    boss = make.member(site, role="manager")
    m.open_door(make, site, boss)
    rested(site, boss)
    return site, boss


def test_of_many_decisions_one_stands_and_the_others_hear_of_it(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site, boss = staffed(make)
        found = m.applied(make, site)
        actor, application_id, seen = make.actor(boss), found.id, found.revision

    def decide(number: int) -> None:
        same = {"revision": seen, "once": str(number), "now": NOW}
        with transaction():
            if number % 2:
                applications_review.accept(actor, application_id, start_on=NOW.date(), **same)
            else:
                applications_review.decline(actor, application_id, reason="x", **same)

    ends = rivals.at_once([partial(decide, number) for number in range(RIVALS)])
    assert ends == {DONE: 1, "membership.decided_meanwhile": RIVALS - 1}
    with rivals.inside():
        steps = db.session.scalars(select(ApplicationStep.state)).all()
        state = db.session.scalars(select(Application.state)).one()
        invited = db.session.scalar(select(func.count()).select_from(Invitation))
        assert steps == ["new", state]
        assert invited == (1 if state == "accepted" else 0)


def test_a_waiting_list_stays_whole_while_many_move_in_it(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site, boss = staffed(make)
        ids = [m.listed(make, boss, m.applied(make, site)).id for _ in range(RIVALS)]
        coming = [m.applied(make, site).id for _ in range(2)]
        actor = make.actor(boss)

    def move(place: int, *, up: bool) -> None:
        with transaction():
            applications_review.move(actor, ids[place], up=up, seen=place + 1)

    def leave(place: int) -> None:
        with transaction():
            applications_review.decline(
                actor, ids[place], reason="x", revision=2, once="d", now=NOW
            )

    def come(application_id: int) -> None:
        with transaction():
            applications_review.put_on_list(actor, application_id, revision=1, once="l", now=NOW)

    acts: list[Callable[[], object]] = [partial(move, n, up=bool(n % 2)) for n in range(RIVALS)]
    acts += [partial(leave, 0), partial(leave, 3), *(partial(come, one) for one in coming)]
    assert set(rivals.at_once(acts)) <= {DONE, "membership.list_moved"}
    with rivals.inside():
        places = db.session.scalars(
            select(Application.position)
            .where(Application.position.is_not(None))
            .order_by(Application.position)
        ).all()
        assert places == list(range(1, RIVALS + 1))


def test_a_form_sent_many_times_is_one_and_its_link_works_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site, _boss = staffed(make)
    rivals.all_at_once([lambda: m.sent(make, site, once="k", email="awa@example.org")] * RIVALS)
    with rivals.inside(), transaction():
        sent_id = db.session.scalars(select(Application.id)).one()
        token = applications_links.mint(sent_id, "confirm", now=NOW)

    def confirm() -> None:
        with transaction():
            applications.confirm(token, now=NOW)

    assert rivals.at_once([confirm] * RIVALS) == {DONE: 1, "membership.link": RIVALS - 1}
    with rivals.inside():
        assert db.session.scalars(select(Application.state)).all() == ["new"]


def test_rival_confirmations_of_one_person_leave_one_open_application(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site, _boss = staffed(make)
        sent = [m.sent(make, site, email="awa@example.org").id for _ in range(RIVALS)]
        with transaction():
            tokens = [applications_links.mint(one, "confirm", now=NOW) for one in sent]

    def confirm(token: str) -> None:
        with transaction():
            applications.confirm(token, now=NOW)

    rivals.all_at_once([partial(confirm, token) for token in tokens])
    with rivals.inside():
        assert db.session.scalars(select(Application.state)).all() == ["new"]


def test_a_withdrawal_and_an_acceptance_leave_no_open_invitation_behind(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site, boss = staffed(make)
        application = m.sent(make, site)
        token = m.confirmed(make, application)
        actor, application_id = make.actor(boss), application.id

    def withdraw() -> None:
        with transaction():
            applications.withdraw(token, reason="", once="w", now=NOW)

    def accept() -> None:
        with transaction():
            applications_review.accept(
                actor, application_id, start_on=NOW.date(), revision=1, once="a", now=NOW
            )

    assert set(rivals.at_once([withdraw, accept])) <= {DONE, "membership.decided_meanwhile"}
    with rivals.inside():
        state = db.session.scalars(select(Application.state)).one()
        open_ones = [row for row in db.session.scalars(select(Invitation)) if not row.revoked_at]
        assert (state == "accepted") == bool(open_ones)


def test_many_starts_and_signatures_are_one(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        site, boss = staffed(make)
        newcomer = make.member(site)
        m.checklist(make, site, boss)
        version_id, site_id = m.charter(make, site, boss).id, site.id
        actor, member_id = make.actor(newcomer), newcomer.id

    def start() -> None:
        with transaction():
            welcome.start(member_id, site_id, now=NOW)

    def sign() -> None:
        with transaction():
            charters.sign(actor, version_id, now=NOW)

    rivals.all_at_once([start] * RIVALS)
    rivals.all_at_once([sign] * RIVALS)
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Welcome)) == 1
        tasks = db.session.scalar(select(func.count()).select_from(WelcomeTask))
        assert tasks == len(USUAL)
        assert db.session.scalar(select(func.count()).select_from(CharterSignature)) == 1
