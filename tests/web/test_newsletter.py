"""Pages of the letters of a week, and the desk of those who edit them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help.models import Question
from incubator.domain.newsletter import commands
from incubator.domain.newsletter.rules import Week
from incubator.kernel.db import db, transaction
from tests.conftest import NOW
from tests.factories_accounts import letters
from tests.factories_weekly import Lively, a_draft, edition, editions, lively

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask

    from tests.factories import Make


@pytest.fixture
def here(make: Make) -> Lively:
    return lively(make)


@pytest.fixture
def draft(here: Lively) -> int:
    return a_draft(here.site, ("solved", here.solved.id), ("member", here.member.id))


def sent(make: Make, here: Lively, number: int, at: datetime = NOW) -> None:
    """The letter of a week, sent."""
    made = a_draft(here.site, ("solved", here.solved.id), week=Week(2026, number))
    with transaction():
        commands.send(make.actor(here.manager), made, now=at)


def test_the_mail_is_seen_as_it_will_be_drawn_before_it_leaves(
    make: Make, sign_in: Any, frozen: datetime, here: Lively, draft: int
) -> None:
    browser, path = sign_in(here.manager), f"/la-semaine/atelier/{draft}/apercu/mail"
    assert path in browser.get(f"/la-semaine/atelier/{draft}/apercu").text
    shown = browser.get(path)
    assert "Où acheter du levain" in shown.text
    assert '<html lang="fr">' in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("; sandbox")
    other = sign_in(make.member(make.site("Nantes"), role="manager"))
    assert other.get(path).status_code in {403, 404}
    nothing = a_draft(here.site, week=Week(2026, 30))
    assert browser.get(f"/la-semaine/atelier/{nothing}/apercu/mail").status_code == 404


def test_a_letter_goes_from_the_desk_to_the_page(
    app: Flask, make: Make, sign_in: Any, frozen: datetime, here: Lively, draft: int
) -> None:
    letters(app, make)
    browser = sign_in(here.manager)
    home = browser.get("/").text
    assert "La semaine de Lyon est préparée" in home
    assert f"/la-semaine/atelier/{draft}" in home
    page = browser.get(f"/la-semaine/atelier/{draft}").text
    assert "Où acheter du levain" in page
    thread, member = (each.id for each in edition(here.site).items)
    typed = {
        "title": "Du levain",
        "words": "Merci **à tous**.",
        "revision": "0",
        f"kept-{thread}": "1",
        f"place-{thread}": "2",
        f"line-{thread}": "Quelle belle réponse",
        f"place-{member}": "1",
        f"line-{member}": "",
        "step": "preview",
    }
    answer = browser.post(f"/la-semaine/atelier/{draft}", data=typed)
    assert answer.location == f"/la-semaine/atelier/{draft}/apercu"
    preview = browser.get(answer.location).text
    assert "<strong>à tous</strong>" in preview
    assert "Quelle belle réponse" in preview
    assert "Camille" not in preview
    browser.post(f"/la-semaine/atelier/{draft}/envoyer")
    assert [letter["Subject"] for letter in letters(app, make)] == ["Du levain", "Du levain"]
    reader = sign_in(here.member)
    assert "Du levain" in reader.get("/").text
    assert "Du levain" in reader.get("/la-semaine").text
    shown = reader.get(f"/la-semaine/2026-46/{here.site.slug}").text
    assert "Où acheter du levain" in shown
    assert "Quelle belle réponse" in shown
    assert "À l’atelier" not in shown


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    sign_in: Any, here: Lively, draft: int
) -> None:
    thread, _member = (each.id for each in edition(here.site).items)
    typed = {
        "title": "Bonjour",
        "words": "",
        "revision": "0",
        f"place-{thread}": "7",
        f"line-{thread}": "y" * 201,
    }
    page = sign_in(here.manager).post(f"/la-semaine/atelier/{draft}", data=typed)
    assert page.status_code == 422
    assert "200 caractères" in page.text.replace("\xa0", " ")
    assert 'value="Bonjour"' in page.text
    assert "y" * 201 in page.text
    assert f'id="kept-{thread}" name="kept-{thread}" value="1">' in page.text


@pytest.mark.parametrize("place", ["", "x", "-1", "²", "99999999999999999999"])
def test_a_place_that_is_no_place_harms_nothing(
    sign_in: Any, here: Lively, draft: int, place: str
) -> None:
    thread, _member = (each.id for each in edition(here.site).items)
    typed = {"title": "", "words": "", "revision": "0", f"place-{thread}": place}
    answer = sign_in(here.manager).post(f"/la-semaine/atelier/{draft}", data=typed)
    assert answer.status_code == 303
    assert {each.position for each in edition(here.site).items} == {1, 2}


def test_an_item_of_another_letter_is_not_touched(
    make: Make, sign_in: Any, here: Lively, draft: int
) -> None:
    other = lively(make, house="2")
    a_draft(other.site, ("solved", other.solved.id))
    foreign = edition(other.site).items[0].id
    typed = {"title": "", "words": "", "revision": "0", f"place-{foreign}": "1"}
    sign_in(here.manager).post(f"/la-semaine/atelier/{draft}", data=typed)
    assert edition(other.site).items[0].kept


def test_holding_letting_go_and_skipping(
    sign_in: Any, frozen: datetime, here: Lively, draft: int
) -> None:
    browser, address = sign_in(here.manager), f"/la-semaine/atelier/{draft}"
    browser.post(f"{address}/retenir", data={"held": "1"})
    assert edition(here.site).held
    assert "La laisser partir d’elle-même" in browser.get(f"{address}/apercu").text
    browser.post(f"{address}/retenir", data={"held": "0"})
    assert not edition(here.site).held
    browser.post(f"{address}/passer")
    assert editions(here.site) == [(46, "skipped")]
    assert browser.get(address).location == f"{address}/apercu"
    browser.post(f"{address}/envoyer")
    assert editions(here.site) == [(46, "skipped")]


def test_a_site_chooses_whether_its_letters_leave_by_themselves(
    sign_in: Any, here: Lively, draft: int
) -> None:
    browser = sign_in(here.manager)
    address = f"/la-semaine/atelier/habitude/{here.site.id}"
    assert "Elle part d’elle-même" in browser.get(f"/la-semaine/atelier/{draft}").text
    browser.post(address, data={"by_itself": "0"})
    assert "Elle part d’elle-même" not in browser.get(f"/la-semaine/atelier/{draft}").text
    browser.post(address, data={"by_itself": "1"})
    assert "Elle part d’elle-même" in browser.get(f"/la-semaine/atelier/{draft}").text
    assert sign_in(here.member).post(address, data={"by_itself": "0"}).status_code == 403


def test_a_site_that_is_not_there_has_no_letters(make: Make, sign_in: Any) -> None:
    boss = sign_in(make.member(role="administrator"))
    answer = boss.post("/la-semaine/atelier/habitude/999999", data={"by_itself": "0"})
    assert answer.status_code == 404


def test_others_find_no_draft(make: Make, sign_in: Any, here: Lively, draft: int) -> None:
    stranger = make.member(make.site("Dakar"), role="manager")
    for who, status in ((here.member, 403), (stranger, 404)):
        browser = sign_in(who)
        for page in ("", "/apercu"):
            assert browser.get(f"/la-semaine/atelier/{draft}{page}").status_code == status
        for act in ("/envoyer", "/passer", "/retenir", ""):
            assert browser.post(f"/la-semaine/atelier/{draft}{act}").status_code == status
        assert browser.get(f"/la-semaine/2026-46/{here.site.slug}").status_code == 404
    assert editions(here.site) == [(46, "draft")]


def test_a_thread_hidden_later_leaves_the_archived_page(
    make: Make, sign_in: Any, frozen: datetime, here: Lively
) -> None:
    sent(make, here, 46)
    address = f"/la-semaine/2026-46/{here.site.slug}"
    browser = sign_in(here.member)
    assert "Où acheter du levain" in browser.get(address).text
    with transaction():
        db.session.get_one(Question, here.solved.id).state = "removed"
    page = browser.get(address).text
    assert "levain" not in page
    assert "Rien de cette lettre ne peut plus vous être montré." in page


def test_pages_speak_english_at_their_english_addresses(
    make: Make, sign_in: Any, frozen: datetime, here: Lively
) -> None:
    sent(make, here, 46)
    browser = sign_in(make.member(here.site, language="en"))
    assert "The week in Lyon" in browser.get("/the-week").text
    page = browser.get(f"/the-week/2026-46/{here.site.slug}").text
    assert "Solved together" in page
    assert browser.get("/the-week/2026-47/nowhere").status_code == 404


def test_the_archive_is_paged_and_costs_as_much_however_long_it_is(
    make: Make, sign_in: Any, frozen: datetime, here: Lively, count_queries: Callable[[], Any]
) -> None:
    browser = sign_in(here.member)
    sent(make, here, 1)
    browser.get("/la-semaine")
    with count_queries() as few:
        browser.get("/la-semaine")
    for number in range(2, 25):
        sent(make, here, number, NOW + timedelta(minutes=number))
    with count_queries() as many:
        first = browser.get(f"/la-semaine?site={here.site.slug}").text
    assert len(many) == len(few)
    weeks = [number for number in range(1, 25) if f"/la-semaine/2026-{number}/" in first]
    assert weeks == list(range(5, 25))
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = browser.get(following).text
    assert [n for n in range(1, 25) if f"/la-semaine/2026-{n}/" in rest] == [1, 2, 3, 4]


def test_a_letter_costs_as_many_statements_however_much_it_tells(
    make: Make, sign_in: Any, frozen: datetime, here: Lively, count_queries: Callable[[], Any]
) -> None:
    members = [make.member(here.site) for _ in range(9)]
    browser = sign_in(here.member)
    costs = []
    for number, some in ((45, members[:1]), (46, members)):
        things = (("member", each.id) for each in some)
        made = a_draft(here.site, *things, week=Week(2026, number))
        with transaction():
            commands.send(make.actor(here.manager), made, now=NOW)
        address = f"/la-semaine/2026-{number}/{here.site.slug}"
        browser.get(address)
        with count_queries() as seen:
            assert browser.get(address).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1]
