"""Applications: sent, confirmed, decided on, followed, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.membership import (
    applications,
    applications_form,
    applications_links,
    applications_queries,
    applications_retention,
    applications_review,
)
from incubator.domain.membership.application_models import (
    Application,
    ApplicationMessage,
    FormAnswer,
    FormQuestion,
)
from incubator.domain.membership.applications_form import Asked
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.jobs import run_due
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import invitations
from incubator.network.accounts.models import Invitation
from tests import factories_membership as m
from tests.factories_accounts import guest
from tests.factories_accounts import letters as sent_letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


@pytest.fixture
def site(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def boss(make: Make, site: Site) -> Account:
    account = make.member(site, role="manager", name="Sophie Lambert")
    m.open_door(make, site, account)
    return account


def places(site: Site) -> list[tuple[str, int]]:
    """The waiting list as it stands."""
    rows = db.session.execute(
        select(Application.name, Application.position)
        .where(Application.site_id == site.id, Application.position.is_not(None))
        .order_by(Application.position)
    )
    return [(row[0], row[1]) for row in rows]


def test_nobody_sees_an_application_before_it_is_confirmed(
    make: Make, site: Site, boss: Account
) -> None:
    found = m.sent(make, site)
    with pytest.raises(NotFound):
        applications_queries.visible_to(make.actor(boss), found.id)
    m.confirmed(make, found)
    assert applications_queries.visible_to(make.actor(boss), found.id).state == "new"
    assert applications_queries.NEW.of(make.actor(boss)) == 1


def test_only_those_who_run_the_site_see_it(make: Make, site: Site, boss: Account) -> None:
    found = m.applied(make, site)
    nantes = make.site("Nantes")
    for stranger in (make.member(site), make.member(nantes, role="manager")):
        with pytest.raises(NotFound):
            applications_queries.visible_to(make.actor(stranger), found.id)
    head = make.actor(make.member(role="administrator"))
    assert applications_queries.visible_to(head, found.id).id == found.id


def test_the_same_form_sent_twice_is_one_application(make: Make, site: Site, boss: Account) -> None:
    first, second = (m.sent(make, site, once="k", email="a@example.org") for _ in range(2))
    assert first.id == second.id


def test_a_shut_door_takes_nothing(make: Make, site: Site, boss: Account) -> None:
    with transaction():
        applications_form.set_door(
            make.actor(boss), site.id, opened=False, intro_fr="", intro_en=""
        )
    for place in (site, make.site("Nantes")):
        with pytest.raises(Refusal, match=r"membership\.closed"):
            m.sent(make, place)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "membership.empty"),
        ("name", "Awa\u200bDiop", "accounts.name_bad"),
        ("email", "awa at example", "accounts.email_bad"),
        ("email", "awa@example.org\nBcc: x@y.fr", "accounts.email_bad"),
        ("activity", "x" * 161, "membership.too_long"),
        ("why", "\x00 \u202e", "membership.empty"),
        ("gives", "x" * 4001, "membership.too_long"),
        ("language", "de", "accounts.language_bad"),
    ],
)
def test_what_cannot_stand_is_refused_beside_its_field(
    make: Make, site: Site, boss: Account, field: str, value: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        m.sent(make, site, **{field: value})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_required_question_must_be_answered(make: Make, site: Site, boss: Account) -> None:
    asked = m.question(make, site, boss, required=True)
    with pytest.raises(Refusal) as refused:
        m.sent(make, site)
    assert refused.value.field == f"q{asked.id}"
    found = m.sent(make, site, answers={asked.id: "Par une amie"})
    (answer,) = applications_queries.answers_of(found)
    assert answer.value == "Par une amie"


def test_a_confirmation_works_once(make: Make, site: Site, boss: Account) -> None:
    found = m.sent(make, site)
    with transaction():
        token = applications_links.mint(found.id, "confirm", now=make.now)
        applications.confirm(token, now=make.now)
    with pytest.raises(NotFound), transaction():
        applications.confirm(token, now=make.now)


@pytest.mark.parametrize(("purpose", "days"), [("confirm", 3), ("follow", 180)])
def test_links_expire(make: Make, site: Site, boss: Account, purpose: str, days: int) -> None:
    found = m.sent(make, site)
    with transaction():
        token = applications_links.mint(found.id, purpose, now=make.now)
    opens = applications_links.to_confirm if purpose == "confirm" else applications_links.follow
    assert opens(token, now=make.now + timedelta(days=days, seconds=-1)).id == found.id
    with pytest.raises(NotFound):
        opens(token, now=make.now + timedelta(days=days))


def test_two_confirmed_forms_of_a_person_are_one_open_application(
    make: Make, site: Site, boss: Account
) -> None:
    first, second = (m.sent(make, site, email="awa@example.org") for _ in range(2))
    tokens = [m.confirmed(make, first), m.confirmed(make, second)]
    found = {applications_links.follow(token, now=make.now).id for token in tokens}
    assert found == {first.id}
    assert db.session.scalars(select(Application.id)).all() == [first.id]


def test_after_a_refusal_one_may_apply_again(make: Make, site: Site, boss: Account) -> None:
    m.declined(make, boss, m.applied(make, site, email="awa@example.org"))
    assert m.applied(make, site, email="awa@example.org").state == "new"


def test_a_decision_on_an_old_page_is_a_conflict(make: Make, site: Site, boss: Account) -> None:
    found = m.applied(make, site)
    seen = found.revision
    m.listed(make, boss, found)
    with pytest.raises(Conflict, match="decided_meanwhile"), transaction():
        applications_review.decline(
            make.actor(boss), found.id, reason="x", revision=seen, once="late", now=make.now
        )
    assert m.again(found).state == "waiting"


def test_the_same_decision_sent_twice_is_one(make: Make, site: Site, boss: Account) -> None:
    found = m.applied(make, site)
    seen = found.revision
    for _ in range(2):
        with transaction():
            applications_review.put_on_list(
                make.actor(boss), found.id, revision=seen, once="k", now=make.now
            )
    assert [step.state for step in applications_queries.steps_of(found)] == ["new", "waiting"]


def test_the_waiting_list_has_no_gap(make: Make, site: Site, boss: Account) -> None:
    rows = [m.listed(make, boss, m.applied(make, site, name=name)) for name in "ABCD"]
    assert places(site) == [("A", 1), ("B", 2), ("C", 3), ("D", 4)]
    m.accepted(make, boss, rows[1])
    assert places(site) == [("A", 1), ("C", 2), ("D", 3)]
    m.declined(make, boss, rows[0])
    assert places(site) == [("C", 1), ("D", 2)]


def test_applicants_move_up_and_down_the_list(make: Make, site: Site, boss: Account) -> None:
    rows = [m.listed(make, boss, m.applied(make, site, name=name)) for name in "ABC"]
    actor = make.actor(boss)
    with transaction():
        applications_review.move(actor, rows[2].id, up=True, seen=3)
    assert [name for name, _ in places(site)] == ["A", "C", "B"]
    with transaction():
        applications_review.move(actor, rows[0].id, up=True, seen=1)
    assert [name for name, _ in places(site)] == ["A", "C", "B"]
    with pytest.raises(Conflict, match="list_moved"), transaction():
        applications_review.move(actor, rows[2].id, up=True, seen=3)


def test_who_is_accepted_gets_an_invitation_that_opens_on_the_first_day(
    make: Make, site: Site, boss: Account, app: Flask
) -> None:
    found = m.accepted(make, boss, m.applied(make, site, email="awa@example.org"), days=10)
    row = db.session.get_one(Invitation, found.invitation_id)
    assert (row.email, row.role, row.starts_on) == ("awa@example.org", "resident", found.start_on)
    assert row.expires_at >= make.now + timedelta(days=23)
    letter = next(one for one in sent_letters(app, make) if "invite" in one["Subject"])
    body = letter.get_body(("plain",))
    assert body
    assert "dimanche 22 novembre 2026" in body.get_content()
    token = body.get_content().split("/invitation/")[1].split()[0]
    with pytest.raises(Refusal, match="invitation_early"), transaction():
        invitations.accept(token, guest(), now=make.now + timedelta(days=9))
    with transaction():
        account = invitations.accept(token, guest(), now=make.now + timedelta(days=10))
    assert (m.again(found).state, m.again(found).member_id) == ("joined", account.id)


def test_the_first_day_begins_by_the_clock_of_the_site(make: Make) -> None:
    montreal = make.site("Montréal", time_zone="America/Toronto")
    boss = make.member(montreal, role="manager")
    offer = invitations.Offer(
        role="resident",
        email=None,
        language="fr",
        site=montreal.name,
        time_zone=montreal.time_zone,
        giver=str(boss.id),
        starts_on=make.now.date() + timedelta(days=1),
    )
    midnight_in_paris = make.now.replace(hour=23) + timedelta(hours=1)
    assert offer.is_early(midnight_in_paris)
    assert not offer.is_early(midnight_in_paris + timedelta(hours=6))


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_an_invitation_dies_with_what_it_was_for(
    make: Make, site: Site, boss: Account, how: str
) -> None:
    application = m.sent(make, site)
    token = m.confirmed(make, application)
    found = m.accepted(make, boss, m.again(application))
    if how == "declined":
        m.declined(make, boss, found)
    else:
        with transaction():
            applications.withdraw(token, reason="", once="w", now=make.now)
    row = db.session.get_one(Invitation, found.invitation_id)
    assert (m.again(found).state, row.state(make.now)) == (how, "revoked")


def test_somebody_who_became_a_member_meanwhile_is_not_invited(
    make: Make, site: Site, boss: Account
) -> None:
    found = m.applied(make, site, email="awa@example.org")
    make.member(site, email="awa@example.org")
    with pytest.raises(Refusal, match="already_member"):
        m.accepted(make, boss, found)
    assert m.again(found).state == "new"


def test_a_first_day_in_the_past_is_refused(make: Make, site: Site, boss: Account) -> None:
    with pytest.raises(Refusal, match=r"membership\.start"):
        m.accepted(make, boss, m.applied(make, site), days=-1)


def test_a_withdrawn_application_is_over(make: Make, site: Site, boss: Account) -> None:
    application = m.sent(make, site)
    token = m.confirmed(make, application)
    for _ in range(2):
        with transaction():
            applications.withdraw(token, reason="Autre chose", once="w", now=make.now)
    with pytest.raises(Conflict), transaction():
        applications.withdraw(token, reason="", once="again", now=make.now)
    with pytest.raises(Conflict):
        m.listed(make, boss, m.again(application))


def test_notes_stay_among_the_managers(make: Make, site: Site, boss: Account) -> None:
    application = m.sent(make, site)
    token, actor = m.confirmed(make, application), make.actor(boss)
    for internal, body in ((False, "Venez mardi"), (True, "Très bien !")):
        with transaction():
            applications_review.write(
                actor, application.id, body=body, internal=internal, once=body, now=make.now
            )
    with transaction():
        applications.write(token, body="Avec plaisir", once="a", now=make.now)
        applications.write(token, body="Avec plaisir", once="a", now=make.now)
    talk = applications_queries.conversation_of(application, with_notes=False)
    assert [each.body for each in talk] == ["Venez mardi", "Avec plaisir"]
    assert len(applications_queries.conversation_of(application, with_notes=True)) == 3


def test_a_manager_of_another_site_decides_nothing(make: Make, site: Site, boss: Account) -> None:
    found = m.applied(make, site)
    stranger = make.member(make.site("Nantes"), role="manager")
    tries: tuple[Callable[[], Any], ...] = (
        lambda: m.listed(make, stranger, found),
        lambda: m.accepted(make, stranger, found),
        lambda: m.declined(make, stranger, found),
    )
    for attempt in tries:
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotAllowed):
        m.open_door(make, site, stranger)


def test_an_answered_question_is_archived_and_replaced(
    make: Make, site: Site, boss: Account
) -> None:
    asked = m.question(make, site, boss)
    m.sent(make, site, answers={asked.id: "Par une amie"})
    with transaction():
        new = applications_form.edit_question(
            make.actor(boss),
            asked.id,
            asked=Asked(kind="long", label_fr="Racontez", label_en="Tell us"),
            now=make.now,
        )
    assert [row.id for row in applications.questions_of(site.id)] == [new.id]
    assert db.session.get_one(FormQuestion, asked.id).archived_at is not None
    with transaction():
        applications_form.remove_question(make.actor(boss), new.id, now=make.now)
    assert db.session.get(FormQuestion, new.id) is None
    assert db.session.scalars(select(FormAnswer.value)).all() == ["Par une amie"]


def test_an_unanswered_question_changes_in_place(make: Make, site: Site, boss: Account) -> None:
    rows = [m.question(make, site, boss, label_fr=label) for label in ("Un", "Deux")]
    twin = m.question(make, site, boss, label_fr="Deux")
    assert twin.id == rows[1].id
    with transaction():
        applications_form.move_question(make.actor(boss), rows[1].id, up=True)
    assert [row.label_fr for row in applications.questions_of(site.id)] == ["Deux", "Un"]


def test_the_list_is_paged_by_key(make: Make, site: Site, boss: Account) -> None:
    for number in range(5):
        m.applied(make, site, name=f"N{number}")
    page = applications_queries.listed(site.id, "new", Cursor(size=3))
    rest = applications_queries.listed(site.id, "new", Cursor(after=page.next, size=3))
    names = [row.name for row in (*page.rows, *rest.rows)]
    assert names == ["N0", "N1", "N2", "N3", "N4"]
    assert rest.next is None


def test_who_was_refused_is_forgotten_after_twelve_months(
    make: Make, site: Site, boss: Account
) -> None:
    asked = m.question(make, site, boss)
    application = m.sent(make, site, answers={asked.id: "Par une amie"})
    token = m.confirmed(make, application)
    with transaction():
        applications.write(token, body="Bonjour", once="a", now=make.now)
    found = m.declined(make, boss, m.again(application), reason="La maison est pleine.")
    assert applications_retention.forget_refused(make.now + timedelta(days=364)) == 0
    later = make.now + timedelta(days=365)
    assert applications_retention.forget_refused(later) == 1
    assert applications_retention.forget_refused(later) == 0
    row = m.again(found)
    assert (row.name, row.email, row.why, row.state) == ("", "", "", "declined")
    assert not db.session.scalars(select(ApplicationMessage)).all()
    assert not db.session.scalars(select(FormAnswer)).all()
    assert {step.reason for step in applications_queries.steps_of(row)} == {""}
    with pytest.raises(NotFound):
        applications_links.follow(token, now=make.now)
    with pytest.raises(Refusal, match=r"membership\.erased"), transaction():
        applications_review.write(
            make.actor(boss), row.id, body="x", internal=False, once="n", now=later
        )


def test_the_tick_drops_what_nobody_confirmed(
    make: Make, site: Site, boss: Account, app: Flask
) -> None:
    old, kept = m.sent(make, site), m.applied(make, site)
    with transaction():
        old.changed_at = utcnow() - timedelta(days=8)
        kept.changed_at = utcnow() - timedelta(days=800)
    applications_retention.forget_applications({})
    assert db.session.scalars(select(Application.id)).all() == [kept.id]


def test_a_known_address_is_told_by_mail_and_leaves_no_form(
    make: Make, site: Site, boss: Account, app: Flask
) -> None:
    make.member(site, email="awa@example.org")
    m.applied(make, site, email="nora@example.org")
    sent_letters(app, make)
    for email in ("awa@example.org", "nora@example.org", "nobody@example.org"):
        m.sent(make, site, email=email)
    found = {letter["To"]: letter["Subject"] for letter in sent_letters(app, make)}
    assert found == {
        "awa@example.org": "Vous êtes déjà membre",
        "nora@example.org": "Votre candidature à Lyon est déjà ouverte",
        "nobody@example.org": "Confirmez votre candidature à Lyon",
    }
    states = sorted(db.session.scalars(select(Application.state)))
    assert states == ["new", "unconfirmed"]
    assert not run_due()
