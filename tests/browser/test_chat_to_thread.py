"""From a conversation of two to a question, and from a question back to the conversation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PHONE, House, held_back, listen, too_wide, violations
from tests.browser.test_every_page import inspect, look

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ASKER = "elodie.charvet@passerelles.example"
OTHER = "lea.garnier@passerelles.example"
READER = "aurelie.chauvin@passerelles.example"
NAME = "Léa Garnier"
TITLE = "Quelle étiquette tient sur un flacon que l’on garde sous la douche ?"
SAID = ("Mes étiquettes se décollent à la vapeur.", "Papier ou film ?", "Film, et la colle lâche.")
KEPT = "Un film polypropylène et une colle acrylique marine."


def first_word(page: Page, slug: str, text: str) -> str:
    """Open the conversation with somebody; the address of the room."""
    page.goto(f"/discussions/avec/{slug}")
    page.locator("textarea").fill(text)
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url(re.compile(r"/discussions/direct\."))
    return page.url.partition("#")[0]


def say(page: Page, text: str) -> None:
    """A message that arrived."""
    page.locator("#composer textarea").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".msg:not(.msg--pending)", has_text=text)).to_have_count(1)


def open_room(asker: Page, other: Page) -> str:
    """The first word, then what the other says of it; the address of their room."""
    room = first_word(asker, "lea-garnier", "Bonjour Léa, que donnent vos flacons ?")
    other.goto(room)
    for text in SAID:
        say(other, text)
    return room


def pick(page: Page, room: str) -> None:
    """All that the other said: the first and the last of it, with Shift."""
    page.goto(room)
    page.get_by_role("link", name="Faire une question de messages").click()
    page.wait_for_url(re.compile("/entraide/depuis/"))
    boxes = page.locator("[data-pick] input[name=seq]")
    expect(boxes).to_have_count(4)
    boxes.nth(1).click()
    expect(page.locator("[data-pick-count]")).to_have_text("1 choisi")
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-pick-count]")).to_have_text("3 choisis")
    expect(boxes.nth(0)).not_to_be_checked()
    # What stands beside the box ticks it as well.
    page.locator(".picked__one", has_text="Bonjour Léa").click()
    expect(page.locator("[data-pick-count]")).to_have_text("4 choisis")
    boxes.nth(0).click()
    expect(page.locator("[data-pick-count]")).to_have_text("3 choisis")


def publish(page: Page) -> str:
    """The question of it; the address of its thread."""
    page.get_by_label("Votre question en une ligne").fill(TITLE)
    page.locator("details.skillfamily", has_text="Alimentation").locator("summary").click()
    page.get_by_label("Étiquetage").check()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))
    return page.url.partition("?")[0]


def agree(page: Page, room: str) -> None:
    """From the room to the thread, and there one's name beside one's words."""
    page.goto(room)
    page.get_by_role("link", name="une question de notre échange").click()
    page.get_by_role("link", name="Dites si vous voulez que votre nom s’affiche").click()
    assert (too_wide(page), violations(page)) == (0, [])
    page.get_by_role("button", name="Afficher mon nom").click()
    expect(page.locator(".note--brand")).to_contain_text("Votre nom est affiché à côté d’eux")


def talk_and_conclude(page: Page, thread: str, room: str) -> None:
    """Talk it through in the room there is, and write what it came to."""
    page.goto(thread)
    page.get_by_role("button", name="En parler de vive voix avec Élodie Charvet").click()
    page.wait_for_url(re.compile(r"/discussions/direct\."))
    assert page.url.partition("#")[0] == room
    page.get_by_role("link", name="concluez ici").click()
    body = page.locator("textarea[name=body]")
    expect(body).to_have_value(re.compile("Ce que nous retenons"))
    assert inspect(page) == []
    look(page, PHONE, "light")
    body.fill(KEPT)
    page.get_by_role("button", name="Répondre").click()
    page.wait_for_url(re.compile("#answer-"))


def test_messages_become_a_question_and_a_talk_its_answer(house: House) -> None:
    asker, other, reader = house.enter(ASKER), house.enter(OTHER, size=PHONE), house.enter(READER)
    heard = [listen(page) for page in (asker, other, reader)]
    room = open_room(asker, other)
    pick(asker, room)
    thread = publish(asker)
    reader.goto(thread)
    quotes = reader.locator(".quotes")
    expect(quotes.locator("blockquote")).to_have_count(3)
    expect(quotes).to_contain_text("Un membre")
    expect(quotes).not_to_contain_text(NAME)
    expect(quotes.get_by_role("link", name="voir dans le salon")).to_have_count(0)
    agree(other, room)
    reader.reload()
    expect(quotes).to_contain_text(NAME)
    asker.goto(thread)
    asker.locator(".quotes").get_by_role("link", name="voir dans le salon").first.click()
    expect(asker.locator(".msg", has_text=SAID[0])).to_be_visible()
    talk_and_conclude(other, thread, room)
    look_back(other, reader)
    assert heard == [[], [], []]


def look_back(other: Page, reader: Page) -> None:
    """From the answer to the talk, for those who had it; the others read whose answer it is."""
    answer = other.locator("#answers > article", has_text=KEPT)
    expect(answer).to_contain_text("La conclusion d’un échange de vive voix")
    answer.get_by_role("link", name="Voir la conversation").click()
    expect(other.locator(".msg", has_text="ce que nous avons conclu")).to_have_count(1)
    reader.reload()
    told = reader.locator("#answers > article", has_text=KEPT)
    expect(told).to_contain_text(NAME)
    expect(told.get_by_role("link", name="Voir la conversation")).to_have_count(0)


def ask_of_one_message(page: Page, said: str) -> None:
    """The same on a phone: the form is one tap away from the messages."""
    page.get_by_role("link", name="Faire une question de messages").click()
    page.wait_for_url(re.compile("/entraide/depuis/"))
    page.locator(".picked__one", has_text=said).locator("input").check()
    assert (too_wide(page), violations(page)) == (0, [])
    page.get_by_role("link", name="Écrire la question").click()
    title = page.get_by_label("Votre question en une ligne")
    expect(title).to_be_in_viewport()
    title.fill("Que dire à un client qui ne paie plus depuis trois mois ?")
    page.locator("details.skillfamily", has_text="Droit et contrats").locator("summary").click()
    page.get_by_label("Recouvrement").check()
    page.get_by_role("button", name="Publier la question").click()


def test_a_range_may_begin_before_the_file_came(house: House) -> None:
    page = house.enter(ASKER)
    let_go = held_back(page, "**/help/pick*.js")
    with page.expect_request("**/help/pick*.js"):
        page.goto("/entraide/depuis/reseau", wait_until="commit")
    boxes = page.locator("[data-pick] input[name=seq]")
    boxes.nth(0).click()
    let_go()
    expect(page.locator("[data-pick-count]")).to_have_text("1 choisi")
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-pick-count]")).to_have_text("3 choisis")


def test_who_does_not_agree_is_not_quoted(house: House) -> None:
    asker = house.enter("nolwenn.tanguy@passerelles.example", size=PHONE)
    other = house.enter("mehdi.zerrouki@passerelles.example")
    room = first_word(asker, "mehdi-zerrouki", "Bonsoir Mehdi, votre avis sur mon enseigne ?")
    secret = "Mon propre client me doit trois mois."
    other.goto(room)
    say(other, secret)
    asker.goto(room)
    ask_of_one_message(asker, secret)
    expect(asker.locator(".quotes")).to_contain_text(secret)
    other.goto(asker.url)
    other.get_by_role("link", name="Dites si vous voulez que votre nom s’affiche").click()
    other.get_by_role("button", name="Ne pas me citer").click()
    asker.reload()
    quotes = asker.locator(".quotes")
    expect(quotes).to_contain_text("ne souhaitait pas voir cité")
    expect(quotes).not_to_contain_text(secret)
