"""Letters around threads: circles, consent to be quoted, reports for managers and from them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help import bumps
from incubator.domain.help.care_models import Case
from incubator.kernel.db import as_of, db
from tests import factories_care as care
from tests import factories_chat as chat
from tests import factories_circles as circles
from tests import factories_help as h
from tests import factories_talks as talks
from tests.conftest import NOW
from tests.factories_accounts import letters
from tests.factories_letters import off

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from flask import Flask

    from incubator.domain.chat.models import Room
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")
SOON = timedelta(minutes=45)


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def asker(make: Make, lyon: Site) -> Account:
    return make.member(lyon, name="Camille Dervaux", email="camille@example.org")


@pytest.fixture
def other(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Paul Vasseur", email="paul@example.org")


@pytest.fixture
def room(make: Make, asker: Account, other: Account) -> Room:
    """Where the two talk, of which no letter tells."""
    for each in (asker, other):
        off(each, "chat_direct")
    return chat.direct(make, asker, other)


@pytest.fixture
def boss(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager", name="Sophie Lambert", email="boss@example.org")


def sent(app: Flask, make: Make, *, after: timedelta = SOON) -> dict[str, EmailMessage]:
    """The letters that left some time later, by whom they went to."""
    with as_of(NOW + after):
        found = letters(app, make)
    told = {letter["To"]: letter for letter in found}
    assert len(told) == len(found)
    return told


def text(letter: EmailMessage) -> str:
    body: Any = letter.get_body(("plain",))
    return str(body.get_content())


def test_who_is_invited_into_a_circle_gets_a_letter_once(
    app: Flask, make: Make, asker: Account, other: Account
) -> None:
    made = circles.circle(make, asker, name="Premiers salariés")
    for _ in range(2):
        circles.invited(make, asker, made, other)
    found = sent(app, make)
    assert found.keys() == {"paul@example.org"}
    letter = found["paul@example.org"]
    assert letter["Subject"] == "On vous invite dans un cercle : Premiers salariés"
    assert "Camille Dervaux vous invite" in text(letter)
    assert f"/cercles/{made.slug}" in text(letter)


@pytest.mark.usefixtures("nights")
def test_a_letter_that_may_wait_does_not_wake_anybody(
    app: Flask, make: Make, asker: Account, other: Account
) -> None:
    made = circles.circle(make, asker)
    night = NOW.replace(hour=22)
    with as_of(night):
        circles.invited(make, asker, made, other)
    assert sent(app, make, after=night - NOW + SOON) == {}
    assert sent(app, make, after=timedelta(hours=24)).keys() == {"paul@example.org"}


def test_who_is_quoted_from_a_private_room_is_asked_with_their_own_words_only(
    app: Flask, make: Make, asker: Account, other: Account, room: Room, lyon: Site
) -> None:
    mine = chat.say(make, asker, room.id, "Ma phrase")
    theirs = chat.say(make, other, room.id, "Leur phrase **à eux**")
    asked = talks.made_of(make, asker, room, mine, theirs)
    assert asked.site_id == lyon.id
    found = sent(app, make)
    assert found.keys() == {"paul@example.org"}
    letter = found["paul@example.org"]
    assert letter["Subject"] == "Votre nom peut-il figurer à côté de vos messages ?"
    assert "Camille Dervaux a fait une question" in text(letter)
    assert asked.title in text(letter)
    assert "Leur phrase à eux" in text(letter)
    assert "Ma phrase" not in text(letter)
    assert f"/entraide/{asked.id}/citations" in text(letter)


def test_the_title_is_for_those_who_may_read_the_thread(
    app: Flask, make: Make, asker: Account, other: Account, room: Room
) -> None:
    theirs = chat.say(make, other, room.id, "Leur phrase")
    asked = talks.made_of(make, asker, room, theirs, audience="site")
    letter = sent(app, make)["paul@example.org"]
    assert asked.title not in letter.as_string()
    assert asked.title not in text(letter)


def test_reports_that_come_together_are_one_letter_for_each_who_may_decide(
    app: Flask, make: Make, asker: Account, other: Account, boss: Account, lyon: Site
) -> None:
    make.member(lyon, role="manager", email="second@example.org")
    reporter = make.member(make.site("Dakar"), name="Awa Sarr", email="awa@example.org")
    asked = h.question(make, asker, title="Un titre qui fâche")
    for post in (h.answer(make, other, asked), asked):
        care.report(make, reporter, post, words="Un <ton> & des mots")
    told = h.question(make, boss, title="De la responsable")
    care.report(make, reporter, told)
    found = {to: each for to, each in sent(app, make).items() if "signalement" in each["Subject"]}
    assert found.keys() == {"boss@example.org", "second@example.org"}
    mine, second = found["boss@example.org"], found["second@example.org"]
    assert mine["Subject"] == "2 signalements vous attendent"
    assert second["Subject"] == "3 signalements vous attendent"
    assert "De la responsable" not in text(mine)
    assert "De la responsable" in text(second)
    for each in (mine, second):
        assert "Awa Sarr" not in text(each)
        assert "/entraide/signalements" in text(each)


def test_a_lone_report_is_told_though_the_letter_is_written_a_moment_after_it(
    app: Flask, make: Make, asker: Account, other: Account, boss: Account
) -> None:
    care.report(make, other, h.question(make, asker), now=NOW - timedelta(seconds=2))
    assert sent(app, make)["boss@example.org"]["Subject"] == "Un signalement vous attend"


def test_what_was_decided_meanwhile_or_loaded_late_makes_no_letter(
    app: Flask, make: Make, asker: Account, other: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    case = care.report(make, other, asked)
    care.decide(make, boss, case, "dismiss")
    with bumps.without_letters():
        late = care.report(make, other, h.answer(make, asker, asked))
        care.decide(make, boss, late, "warn")
    found = sent(app, make)
    assert "boss@example.org" not in found
    assert found["paul@example.org"]["Subject"] == "Votre signalement a été examiné"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("dismiss", "rien de plus à faire"),
        ("hide", "Le texte est masqué"),
        ("lock", "verrouillé"),
        ("warn", "ont fait le nécessaire"),
    ],
)
def test_who_reported_learns_what_came_of_it(
    app: Flask,
    make: Make,
    asker: Account,
    other: Account,
    boss: Account,
    act: str,
    words: str,
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, make.member(make.site("Dakar")), asked)
    case = care.report(make, other, given)
    care.decide(make, boss, case, act, note="Un mot pour son auteur seul")
    letter = sent(app, make)["paul@example.org"]
    assert words in text(letter)
    assert asked.title in text(letter)
    assert "Un mot pour son auteur seul" not in text(letter)
    # Reported anew it waits anew; who reported before is not written to twice.
    third = make.member(make.site("Nantes"), email="third@example.org")
    later: datetime = NOW + timedelta(hours=2)
    if act == "warn":
        with as_of(later):
            care.report(make, third, given, now=later)
            case = db.session.get_one(Case, case.id)
            care.decide(make, boss, case, "dismiss", seen=case.version, now=later)
        after = sent(app, make, after=timedelta(hours=3))
        assert "third@example.org" in after
        assert "paul@example.org" not in after


def test_a_report_on_a_text_that_is_hidden_without_it_is_answered_too(
    app: Flask, make: Make, asker: Account, other: Account, boss: Account
) -> None:
    asked = h.question(make, asker)
    care.report(make, other, asked)
    care.hide(make, boss, asked)
    assert "Le texte est masqué" in text(sent(app, make)["paul@example.org"])
