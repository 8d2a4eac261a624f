"""Over random rooms, people and acts: by no door does anybody read what is not theirs to read.

Every word is said once. A model that knows no database keeps, for each person, the words that
they may read; all doors together must show no other, and the page of a room all of them.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.chat import involvement, membership, queries, rooms, succession
from incubator.domain.chat.models import CLOSED, Room
from incubator.domain.chat.personal import personal_data
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotFound, Refusal
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make
    from tests.sockets.conftest import Socket

    SignIn = Callable[[Account], FlaskClient]

pytestmark = pytest.mark.usefixtures("frozen")
WORD = re.compile(r"zq\d+zq", re.IGNORECASE)
ROLES = ("resident", "resident", "resident", "resident", "manager", "administrator", "guest")
STEPS = 120


@dataclass
class Known:
    """What the model says of a closed room: who sits there, who may read which words."""

    sitters: set[int] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    name: str = ""
    read: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def tell(self, word: str) -> None:
        self.said.add(word)
        for member in self.sitters:
            self.read[member].add(word)

    def come(self, member: int, *, whole: bool) -> None:
        if member in self.sitters:
            return
        self.sitters.add(member)
        self.read[member] = set(self.said) if whole else {self.name} - {""}


@dataclass
class World:
    """Random acts on the product and on the model at once."""

    make: Make
    luck: random.Random
    people: list[Account]
    closed: dict[int, Known] = field(default_factory=dict)
    open_words: set[str] = field(default_factory=set)
    site_words: set[str] = field(default_factory=set)
    open_rooms: list[int] = field(default_factory=list)
    ever: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    count: int = 0

    def word(self) -> str:
        self.count += 1
        return f"zq{self.count}zq"

    def step(self) -> None:
        acts = (self.say, self.say, self.say, self.invite, self.invite, self.leave, self.remove)
        acts += (self.rename, self.open, self.group, self.name_moderator, self.archive, self.hide)
        with suppress(Refusal):
            self.luck.choice(acts)()
        for member in self.people:
            self.ever[member.id] |= self.allowed(member)

    def someone(self) -> Account:
        return self.luck.choice(self.people)

    def of(self, room: int) -> Account:
        """Mostly somebody who sits in a closed room: else nearly every act is refused."""
        sitters = self.closed[room].sitters if room in self.closed else set()
        inside = [each for each in self.people if each.id in sitters]
        return self.luck.choice(inside if inside and self.luck.random() < 0.8 else self.people)

    def room(self) -> int:
        return self.luck.choice([*self.closed, *self.closed, *self.open_rooms])

    def say(self) -> None:
        room, word = self.room(), self.word()
        later = self.make.now + timedelta(minutes=self.count)
        chat.say(self.make, self.of(room), room, word, now=later)
        self.note(room, word)

    def note(self, room: int, word: str) -> None:
        if room in self.closed:
            self.closed[room].tell(word)
        else:
            self.open_words.add(word)
            if room == self.open_rooms[0]:
                self.site_words.add(word)

    def open(self) -> None:
        who, word, private = self.someone(), self.word(), self.luck.random() < 0.8
        with transaction():
            room = rooms.open_topic(
                self.make.actor(who), name=word, once=word, private=private, now=self.make.now
            )
        if private:
            self.closed[room.id] = Known({who.id}, {word}, word)
            self.closed[room.id].read[who.id] = {word}
        else:
            self.open_rooms.append(room.id)
            self.open_words.add(word)

    def group(self) -> None:
        who, *others = self.luck.sample(self.people, 3)
        room = fr.group(self.make, who, *others).id
        known = self.closed.setdefault(room, Known())
        for each in (who, *others):
            known.come(each.id, whole=True)

    def invite(self) -> None:
        room, other = self.room(), self.someone()
        by = self.of(room)
        whole = self.luck.random() < 0.3
        came = fr.invite(self.make, by, room, other, whole=whole)
        if came and room in self.closed:
            private = db.session.get_one(Room, room).kind == "private"
            self.closed[room].come(other.id, whole=whole and private)

    def leave(self) -> None:
        room = self.room()
        who = self.of(room)
        fr.leave(self.make, who, room)
        if room in self.closed:
            self.closed[room].sitters.discard(who.id)

    def remove(self) -> None:
        room, other = self.room(), self.someone()
        by = self.of(room)
        if fr.remove(self.make, by, room, other) and room in self.closed:
            self.closed[room].sitters.discard(other.id)

    def rename(self) -> None:
        room, word = self.room(), self.word()
        with transaction():
            rooms.describe(
                self.make.actor(self.of(room)), room, name=word, purpose=word, now=self.make.now
            )
        if room in self.closed:
            self.closed[room].name = word
        self.note(room, word)

    def name_moderator(self) -> None:
        room, other = self.room(), self.someone()
        by = self.of(room)
        with transaction():
            succession.name_moderator(
                self.make.actor(by), room, other.id, on=True, now=self.make.now
            )

    def archive(self) -> None:
        room = self.room()
        by, on = self.make.actor(self.of(room)), self.luck.random() < 0.3
        with transaction():
            rooms.archive(by, room, on=on, now=self.make.now)

    def hide(self) -> None:
        room = self.room()
        who = self.make.actor(self.of(room))
        with transaction():
            if room in self.open_rooms:
                membership.join(who, room, now=self.make.now)
            involvement.choose(who, room, self.luck.choice(("hidden", "none", "all")))

    def allowed(self, reader: Account) -> set[str]:
        guest = self.make.actor(reader).is_guest
        # A guest reads the room of their site, where everybody talks.
        open_words = self.site_words if guest else self.open_words
        return open_words.union(*(known.read[reader.id] for known in self.closed.values()))


def words_in(text: object) -> set[str]:
    return {word.lower() for word in WORD.findall(str(text))}


def by_pages(browser: FlaskClient, world: World) -> dict[str, set[str]]:
    """The words of every page and twin of a socket that shows something of rooms."""
    paths = ["/", "/discussions"]
    paths += [f"/discussions/salons?which={which}" for which in ("open", "mine", "archived")]
    for room in db.session.scalars(db.select(Room)).all():
        slug = f"/discussions/{room.slug}"
        paths += [slug, f"{slug}?before={max(room.msg_no, 1)}", f"/entraide/depuis/{room.slug}"]
        paths += [f"/entraide/depuis/{room.slug}?before={room.msg_no + 1}"]
        paths += [f"/discussions/salons/{room.id}/a-propos"]
        at = {0, room.seq, world.luck.randint(0, room.seq)}
        paths += [f"/discussions/sync?at={room.id}:{seq}" for seq in at]
    return {path: words_in(browser.get(path).text) for path in paths}


def by_socket(socket: Socket) -> set[str]:
    """The words that a socket is answered, whatever it asks of whichever room."""
    told: list[Any] = [socket.ask("hello")]
    for room in db.session.scalars(db.select(Room.id)).all():
        asked = ({"rooms": {str(room): 0}}, {"room": room}, {"room": room, "before_no": 10**6})
        told += [socket.ask("sync", asked[0]), *(socket.ask("history", one) for one in asked[1:])]
    return words_in(json.dumps(told, default=str))


def by_export(reader: Account) -> set[str]:
    """The words in what one may take along: of messages only one's own."""
    return words_in([list(rows) for rows in personal_data(reader.id).values()])


