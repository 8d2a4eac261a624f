"""A house that is busy when the line comes up: the page asks again until it follows the room."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import listen

if TYPE_CHECKING:
    from playwright.sync_api import WebSocketRoute

    from tests.browser.house import House

pytestmark = pytest.mark.browser

READER = "antoine.guichard@passerelles.example"
WRITER = "alexandre.bouchard@passerelles.example"
ROOM = "/discussions/reseau"
BUSY = {"err": "busy", "retry": True, "retry_after": 0.2}
ASKED = re.compile(r"42/chat,(\d+)(\[.*)", re.DOTALL)


class Busy:
    """Answers the first question of each kind as a server does whose database is away."""

    def __init__(self) -> None:
        self.left = {"hello", "join", "sync"}

    def stand_between(self, page_end: WebSocketRoute) -> None:
        server_end = page_end.connect_to_server()

        def pass_on(said: str | bytes) -> None:
            found = ASKED.match(said) if isinstance(said, str) else None
            name = json.loads(found[2])[0] if found else ""
            if found and name in self.left:
                self.left.remove(name)
                page_end.send(f"43/chat,{found[1]}" + json.dumps([BUSY]))
            else:
                server_end.send(said)

        page_end.on_message(pass_on)


def test_a_page_that_came_while_the_database_was_away_hears_the_room_all_the_same(
    house: House,
) -> None:
    reader, writer, busy = house.enter(READER), house.enter(WRITER), Busy()
    heard = listen(reader)
    reader.route_web_socket(re.compile("/socket.io/"), busy.stand_between)
    reader.goto(ROOM)
    writer.goto(ROOM)
    place = writer.locator("#composer textarea")
    place.fill("La base est revenue")
    place.press("Enter")
    expect(reader.locator("#msgs .msg", has_text="La base est revenue")).to_be_visible()
    assert busy.left == set()
    assert heard == []
