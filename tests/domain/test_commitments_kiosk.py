"""Screens, badges and codes: what speaks for people, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.commitments import badges, kiosk, kiosk_rules, site_codes
from incubator.domain.commitments.kiosk_rules import Token
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from tests.conftest import NOW
from tests.factories_checkins import badge, screen, sessions, told
from tests.factories_commitments import total

if TYPE_CHECKING:
    from tests.factories import Make

SECRET = "s" * 40
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(make: Make) -> Any:
    class House:
        """A site with a member and a manager."""

        site = make.site()
        ada = make.member(site)
        manager = make.member(site, role="manager")

    return House


def press(device: Any, *tolds: Any, now: Any = NOW) -> list[Any]:
    answers = []
    for one in tolds:
        with transaction():
            answers.append(kiosk.press(device, one, secret=SECRET, now=now)[1])
    return answers


def test_a_code_enrols_one_screen_once_and_in_time(make: Make, house: Any) -> None:
    manager = make.actor(house.manager)
    with transaction():
        options = {"language": "fr", "secret": SECRET, "now": NOW}
        _device, code = kiosk.add(manager, house.site.id, name="Accueil", **options)
    with pytest.raises(Refusal, match="screen_code"), transaction():
        kiosk.enrol(code, secret=SECRET, now=NOW + timedelta(hours=1))
    spaced = f"{code[:4]} {code[4:].lower()}"
    with transaction():
        device, key = kiosk.enrol(spaced, secret=SECRET, now=NOW)
    with pytest.raises(Refusal, match="screen_code"), transaction():
        kiosk.enrol(code, secret=SECRET, now=NOW)
    assert kiosk.with_key(key) is device
    assert kiosk.with_key("") is None
    for _twice in range(2):
        with transaction():
            kiosk.revoke(manager, device.id, now=NOW)
    assert kiosk.with_key(key) is None


def test_only_the_managers_of_a_site_run_its_screens(make: Make, house: Any) -> None:
    device, _key = screen(make, house.manager, house.site)
    far = make.actor(make.member(make.site("Nantes"), role="manager"))
    options = {"language": "fr", "secret": SECRET, "now": NOW}
    with pytest.raises(NotAllowed), transaction():
        kiosk.add(far, house.site.id, name="Accueil", **options)
    with pytest.raises(NotFound), transaction():
        kiosk.revoke(far, device.id, now=NOW)
    with pytest.raises(NotAllowed), transaction():
        badges.issue(far, house.ada.id, secret=SECRET, now=NOW)
    with pytest.raises(Refusal, match="name_needed"), transaction():
        kiosk.add(make.actor(house.manager), house.site.id, name=" ", **options)


def test_a_queue_sent_twice_counts_once(make: Make, house: Any) -> None:
    device, _key = screen(make, house.manager, house.site)
    number = badge(make, house.manager, house.ada)
    queue = [
        told(number, way="in", ago=timedelta(hours=4), uid="a"),
        told(number, way="out", ago=timedelta(hours=1), uid="b"),
    ]
    first, again = press(device, *queue), press(device, *queue, now=NOW + 5 * MINUTE)
    assert [one.outcome for one in first] == [one.outcome for one in again] == ["applied"] * 2
    assert (total(house.ada), len(sessions(house.ada))) == (180, 1)
    assert sessions(house.ada)[0].source == "badge"


def test_a_wrong_clock_is_noted_and_a_press_of_the_future_does_nothing(
    make: Make, house: Any
) -> None:
    device, _key = screen(make, house.manager, house.site)
    number = badge(make, house.manager, house.ada)
    with transaction():
        kiosk.seen(device.id, clock=NOW + timedelta(hours=2), waiting=3, now=NOW)
    assert (device.clock_offset_s, device.waiting) == (7200, 3)
    (answer,) = press(device, told(number, ago=-10 * MINUTE))
    assert (answer.outcome, sessions(house.ada)) == ("ahead", [])
    with pytest.raises(Refusal, match="uid_bad"):
        press(device, told(number, ago=timedelta(days=5000)))


def test_a_new_badge_revokes_the_one_before_and_a_lost_one_speaks_for_nobody(
    make: Make, house: Any
) -> None:
    device, _key = screen(make, house.manager, house.site)
    first, second = (badge(make, house.manager, house.ada) for _ in range(2))
    with pytest.raises(Refusal, match="badge_unknown"):
        press(device, told(first))
    assert press(device, told(kiosk_rules.shown_number(second)))[0].outcome == "applied"
    (mine,) = badges.of_member(house.ada.id)
    assert (mine.hint, mine.last_used_at) == (second[-3:], NOW)
    stranger = make.actor(make.member(house.site))
    with pytest.raises(NotFound), transaction():
        badges.revoke(stranger, mine.id, now=NOW)
    with transaction():
        badges.revoke(make.actor(house.ada), mine.id, now=NOW)
    assert badges.at_home(house.site.id) == []


@pytest.mark.parametrize("text", ["", "12345678", "1234567890", "abcdefghi", "\uff11" * 9])
def test_what_cannot_be_a_badge_is_not_looked_up(text: str) -> None:
    assert kiosk_rules.clean_number(text) is None


@given(st.integers(0, 8), st.integers(1, 9))
def test_a_slip_of_the_finger_is_seen(place: int, step: int) -> None:
    number = kiosk_rules.new_number()
    assert kiosk_rules.clean_number(kiosk_rules.shown_number(number)) == number
    wrong = str((int(number[place]) + step) % 10)
    assert kiosk_rules.clean_number(number[:place] + wrong + number[place + 1 :]) is None


@given(st.integers(1, 2**63 - 1))
def test_a_token_is_read_back(code_id: int) -> None:
    token = Token(code_id, "abcdefgh")
    assert kiosk_rules.read(kiosk_rules.write(token)) == token


def made_code(make: Make, house: Any, kind: str) -> Any:
    with transaction():
        manager = make.actor(house.manager)
        return site_codes.make(manager, house.site.id, kind=kind, secret=SECRET, now=NOW)


def test_a_printed_code_lasts_until_it_is_revoked(make: Make, house: Any) -> None:
    code = made_code(make, house, "printed")
    text = site_codes.token_of(code, secret=SECRET, now=NOW)
    late = NOW + timedelta(days=400)
    assert site_codes.opened(text, secret=SECRET, now=late) is code
    assert text not in (code.token_hash or "")
    for _twice in range(2):
        with transaction():
            site_codes.revoke(make.actor(house.manager), code.id, now=NOW)
    with pytest.raises(Refusal, match="code_unknown"):
        site_codes.opened(text, secret=SECRET, now=late)


def test_a_rotating_code_is_of_this_moment(make: Make, house: Any) -> None:
    code = made_code(make, house, "rotating")
    text = site_codes.token_of(code, secret=SECRET, now=NOW)
    assert site_codes.rotating_at(house.site.id) is made_code(make, house, "rotating") is code
    assert site_codes.token_of(code, secret=SECRET, now=NOW + MINUTE) != text
    assert site_codes.opened(text, secret=SECRET, now=NOW + 2 * MINUTE) is code
    with pytest.raises(Refusal, match="code_old"):
        site_codes.opened(text, secret=SECRET, now=NOW + 3 * MINUTE)
    assert site_codes.opened(text, secret=SECRET, now=NOW + 9 * MINUTE, acts=True) is code
    with pytest.raises(Refusal, match="code_old"):
        site_codes.opened(text, secret=SECRET, now=NOW + 11 * MINUTE, acts=True)


@pytest.mark.parametrize("text", ["x", "1.x", ".", "zzzzzzzzzzzzzzzzzz.a", "é.a"])
def test_what_is_no_code_opens_nothing(make: Make, house: Any, text: str) -> None:
    made_code(make, house, "printed")
    with pytest.raises(Refusal, match="code_unknown"):
        site_codes.opened(text, secret=SECRET, now=NOW)


def test_codes_are_made_and_revoked_by_the_managers_of_the_site(make: Make, house: Any) -> None:
    code = made_code(make, house, "printed")
    with pytest.raises(NotAllowed), transaction():
        site_codes.make(
            make.actor(house.ada), house.site.id, kind="printed", secret=SECRET, now=NOW
        )
    with pytest.raises(NotFound), transaction():
        site_codes.revoke(make.actor(house.ada), code.id, now=NOW)
    with pytest.raises(Refusal, match="code_kind"):
        made_code(make, house, "painted")