def shown_in(world: World, reader: Account, room: int) -> set[str]:
    """The words of all pages of a room, one after the other."""
    try:
        view = queries.visible_to(world.make.actor(reader), room)
    except NotFound:
        return set()
    found: set[str] = set()
    before = None
    while True:
        page = queries.history(view, before_no=before, limit=5)
        found |= words_in([each.html for each in page.messages])
        if not page.more:
            return found
        before = page.messages[0].no


@pytest.mark.parametrize("seed", range(4))
def test_nobody_reads_by_any_door_what_is_not_theirs(
    make: Make, sign_in: SignIn, connect: Callable[..., Socket], look: Callable[[], None], seed: int
) -> None:
    luck = random.Random(seed)  # noqa: S311 - acts in a test
    lyon = make.site("Lyon")
    people = [make.member(lyon, role=role) for role in ROLES]
    chat.sit(make, *people)
    world = World(make, luck, people, open_rooms=[chat.room_of(lyon)])
    sockets = {who.id: connect(who) for who in people}
    for _ in range(STEPS):
        world.step()
        listener = world.someone()
        sockets[listener.id].ask("join", {"room": world.room()})
        if luck.random() < 0.4:
            look()
    look()
    for who in people:
        allowed = world.allowed(who)
        heard = words_in(sockets[who.id].heard("ev"))
        assert heard - world.ever[who.id] == set()
        for path, words in by_pages(sign_in(who), world).items():
            assert words - allowed == set(), path
        assert by_socket(sockets[who.id]) - allowed == set()
        assert by_export(who) <= world.ever[who.id]
        complete(world, who)


def complete(world: World, who: Account) -> None:
    """What may be read is shown: the doors are not closed to everybody."""
    said = words_in([m.html for r in world.closed for m in queries.history(chat.whole(r)).messages])
    for room, known in world.closed.items():
        if not world.make.actor(who).is_guest:
            assert shown_in(world, who, room) == known.read[who.id] & everything(room), room
    assert said
    assert all(db.session.get_one(Room, room).kind in CLOSED for room in world.closed)


def everything(room: int) -> set[str]:
    """All that was said in a room."""
    page = queries.history(chat.whole(room), limit=10_000)
    return words_in([each.html for each in page.messages])
