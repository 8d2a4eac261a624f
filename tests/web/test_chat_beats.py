"""Who is there on any page, machines that are suggested, and paths of our pages in messages."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.chat.bots import keeping, speaking
from incubator.domain.chat.message_rules import OUR_PAGES
from incubator.kernel.db import transaction
from incubator.reactions.live import service
from incubator.reactions.live.presence import Presence
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def fatou(make: Make) -> Account:
    found = make.member(make.site("Lyon"), name="Fatou Diop")
    chat.sit(make, found)
    return found


@pytest.fixture
def room(fatou: Account) -> int:
    assert fatou
    return chat.room_of(None)


def test_machines_that_hear_are_suggested_beside_the_members(
    make: Make, sign_in: SignIn, fatou: Account
) -> None:
    topic = chat.topic(make, fatou)
    for name, url in (("Relais", "https://relais.example/"), ("Releveur", "")):
        with transaction():
            keeping.make(
                make.actor(fatou), topic.id, keeping.Wanted(name=name, url=url), now=make.now
            )
    browser = sign_in(fatou)
    options = browser.get(f"/discussions/{topic.slug}/noms?q=rel").text
    assert 'data-value="relais"' in options
    assert "Releveur" not in options
    assert "Relais" not in browser.get("/discussions/reseau/noms?q=rel").text


def test_paths_of_our_own_pages_become_links_and_others_stay_text(
    make: Make, sign_in: SignIn, fatou: Account, room: int
) -> None:
    told = "Voir /entraide/12-colle, /discussions/reseau/m/3 ou /etc/passwd. `/annuaire/x` //a.b/c"
    chat.say(make, fatou, room, told)
    page = sign_in(fatou).get("/discussions/reseau").text
    said = re.findall(r'<a [^>]*href="(/[^"]+)"[^>]*>(/[^<]+)</a>', page)
    assert said == [
        ("/entraide/12-colle", "/entraide/12-colle"),
        ("/discussions/reseau/m/3", "/discussions/reseau/m/3"),
    ]


def test_the_pages_that_paths_lead_to_exist(app: Flask) -> None:
    begun = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    begun |= {
        rule.rule.split("/")[1] for rule in app.extensions["incubator"].addresses.iter_rules()
    }
    assert begun >= OUR_PAGES


def test_a_beat_of_any_page_says_that_somebody_is_there(
    sign_in: SignIn, fatou: Account, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, presence = sign_in(fatou), Presence()
    monkeypatch.setattr(service.of(app), "presence", presence)
    assert 'data-beat="/discussions/presence"' in browser.get("/annuaire").text

    def there() -> str:
        return presence.states([fatou.id], now=time.monotonic())[fatou.id]

    assert there() == ""
    for state, sign in (("active", "online"), ("idle", "away")):
        assert browser.post("/discussions/presence", data={"state": state}).status_code == 204
        assert there() == sign
    assert presence.report(now=time.monotonic()) == {"away": [fatou.id]}
    assert browser.post("/discussions/presence", data={"state": "x"}).status_code == 303
    assert app.test_client().post("/discussions/presence").status_code in {303, 401, 403}


def test_a_beat_writes_nothing_and_reads_as_little_for_many_as_for_few(
    make: Make, sign_in: SignIn, fatou: Account, count_queries: Any
) -> None:
    browser, counts = sign_in(fatou), []
    for _turn in range(2):
        with count_queries() as found:
            browser.post("/discussions/presence", data={"state": "active"})
        counts.append(found)
        chat.sit(make, *(make.member(make.site()) for _ in range(10)))
    assert len(counts[0]) == len(counts[1]) <= 2
    assert not any("INSERT" in str(each) or "UPDATE" in str(each) for each in counts[1])


def test_a_room_reads_as_often_with_many_machines_as_with_one(
    make: Make, sign_in: SignIn, fatou: Account, count_queries: Any
) -> None:
    topic, browser, counts = chat.topic(make, fatou), sign_in(fatou), []
    for turn in range(3):
        for n in range(1 if not turn else 4):
            wanted = keeping.Wanted(name=f"Robot {turn} {n}")
            with transaction():
                made = keeping.make(make.actor(fatou), topic.id, wanted, now=make.now)
                spoken = speaking.Spoken(text="Bonjour", key="1")
                speaking.speak(speaking.by_token(made.token), spoken, now=make.now)
        browser.get(f"/discussions/{topic.slug}")
        with count_queries() as found:
            page = browser.get(f"/discussions/{topic.slug}").text
        assert page.count('class="msg__bot"') == 2 + 4 * turn
        counts.append(len(found))
    assert len(set(counts)) == 1
