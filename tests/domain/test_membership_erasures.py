"""Being forgotten, and taking one's data along."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments.models import Contribution
from incubator.domain.membership import erasures, life_queries
from incubator.domain.membership.application_models import Application
from incubator.edge.state import state_of
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany
from incubator.kernel.keyset import Cursor
from incubator.kernel.personal import PersonalData
from incubator.network.accounts.models import Account, Invitation, Session
from incubator.network.members.commands import edit_profile
from incubator.network.members.merging import naming_columns
from incubator.network.members.models import Member
from incubator.reactions.audit.models import AuditEntry
from tests import factories_membership as m
from tests.factories_commitments import confirmed, total
from tests.factories_life import asked
from tests.factories_members import a_firm, a_skill, offers

# Columns that name somebody beside the person a row is about.
NOT_EXPORTED = {
    "accounts_grant.granted_by_id": "who gave a role is in the log of who did it",
    "members_firm_request.decided_by_id": "a decision on the request of another person",
    "members_merged.merged_by_id": "who said it is in the log of who did it",
    "commitments_contribution.decided_by_id": "a decision on the hours of another person",
    "commitments_contribution.declared_by_id": "hours of another person, when not one's own",
    "commitments_group.by_id": "who said so is in the log of who did it",
    "commitments_relief.asked_by_id": "a relief of another person, when not one's own",
    "commitments_relief.decided_by_id": "a decision about another person",
    "commitments_status.decided_by_id": "a decision about another person",
    "commitments_gift.asked_by_id": "a gift of another person, when not one's own",
    "commitments_gift.decided_by_id": "a decision about another person",
    "commitments_session.confirmed_by_id": "a session of another person",
    "commitments_session_rev.actor_id": "a session of another person, when not one's own",
    "commitments_session_rev.on_behalf_of_id": "told with the sessions",
    "commitments_punch.actor_id": "a punch of another person, when not one's own",
    "commitments_correction.asked_by_id": "a correction of another person, when not one's own",
    "commitments_correction.witness_id": "a correction of another person",
    "commitments_correction.decided_by_id": "a decision about another person",
    "commitments_look.viewer_id": "told to the person who was looked at",
    "commitments_slot_series.made_by_id": "an act of office",
    "commitments_slot.locked_by_id": "an act of office",
    "commitments_signup.booked_by_id": "a place of another person, when not one's own",
    "commitments_signup.changed_by_id": "a place of another person, when not one's own",
    "commitments_device.made_by_id": "an act of office",
    "commitments_device.revoked_by_id": "an act of office",
    "commitments_badge.issued_by_id": "a badge of another person",
    "commitments_badge.revoked_by_id": "a badge of another person",
    "commitments_site_code.made_by_id": "an act of office",
    "commitments_site_code.revoked_by_id": "an act of office",
    "commitments_ledger.actor_id": "a line of another person's ledger",
    "commitments_period.closed_by_id": "an act of office",
    "commitments_pledge.signed_by_id": "a promise of another person",
    "members_arrival_watch.watched_id": "a wish of another person",
    "members_skill_proposal.decided_by_id": "a decision on the proposal of another person",
    "membership_process.asked_by_id": "a process of another person",
    "membership_process.decided_by_id": "a decision about another person",
    "membership_erasure.handled_by_id": "a decision about another person",
    "exchanges_txn.second_by_id": "a decision about another firm",
    "exchanges_txn.over_limit_by_id": "a decision about another firm",
    "exchanges_limit_change.by_id": "a decision about another firm",
    "exchanges_departure.decided_by_id": "a decision about another firm",
    "exchanges_adjustment.decided_by_id": "a decision about another firm",
}


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def ines(make, lyon):
    account = make.member(
        lyon, name="Inès Belkacem", email="ines@example.org", password="une loutre dans la brume"
    )
    with transaction():
        edit_profile(
            None,
            member_id=account.id,
            name="Inès Belkacem",
            headline="Traductrice",
            about="Je traduis.",
            phone="06 12 34 56 78",
            languages=["fr"],
        )
    return account


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def forget(app):
    return [keeper.forget for keeper in state_of(app).keepers]


def ask(make, account):
    with transaction():
        return erasures.ask_erasure(make.actor(account), now=make.now)


def erase(make, erasure, by, forget, typed="ines belkacem"):
    with transaction():
        erasures.erase(make.actor(by), erasure.id, typed=typed, forget=forget, now=make.now)


def test_every_table_that_names_a_member_is_in_the_export_or_has_a_reason(app) -> None:
    exported = set()
    for keeper in state_of(app).keepers:
        if isinstance(keeper.data, PersonalData):
            exported |= keeper.data.columns
    assert naming_columns() - exported == set(NOT_EXPORTED)
    assert {column for column in exported if column.startswith("audit_entry.")}


def test_the_export_holds_what_is_ones_own_and_no_secret(app, make, ines, sophie) -> None:
    confirmed(make, ines, sophie)
    confirmed(make, sophie, make.member(make.site("Nantes"), role="administrator"))
    make.session_of(ines)
    found = {
        name: list(rows)
        for keeper in state_of(app).keepers
        for name, rows in keeper.data(ines.id).items()
    }
    assert found["profile"][0]["headline"] == "Traductrice"
    assert [row["minutes"] for row in found["hours"]] == [180]
    assert found["account"][0]["email"] == "ines@example.org"
    assert {"hours_declared", "hours_confirmed"} & {row["action"] for row in found["log"]}
    text = json.dumps(found)
    for secret in ("password_hash", "token_hash", "$argon2"):
        assert secret not in text


def test_copies_are_counted(make, ines) -> None:
    for _ in range(erasures.COPIES_A_DAY):
        with transaction():
            erasures.take_data(make.actor(ines), now=make.now)
    with pytest.raises(TooMany), transaction():
        erasures.take_data(make.actor(ines), now=make.now)
    with transaction():
        erasures.take_data(make.actor(ines), now=make.now + timedelta(days=1))


def test_asking_twice_is_asking_once_and_may_be_withdrawn(make, ines, sophie) -> None:
    assert ask(make, ines).id == ask(make, ines).id
    assert len(life_queries.erasures_for(make.actor(sophie), Cursor()).rows) == 1
    for _ in range(2):
        with transaction():
            erasures.withdraw_erasure(make.actor(ines), now=make.now)
    assert life_queries.erasures_for(make.actor(sophie), Cursor()).rows == []


def test_who_is_forgotten_leaves_only_amounts(make, ines, sophie, forget) -> None:
    offers(ines, a_skill(make))
    a_firm(make, ines)
    hours = confirmed(make, ines, sophie, note="Avec Inès à l’accueil")
    make.session_of(ines)
    asked(make, ines, "leave", reason="Opération")
    slug = make.actor(ines).slug
    erase(make, ask(make, ines), sophie, forget)
    row = db.session.get_one(Member, ines.id)
    assert (row.name, row.active, row.headline, row.about_md) == ("Ancien membre", False, "", "")
    assert row.slug != slug
    account = db.session.get_one(Account, ines.id)
    assert (account.email, account.password_hash) == (f"erased-{ines.id}@invalid", None)
    assert account.deactivated_at == make.now
    assert total(ines) == 180
    assert db.session.get_one(Contribution, hours.id).note == ""
    assert db.session.scalars(select(Session).where(Session.account_id == ines.id)).all() == []


def test_no_table_still_says_who_it_was(make, ines, sophie, forget) -> None:
    confirmed(make, ines, sophie, note="Inès")
    erase(make, ask(make, ines), sophie, forget)
    for table in Base.metadata.sorted_tables:
        if table.name == "kernel_job":
            continue  # the last letter, emptied once it is sent
        for row in db.session.execute(table.select()):
            text = str(tuple(row)).lower()
            assert not any(word in text for word in ("belkacem", "inès", "ines@", "06 12 34"))


def test_what_they_sent_elsewhere_is_forgotten_with_them(make, ines, sophie, forget) -> None:
    """By the address alone: they did not come in by these, and some still wait."""
    site = make.site("Nantes")
    boss = make.member(site, role="manager")
    m.open_door(make, site, boss)
    declined = m.declined(make, boss, m.applied(make, site, email="one@example.org"))
    accepted = m.accepted(make, boss, m.applied(make, site, email="two@example.org"))
    unconfirmed, other = m.sent(make, site, email="three@example.org"), m.applied(make, site)
    with transaction():
        for application in (declined, accepted, unconfirmed):
            application.email = "ines@example.org"
        invitation = db.session.get_one(Invitation, accepted.invitation_id)
        invitation.email = "ines@example.org"
    erase(make, ask(make, ines), sophie, forget)
    rows = db.session.scalars(select(Application).order_by(Application.id)).all()
    assert [(row.state, row.name, row.email) for row in rows] == [
        ("declined", "", ""),
        ("withdrawn", "", ""),
        ("new", "Awa Diop", other.email),
    ]
    db.session.refresh(invitation)
    assert (invitation.email, invitation.state(make.now)) == (None, "revoked")


def test_the_log_says_that_it_was_done_and_by_whom(make, ines, sophie, forget) -> None:
    erase(make, ask(make, ines), sophie, forget)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member_erased")).one()
    assert (entry.actor_id, entry.member_id) == (sophie.id, ines.id)


def test_an_alumni_may_be_forgotten_too(make, ines, sophie, forget) -> None:
    asked(make, ines, "exit", by=sophie, starts_on=make.now.date())
    erase(make, ask(make, ines), sophie, forget)
    assert db.session.get_one(Account, ines.id).deactivated_at == make.now


@pytest.mark.parametrize("typed", ["", "Inès", "Sophie Lambert"])
def test_the_name_must_be_typed(make, ines, sophie, forget, typed) -> None:
    erasure = ask(make, ines)
    with pytest.raises(Refusal, match=r"membership\.name_differs"):
        erase(make, erasure, sophie, forget, typed=typed)
    assert db.session.get_one(Member, ines.id).active


def test_who_may_handle_it(make, ines, sophie, forget, lyon) -> None:
    erasure = ask(make, ines)
    stranger = make.member(make.site("Nantes"), role="manager")
    with pytest.raises(NotFound):
        erase(make, erasure, stranger, forget)
    own = ask(make, sophie)
    with pytest.raises(NotAllowed):
        erase(make, own, sophie, forget)
    with pytest.raises(NotAllowed):
        erase(make, own, make.member(lyon, role="manager"), forget)
    erase(make, erasure, sophie, forget)
    with pytest.raises(Refusal, match=r"membership\.(too_late|erasure|member)"):
        erase(make, erasure, sophie, forget)


def test_the_last_administrator_is_not_forgotten(make) -> None:
    with pytest.raises(Refusal, match=r"accounts\.last_administrator"):
        ask(make, make.member(role="administrator"))
