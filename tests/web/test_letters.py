"""The page of one's letters: a matrix, quiet hours, and links that lead there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel.db import transaction
from incubator.network.letters import delivery, paces, refusals
from incubator.network.letters.kinds import MAIL, kind_named, kinds_for
from incubator.network.letters.pace_rules import Pace
from incubator.network.letters.quiet_rules import Hours
from incubator.network.letters.stop_links import Stop
from tests.factories_letters import off, refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any
PATH = "/moi/lettres"


@pytest.fixture
def leo(make: Make) -> Account:
    return make.member(make.site())


def ticked(page: str) -> set[str]:
    """The boxes of kinds that are ticked."""
    return set(re.findall(r'name="wanted" value="([a-z_]+)-mail" checked', page))


def typed(make: Make, who: Account, *but: str, **hours: str) -> dict[str, Any]:
    """What the form sends when everything is ticked but some kinds."""
    kinds = [each for each in kinds_for(make.actor(who)) if each.optional]
    wanted = [f"{each.code}-mail" for each in kinds if each.code not in but]
    return {"wanted": wanted, "starts": "20:00", "ends": "08:00"} | hours


@pytest.mark.usefixtures("nights")
def test_the_page_shows_what_is_usual_and_keeps_what_is_chosen(
    make: Make, leo: Account, sign_in: SignIn
) -> None:
    browser = sign_in(leo)
    page = browser.get(PATH).text
    kinds = [each for each in kinds_for(make.actor(leo)) if each.optional]
    assert ticked(page) == {each.code for each in kinds if MAIL in each.usual}
    mine = {each.code for each in kinds}
    assert 'value="20:00"' in page
    assert 'value="08:00"' in page
    assert "Sécurité" in page
    assert "La lettre du matin" not in page
    sent = typed(
        make,
        leo,
        "help_asked",
        "slot_reminder",
        nights="y",
        starts="22:15",
        ends="7:00",
        weekends="y",
    )
    page = browser.post(PATH, data=sent, follow_redirects=True).text
    assert ticked(page) == mine - {"help_asked", "slot_reminder"}
    assert refused(leo) == {"help_asked", "slot_reminder"}
    assert delivery.quiet_hours_of(leo.id) == Hours(starts=1335, ends=420, weekends=True)
    assert "22:15" in page


def test_managers_choose_the_letters_of_their_desk(make: Make, sign_in: SignIn) -> None:
    boss = make.member(make.site(), role="manager")
    browser = sign_in(boss)
    assert "desk_reports" in ticked(browser.get(PATH).text)
    browser.post(PATH, data=typed(make, boss, "desk_morning"))
    assert refused(boss) == {"desk_morning"}


def test_a_guest_chooses_what_may_come_to_them(make: Make, sign_in: SignIn) -> None:
    guest = make.member(make.site(), role="guest")
    browser = sign_in(guest)
    assert "hours_half" not in browser.get(PATH).text
    browser.post(PATH, data=typed(make, guest, "help_comments"))
    assert refused(guest) == {"help_comments"}


@pytest.mark.parametrize(
    ("hours", "sorry", "kept"),
    [
        ({"starts": "25:99"}, "Écrivez une heure de la journée", "25:99"),
        ({"ends": "tôt"}, "Écrivez une heure de la journée", "tôt"),
        ({"ends": ""}, "Écrivez une heure de la journée", ""),
        ({"starts": "9:00", "ends": "09:00"}, "Choisissez une autre heure", "09:00"),
        ({"starts": "24:00"}, "Écrivez une heure de la journée", "24:00"),
    ],
)
def test_bad_hours_are_told_beside_their_field_and_nothing_is_lost(
    make: Make, leo: Account, sign_in: SignIn, hours: dict[str, str], sorry: str, kept: str
) -> None:
    browser = sign_in(leo)
    answer = browser.post(PATH, data=typed(make, leo, "help_asked", nights="y", **hours))
    assert answer.status_code == 422
    field = "ends" if "ends" in hours else "starts"
    error = re.search(rf'id="{field}-error".*?</p>', answer.text, re.DOTALL)
    assert error
    assert sorry in error[0]
    assert f'value="{kept}"' in answer.text
    assert "help_asked" not in ticked(answer.text)
    assert refused(leo) == set()


def test_a_kind_that_is_not_on_the_page_is_not_taken(
    make: Make, leo: Account, sign_in: SignIn
) -> None:
    sent = typed(make, leo)
    sent["wanted"].append("desk_reports-mail")
    assert sign_in(leo).post(PATH, data=sent).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/moi/reglages/compte",
        "/heures",
        "/heures/mes-permanences",
        "/entraide/suivis",
        "/entraide/sollicitations/reglages",
    ],
)
def test_pages_about_letters_lead_there(leo: Account, sign_in: SignIn, path: str) -> None:
    assert f'href="{PATH}"' in sign_in(leo).get(path).text


def test_no_reminder_is_one_choice_on_both_pages(make: Make, leo: Account, sign_in: SignIn) -> None:
    browser, slots = sign_in(leo), "/heures/mes-permanences"
    browser.post(slots, data={"days": "0"})
    assert refused(leo) == {"slot_reminder"}
    browser.post(PATH, data=typed(make, leo))
    assert '<option selected value="0">' not in browser.get(slots).text
    off(leo, "slot_reminder")
    assert '<option selected value="0">' in browser.get(slots).text


def test_the_link_of_a_letter_asks_before_and_says_what_it_ended(
    leo: Account, client: FlaskClient, settings: Settings
) -> None:
    token = Stop(leo.id, kind_named("hours_half")).token(settings.secret_key)
    spoken = {"Accept-Language": "fr"}
    page = client.get(f"/lettres/arreter/{token}", headers=spoken).text
    assert "La moitié du mois" in page
    assert 'method="post"' in page
    assert refused(leo) == set()
    page = client.post(f"/lettres/arreter/{token}", headers=spoken).text
    assert "C’est fait" in page
    assert refused(leo) == {"hours_half"}


def test_a_link_that_is_not_ours_ends_nothing(
    leo: Account, client: FlaskClient, settings: Settings
) -> None:
    token = Stop(leo.id, kind_named("hours_half")).token(settings.secret_key)
    for wrong in (token[:-1] + "x", token.replace("half", "gift"), f"{leo.id}-hours_half"):
        assert client.post(f"/letters/stop/{wrong}").status_code == 404
    assert refused(leo) == set()


def test_digests_have_an_hour_and_a_day_of_ones_own(
    make: Make, leo: Account, sign_in: SignIn
) -> None:
    browser = sign_in(leo)
    sent = typed(make, leo, digest_at="18:30", digest_day="4")
    browser.post(PATH, data=sent | {"wanted": ["help_threads-daily"]})
    assert paces.pace_of(leo.id) == Pace(18 * 60 + 30, 4)
    page = browser.get(PATH).text
    assert 'value="18:30"' in page
    assert re.search(r'value="help_threads-daily" checked', page)
    assert browser.post(PATH, data=sent | {"digest_day": "9"}).status_code == 422


@pytest.mark.parametrize(("length", "day"), [("tomorrow", 13), ("monday", 16), ("week", 19)])
def test_nothing_comes_until_the_morning_one_chose(
    leo: Account, sign_in: SignIn, frozen: datetime, length: str, day: int
) -> None:
    browser = sign_in(leo)
    browser.post(f"{PATH}/pause", data={"for": length})
    assert paces.paused_until(leo.id, now=frozen) == datetime(2026, 11, day, 7, tzinfo=UTC)
    assert "Rien n’arrive jusqu’au" in browser.get(PATH).text
    browser.post(f"{PATH}/pause")
    assert paces.paused_until(leo.id, now=frozen) is None


def test_an_address_that_was_refused_is_told_and_may_be_tried_again(
    leo: Account, sign_in: SignIn, frozen: datetime
) -> None:
    with transaction():
        refusals.note(leo.email, code=550, said="No such user here", now=frozen)
    browser = sign_in(leo)
    assert "No such user here" in browser.get(PATH).text
    browser.post(f"{PATH}/adresse")
    assert "No such user here" not in browser.get(PATH).text
