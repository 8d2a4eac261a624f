"""What happens in a room stands between its messages in small print, once, and is no message."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.blueprints.chat import sync
from incubator.domain.chat import membership, muting, pinning, queries, rooms
from incubator.kernel.db import transaction
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

pytestmark = pytest.mark.usefixtures("frozen")
NAMES = ("Ana", "Béa", "Cléo", "Dan", "Eva", "Fay")


@pytest.fixture
def people(make: Make) -> list[Account]:
    lyon = make.site("Lyon")
    return [make.member(lyon, name=name) for name in NAMES]


def happened(page: str) -> list[str]:
    """The lines of what happened and the messages of a page, in their order, as texts."""
    listed = page.partition('id="msgs">')[2].partition("</ol>")[0]
    found = re.findall(r'<li class="(?:happened|msg).*?</li>', listed, re.DOTALL)
    kept = [re.sub(r"<time.*?</time>", "", row, flags=re.DOTALL) for row in found]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in kept]


def test_those_who_come_in_a_row_are_one_line_between_the_messages(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, *others = people
    room = chat.topic(make, ana)
    chat.say(make, ana, room.id, "Avant")
    for each in others:
        chat.join(make, each, room.id)
    chat.say(make, ana, room.id, "Après")
    with transaction():
        membership.leave(make.actor(others[0]), room.id, now=make.now)
    browser = sign_in(ana)
    before, came, after, left = happened(browser.get(f"/discussions/{room.slug}").text)
    assert "Avant" in before
    assert came == "Béa, Cléo et 3 autres ont rejoint le salon"
    assert "Après" in after
    assert left == "Béa a quitté le salon"
    assert queries.visible_to(make.actor(ana), room.id).unread == 0
    assert "rejoint" not in browser.get("/discussions/recherche?q=rejoint+le+salon").text.replace(
        'value="rejoint le salon"', ""
    )


def test_names_purposes_and_pins_are_told_and_silences_are_not(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, *_ = people
    room = chat.topic(make, ana)
    chat.join(make, bea, room.id)
    said = chat.say(make, bea, room.id, "À garder")
    actor = make.actor(ana)
    with transaction():
        muting.mute(actor, room.id, bea.id, hours=1, now=make.now)
        rooms.describe(actor, room.id, name="Atelier", purpose="", now=make.now)
        rooms.describe(actor, room.id, name="Atelier", purpose="Le bois", now=make.now)
        pinning.pin(actor, room.id, no=said.no, cid=chat.cid(), on=True, now=make.now)
        rooms.archive(actor, room.id, on=True, now=make.now)
    page = sign_in(bea).get(f"/discussions/{room.slug}").text
    assert happened(page)[2:] == [
        "Ana a renommé le salon « Atelier »",
        "Ana a changé la présentation du salon",
        "Ana a épinglé un message",
        "Ana a archivé le salon",
    ]
    assert re.search(rf'<a href="[^"]*{room.slug}/[^"]*\b{said.no}">Ana a épinglé', page)


def test_who_comes_later_reads_nothing_of_what_happened_before(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, cleo, *_ = people
    room = fr.private(make, ana, bea)
    said = chat.say(make, ana, room.id, "Secret")
    with transaction():
        membership.invite(make.actor(ana), room.id, cleo.id, now=make.now)
        pinning.pin(make.actor(ana), room.id, no=said.no, cid=chat.cid(), on=True, now=make.now)
    page = sign_in(cleo).get(f"/discussions/{room.slug}").text
    assert happened(page) == ["Cléo a rejoint le salon", "Ana a épinglé un message"]
    assert f"{room.slug}/{said.no}" not in page


def test_each_line_stands_on_one_page_alone(
    make: Make, people: list[Account], sign_in: SignIn
) -> None:
    ana, bea, *_ = people
    room = chat.topic(make, ana)
    now = make.now - timedelta(hours=5)
    for n in range(130):
        chat.say(make, ana, room.id, f"Mot {n}", now=now + timedelta(seconds=n * 2))
        with transaction():
            rooms.describe(make.actor(ana), room.id, name=f"Salon {n}", purpose="", now=now)
    browser, address, seen = sign_in(bea), f"/discussions/{room.slug}", []
    last = 0
    for turn in ("", "?before=71", "?before=11"):
        told = happened(browser.get(address + turn).text)
        seen += [line for line in told if "renommé" in line]
        last += len(told)
    assert last == 260
    assert len(seen) == len(set(seen)) == 130
    later = happened(browser.get(f"{address}?after=10").text)
    assert "Mot 10" in later[0]
    assert "Salon 69" in later[-1]


def test_who_follows_live_is_told_what_and_who(make: Make, people: list[Account]) -> None:
    ana, bea, *_ = people
    room = chat.topic(make, ana)
    chat.join(make, bea, room.id)
    told = sync.catch_up(make.actor(ana), {room.id: 0})["rooms"][str(room.id)]["events"]
    assert [(each["what"], each["who"]) for each in told] == [("came", "Béa")]


def test_a_room_reads_as_often_however_much_happened(
    make: Make, people: list[Account], sign_in: SignIn, count_queries: Any
) -> None:
    ana, *others = people
    room = chat.topic(make, ana)
    browser, address, counts = sign_in(ana), f"/discussions/{room.slug}", []
    chat.say(make, ana, room.id, "Un")
    for _turn in range(2):
        for each in others:
            chat.join(make, each, room.id)
            with transaction():
                membership.leave(make.actor(each), room.id, now=make.now)
        browser.get(address)
        with count_queries() as found:
            browser.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]
