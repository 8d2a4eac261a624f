"""Drafts of rooms over HTTP: in silence for the script, by a button without it."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.chat import queries
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.usefixtures("frozen")


def typed(page: str) -> str:
    """What stands in the field of a room."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return found[1].strip()


@pytest.fixture
def place(make: Make) -> tuple[Account, int, str]:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room = chat.room_of(lyon)
    return fatou, room, queries.visible_to(make.actor(fatou), room).slug


def keep(browser: FlaskClient, room: int, **fields: Any) -> Any:
    return browser.post(f"/discussions/salons/{room}/brouillon", data=fields, headers=JSON)


def test_another_device_finds_what_was_begun(
    place: tuple[Account, int, str], sign_in: SignIn
) -> None:
    fatou, room, slug = place
    assert keep(sign_in(fatou), room, text="Je pensais <b>").status_code == 204
    other = sign_in(fatou)
    assert typed(other.get(f"/discussions/{slug}").text) == "Je pensais &lt;b&gt;"
    body = {"text": "Je pensais à vous", "once": uuid.uuid4().hex}
    other.post(f"/discussions/salons/{room}/messages", data=body)
    assert typed(other.get(f"/discussions/{slug}").text) == ""


def test_a_thread_keeps_its_own(
    make: Make, place: tuple[Account, int, str], sign_in: SignIn
) -> None:
    fatou, room, slug = place
    no = chat.say(make, fatou, room).no
    browser = sign_in(fatou)
    keep(browser, room, text="au fil", root=no)
    assert typed(browser.get(f"/discussions/{slug}/m/{no}/fil").text) == "au fil"
    assert typed(browser.get(f"/discussions/{slug}").text) == ""


def test_without_a_script_a_button_keeps_it(
    place: tuple[Account, int, str], sign_in: SignIn
) -> None:
    fatou, room, slug = place
    browser = sign_in(fatou)
    page = browser.get(f"/discussions/{slug}").text
    assert f'formaction="/discussions/salons/{room}/brouillon"' in page
    answer = browser.post(f"/discussions/salons/{room}/brouillon", data={"text": "Plus tard"})
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "Votre brouillon est gardé" in page
    assert typed(page) == "Plus tard"


def test_a_refused_message_stays_instead_of_its_draft(
    place: tuple[Account, int, str], sign_in: SignIn
) -> None:
    fatou, room, _ = place
    browser = sign_in(fatou)
    keep(browser, room, text="avant")
    body = {"text": "x" * 4_001, "once": uuid.uuid4().hex}
    page = browser.post(f"/discussions/salons/{room}/messages", data=body).text
    assert typed(page) == "x" * 4_001
    assert typed(browser.get(f"/discussions/{_slug(page)}").text) == "avant"


def _slug(page: str) -> str:
    found = re.search(r'id="older" href="/discussions/([^"?]+)', page)
    assert found
    return found[1]


def test_nobody_begins_where_they_may_not_write(
    make: Make, place: tuple[Account, int, str], sign_in: SignIn
) -> None:
    _, room, _ = place
    stranger = sign_in(make.member(make.site("Nantes")))
    assert keep(stranger, room, text="coucou").status_code == 403
    assert keep(stranger, 999, text="coucou").status_code == 404
