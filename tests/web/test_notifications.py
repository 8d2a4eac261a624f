"""The bell and the list behind it, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel.db import as_of, transaction
from incubator.reactions.notifications.telling import About, tell
from tests import factories_help as h
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
LIST = "/notifications"
ACTS = re.compile(r'action="(/notifications/[a-z_]+/\d+)"')


@pytest.fixture
def ada(make: Make) -> Account:
    return make.member(make.site(), name="Ada Lovel")


@pytest.fixture
def asked(make: Make, ada: Account) -> Question:
    asked = h.question(make, ada, title="Teindre le lin")
    h.answer(make, make.member(make.site("Nantes"), name="Léo Blin"), asked)
    return asked


def many(who: Account, number: int) -> None:
    """So many subjects have news, one a minute."""
    for each in range(1, number + 1):
        with as_of(NOW - timedelta(minutes=each)), transaction():
            tell("skill_decided", [who.id], About("skill", each, "skill_decided", title=f"S{each}"))


def rung(browser: FlaskClient) -> int:
    told = browser.get("/notifications/nombre").json
    assert told
    return int(told["n"])


def bells(page: str) -> list[str]:
    """What each bell of a page shows; nothing where it is silent."""
    found = re.findall(r'data-bell=.*?<span class="count"( hidden)?><span data-n>(\d+)', page)
    return ["" if hidden else number for hidden, number in found]


def test_the_bell_of_every_page_counts_and_the_list_says_what_and_who(
    sign_in: SignIn, ada: Account, asked: Question
) -> None:
    browser = sign_in(ada)
    assert bells(browser.get("/annuaire").text) == ["1", "1"]
    page = browser.get(LIST).text
    for words in ("Teindre le lin", "Nouvelle réponse", "Léo Blin", "Non lue"):
        assert words in page
    answer = browser.get(f"{LIST}/thread/{asked.id}")
    assert (answer.status_code, answer.location) == (303, f"/entraide/{asked.id}")
    assert bells(browser.get("/annuaire").text) == ["", ""]
    assert "Vous n’avez rien manqué" in browser.get(LIST).text
    assert "Teindre le lin" in browser.get(f"{LIST}?all=").text


def test_who_opens_the_thread_itself_has_read_it_and_who_looks_ahead_has_not(
    sign_in: SignIn, ada: Account, asked: Question
) -> None:
    browser = sign_in(ada)
    path = browser.get(f"/entraide/{asked.id}").location
    for address in (path, f"{LIST}/thread/{asked.id}"):
        browser.get(address, headers={"Sec-Purpose": "prefetch"})
    assert rung(browser) == 1
    assert bells(browser.get(path).text) == ["", ""]
    assert rung(browser) == 0


@pytest.mark.parametrize("act", ["read", "archive", "mute"])
def test_each_act_is_undone_by_the_page_it_leads_to(
    sign_in: SignIn, ada: Account, asked: Question, act: str
) -> None:
    browser = sign_in(ada)
    sent = browser.post(f"{LIST}/thread/{asked.id}", data={"act": act})
    page = browser.get(sent.location).text
    assert rung(browser) == 0
    (undo,) = re.findall(r'name="act" value="([a-z_]+)">\s*<button', page)
    browser.post(ACTS.findall(page)[0], data={"act": undo})
    assert rung(browser) == 1


def test_a_muted_subject_is_found_again(sign_in: SignIn, ada: Account, asked: Question) -> None:
    browser = sign_in(ada)
    browser.post(f"{LIST}/thread/{asked.id}", data={"act": "mute"})
    page = browser.get(f"{LIST}?all=").text
    assert "1 sujet mis en silence" in page
    assert page.count("Teindre le lin") >= 1


def test_all_are_read_at_once_and_unread_again(sign_in: SignIn, ada: Account) -> None:
    many(ada, 3)
    browser = sign_in(ada)
    sent = browser.post(f"{LIST}/lues")
    page = browser.get(sent.location).text
    assert "3 lues." in page
    assert rung(browser) == 0
    (at,) = re.findall(r'name="at" value="([^"]+)"', page)
    browser.post(f"{LIST}/non-lues", data={"at": at.replace("&#43;", "+")})
    assert rung(browser) == 3


def test_pages_follow_one_another_and_cost_the_same(
    sign_in: SignIn, ada: Account, count_queries: Callable[[], Any]
) -> None:
    many(ada, 5)
    browser = sign_in(ada)
    browser.get(LIST)
    with count_queries() as few:
        assert len(re.findall(r">S\d+</a>", browser.get(LIST).text)) == 5
    many(ada, 70)
    seen: list[str] = []
    path: str | None = LIST
    browser.get(LIST)
    with count_queries() as much:
        browser.get(LIST)
    while path:
        page = browser.get(path).text
        seen += re.findall(r">(S\d+)</a>", page)
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        path = following[0].replace("&amp;", "&") if following else None
    assert seen == [f"S{number}" for number in range(1, 71)]
    assert len(much) == len(few)


@pytest.mark.parametrize(
    "query", ["did=archive&area=thread&item=x", "did=read_all&at=hier&n=x", "after=x", "did=mute"]
)
def test_an_address_that_was_tampered_with_shows_the_plain_list(
    sign_in: SignIn, ada: Account, query: str
) -> None:
    page = sign_in(ada).get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert 'role="status"><p' not in page.text


def test_another_ones_notification_is_not_there(
    make: Make, sign_in: SignIn, ada: Account, asked: Question
) -> None:
    browser = sign_in(make.member(make.site()))
    assert browser.get(f"{LIST}/thread/{asked.id}").status_code == 404
    for act in ("archive", "mute", "dance"):
        sent = browser.post(f"{LIST}/thread/{asked.id}", data={"act": act})
        assert sent.status_code == 404
    assert rung(sign_in(ada)) == 1
