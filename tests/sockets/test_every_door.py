"""A private room with everything in it, and everybody who may not know: each door stays shut.

The doors are not listed here: they are the routes of the chat and of what shows something of it,
and the events of sockets, so that one that is added is tried by itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.routing import BuildError

from incubator.blueprints.chat.sockets import EVENTS
from incubator.domain.chat import commands, drafts, editing, pinning, queries, reacting
from incubator.domain.chat.bots import keeping
from incubator.domain.chat.models import Entry, Room, Seat
from incubator.domain.chat.searching import read_on
from incubator.kernel.db import db, transaction
from incubator.kernel.jobs import Job
from tests import factories_chat as chat
from tests import factories_chatfiles as files
from tests import factories_rooms as fr
from tests.sockets.test_events import payload
from tests.sockets.test_nobody_reads import words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from incubator.network.accounts.models import Account
    from tests.factories import Make
    from tests.sockets.conftest import Socket

    SignIn = Callable[[Account], FlaskClient]

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.slow]

STRANGERS = ("outsider", "former", "removed", "manager", "administrator", "guest")
# Parts of the application that show something of rooms, or count it.
PARTS = ("chat.", "help.from_room", "help.index", "home.", "search.", "letters.", "titles")


@dataclass
class Secret:
    """The room, who sits in it, who does not, and what its addresses are made of."""

    room: Room
    inside: Account
    strangers: dict[str, Account]
    machine: str
    values: dict[str, Any]


@pytest.fixture
def secret(make: Make) -> Secret:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    ana, fatou = make.member(lyon), make.member(lyon)
    roles = {"manager": "manager", "administrator": "administrator", "guest": "guest"}
    people = {
        name: make.member(lille if name == "manager" else lyon, role=roles.get(name, "resident"))
        for name in STRANGERS
    }
    chat.sit(make, ana, fatou, *people.values())
    view = fr.private(make, ana, fatou, people["former"], people["removed"], name="Avant")
    fr.leave(make, people["former"], view.id)
    fr.remove(make, ana, view.id, people["removed"])
    elsewhere = chat.topic(make, people["outsider"]).id
    with transaction():
        wanted = keeping.Wanted(name="Météo")
        machine = keeping.make(make.actor(people["outsider"]), elsewhere, wanted, now=make.now)
        inner = keeping.make(make.actor(ana), view.id, keeping.Wanted(name="zq1zq"), now=make.now)
    values = fill(make, view.id, ana, fatou, people)
    values |= {"slug": view.slug, "bot": inner.bot.id, "member": fatou.id}
    room = db.session.get_one(Room, view.id)
    return Secret(room, fatou, people, machine.token, values)


def fill(
    make: Make, room: int, ana: Account, fatou: Account, people: dict[str, Account]
) -> dict[str, Any]:
    """Something of each kind, said after the strangers had gone."""
    named = " ".join(f"@{make.actor(each).slug}" for each in people.values())
    said = chat.say(make, ana, room, f"zq2zq {named}")
    act = {"no": said.no, "now": make.now}
    ours = make.actor(ana)
    file_id = files.uploaded(make, fatou, room, name="zq3zq.pdf")
    with transaction():
        told = commands.Said(cid=chat.cid(), text="zq4zq", file_ids=(file_id,))
        commands.say(make.actor(fatou), room, told, now=make.now)
        changed = f"zq5zq {named}"
        editing.edit(ours, room, cid=chat.cid(), text=changed, base_rev=0, **act)
        pinning.pin(ours, room, cid=chat.cid(), on=True, **act)
        reacting.react(ours, room, cid=chat.cid(), emoji="👍", on=True, **act)
        reply = commands.Said(cid=chat.cid(), text=f"zq6zq {named}", root=said.no)
        commands.say(ours, room, reply, now=make.now)
        drafts.keep(make.actor(fatou), room, text="zq7zq", root=None, now=make.now)
    with transaction():
        read_on()
    return {"id": room, "no": said.no, "file_id": file_id, "name": "zq3zq.pdf", "width": 480}


def doors(app: Flask, values: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Every address that can be made of what is known of the room: endpoint, path, takes posts."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith(PARTS) or rule.endpoint.endswith("__en"):
                continue
            known = {name: values[name] for name in rule.arguments & set(values)}
            try:
                path = app.url_for(rule.endpoint, _external=False, **known)
            except BuildError:
                continue
            yield rule.endpoint, path.partition("?")[0], "POST" in (rule.methods or ())


FORM = {
    "text": "intrus",
    "once": "c" * 20,
    "emoji": "👍",
    "on": "1",
    "reason": "parce que",
    "no": "1",
    "url": "",
    "hours": "1",
    "rev": "0",
}


def state(room: int) -> tuple[int, int]:
    """How much is written about a room: entries of its log, seats."""
    db.session.rollback()
    count = db.select(db.func.count())
    log = db.session.scalar(count.select_from(Entry).where(Entry.room_id == room))
    seats = db.session.scalar(count.where(Seat.room_id == room, Seat.left_at.is_(None)))
    return log or 0, seats or 0


def told_by_pages(app: Flask, secret: Secret, browser: FlaskClient) -> dict[str, set[str]]:
    """The words of all pages, by their address: read, then written to."""
    told = {}
    slug, room = secret.room.slug, secret.room.id
    asked = [(path, posts) for _name, path, posts in doors(app, secret.values)]
    asked += [(f"/discussions/recherche?q=zq{n}zq", False) for n in range(2, 8)]
    asked += [(f"/recherche?q=zq{n}zq", False) for n in (2, 5)]
    asked += [(f"/discussions/sync?at={room}:{seq}", False) for seq in (0, 1, secret.room.seq)]
    asked += [(f"/discussions/{slug}?before=9", False), (f"/discussions/{slug}?after=0", False)]
    base = "http://localhost"
    links = "&".join(f"at={base}/discussions/{slug}{end}" for end in ("", "/m/1", "/m/2"))
    asked += [(f"/liens/titres?{links}", False)]
    for path, posts in asked:
        told[f"GET {path}"] = heard_of(browser.get(path))
        if posts and (slug in path or str(room) in path or "fichiers" in path):
            told[f"POST {path}"] = heard_of(browser.post(path, data=FORM))
    return told


def heard_of(answer: TestResponse) -> set[str]:
    """The words of an answer: a picture or an archive has none that matter here."""
    found = words_in(answer.get_data().decode("utf-8", "replace"))
    answer.close()
    return found


@pytest.mark.parametrize("who", STRANGERS)
def test_no_page_shows_or_changes_a_room_to_who_does_not_sit_there(
    app: Flask, secret: Secret, sign_in: SignIn, who: str
) -> None:
    before = state(secret.room.id)
    told = told_by_pages(app, secret, sign_in(secret.strangers[who]))
    # What was searched for stands in the field of the search.
    leaks = {path: words for path, words in told.items() if words and "q=zq" not in path}
    found = {p: w for p, w in told.items() if "q=zq" in p and len(w) > 1}
    assert (leaks, found) == ({}, {})
    assert len(told) > 60
    assert state(secret.room.id) == before


def test_the_same_doors_are_open_to_who_sits_there(
    app: Flask, secret: Secret, sign_in: SignIn
) -> None:
    told = told_by_pages(app, secret, sign_in(secret.inside))
    shown = {word for path, words in told.items() if "q=zq" not in path for word in words}
    # The machine is for the eyes of who looks after the room.
    assert shown >= {f"zq{n}zq" for n in range(2, 8)}


@pytest.mark.parametrize("who", STRANGERS)
def test_no_socket_shows_or_changes_a_room_to_who_does_not_sit_there(
    secret: Secret,
    connect: Callable[..., Socket],
    look: Callable[[], None],
    make: Make,
    who: str,
) -> None:
    before, room = state(secret.room.id), secret.room.id
    look()
    socket = connect(secret.strangers[who])
    told = [socket.ask(event, payload(event, room)) for event in sorted(EVENTS.rules)]
    told += [socket.ask("sync", {"rooms": {str(room): seq}}) for seq in range(secret.room.seq)]
    assert state(room) == before
    chat.say(make, secret.inside, room, "zq8zq")
    look()
    assert words_in(json.dumps([told, socket.heard()], default=str)) == set()


def test_a_machine_of_another_room_reaches_nothing_here(
    secret: Secret, app: Flask, make: Make
) -> None:
    before = state(secret.room.id)
    for told in ({"text": "zz", "root": secret.values["no"]}, {"text": "@zq1zq", "room": 1}):
        answer = app.test_client().post(f"/crochets/{secret.machine}", json={**told, "key": "k"})
        assert words_in(answer.text) <= words_in(told["text"])
    assert state(secret.room.id) == before


def test_nobody_outside_is_counted_for_or_written_to(secret: Secret, make: Make) -> None:
    """Though every message names them all."""
    addressed = [json.dumps(job.payload) for job in db.session.scalars(db.select(Job))]
    assert [words for words in map(words_in, addressed) if words] == []
    for account in secret.strangers.values():
        actor = make.actor(account)
        assert queries.UNREAD.of(actor) == 0
        assert secret.room.id not in {room.id for room in queries.rooms_of(actor)}
