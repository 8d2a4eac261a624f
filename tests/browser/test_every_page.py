"""Every page, as each role, in both themes and at every width: readable by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.kernel.settings import secret_key_of
from incubator.network.letters.kinds import kind_named
from incubator.network.letters.stop_links import Stop
from tests.browser.house import (
    ADMINISTRATOR,
    DESKTOP,
    GUEST,
    LYON,
    MANAGER,
    NARROW,
    NEWCOMER,
    PHONE,
    House,
    go,
    listen,
    too_wide,
    violations,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LOST = (
    "/nulle-part",
    "/invitation/perdue",
    "/candidature/perdue",
    "/candidature/confirmer/perdue",
)
# «page | selector» is the page that the first such link of the page leads to.
PAGES = {
    "visitor": (
        "",
        (
            "/connexion",
            "/connexion/oubli",
            "/connexion/oubli/envoye",
            "/invitation/perdue",
            "/adhesion",
            "/adhesion/lyon",
            "/adhesion/lyon/envoyee",
            "/adhesion/dakar",
            "/adhesion/lien-perdu",
            "/adhesion/lien-envoye",
            "/candidature/perdue",
            "/candidature/confirmer/perdue",
            "/kiosque/",
            "/accessibilite",
            "/donnees",
        ),
    ),
    "home": (LYON, ("/", "/plus", "/nulle-part")),
    "deals": (
        LYON,
        (
            "/accords",
            "/accords?view=ended",
            "/accords/nouveau",
            "/accords | .ddeal .cover",
            "/accords/2",
            "/accords/3",
            "/accords/3/signer",
            "/accords/3/modifier",
            "/accords/3/decliner",
        ),
    ),
    "invoices": (
        LYON,
        (
            "/factures",
            "/factures?view=given",
            "/factures?view=received",
            "/factures | .irow .cover",
            "/factures/entreprises/1/coordonnees",
            "/factures/entreprises/1/comptes",
        ),
    ),
    "deals contested": (
        MANAGER,
        (
            "/accords",
            "/accords/nouveau",
            "/accords/mediation",
            "/accords/mediation | .ddeal .cover",
        ),
    ),
    "rings": (
        "vincent.morel@passerelles.example",
        (
            "/boucles",
            "/boucles?view=ended",
            "/boucles | .rline .cover",
            "/boucles/2/oui",
            "/boucles/2/non",
        ),
    ),
    "deals of rings": (
        "paul-henri.vasseur@passerelles.example",
        ("/boucles?view=ended", "/boucles/1", "/boucles/1 | main a[href^='/accords/']"),
    ),
    "search": (
        LYON,
        (
            "/recherche",
            "/recherche?q=compta",
            "/recherche?q=zzzz",
            "/recherche?q=bois&kind=members",
            "/recherche/palette",
            "/recherche/vite?q=compta",
        ),
    ),
    "directory": (
        LYON,
        (
            "/annuaire",
            "/annuaire?q=zzzz",
            "/annuaire/ines-belkacem",
            "/annuaire/camille-dervaux",
            "/annuaire/vincent-morel",
            "/moi",
            "/moi/portrait",
            "/annuaire/camille-dervaux | a[href^='/entreprises/']",
        ),
    ),
    "exchanges": (
        LYON,
        (
            "/echanges",
            "/echanges?q=zzzz",
            "/echanges?kind=offer&mode=barter&sort=ending",
            "/echanges/pour-moi",
            "/echanges/mes-annonces",
            "/echanges/recherches",
            "/echanges/annonces/nouvelle?kind=need",
            "/echanges/annonces/nouvelle?kind=offer",
            "/echanges | .lcard h2 a",
            "/echanges/mes-annonces | .lmine h2 a",
            "/echanges/mes-annonces | a[href$='/modifier']",
        ),
    ),
    "firms": (
        LYON,
        (
            "/entreprises",
            "/entreprises?q=zzzz",
            "/entreprises/nouvelle",
            "/entreprises/demandes",
            "/entreprises/copeaux-et-cie",
            "/entreprises/copeaux-et-cie/rejoindre",
            "/entreprises/terre-de-pente/rejoindre",
            "/entreprises/atelier-dervaux",
            "/entreprises/atelier-dervaux/modifier",
            "/entreprises/atelier-dervaux/personnes",
            "/entreprises/atelier-dervaux | a[href$='/fin']",
            "/entreprises/atelier-dervaux/personnes | main a[href*='/roles/']:not([href$='/fin'])",
        ),
    ),
    "course": (
        LYON,
        (
            "/moi/parcours",
            "/moi/reglages/donnees",
            "/annuaire/camille-dervaux/parcours/absence",
            "/annuaire/camille-dervaux/parcours/mutation",
            "/annuaire/camille-dervaux/parcours/depart",
        ),
    ),
    "courses": (
        MANAGER,
        (
            "/parcours",
            "/parcours | main a.cover",
            "/annuaire/ines-belkacem/doublon",
            "/annuaire/ines-belkacem/doublon?q=a | main a.cover",
        ),
    ),
    "hours": (
        LYON,
        (
            "/heures",
            "/heures/declarer",
            "/heures/a-confirmer",
            "/heures | .table a.cover[href^='/heures/']",
            "/heures | .table a.cover[href^='/heures/registre/']",
            "/heures/engagement",
            "/heures/regards",
            "/heures/allegements",
            "/heures/allegements/demander",
            "/heures/dons",
            "/heures/dons/donner",
            "/heures/dons/demander",
            "/heures/entreprise/atelier-dervaux",
        ),
    ),
    "slots": (
        LYON,
        (
            "/heures/permanences/lyon",
            "/heures/permanences/montreal",
            "/heures/permanences/lyon | .duty a.cover",
            "/heures/mes-permanences",
            "/heures/mes-permanences/calendrier",
        ),
    ),
    "rota": (
        MANAGER,
        (
            "/heures/permanences/lyon",
            "/heures/permanences/lyon/series",
            "/heures/permanences/lyon/series/nouvelle",
            "/heures/permanences/lyon/nouveau",
            "/heures/permanences/lyon | main a[href$='/feuille']",
            "/heures/creneaux/1/feuille",
            "/heures/creneaux/1/inviter",
            "/heures/creneaux/1/annuler",
        ),
    ),
    "presence": (
        LYON,
        (
            "/heures/presences",
            "/heures/presences/oubli",
            "/sites/lyon/sur-place",
            "/sites/montreal",
        ),
    ),
    "presence of a site": (
        MANAGER,
        (
            "/heures/site/lyon/sur-place",
            "/heures/site/lyon/presences",
            "/heures/site/lyon/presences | main .list a.cover",
            "/heures/site/lyon/ecrans",
            "/heures/site/lyon/ecrans/nouveau",
            "/heures/site/lyon/codes/nouveau",
            "/heures/site/lyon/badges/nouveau",
        ),
    ),
    "reports in rooms": (
        MANAGER,
        ("/discussions/signalements", "/discussions/signalements?view=decided"),
    ),
    "my reports in rooms": (LYON, ("/discussions/signalements/les-miens",)),
    "chat": (
        LYON,
        (
            "/discussions",
            "/discussions/nouveau",
            "/discussions/reseau",
            "/discussions | a[href*='direct.']",
            "/discussions/avec/vincent-morel",
            "/discussions/a-plusieurs",
            "/discussions/salons",
            "/discussions/salons?which=archived",
            "/discussions/salons?q=zzzz",
            "/discussions | a[href*='group.']",
            "/discussions/reseau | .talk__head a[href$='/a-propos']",
            "/discussions/marche-inter-sites-de-printemps",
        ),
    ),
    "sites": (LYON, ("/sites", "/sites/lyon")),
    "guest": (GUEST, ("/", "/sites/lille", "/entraide", "/discussions")),
    "manager": (
        MANAGER,
        (
            "/",
            "/heures/site/lyon",
            "/heures/a-confirmer",
            "/heures/allegements",
            "/heures/dons",
            "/sites/lyon/modifier",
            "/sites/lyon/horaires",
            "/sites/lyon/fermetures",
            "/reseau/invitations",
            "/reseau/invitations/nouvelle",
        ),
    ),
    "boards": (
        MANAGER,
        (
            "/heures/site/lyon/aujourd-hui",
            "/heures/site/lyon/releve",
            "/heures/site/lyon/affluence",
            "/heures/site/lyon/entraide?months=12",
            "/heures/reseau?months=12",
            "/heures/reseau/sites",
            "/heures/reseau/solidarite",
            "/heures/plan/camille-dervaux",
            "/heures/pause/camille-dervaux",
            "/heures/reprise/camille-dervaux",
        ),
    ),
    "rules": (
        ADMINISTRATOR,
        (
            "/heures/reseau/confiance",
            "/heures/regles",
            "/heures/regles/nouvelle",
            "/heures/regles/activites/help_thread",
        ),
    ),
    "newcomer": (NEWCOMER, ("/", "/accueil", "/chartes", "/chartes/1")),
    "arrivals": (
        MANAGER,
        (
            "/sites/lyon",
            "/arrivees/lyon",
            "/arrivees/lyon?state=waiting",
            "/arrivees/lyon?state=joined",
            "/arrivees/lyon | #applications a.cover",
            "/arrivees/candidature/1/accepter",
            "/arrivees/candidature/1/decliner",
            "/arrivees/candidature/1/attente",
            "/arrivees/lyon/formulaire",
            "/arrivees/lyon/formulaire/question",
            "/arrivees/lyon/accueil",
            "/arrivees/lyon/accueil | .card a.cover",
            "/arrivees/lyon/accueil/liste",
            "/arrivees/lyon/accueil/ligne",
            "/chartes/site/lyon",
        ),
    ),
    "network": (
        ADMINISTRATOR,
        (
            "/",
            "/reseau",
            "/chartes/reseau",
            "/arrivees/dakar/accueil/liste",
            "/sites/ouvrir",
            "/reseau/journal",
            "/reseau/journal | main tbody b a",
            "/reseau/taches",
            "/reseau/lettres",
            "/reseau/lettres/digest/fr",
            "/reseau/membres",
            "/reseau/membres | main a[href^='/reseau/membres/']",
        ),
    ),
}


def look(page: Page, size: tuple[int, int], theme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def inspect(page: Page) -> list[str]:
    """Everything wrong with a page: all rules at both widths, the colours in all four looks."""
    wrong = []
    for size, theme, rules in (
        (DESKTOP, "light", ()),
        (DESKTOP, "dark", ("color-contrast",)),
        (PHONE, "dark", ()),
        (PHONE, "light", ("color-contrast",)),
    ):
        look(page, size, theme)
        wrong += [f"{size[0]} {theme} {found}" for found in violations(page, *rules)]
    for size in (DESKTOP, PHONE, NARROW):
        look(page, size, "light")
        if excess := too_wide(page):
            wrong.append(f"{excess} px too wide at {size[0]}")
    return wrong


def expected(line: str) -> bool:
    """Whether the console only says what the address bar does: there is no such page."""
    return "Failed to load resource" in line and any(f"{place}: " in line for place in LOST)


@pytest.mark.parametrize("part", PAGES)
def test_a_page_can_be_read_by_everybody(house: House, part: str) -> None:
    email, places = PAGES[part]
    page = house.enter(email) if email else house.visit()
    heard = listen(page)
    wrong: dict[str, list[str]] = {}
    for place in places:
        assert (go(page, place) < 400) is (place not in LOST), place
        wrong[place] = inspect(page)
    wrong["console"] = [line for line in heard if not expected(line)]
    assert {place: found for place, found in wrong.items() if found} == {}


def test_the_page_that_ends_letters_can_be_read_by_everybody(house: House, instance: Path) -> None:
    token = Stop(1, kind_named("help_asked")).token(secret_key_of(instance))
    page = house.visit()
    heard = listen(page)
    assert go(page, f"/lettres/arreter/{token}") == 200
    assert inspect(page) == []
    assert heard == []
