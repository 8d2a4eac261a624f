"""Letters about listings: ends with a link that renews, withdrawals, questions nobody answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.blueprints.exchanges.hourly import look, pass_hour
from incubator.domain.exchanges.listings import commands
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import run_due
from incubator.network.members import firm_people
from incubator.reactions.bridges import unanswered_needs
from incubator.reactions.mail.models import MailCopy
from incubator.reactions.notifications.models import Notification
from tests.factories_accounts import letters, link_in
from tests.factories_help import answer, question
from tests.factories_letters import texts
from tests.factories_listings import again, of, searched, trader

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

    from tests.factories import Make


def hour(make: Make, after: timedelta) -> None:
    with as_of(make.now + after):
        pass_hour({})
        look({})


def post(app: Flask, make: Make, after: timedelta) -> list[EmailMessage]:
    with as_of(make.now + after):
        return letters(app, make)


def test_an_end_is_told_by_a_letter_whose_link_renews_without_signing_in(
    app: Flask, make: Make
) -> None:
    anna = trader(make, email="anna@example.org")
    one = of(make, anna, title="Deux <b>tables", until=make.now + timedelta(days=6))
    for minutes in (1, 2):
        hour(make, timedelta(minutes=minutes))
    (letter,) = post(app, make, timedelta(minutes=3))
    assert letter["To"] == "anna@example.org"
    assert letter["Subject"] == "Se termine d’ici une semaine : Deux <b>tables"
    plain, rich = texts(letter)
    assert "Deux &lt;b&gt;tables" in rich
    place = link_in(letter)
    assert place.startswith("/echanges/renouveler/")
    assert place in plain
    visitor = app.test_client()
    assert "C’est renouvelé" in visitor.post(place).text
    assert again(one).state == "published"
    copies = db.session.scalars(select(MailCopy)).all()
    assert copies
    assert not [each for each in copies if place in f"{vars(each)}"]


def test_who_left_the_firm_renews_nothing_by_an_old_letter(app: Flask, make: Make) -> None:
    anna = trader(make, email="anna@example.org")
    of(make, anna, until=make.now + timedelta(hours=2))
    hour(make, timedelta(hours=3))
    (letter,) = post(app, make, timedelta(hours=4))
    assert letter["Subject"].startswith("Terminée")

    with transaction():
        firm_people.end_roles(anna.account.id, on=make.now.date())
    assert app.test_client().post(link_in(letter)).status_code == 404


def test_a_withdrawal_is_told_to_who_answers_for_the_listing(app: Flask, make: Make) -> None:
    anna = trader(make, email="anna@example.org")
    manager = make.member(anna.site, role="manager")
    one = of(make, anna)
    with transaction():
        commands.withdraw_as_manager(make.actor(manager), one.id, reason="Non", now=make.now)
    (letter,) = letters(app, make)
    assert letter["To"] == "anna@example.org"
    assert "retiré votre annonce" in texts(letter)[0]


def test_a_kept_search_is_told_by_a_letter_that_leads_to_it(app: Flask, make: Make) -> None:
    reader = make.member(make.site("Nantes"), email="reader@example.org")
    search = searched(make, reader)
    of(make, trader(make), now=make.now + timedelta(hours=3))
    hour(make, timedelta(days=1, hours=1))
    (letter,) = post(app, make, timedelta(days=1, hours=2))
    assert letter["To"] == "reader@example.org"
    assert f"/echanges/recherches/{search.id}" in texts(letter)[0]


def test_a_question_nobody_answered_is_offered_once_to_an_asker_with_a_firm(make: Make) -> None:
    anna, alone = trader(make), make.member(make.site("Dakar"))
    asked = question(make, anna.account)
    question(make, alone)
    answered = question(make, anna.account)
    answer(make, alone, answered)
    for after in (timedelta(hours=47), timedelta(hours=49), timedelta(hours=50)):
        now = make.now + after
        with as_of(now):
            unanswered_needs.look({})
            run_due(now)
    rows = select(Notification).where(Notification.what == "to_need")
    told = db.session.scalars(rows).all()
    assert [(each.member_id, each.item_id, each.times) for each in told] == [
        (anna.account.id, asked.id, 1)
    ]
