"""Every page of help and of circles: readable by everybody, like the others of the house."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.house import ADMINISTRATOR, LYON, MANAGER, House, go, listen
from tests.browser.test_every_page import inspect

pytestmark = pytest.mark.browser

REFUSED = 422
# As in the other module: «page | selector» is where the first such link of the page leads.
PAGES = {
    "help": (
        LYON,
        (
            "/entraide",
            "/entraide?q=zzzz",
            "/entraide?view=all&q=site:lyon+est:ouverte",
            "/entraide?view=unanswered&sort=oldest",
            "/entraide?view=saved",
            "/entraide/demander",
            "/entraide/1",
            "/entraide | .thread a",
            "/entraide/1 | a[href*='quote=question']",
            "/entraide/13",
            "/entraide/33",
            "/entraide/reponse/97/merci",
            "/entraide/reponse/5/historique",
            "/entraide/41/modifier",
            "/entraide/41/supprimer",
            "/entraide/33/commenter",
            "/entraide/fil",
            "/entraide/1/fil",
            "/entraide/33/commentaires",
            "/entraide/42?stay=1",
            "/entraide/suivis",
            "/entraide/brouillons",
            "/entraide/sollicitations",
            "/entraide/sollicitations/reglages",
        ),
    ),
    "help that ends": (
        "hugo.marchetti@passerelles.example",
        ("/entraide/reponse/5/compter", "/entraide/reponse/86/supprimer"),
    ),
    "help asked of one": (
        "ines.belkacem@passerelles.example",
        ("/entraide/25", "/entraide/25/plutot", "/entraide/25/pas-moi"),
    ),
    "comments of one's own": (
        "rachid.ouali@passerelles.example",
        (
            "/entraide/commentaire/9/modifier",
            "/entraide/commentaire/9/historique",
            "/entraide/commentaire/9/supprimer",
        ),
    ),
    "circles": (
        LYON,
        (
            "/cercles",
            "/cercles/nouveau",
            "/cercles/vendre-de-l-autre-cote-de-l-eau",
            "/cercles/ateliers-ouverts",
            "/cercles/premiers-salaires",
        ),
    ),
    "a circle of one's own": (
        "aminata.sow@passerelles.example",
        (
            "/cercles/vendre-de-l-autre-cote-de-l-eau",
            "/cercles/vendre-de-l-autre-cote-de-l-eau/modifier",
        ),
    ),
    "messages to a question": (
        LYON,
        ("/entraide/depuis/reseau", "/discussions | a[href*='direct.']"),
    ),
    "what help teaches": (
        LYON,
        (
            "/entraide/fiches",
            "/entraide/fiches | .thread--sheet a",
            "/entraide/8/fiche",
            "/entraide/apprendre",
            "/entraide/meilleures-reponses",
            "/entraide/44",
        ),
    ),
    "what help teaches its manager": (
        MANAGER,
        (
            "/entraide/apprendre",
            "/entraide/8/fiche/historique",
            "/entraide/8/fiche/ecrire",
            "/entraide/8/historique",
            "/entraide/33/verrouiller",
            "/entraide/33/resolue-autrement",
            "/entraide/33/deja-posee",
        ),
    ),
    "care": (
        MANAGER,
        (
            "/entraide/signalements",
            "/entraide/signalements?view=decided",
            "/entraide/signalements | .reported a.cover",
            "/entraide/signalements?view=decided | .reported a.cover",
            "/entraide | .thread a",
        ),
    ),
    "care anywhere": (
        ADMINISTRATOR,
        (
            "/entraide/1/deplacer",
            "/entraide/1/epingler",
            "/entraide/masquer/question-1",
            "/annonces/nouvelle?thread=1",
        ),
    ),
    "report": (LYON, ("/entraide/signaler/question-1",)),
}


@pytest.mark.parametrize("part", PAGES)
def test_a_page_of_help_can_be_read_by_everybody(house: House, part: str) -> None:
    email, places = PAGES[part]
    page = house.enter(email)
    heard = listen(page)
    wrong = {}
    for place in places:
        assert go(page, place) == 200, place
        wrong[place] = inspect(page)
    assert {place: found for place, found in wrong.items() if found} == {}
    assert heard == []


@pytest.mark.parametrize(
    ("email", "place", "field", "typed"),
    [
        (LYON, "/entraide/demander", "title", "Facture électronique, par quoi commencer ?"),
        (LYON, "/entraide/41/resolue-autrement", "how", ""),
        ("hugo.marchetti@passerelles.example", "/entraide/reponse/5/compter", "duration", "abc"),
        (MANAGER, "/entraide/33/deja-posee", "original", "nulle part"),
        ("aminata.sow@passerelles.example", "/cercles/nouveau", "name", ""),
    ],
)
def test_what_is_wrong_with_a_form_of_help_can_be_read_by_everybody(
    house: House, email: str, place: str, field: str, typed: str
) -> None:
    page = house.enter(email)
    go(page, place)
    page.locator(f"main .input[name={field}]").fill(typed)
    form = page.locator("main form", has=page.locator(f".input[name={field}]"))
    # The browser would say itself that a field is empty.
    form.evaluate("form => { form.noValidate = true; }")
    with page.expect_response(lambda answer: answer.status == REFUSED):
        form.locator("button.btn--primary").click()
    expect(page.locator(".error").first).to_be_visible()
    assert inspect(page) == []
