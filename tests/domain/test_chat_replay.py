"""Who was away and who comes anew see the same: whatever was done, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.blueprints.chat import sync
from incubator.domain.chat import editing, pinning, reacting
from incubator.domain.chat.message_rules import SIGNS
from incubator.kernel.db import transaction
from incubator.kernel.errors import Refusal
from tests import factories_chat as chat

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from tests.factories import Make

TEXTS = ("Bonjour", "Le code est 1234", "@hugo-marchetti viens", "@salon venez")


@dataclass
class Browser:
    """What docs/CHAT.md asks of a client, and nothing more: its messages by number."""

    me: Actor
    room: int
    last: int = 0
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)

    def open(self) -> None:
        """The page as the server gives it now; the log goes on from where it stands."""
        answer = sync.catch_up(self.me, {self.room: 2**40})["rooms"][str(self.room)]
        self.last = answer["head"]
        self.shown = {frame["no"]: self.drawn(frame) for frame in answer["messages"]}

    def catch_up(self) -> None:
        """All that happened since, in order."""
        more = True
        while more:
            answer = sync.catch_up(self.me, {self.room: self.last})["rooms"][str(self.room)]
            for event in answer["events"]:
                assert event["seq"] == self.last + 1
                self.last = event["seq"]
                self.apply(event)
            more = answer["more"]

    def apply(self, event: dict[str, Any]) -> None:
        kind, no = event["kind"], event.get("no")
        if kind == "msg" and event.get("root"):
            root = self.shown.get(event["root"])
            if root:
                root["replies"] = max(root["replies"], event["nth"])
        elif kind == "msg":
            known = self.shown.get(no, {"signs": {}, "pinned": False, "replies": 0})
            kept = {key: known[key] for key in ("signs", "pinned", "replies")}
            self.shown[no] = self.drawn(event) | kept
        elif no in self.shown:
            self.change(self.shown[no], event)

    def change(self, message: dict[str, Any], event: dict[str, Any]) -> None:
        if event["kind"] == "edit":
            message |= {"html": event["html"], "rev": event.get("rev", 0), "me": event["me"]}
        if event["kind"] == "del" or event.get("gone"):
            message |= self.drawn(event) | {"replies": message["replies"]}
        elif event["kind"] == "react" and not message["gone"]:
            self.sign(message["signs"], event)
        elif event["kind"] == "pin" and not message["gone"]:
            message["pinned"] = event["on"]

    def sign(self, signs: dict[str, tuple[int, bool]], event: dict[str, Any]) -> None:
        emoji, mine = event["emoji"], signs.get(event["emoji"], (0, False))[1]
        if event["actor"] == self.me.id:
            mine = event["on"]
        signs[emoji] = (event["count"], mine)
        if not event["count"]:
            del signs[emoji]

    @staticmethod
    def drawn(frame: dict[str, Any]) -> dict[str, Any]:
        gone = frame.get("gone", False)
        return {
            "html": frame["html"],
            "rev": 0 if gone else frame.get("rev", 0),
            "gone": gone,
            "why": frame.get("why"),
            "me": frame.get("me", False),
            "replies": frame.get("replies", 0),
            "signs": {emoji: (count, mine) for emoji, count, mine in frame.get("signs", ())},
            "pinned": frame.get("pinned", False),
        }


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "reply", "edit", "delete", "react", "pin", "look", "again"]),
        st.integers(0, 2),
        st.integers(1, 6),
        st.sampled_from(TEXTS),
        st.sampled_from(SIGNS[:2]),
        st.booleans(),
    ),
    min_size=5,
    max_size=25,
)


@dataclass
class Story:
    """Three people who do as they like in a room; refusals are part of it."""

    people: list[Actor]
    room: int
    now: datetime
    browsers: list[Browser]
    done: list[tuple[Any, Actor, dict[str, Any]]] = field(default_factory=list)

    def act(self, step: tuple[str, int, int, str, str, bool]) -> None:
        kind, who, no, text, emoji, on = step
        # Long enough apart that nobody is too fast.
        self.now += timedelta(minutes=20)
        actor = self.people[who]
        if kind == "look":
            self.browsers[who].catch_up()
        elif kind == "again" and self.done:
            self.run(*self.done[no % len(self.done)])
        elif kind in {"say", "reply"}:
            root = no if kind == "reply" else None
            self.first(chat.reply, actor, text=text, root=root)
        elif kind == "edit":
            self.first(editing.edit, actor, no=no, text=text, base_rev=int(on))
        elif kind == "delete":
            self.first(editing.take_away, actor, no=no, reason="Hors sujet")
        elif kind == "react":
            self.first(reacting.react, actor, no=no, emoji=emoji, on=on)
        elif kind == "pin":
            self.first(pinning.pin, actor, no=no, on=on)

    def first(self, command: Any, actor: Actor, **values: Any) -> None:
        named = (command, actor, {"cid": chat.cid(), **values})
        self.done.append(named)
        self.run(*named)

    def run(self, command: Any, actor: Actor, values: dict[str, Any]) -> None:
        try:
            with transaction():
                command(actor, self.room, now=self.now, **values)
        except Refusal:
            pass


@pytest.fixture
def people(make: Make) -> list[Actor]:
    lyon = make.site("Lyon")
    accounts = [
        make.member(lyon, name="Fatou Diop"),
        make.member(lyon, name="Hugo Marchetti"),
        make.member(lyon, name="Sophie Lambert", role="manager"),
    ]
    chat.sit(make, *accounts)
    return [make.actor(each) for each in accounts]


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_after_a_replay_the_page_is_that_of_who_comes_anew(
    make: Make, people: list[Actor], acts: list[Any]
) -> None:
    opened = chat.topic_by(make, people[0])
    for actor in people[1:]:
        chat.sit_down(make, actor, opened.id)
    browsers = [Browser(actor, opened.id) for actor in people]
    for browser in browsers:
        browser.open()
    story = Story(people, opened.id, make.now, browsers)
    for step in acts:
        story.act(step)
    for browser in browsers:
        browser.catch_up()
        fresh = Browser(browser.me, opened.id)
        fresh.open()
        assert browser.shown == fresh.shown
        assert browser.last == fresh.last
        replayed = Browser(browser.me, opened.id)
        replayed.catch_up()
        assert replayed.shown == fresh.shown
