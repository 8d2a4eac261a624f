"""By when an answer is of use, in the lists of threads: how urgent it is stands in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help.rules import Wish
from incubator.edge import clock
from tests import factories_help as h

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
# By days from the instant of the tests, a Thursday.
FRENCH = {
    0: "urgent\u00a0: aujourd’hui au plus tard",
    1: "urgent\u00a0: demain au plus tard",
    2: "avant le sam. 14 nov.\u00a0: encore 2 jours",
    7: "avant le jeu. 19 nov.\u00a0: encore 7 jours",
    8: "avant le ven. 20 nov.",
}
ENGLISH = {
    0: "urgent: today at the latest",
    1: "urgent: tomorrow at the latest",
    2: "14 Nov: 2 days left",
}


@pytest.fixture
def asker(make: Make, frozen: datetime) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


def needed(make: Make, asker: Account, days: int, **more: Any) -> Any:
    return h.question(make, asker, wish=Wish(needed_on=make.now.date() + timedelta(days)), **more)


@pytest.mark.parametrize("days", FRENCH)
def test_a_list_says_how_urgent_a_thread_is(
    make: Make, sign_in: SignIn, asker: Account, days: int
) -> None:
    needed(make, asker, days)
    page = sign_in(asker).get("/entraide").text
    assert [each for each in FRENCH.values() if f"{each}</span>" in page] == [FRENCH[days]]


@pytest.mark.parametrize("days", ENGLISH)
def test_so_it_does_in_english(make: Make, sign_in: SignIn, asker: Account, days: int) -> None:
    needed(make, asker, days)
    reader = make.member(make.site("Lille"), language="en")
    assert f"{ENGLISH[days]}</span>" in sign_in(reader).get("/help").text


def test_the_words_follow_the_calendar_of_the_reader(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    needed(make, asker, 1)
    browser = sign_in(asker)
    assert FRENCH[1] in browser.get("/entraide").text
    with clock.stopped_at(make.now + timedelta(days=1)):
        assert FRENCH[0] in browser.get("/entraide").text
    with clock.stopped_at(make.now + timedelta(days=2)):
        assert "attendue avant le ven. 13 nov.</span>" in browser.get("/entraide").text


def test_a_solved_thread_is_urgent_no_more(make: Make, sign_in: SignIn, asker: Account) -> None:
    asked = needed(make, asker, 0)
    given = h.answer(make, make.member(make.site("Lille")), asked)
    h.accept(make, asker, given)
    page = sign_in(asker).get("/entraide?view=solved").text
    assert asked.title in page
    assert "au plus tard" not in page


def test_the_first_page_says_it_to_who_can_help(
    make: Make, sign_in: SignIn, asker: Account
) -> None:
    helper = make.member(make.site("Lille"))
    term = h.skill(make, offered_by=(helper,))
    asked = h.question(make, asker, term, wish=Wish(needed_on=make.now.date()))
    page = sign_in(helper).get("/").text
    assert asked.title in page
    assert FRENCH[0] in page
