"""The letter of a week: what it tells, by which clock it comes, to whom and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.domain.help.rules import Wish
from incubator.domain.newsletter import commands
from incubator.domain.newsletter.commands import Change
from incubator.domain.notices import commands as notices
from incubator.kernel.db import as_of, db, transaction
from incubator.network.letters.quiet_rules import Hours
from incubator.network.sites import commands as sites
from incubator.network.sites.queries import place_of
from incubator.reactions.mail.newsletter import values_of
from incubator.reactions.newsletter.composing import MOST, compose
from tests import factories_help as h
from tests.factories_accounts import letters
from tests.factories_circles import circle
from tests.factories_commitments import confirmed
from tests.factories_counting import thank
from tests.factories_letters import keeps, off
from tests.factories_notices import announced
from tests.factories_slots import a_slot, signed_up
from tests.factories_weekly import (
    FRIDAY,
    HOUR,
    THURSDAY,
    TUESDAY,
    WEEK,
    clock,
    earlier,
    edition,
    editions,
    lively,
    solved,
)

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

    from incubator.network.sites.models import Site
    from tests.factories import Make
    from tests.factories_weekly import Lively

MINUTE = timedelta(minutes=1)
UNNAMED = Wish(anonymous=True)


def told(site: Site) -> dict[str, list[int]]:
    place = place_of(site.id)
    assert place
    found: dict[str, list[int]] = {}
    for kind, number in compose(place, THURSDAY - WEEK, THURSDAY):
        found.setdefault(kind, []).append(number)
    return found


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\xa0", " ")


def to(sent: list[EmailMessage]) -> dict[str, EmailMessage]:
    return {str(letter["To"]): letter for letter in sent}


# What it tells


def test_a_letter_points_at_what_happened(make: Make) -> None:
    then = earlier(make)
    lyon, lille = make.site(), make.site("Lille")
    sophie, ada = make.member(lyon, role="manager"), make.member(lyon)
    far = make.member(lille)
    newcomer = then.member(lyon, name="Nour")
    then.member(lyon, role="guest")
    elsewhere = solved(then, far, ada)
    here = solved(then, ada, far)
    thanked = h.answer(then, far, h.question(then, ada))
    thank(then, ada, thanked)
    alone = h.question(earlier(make, TUESDAY - timedelta(days=20)), ada)
    notice = announced(then, sophie, lyon, days=20)
    slot = a_slot(then, sophie, lyon)
    with transaction():
        closed = sites.close_days(make.actor(sophie), site_id=lyon.id, **_days_of_a_closure(make))
    assert told(lyon) == {
        "notice": [notice.id],
        "solved": [here.id, elsewhere.id],
        "answer": [thanked.id],
        "member": [newcomer.id],
        "call": [alone.id],
        "slot": [slot.id],
        "closure": [closed.id],
    }


def _days_of_a_closure(make: Make) -> dict[str, object]:
    first = make.now.date() + timedelta(days=9)
    return {"starts_on": first, "ends_on": first + timedelta(days=2), "kind": "works", "reason": ""}


def test_it_tells_little_enough_to_be_read_in_two_minutes(make: Make) -> None:
    then, lyon = earlier(make), make.site()
    ada, bob = make.member(lyon), make.member(lyon)
    for _ in range(MOST["solved"] + 2):
        solved(then, ada, bob)
    for _ in range(MOST["member"] + 2):
        then.member(lyon)
    found = told(lyon)
    assert (len(found["solved"]), len(found["member"])) == (MOST["solved"], MOST["member"])


def test_nothing_of_a_circle_of_another_site_or_of_another_week_is_told(make: Make) -> None:
    then, lyon, lille = earlier(make), make.site(), make.site("Lille")
    ada, bob, far = make.member(lyon), make.member(lyon), make.member(lille)
    inner = circle(make, ada, bob)
    solved(then, ada, bob, audience=f"circle:{inner.id}")
    solved(then, far, make.member(lille), audience="site")
    h.question(earlier(make, TUESDAY - timedelta(days=9)), far, audience="site")
    solved(earlier(make, THURSDAY + HOUR), ada, bob)
    solved(earlier(make, THURSDAY - WEEK - HOUR), ada, bob)
    announced(then, make.member(lille, role="manager"), lille, days=20)
    assert told(lyon) == {}


def test_what_was_asked_without_a_name_is_told_without_it(app: Flask, make: Make) -> None:
    here = lively(make)
    then = earlier(make)
    with transaction():
        db.session.get_one(type(here.site), here.site.id).hidden_askers = True
    shy = make.member(here.site, name="Zénobie Secret")
    asked = solved(then, shy, here.member, wish=UNNAMED, title="Une question gênante")
    own = h.answer(then, shy, h.question(then, shy, wish=UNNAMED, title="Une autre"))
    thank(then, here.member, own)
    clock(app, make, THURSDAY)
    sent = to(clock(app, make, FRIDAY))
    assert {*sent} >= {"sophie@example.org", "camille@example.org"}
    for letter in sent.values():
        assert "Une question gênante" in plain(letter)
        assert "Une autre" in plain(letter)
        assert "Zénobie" not in letter.as_string()
        assert "Z=C3=A9nobie" not in letter.as_string()
    assert asked.anonymous


def test_hours_between_cities_are_told_of_five_people_at_least(make: Make) -> None:
    then, lyon, lille = earlier(make), make.site(), make.site("Lille")
    long_ago = earlier(make, TUESDAY - timedelta(days=300))
    manager = long_ago.member(lille, role="manager")
    givers = [long_ago.member(lyon) for _ in range(4)]
    day = {"day": TUESDAY.date()}
    for giver in givers[:3]:
        confirmed(then, giver, manager, receiver=manager, **day)
    assert "hours" not in told(lyon)
    confirmed(then, givers[3], manager, receiver=manager, **day)
    assert told(lyon) == {"hours": [lyon.id]}


# By the clock


def test_a_draft_comes_on_thursday_and_the_letter_on_friday(app: Flask, make: Make) -> None:
    here = lively(make)
    assert clock(app, make, THURSDAY - MINUTE) == []
    drafted = clock(app, make, THURSDAY)
    assert [letter["To"] for letter in drafted] == ["sophie@example.org"]
    assert "Sans vous, elle part d’elle-même le 13 nov. à 9 h" in plain(drafted[0])
    for hours in range(1, 26):
        assert clock(app, make, THURSDAY + hours * HOUR) == []
    sent = clock(app, make, FRIDAY)
    assert {*to(sent)} == {"sophie@example.org", "camille@example.org"}
    for hours in range(1, 48):
        assert clock(app, make, FRIDAY + hours * HOUR) == []
    assert editions(here.site) == [(46, "sent")]


@pytest.mark.parametrize("zone", ["America/Montreal", "Pacific/Auckland", "Asia/Kolkata"])
def test_each_site_has_its_own_thursday(app: Flask, make: Make, zone: str) -> None:
    offset = {"America/Montreal": -5, "Pacific/Auckland": 13, "Asia/Kolkata": 5.5}[zone]
    here = lively(make, time_zone=zone)
    seven = THURSDAY + timedelta(hours=1) - timedelta(hours=offset)
    clock(app, make, seven - MINUTE)
    assert editions(here.site) == []
    clock(app, make, seven)
    assert editions(here.site) == [(46, "draft")]
    clock(app, make, seven + 26 * HOUR - MINUTE)
    assert editions(here.site) == [(46, "draft")]
    clock(app, make, seven + 26 * HOUR)
    assert editions(here.site) == [(46, "sent")]


def test_a_week_in_which_clocks_change_has_one_letter_too(app: Flask, make: Make) -> None:
    # Clocks were set back in Paris on the 25th of October.
    before, after = THURSDAY - 3 * WEEK - HOUR, THURSDAY - 2 * WEEK
    here = lively(make, at=before - 2 * timedelta(days=1))
    clock(app, make, before)
    then = earlier(make, after - timedelta(days=1))
    for _ in range(3):
        solved(then, here.member, here.manager)
    clock(app, make, after - MINUTE)
    assert [week for week, _ in editions(here.site)] == [43]
    clock(app, make, after)
    assert edition(here.site, week=44).since_at == before
    assert edition(here.site, week=44).until_at == after


def test_a_machine_that_was_off_catches_up(app: Flask, make: Make) -> None:
    here = lively(make)
    night = FRIDAY + 12 * HOUR
    clock(app, make, night)
    assert editions(here.site) == [(46, "draft")]
    assert edition(here.site).until_at == THURSDAY
    assert clock(app, make, night + 3 * HOUR) == []
    assert len(clock(app, make, night + 4 * HOUR)) == 2


def test_quiet_weeks_wait_for_a_lively_one(app: Flask, make: Make) -> None:
    here = lively(make)
    quiet = replace(here, site=make.site("Lille"))
    ada, bob = make.member(quiet.site), make.member(quiet.site)
    early = solved(earlier(make), ada, bob, audience="site")
    clock(app, make, THURSDAY)
    assert editions(quiet.site) == [(46, "quiet")]
    then = earlier(make, TUESDAY + WEEK)
    for _ in range(3):
        solved(then, ada, bob, audience="site")
    clock(app, make, THURSDAY + WEEK)
    letter = edition(quiet.site, week=47)
    assert (letter.state, letter.since_at) == ("draft", THURSDAY - WEEK)
    assert early.id in {item.subject_id for item in letter.items if item.kind == "solved"}


def test_a_quiet_site_has_a_letter_at_the_end_of_the_month(app: Flask, make: Make) -> None:
    site = make.site("Lille")
    long_ago = earlier(make, TUESDAY - timedelta(days=300))
    ada, bob = long_ago.member(site, email="ada@example.org"), long_ago.member(site)
    asked = solved(earlier(make), ada, bob)
    for weeks in (0, 1):
        clock(app, make, THURSDAY + weeks * WEEK)
    assert editions(site) == [(46, "quiet"), (47, "quiet")]
    clock(app, make, THURSDAY + 2 * WEEK)
    assert editions(site)[2:] == [(48, "draft")]
    assert [item.subject_id for item in edition(site, week=48).items] == [asked.id]
    assert "ada@example.org" in to(clock(app, make, FRIDAY + 2 * WEEK))


def test_a_month_without_anything_has_no_letter(app: Flask, make: Make) -> None:
    site = make.site("Lille")
    make.member(site)
    for weeks in range(3):
        assert clock(app, make, THURSDAY + (3 + weeks) * WEEK) == []
    assert {state for _, state in editions(site)} == {"quiet"}


def test_calls_for_help_alone_make_no_letter(app: Flask, make: Make) -> None:
    site = make.site("Lille")
    ada = earlier(make, TUESDAY - timedelta(days=300)).member(site)
    for days in range(3):
        h.question(earlier(make, TUESDAY - timedelta(days=days)), ada)
    clock(app, make, THURSDAY)
    assert editions(site) == [(46, "quiet")]


# To whom, and in which words


def test_each_reads_it_in_their_language_with_a_link_that_ends_it(app: Flask, make: Make) -> None:
    here = lively(make)
    make.member(here.site, name="Bob", language="en", email="bob@example.org")
    clock(app, make, THURSDAY)
    sent = to(clock(app, make, FRIDAY))
    french, english = sent["camille@example.org"], sent["bob@example.org"]
    assert french["Subject"] == "La semaine à Lyon"
    assert english["Subject"] == "The week in Lyon"
    address = f"http://localhost/the-week/2026-46/{here.site.slug}"
    assert address.removeprefix("http://localhost") in plain(english)
    assert "/la-semaine/2026-46/" in plain(french)
    assert "Résolu ensemble" in plain(french)
    assert "Où acheter du levain" in plain(french)
    assert "Solved together" in plain(english)
    for letter in sent.values():
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        rich = letter.get_body(("html",))
        assert rich is not None
        assert "prefers-color-scheme: dark" in rich.get_content()


def test_who_does_not_want_it_does_not_belong_or_sleeps_is_left_alone(
    app: Flask, make: Make
) -> None:
    here = lively(make)
    off(here.manager, "weekly")
    make.member(here.site, role="guest")
    make.member(here.site, role="alumni")
    make.member(make.site("Lille"))
    keeps(make, here.member, Hours(nights=True, starts=0, ends=12 * 60))
    clock(app, make, THURSDAY)
    assert clock(app, make, FRIDAY) == []
    assert [letter["To"] for letter in clock(app, make, FRIDAY + 3 * HOUR)] == [
        "camille@example.org"
    ]


def test_the_words_of_a_manager_come_first_and_what_they_struck_is_not_there(
    app: Flask, make: Make
) -> None:
    here = lively(make)
    clock(app, make, THURSDAY)
    draft = edition(here.site)
    changes = {
        item.id: Change(kept=item.subject_id != here.solved.id, position=1, line="Quel travail !")
        for item in draft.items
        if item.kind == "solved"
    }
    with transaction():
        commands.edit(
            make.actor(here.manager),
            draft.id,
            title="Du levain et du cuir",
            words="Voyez [le fil](/entraide) et **merci**.",
            changes=changes,
            revision=0,
        )
    letter = to(clock(app, make, FRIDAY))["camille@example.org"]
    text = plain(letter)
    assert letter["Subject"] == "Du levain et du cuir"
    assert text.index("merci") < text.index("Qui connaît un relieur") < text.index("Quel travail")
    assert "Où acheter du levain" not in text
    rich = letter.get_body(("html",))
    assert rich is not None
    assert "/entraide" in rich.get_content()
    assert 'href="/' not in rich.get_content()


def test_what_is_settled_between_thursday_and_friday_is_not_asked_for(
    app: Flask, make: Make
) -> None:
    here = lively(make)
    call = h.question(earlier(make), here.member, title="Qui prête une échelle")
    slot = a_slot(earlier(make), here.manager, here.site, title="Café du lundi")
    clock(app, make, THURSDAY)
    assert {"call", "slot"} <= {item.kind for item in edition(here.site).items}
    assert "Qui prête une échelle" in str(values_of(edition(here.site), FRIDAY))
    h.answer(earlier(make, THURSDAY + HOUR), here.manager, call)
    signed_up(earlier(make, THURSDAY + HOUR), here.member, slot)
    text = plain(to(clock(app, make, FRIDAY))["camille@example.org"])
    assert "Qui prête une échelle" not in text
    assert "Café du lundi" not in text


def test_a_letter_of_which_nothing_is_left_is_skipped(app: Flask, make: Make) -> None:
    site = make.site("Lille")
    long_ago = earlier(make, TUESDAY - timedelta(days=300))
    sophie = long_ago.member(site, role="manager")
    made = [announced(earlier(make), sophie, site, days=20) for _ in range(3)]
    clock(app, make, THURSDAY)
    with transaction():
        for each in made:
            notices.withdraw(make.actor(sophie), each.id, now=THURSDAY + HOUR)
    assert clock(app, make, FRIDAY) == []
    assert editions(site) == [(46, "skipped")]


def test_a_manager_sends_before_its_hour_and_it_does_not_leave_again(
    app: Flask, make: Make
) -> None:
    here: Lively = lively(make)
    clock(app, make, THURSDAY)
    with as_of(THURSDAY + HOUR), transaction():
        commands.send(make.actor(here.manager), edition(here.site).id, now=THURSDAY + HOUR)
    with as_of(THURSDAY + HOUR):
        assert len(letters(app, make)) == 2
    assert clock(app, make, FRIDAY) == []
