"""The browsers that are told: turned on by themselves, listed, let go with the session and all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.edge import clock
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import Job
from incubator.network.accounts import commands, rights, sessions
from incubator.network.accounts.models import Session
from incubator.reactions.push import browsers, keys, reactions
from incubator.reactions.push.browsers import MOST
from tests.conftest import NOW
from tests.factories_life import merged
from tests.push_browsers import FIREFOX, Taker, rows, told_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

PATH = "/moi/appareils"


@pytest.fixture(autouse=True)
def _key(settings: Settings, frozen: object, present: object) -> Iterator[None]:
    keys.make(settings)
    yield
    keys.path_of(settings).unlink(missing_ok=True)


@pytest.fixture
def elise(make: Make) -> Account:
    return make.member(make.site(), name="Élise", language="fr")


@pytest.fixture
def enter(sign_in: SignIn) -> SignIn:
    """Somebody at a browser that keeps them signed in."""

    def come(who: Account) -> FlaskClient:
        browser = sign_in(who)
        with browser.session_transaction() as cookie:
            cookie.permanent = True
        browser.environ_base["HTTP_USER_AGENT"] = FIREFOX
        return browser

    return come


def taker(number: int = 1) -> Taker:
    return Taker(f"https://push.example.net/send/{number}")


def turn_on(browser: FlaskClient, who: Taker, **other: str) -> Any:
    return browser.post(PATH, data=who.offer | other, follow_redirects=True)


@pytest.fixture
def sweep(app: Flask) -> Callable[..., None]:
    """The hour strikes, some days later."""

    def go(days: int = 0) -> None:
        with app.app_context(), as_of(NOW + timedelta(days=days)):
            reactions.sweep({})
        db.session.expire_all()

    return go


def session_ids(who: Account) -> list[int]:
    query = select(Session.id).where(Session.account_id == who.id).order_by(Session.id)
    return list(db.session.scalars(query))


def test_a_browser_is_turned_on_listed_and_removed(elise: Account, enter: SignIn) -> None:
    browser, mine = enter(elise), taker()
    assert "Où les nouvelles arrivent" not in browser.get(PATH).text
    for _ in range(2):
        page = turn_on(browser, mine).text
    assert f'data-endpoint="{mine.endpoint}"' in page
    assert page.count("Firefox sur Android") == 1
    assert "ce navigateur" in page
    (row,) = rows()
    assert (row.member_id, row.p256dh, row.auth) == (
        elise.id,
        mine.offer["p256dh"],
        mine.offer["auth"],
    )
    page = browser.post(f"{PATH}/{row.id}/enlever", follow_redirects=True).text
    assert (rows(), "Firefox sur Android" in page) == ([], False)


def test_turning_off_ends_it_and_an_unknown_one_is_no_matter(elise: Account, enter: SignIn) -> None:
    browser, mine = enter(elise), taker()
    turn_on(browser, mine)
    for _ in range(2):
        answer = browser.post(f"{PATH}/arret", data={"endpoint": mine.endpoint})
        assert answer.status_code == 303
    assert rows() == []


def test_nobody_touches_the_browser_of_another(make: Make, elise: Account, enter: SignIn) -> None:
    turn_on(enter(elise), taker())
    other = enter(make.member(make.site()))
    (row,) = rows()
    for act in ("enlever", "essai"):
        assert other.post(f"{PATH}/{row.id}/{act}").status_code == 404
    other.post(f"{PATH}/arret", data={"endpoint": row.endpoint})
    answer = other.post(f"{PATH}/reprise", data=taker(2).offer | {"former": row.endpoint})
    assert (answer.status_code, [each.member_id for each in rows()]) == (404, [elise.id])


def test_who_comes_after_at_a_browser_takes_it_over(
    make: Make, elise: Account, enter: SignIn
) -> None:
    turn_on(enter(elise), taker())
    zoe = make.member(make.site())
    turn_on(enter(zoe), Taker(taker().endpoint))
    assert [row.member_id for row in rows()] == [zoe.id]


def test_beyond_ten_browsers_the_ones_told_least_lately_go(elise: Account, enter: SignIn) -> None:
    browser = enter(elise)
    for number in range(MOST):
        turn_on(browser, taker(number))
    with transaction():
        for row in rows()[:3]:
            row.used_at = NOW + timedelta(hours=1)
    turn_on(browser, taker(MOST))
    assert [row.endpoint.rpartition("/")[2] for row in rows()] == [
        "0",
        "1",
        "2",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
    ]


BAD = [
    {"endpoint": "http://push.example.net/x"},
    {"endpoint": "https://127.0.0.1/x"},
    {"endpoint": "https://10.1.2.3/x"},
    {"endpoint": "https://[::1]/x"},
    {"endpoint": "https://169.254.169.254/x"},
    {"endpoint": "https://intranet/x"},
    {"endpoint": "https://a:b@push.example.net/x"},
    {"endpoint": "https://push.example.net:99999/x"},
    {"endpoint": "https://push.example.net/" + "x" * 1000},
    {"endpoint": "https://push.example.net/é"},
    {"endpoint": "https://[broken"},
    {"endpoint": "file:///etc/passwd"},
    {"endpoint": ""},
    {"p256dh": ""},
    {"p256dh": "!!!"},
    {"p256dh": "A" * 87},
    {"auth": "AAAA"},
    {"auth": "é"},
]


@pytest.mark.parametrize("typed", BAD, ids=str)
def test_what_no_browser_gives_is_refused(
    elise: Account, enter: SignIn, typed: dict[str, str]
) -> None:
    page = turn_on(enter(elise), taker(), **typed).text
    assert "ne peut pas servir" in page
    assert rows() == []


def test_a_browser_that_forgets_its_session_is_not_told(elise: Account, sign_in: SignIn) -> None:
    browser = sign_in(elise)
    page = turn_on(browser, taker()).text
    assert "jusqu’à la fermeture du navigateur" in page
    assert "data-push=" not in page
    assert rows() == []


def test_without_a_key_the_page_says_who_can_make_one(
    elise: Account, enter: SignIn, settings: Settings
) -> None:
    keys.path_of(settings).unlink()
    browser = enter(elise)
    assert "incubator init" in browser.get(PATH).text
    turn_on(browser, taker())
    assert rows() == []


def test_a_trial_goes_once_a_minute(elise: Account, enter: SignIn) -> None:
    browser = enter(elise)
    turn_on(browser, taker())
    for _ in range(3):
        page = browser.post(f"{PATH}/{rows()[0].id}/essai", follow_redirects=True).text
    assert "en route vers ce navigateur" in page
    kept = select(Job.payload).where(Job.kind == "push.send")
    assert [each["area"] for each in db.session.scalars(kept)] == ["trial"]


def test_signing_out_ends_it_here_and_nowhere_else(elise: Account, enter: SignIn) -> None:
    here, there = enter(elise), enter(elise)
    turn_on(here, taker(1))
    turn_on(there, taker(2))
    here.post("/deconnexion")
    assert [row.endpoint for row in rows()] == [taker(2).endpoint]


@pytest.mark.parametrize("how", ["device", "everywhere", "password", "left"])
def test_what_ends_sessions_ends_pushes(
    make: Make, elise: Account, enter: SignIn, how: str
) -> None:
    here, there = enter(elise), enter(elise)
    turn_on(here, taker(1))
    turn_on(there, taker(2))
    security = "/moi/reglages/securite"
    if how == "device":
        there.post(f"{security}/appareils/{session_ids(elise)[0]}/fermer")
    elif how == "everywhere":
        there.post(f"{security}/partout")
    elif how == "password":
        with transaction():
            sessions.end_all(elise.id, now=NOW, but=session_ids(elise)[1])
    else:
        boss = make.member(role="administrator")
        with transaction():
            rights.deactivate(make.actor(boss), member_id=elise.id, now=NOW)
    left = [taker(2).endpoint] if how in {"device", "password"} else []
    assert [row.endpoint for row in rows()] == left


def test_a_change_of_rights_takes_nothing_away(elise: Account, enter: SignIn) -> None:
    browser = enter(elise)
    turn_on(browser, taker())
    with transaction():
        commands.give_role(None, elise.id, role="administrator", site_id=None, now=NOW)
    browser.get("/moi/reglages")
    (row,) = rows()
    assert row.session_id == session_ids(elise)[-1] != session_ids(elise)[0]


def test_a_session_that_is_not_seen_any_more_is_told_nothing_until_somebody_is_back(
    elise: Account, enter: SignIn, sweep: Callable[..., None]
) -> None:
    turn_on(enter(elise), taker())
    (row,) = rows()
    later = NOW + timedelta(days=31)
    assert browsers.awake(row.id, elise.id, days=30, now=NOW)
    assert browsers.awake(row.id, elise.id, days=30, now=later) is None
    sweep(days=31)
    with clock.stopped_at(later), as_of(later):
        back = enter(elise)
        with transaction():
            sessions.touch(session_ids(elise)[-1], now=later)
        assert "rien n’arrive avant votre retour" in back.get(PATH).text
        answer = back.post(f"{PATH}/reprise", data=taker().offer | {"former": taker().endpoint})
        assert answer.status_code == 204
        assert browsers.awake(row.id, elise.id, days=30, now=later)


def test_nobody_comes_back_so_the_browser_is_forgotten(
    elise: Account, enter: SignIn, sweep: Callable[..., None]
) -> None:
    turn_on(enter(elise), taker())
    for days, left in ((59, 1), (61, 0)):
        sweep(days=days)
        assert len(rows()) == left


def test_browsers_that_our_key_does_not_reach_are_forgotten(
    elise: Account, enter: SignIn, settings: Settings, sweep: Callable[..., None]
) -> None:
    browser = enter(elise)
    turn_on(browser, taker())
    keys.path_of(settings).unlink()
    sweep()
    assert len(rows()) == 1
    keys.make(settings)
    assert 'data-endpoint=""' in browser.get(PATH).text
    sweep()
    assert rows() == []


def test_a_new_address_of_the_push_service_follows(elise: Account, enter: SignIn) -> None:
    browser = enter(elise)
    turn_on(browser, taker(1))
    first = rows()[0].id
    for _ in range(2):
        answer = browser.post(
            f"{PATH}/reprise", data=taker(2).offer | {"former": taker(1).endpoint}
        )
        assert answer.status_code == 204
    assert [(row.id, row.endpoint) for row in rows()] == [(first, taker(2).endpoint)]


def test_browsers_of_a_double_follow_and_sleep_until_they_are_back(
    make: Make, elise: Account, enter: SignIn
) -> None:
    double, boss = make.member(make.site()), make.member(role="administrator")
    turn_on(enter(double), taker(1))
    merged(make, boss, kept=elise, gone=double)
    (row,) = rows()
    assert row.member_id == elise.id
    assert browsers.awake(row.id, elise.id, days=30, now=NOW) is None
    enter(elise).post(f"{PATH}/reprise", data=taker(1).offer | {"former": taker(1).endpoint})
    assert browsers.awake(row.id, elise.id, days=30, now=NOW)


def test_the_list_costs_the_same_for_one_and_ten(
    make: Make, elise: Account, enter: SignIn, count_queries: Callable[[], Any]
) -> None:
    browser, seen = enter(elise), []
    for number in range(10):
        told_at(make, elise, taker(number))
        browser.get(PATH)
        if number in {0, 9}:
            with count_queries() as statements:
                browser.get(PATH)
            seen.append(len(statements))
    assert seen[0] == seen[1]
