"""The chat as it lives: two cities, two screens of one person, a line that breaks, a phone."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from incubator.app import create_app
from incubator.domain.chat import commands, directs
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.settings import Settings
from incubator.network.accounts.models import Account
from incubator.network.accounts.queries import account_of, actor_of
from tests.browser.house import PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from flask import Flask

    from incubator.network.members.actor import Actor

pytestmark = pytest.mark.browser

HOUSE = "passerelles.example"
MOST = 300


@dataclass
class Talk:
    """What was said before a test begins, written by the commands that pages call.

    Every test takes two persons that no other test of a browser has.
    """

    app: Flask

    def between(self, one: str, other: str, *, messages: int = 0) -> str:
        """A conversation of two, with messages in turn a minute apart, all read; its address."""
        with self.app.app_context(), transaction():
            first, second = self._actor(one), self._actor(other)
            now = utcnow() - timedelta(minutes=messages + 5)
            room = directs.open_with(first, second.id, now=now)
            for n in range(messages):
                said = f"Message numéro {n + 1}."
                self._say((first, second)[n % 2], room.id, said, now + timedelta(minutes=n))
            for each in (first, second):
                commands.mark_read(each, room.id, no=messages)
        return f"/discussions/{room.slug}"

    def english(self, who: str) -> None:
        """Somebody reads the pages in English."""
        with self.app.app_context(), transaction():
            account = account_of(self._actor(who).id)
            assert account
            account.language = "en"

    @staticmethod
    def _actor(who: str) -> Actor:
        asked = select(Account.id).where(Account.email == email(who))
        account = account_of(db.session.scalars(asked).one())
        assert account
        return actor_of(account)

    @staticmethod
    def _say(who: Actor, room: int, text: str, now: datetime) -> None:
        commands.send(who, room, cid=uuid.uuid4().hex, text=text, now=now)


@pytest.fixture(scope="module")
def talk(served: str, instance: Path) -> Iterator[Talk]:
    app = create_app(Settings.load(instance, {"INCUBATOR_BASE_URL": served}))
    yield Talk(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def email(who: str) -> str:
    return f"{who}@{HOUSE}"


def field(page: Page) -> object:
    return page.locator("#composer textarea")


def write(page: Page, text: str) -> None:
    """Type and send, as a person does."""
    place = page.locator("#composer textarea")
    place.fill(text)
    place.press("Enter")


def ready(page: Page, path: str) -> Page:
    """A room, its line up: the dot of oneself is drawn by it."""
    page.goto(path)
    expect(page.locator(".who .av--on").first).to_be_attached()
    return page


def bubbles(page: Page) -> list[str]:
    return page.locator("#msgs .msg .prose").all_inner_texts()


@contextmanager
def without_a_line(page: Page) -> Iterator[None]:
    """The network is gone for a while."""
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def test_two_cities_see_each_other_write_and_hear_each_message_once(
    house: House, talk: Talk
) -> None:
    path = talk.between("hugo.marchetti", "sofia.marquez", messages=2)
    lyon = ready(house.enter(email("hugo.marchetti")), path)
    heard = listen(lyon)
    montreal = ready(house.enter(email("sofia.marquez")), path)
    # Told in the next batch of ten seconds: a dot, and a word beside the name.
    other = lyon.locator(".who li", has_text="Sofía Márquez")
    expect(other.locator(".av--on")).to_be_attached()
    expect(other).to_contain_text("en ligne")
    montreal.locator("#composer textarea").press_sequentially("Il neige")
    line = lyon.locator("#typing")
    expect(line).to_be_visible()
    expect(line).to_have_text("Sofía écrit…")
    assert line.get_attribute("aria-hidden") == "true"
    montreal.locator("#composer textarea").press("Enter")
    expect(lyon.locator("#msgs .msg").last).to_contain_text("Il neige")
    expect(line).to_be_hidden()
    # Read aloud once there, and not at all where it was written.
    expect(lyon.locator("#said > p")).to_have_text(["Sofía Márquez : Il neige"])
    write(lyon, "Ici il pleut")
    expect(montreal.locator("#said > p")).to_have_text(["Hugo Marchetti : Ici il pleut"])
    expect(lyon.locator("#said > p")).to_have_count(1)
    expect(lyon.locator("#log")).to_have_attribute("aria-live", "off")
    assert bubbles(lyon) == bubbles(montreal)
    assert violations(lyon) == []
    assert heard == []


def test_many_messages_at_once_are_read_aloud_as_a_number(house: House, talk: Talk) -> None:
    path = talk.between("catherine.gagnon", "awa.gueye")
    here = ready(house.enter(email("catherine.gagnon")), path)
    away = ready(house.enter(email("awa.gueye")), path)
    with without_a_line(here):
        expect(here.locator("#state")).to_contain_text("Connexion perdue")
        for n in range(5):
            write(away, f"Nouvelle {n}")
        expect(away.locator(".msg--pending")).to_have_count(0)
    expect(here.locator("#msgs .msg")).to_have_count(5)
    expect(here.locator("#said > p")).to_have_text(["5 nouveaux messages"])


def test_two_screens_of_one_person_read_as_one(house: House, talk: Talk) -> None:
    path = talk.between("margaux.perrin", "ruth.okafor")
    desk = ready(house.enter(email("margaux.perrin")), path)
    phone = house.enter(email("margaux.perrin"))
    phone.goto("/discussions/lyon")
    room = phone.locator(f".room[href='{path}']")
    writer = ready(house.enter(email("ruth.okafor")), path)
    # The desk looks elsewhere: the message waits on both.
    desk.goto("/discussions/lyon")
    write(writer, "Le colis est là")
    for screen in (desk, phone):
        expect(screen.locator(f".room[href='{path}'] .count")).to_contain_text("1")
    # Read at the desk: read on the phone as well. What she answers is no news there.
    desk.goto(path)
    desk.bring_to_front()
    expect(room.locator(".count")).to_have_count(0)
    write(desk, "J’arrive")
    expect(desk.locator(".msg--pending")).to_have_count(0)
    expect(writer.locator("#msgs .msg")).to_have_count(2)
    expect(room.locator(".count")).to_have_count(0)


def test_what_is_said_without_a_line_leaves_once_when_it_is_back(house: House, talk: Talk) -> None:
    path = talk.between("fatou.ndiaye", "nadege.pierre", messages=1)
    here = ready(house.enter(email("fatou.ndiaye")), path)
    other = ready(house.enter(email("nadege.pierre")), path)
    with without_a_line(here):
        expect(here.locator("#state")).to_contain_text("Connexion perdue")
        write(here, "Écrit dans le tunnel")
        expect(here.locator(".msg--pending .typed")).to_have_text("Écrit dans le tunnel")
        write(other, "Tu es où ?")
        expect(other.locator(".msg--pending")).to_have_count(0)
    expect(here.locator(".msg--pending")).to_have_count(0)
    expect(here.locator("#state")).to_be_hidden()
    expected = ["Message numéro 1.", "Tu es où ?", "Écrit dans le tunnel"]
    for page in (here, other):
        expect(page.locator("#msgs .msg .prose")).to_have_text(expected)
    # The server's copy took the place of the promise: drawn anew, the page is the same.
    here.reload()
    expect(here.locator("#msgs .msg .prose")).to_have_text(expected)


def test_what_was_not_sent_survives_a_reload_and_a_refused_message_may_be_mended(
    house: House, talk: Talk
) -> None:
    path = talk.between("aminata.sow", "ibrahima.cisse")
    page = ready(house.enter(email("aminata.sow")), path)
    held: list[str] = []
    # Neither the line nor the form gets through: the page is closed before anything left.
    page.route("**/messages", lambda route: (held.append(route.request.url), route.abort())[1])
    page.route("**/socket.io/**", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    write(page, "Avant de fermer le capot")
    expect(page.locator(".msg--pending")).to_have_count(1)
    page.unroute("**/messages")
    page.unroute("**/socket.io/**")
    page.reload()
    expect(page.locator("#msgs .msg .prose")).to_have_text(["Avant de fermer le capot"])
    expect(page.locator(".msg--pending")).to_have_count(0)
    # Too long, while another is being written: kept with its reason, over a reload too.
    page.evaluate(TOO_LONG)
    expect(page.locator(".msg--failed")).to_contain_text("trop long")
    page.reload()
    failed = page.locator(".msg--failed")
    expect(failed).to_contain_text("trop long")
    failed.get_by_role("button", name="Changer").click()
    expect(page.locator("#composer textarea")).to_have_value(
        re.compile("^mot .*\nEn attendant", re.DOTALL)
    )
    expect(failed).to_have_count(0)
    write(page, "mot")
    expect(page.locator("#msgs .msg .prose")).to_have_text(["Avant de fermer le capot", "mot"])


def loaded_upwards(page: Page, times: int) -> list[int]:
    """Scroll to the top so many times; the numbers of the messages that stand there then."""
    shown = page.locator("#msgs .msg")
    for _ in range(times):
        was = shown.first.get_attribute("data-no") or ""
        page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
        expect(shown.first).not_to_have_attribute("data-no", was)
    return [int(n) for n in shown.evaluate_all("all => all.map(one => one.dataset.no)")]


def test_older_messages_come_as_one_scrolls_and_at_most_300_stay(house: House, talk: Talk) -> None:
    path = talk.between("marc-andre.lavoie", "khady.fall", messages=430)
    page = ready(house.enter(email("marc-andre.lavoie")), path)
    shown = page.locator("#msgs .msg")
    expect(shown).to_have_count(60)
    expect(shown.last).to_be_in_viewport()
    log = page.locator("#log")
    log.evaluate("log => { log.scrollTop = 300; }")
    place = page.locator(f"#m-{shown.first.get_attribute('data-no')}")
    before = place.bounding_box()
    expect(shown).to_have_count(120)
    after = place.bounding_box()
    # What was read did not move.
    assert before and after and abs(before["y"] - after["y"]) < 2  # noqa: PT018 - one fact
    numbers = loaded_upwards(page, 4)
    assert len(numbers) <= MOST
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert numbers[-1] < 430
    # What is said meanwhile waits below, counted; the button leads there.
    other = ready(house.enter(email("khady.fall")), path)
    write(other, "Tout en bas")
    latest = page.locator("#latest")
    expect(latest).to_contain_text("1")
    latest.click()
    expect(shown.last).to_contain_text("Tout en bas")
    expect(shown.last).to_be_in_viewport()
    expect(latest).to_be_hidden()
    assert shown.count() <= MOST


def test_scrolling_down_again_loads_what_was_dropped(house: House, talk: Talk) -> None:
    path = talk.between("emilie.desjardins", "mariama.sarr", messages=420)
    page = ready(house.enter(email("emilie.desjardins")), path)
    shown, log = page.locator("#msgs .msg"), page.locator("#log")
    while (shown.first.get_attribute("data-no") or "") != "1":
        was = shown.first.get_attribute("data-no")
        log.evaluate("log => { log.scrollTop = 0; }")
        expect(shown.first).not_to_have_attribute("data-no", was or "")
    assert shown.count() == MOST
    while (shown.last.get_attribute("data-no") or "") != "420":
        was = shown.last.get_attribute("data-no")
        log.evaluate("log => { log.scrollTop = log.scrollHeight; }")
        expect(shown.last).not_to_have_attribute("data-no", was or "")
    numbers = [int(n) for n in shown.evaluate_all("all => all.map(one => one.dataset.no)")]
    assert numbers == list(range(421 - len(numbers), 421))
    assert len(numbers) <= MOST
    # The page follows the room again.
    write(page, "Me revoilà")
    expect(shown.last).to_contain_text("Me revoilà")


def test_the_room_by_keyboard(house: House, talk: Talk) -> None:
    path = talk.between("olivier.fortin", "moussa.diallo", messages=70)
    page = ready(house.enter(email("olivier.fortin")), path)
    page.locator("#log").focus()
    page.keyboard.press("k")
    expect(page.locator("#m-70")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#m-69")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#m-70")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#m-11")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Le salon au clavier")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#m-11")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#m-1")).to_be_attached()
    page.keyboard.press("End")
    expect(page.locator("#m-70")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#composer textarea")).to_be_focused()
    # There, letters are letters.
    page.keyboard.press("j")
    expect(page.locator("#composer textarea")).to_have_value("j")


TOO_LONG = """() => {
  const field = document.querySelector("#composer textarea");
  field.value = "mot ".repeat(1100);
  document.querySelector("#composer .btn--primary").click();
  field.value = "En attendant";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
KEYBOARD = """() => {
  const real = visualViewport;
  const fake = new EventTarget();
  fake.height = real.height;
  fake.scale = 1;
  Object.defineProperty(window, "visualViewport", { value: fake });
}"""
RESIZE = """height => {
  visualViewport.height = height;
  visualViewport.dispatchEvent(new Event("resize"));
}"""


def test_the_keyboard_of_a_phone_leaves_the_field_and_the_end_in_sight(
    house: House, talk: Talk
) -> None:
    path = talk.between("jessica.pelletier", "cheikh.mbaye", messages=30)
    page = house.enter(email("jessica.pelletier"), size=PHONE)
    page.add_init_script(f"({KEYBOARD})()")
    page.goto(path)
    assert too_wide(page) == 0
    place, last = page.locator("#composer textarea"), page.locator("#m-30")
    place.focus()
    page.evaluate(RESIZE, 480)
    expect(page.locator(".tabbar")).to_be_hidden()
    for what in (place, last):
        box = what.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 480
    place.blur()
    page.evaluate(RESIZE, PHONE[1])
    expect(page.locator(".tabbar")).to_be_visible()
    expect(last).to_be_in_viewport()


def test_in_english(house: House, talk: Talk) -> None:
    path = talk.between("maude.tremblay", "alioune.ndour", messages=1)
    talk.english("maude.tremblay")
    page = ready(house.enter(email("maude.tremblay")), path)
    other = ready(house.enter(email("alioune.ndour")), path)
    expect(page.locator(".who li", has_text="Alioune Ndour")).to_contain_text("online")
    other.locator("#composer textarea").press_sequentially("Bonjour")
    expect(page.locator("#typing")).to_have_text("Alioune is writing…")
    page.get_by_role("button", name="The room by keyboard").click()
    expect(page.get_by_role("dialog", name="The room by keyboard")).to_be_visible()


def test_without_a_script_the_room_is_read_page_by_page_and_written_in(
    house: House, talk: Talk
) -> None:
    path = talk.between("coumba.faye", "dimitri.papadakis", messages=130)
    page = house.enter(email("coumba.faye"), javascript=False)
    page.goto(path)
    expect(page.locator("#msgs .msg")).to_have_count(60)
    page.get_by_role("link", name="Messages précédents").click()
    expect(page.locator("#msgs .msg")).to_have_count(60)
    expect(page.locator("#m-11")).to_be_attached()
    page.get_by_role("link", name="Messages précédents").click()
    expect(page.locator("#m-1")).to_be_attached()
    expect(page.get_by_role("link", name="Messages précédents")).to_have_count(0)
    page.get_by_role("link", name="Messages suivants").click()
    expect(page.locator("#m-11")).to_be_attached()
    page.get_by_role("link", name="Revenir aux derniers messages").click()
    page.locator("#composer textarea").fill("Sans script")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#m-131 .prose")).to_have_text("Sans script")
