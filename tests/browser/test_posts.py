"""A thread in Chromium: hostile texts are inert, drafts stay, news come without a jump."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.attacks import HTML_ATTACKS, MARKDOWN_ATTACKS
from tests.browser.house import LYON, MONTREAL, PHONE, House, listen, shown, too_wide, violations

pytestmark = pytest.mark.browser

# Whatever would run says so here.
TRAP = """
window.ran = [];
for (const name of ['alert', 'confirm', 'prompt', 'open'])
  window[name] = (...said) => { window.ran.push(name); };
"""
LOOK = """
(root) => [...document.querySelectorAll(root + ' *')].flatMap((one) => [
  ...[...one.attributes].filter((a) => /^on|^style$|^id$|^class$|^src/.test(a.name))
    .map((a) => one.tagName + ' ' + a.name),
  ...(/^(SCRIPT|IMG|SVG|IFRAME|OBJECT|EMBED|FORM|INPUT|BUTTON|STYLE|LINK|META|BASE|VIDEO|MATH)$/i
    .test(one.tagName) ? [one.tagName] : []),
  ...(one.matches('a[href]') && !/^(https?|mailto):$/.test(one.protocol) ? [one.href] : []),
])
"""


def ask(page: Page, title: str, body: str) -> None:
    """A question, by the form."""
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill(title)
    page.locator("textarea[name=body]").fill(body)
    page.locator("details.skillfamily summary").first.click()
    page.locator("details.skillfamily label").first.click()
    page.get_by_role("button", name="Publier la question").click()
    page.wait_for_url(re.compile(r"/entraide/\d+-"))


@pytest.mark.parametrize("guarded", [True, False], ids=["under the policy", "without a policy"])
def test_hostile_texts_are_only_text(house: House, guarded: bool) -> None:
    page = house.enter(LYON, bypass_csp=not guarded)
    page.add_init_script(TRAP)
    attacks = [each.replace("\x00", "") for each in (*HTML_ATTACKS, *MARKDOWN_ATTACKS)]
    ask(page, "Des textes qui voudraient mal faire", "\n\n***\n\n".join(attacks))
    prose = page.locator("#question .prose").first
    expect(prose).to_contain_text("<script>alert(1)</script>")
    for link in prose.locator("a").all():
        link.dispatch_event("mouseover")
        link.dispatch_event("focus")
    assert page.evaluate("window.ran") == []
    assert page.evaluate(LOOK, "#question .prose") == []


def test_a_text_begun_is_found_again_in_another_browser(house: House) -> None:
    page = house.enter(LYON, size=PHONE)
    page.goto("/entraide/demander")
    page.get_by_label("Votre question en une ligne").fill("Une question jamais finie")
    page.locator("textarea[name=body]").fill("Je commence à peine")
    expect(page.locator(".draftstate")).to_have_text("Brouillon gardé")
    held = io.BytesIO()
    Image.new("RGB", (300, 200), "#0A5C44").save(held, "PNG")
    picture = {"name": "étiquette.png", "mimeType": "image/png", "buffer": held.getvalue()}
    page.locator("input[type=file]").set_input_files([picture])
    expect(page.locator(".waiting")).to_contain_text("étiquette.webp")
    other = house.enter(LYON)
    other.goto("/entraide/brouillons")
    draft = other.locator(".draft", has_text="Une question jamais finie")
    draft.get_by_role("link", name="Continuer").click()
    expect(other.locator("textarea[name=body]")).to_have_value("Je commence à peine")
    expect(other.locator(".waiting")).to_contain_text("étiquette.webp")
    assert violations(other) == []
    other.goto("/entraide/brouillons")
    draft.get_by_role("button", name="Supprimer").click()
    other.get_by_role("button", name="Confirmer").click()
    expect(draft).to_have_count(0)


def test_a_member_is_mentioned_by_the_keyboard(house: House) -> None:
    page = house.enter(LYON)
    page.goto("/entraide/demander")
    field = page.locator("textarea[name=body]")
    field.press_sequentially("Merci @guillaume r")
    option = page.get_by_role("option", name="Guillaume Roy")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("Merci @guillaume-roy ")


def test_news_wait_behind_a_bar_and_the_reader_stays_where_they_are(house: House) -> None:
    asker, helper = house.enter(LYON), house.enter(MONTREAL, size=PHONE)
    heard = listen(asker)
    ask(asker, "Une question que deux personnes lisent", "Un long texte.\n\n" * 40)
    helper.goto(asker.url)
    asker.evaluate("scrollTo(0, 400)")

    for page in (asker, helper):
        expect(page.locator("body[data-watched]")).to_have_count(1)
    helper.locator("#reply textarea").press_sequentially("Par")
    shown(asker, "Quelqu’un écrit une réponse")
    before = asker.evaluate("scrollY")
    helper.locator("#reply textarea").fill("Par téléphone, toujours.")
    helper.get_by_role("button", name="Répondre", exact=True).click()
    shown(helper, "Par téléphone, toujours.")
    bar = asker.locator("#newsbar button")
    expect(bar).to_have_text("1 nouvelle réponse")
    assert asker.evaluate("scrollY") == before
    expect(asker.locator("#answers > article")).to_have_count(0)
    bar.click()
    expect(asker.locator("#answers > article")).to_contain_text("Par téléphone, toujours.")
    asker.locator("#answers .vote").click()
    expect(asker.locator("#answers .vote")).to_have_attribute("aria-pressed", "true")
    # The other's page counts the vote by itself.
    expect(helper.locator("#answers .vote")).to_have_text(re.compile(r"\b1\s*utile"))
    assert (heard, too_wide(helper), violations(asker)) == ([], 0, [])
