"""A report from a phone, a manager who hides the text with a reason, and takes it back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import LYON, MANAGER, MONTREAL, PHONE, House, listen, too_wide, violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
READER = "bastien.roche@passerelles.example"
MOVED = "Qui garde la clé du local à vélos de notre immeuble ?"
HIDDEN = 404
WORDS = "Une réponse qui aurait pu rester aimable."


def answer(page: Page) -> str:
    """An answer in a thread of Lyon; the address of the thread."""
    page.goto("/entraide?view=all&q=transporteur+palette")
    page.locator(".thread a").first.click()
    page.locator("#reply textarea").fill(WORDS)
    page.get_by_role("button", name="Répondre", exact=True).click()
    expect(page.locator("#answers")).to_contain_text(WORDS)
    return page.url.partition("#")[0]


def report(page: Page) -> None:
    """The flag of that answer, and what is wrong with it."""
    post = page.locator("#answers > article", has_text=WORDS)
    post.get_by_role("link", name="Signaler ce texte").first.click()
    page.get_by_label("Blessant ou irrespectueux").check()
    page.get_by_label("En quelques mots").fill("Le ton")
    assert (too_wide(page), violations(page)) == (0, [])
    page.get_by_role("button", name="Envoyer le signalement").click()
    page.wait_for_url(re.compile("#answer-"))


def hide(page: Page) -> None:
    """The decision of a manager, from the queue."""
    page.goto("/entraide/signalements")
    page.locator(".reported", has_text=WORDS).get_by_role("link").click()
    page.get_by_label("Masquer ce texte").check()
    page.get_by_label("Vos mots").fill("Le ton n’y est pas")
    page.get_by_role("button", name="Valider").click()


def test_a_report_is_decided_and_undone(house: House) -> None:
    reader, boss = house.enter(LYON, size=PHONE), house.enter(MANAGER)
    heard, thread = listen(reader), answer(house.enter(MONTREAL))
    reader.goto(thread)
    report(reader)
    hide(boss)
    done = boss.locator(".trail li").first
    expect(done).to_contain_text("Texte masqué")
    assert violations(boss) == []

    reader.goto(thread)
    mask = reader.locator(".masked", has_text="Le ton n’y est pas")
    expect(mask).to_contain_text("Masqué par un responsable")
    expect(reader.locator("main")).not_to_contain_text(WORDS)
    assert (heard, too_wide(reader), violations(reader)) == ([], 0, [])

    done.get_by_role("button", name="Annuler").click()
    expect(done).to_contain_text("Annulé")
    reader.goto(thread)
    expect(reader.locator("#answers")).to_contain_text(WORDS)


def test_a_thread_is_locked_from_the_queue_and_opened_again(house: House) -> None:
    boss, reader = house.enter(MANAGER), house.enter(READER)
    reader.goto("/entraide?view=all&q=marché+public+deux")
    reader.locator(".thread a").first.click()
    thread = reader.url.partition("?")[0]
    reader.locator("#question").get_by_role("link", name="Signaler ce texte").first.click()
    reader.get_by_label("Pas à sa place").check()
    reader.get_by_role("button", name="Envoyer le signalement").click()
    boss.goto("/entraide/signalements")
    boss.locator(".reported", has_text="marché public").get_by_role("link").click()
    boss.get_by_label("Verrouiller le fil").check()
    boss.get_by_label("Vos mots").fill("Parlons-en d’abord entre nous")
    boss.get_by_role("button", name="Valider").click()
    done = boss.locator(".trail li").first
    expect(done).to_contain_text("Fil verrouillé")
    reader.goto(thread)
    expect(reader.locator("#reply")).to_have_count(0)
    done.get_by_role("button", name="Annuler").click()
    expect(done).to_contain_text("Annulé")
    reader.goto(thread)
    expect(reader.locator("#reply")).to_be_visible()


def test_a_thread_is_pinned_and_taken_down(house: House) -> None:
    boss, reader = house.enter(MANAGER), house.enter(READER)
    boss.goto("/entraide?view=all&q=photo+culinaire")
    boss.locator(".thread a").first.click()
    title = boss.locator("h1").inner_text()
    boss.locator("#question .postacts").get_by_label(
        "Plus d’actions sur cette question"
    ).first.click()
    boss.get_by_role("link", name="Épingler le fil").click()
    day = boss.get_by_label("Jusqu’au").get_attribute("min")
    boss.get_by_label("Jusqu’au").fill(day or "")
    assert violations(boss) == []
    boss.get_by_role("button", name="Épingler").click()
    boss.wait_for_url(re.compile(r"/entraide/\d+-"))
    reader.goto("/entraide?view=open")
    top = reader.locator("section", has=reader.locator(".pinned"))
    expect(top.last).to_contain_text(title)
    boss.get_by_role("button", name="Désépingler").click()
    expect(boss.get_by_role("button", name="Désépingler")).to_have_count(0)
    reader.reload()
    expect(top.filter(has_text=title)).to_have_count(0)


def own_question(page: Page) -> str:
    """A question of one's own that everybody may read; its address."""
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill(MOVED)
    page.locator("textarea[name=body]").fill("Elle ne regarde que notre immeuble, je crois.")
    page.locator(".skillpicker [name=skills]").first.evaluate("box => { box.checked = true; }")
    page.get_by_role("button", name="Publier la question").click()
    expect(page.locator("h1")).to_contain_text(MOVED)
    return page.url.partition("?")[0]


def misplaced(page: Page, thread: str) -> None:
    """A report of a question that belongs elsewhere."""
    page.goto(thread)
    page.locator("#question").get_by_role("link", name="Signaler ce texte").first.click()
    page.get_by_label("Pas à sa place").check()
    page.get_by_role("button", name="Envoyer le signalement").click()


def test_a_thread_is_moved_and_comes_back(house: House) -> None:
    asker, boss, far = house.enter(READER), house.enter(MANAGER, size=PHONE), house.enter(MONTREAL)
    thread = own_question(asker)
    misplaced(house.enter(LYON, size=PHONE), thread)
    far.goto(thread)
    expect(far.locator("h1")).to_contain_text(MOVED)
    boss.goto("/entraide/signalements")
    boss.locator(".reported", has_text=MOVED).get_by_role("link").click()
    case = boss.url
    boss.get_by_role("link", name="Déplacer le fil").click()
    boss.get_by_label("Ce site seulement").check()
    assert (too_wide(boss), violations(boss)) == (0, [])
    boss.get_by_role("button", name="Déplacer").click()
    expect(boss.locator("h1")).to_contain_text(MOVED)
    answer = far.goto(thread)
    assert answer
    assert answer.status == HIDDEN
    boss.goto(case)
    done = boss.locator(".trail li").first
    expect(done).to_contain_text("Fil déplacé")
    done.get_by_role("button", name="Annuler").click()
    expect(done).to_contain_text("Annulé")
    far.goto(thread)
    expect(far.locator("h1")).to_contain_text(MOVED)
