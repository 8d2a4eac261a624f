"""Every page, as each role, in both themes and at both widths: readable by everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import (
    ADMINISTRATOR,
    DESKTOP,
    LYON,
    MANAGER,
    PHONE,
    House,
    too_wide,
    violations,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PUBLIC = ("/connexion", "/mot-de-passe-oublie", "/nulle-part")
MEMBER = (
    "/",
    "/plus",
    "/annuaire",
    "/annuaire?q=zzzz",
    "/annuaire/ines-belkacem",
    "/moi",
    "/moi/compte",
    "/sites",
    "/sites/lyon",
    "/heures",
    "/heures/declarer",
    "/entraide",
    "/entraide/demander",
    "/entraide/1",
    "/discussions",
    "/discussions/lyon",
)
STEERING = ("/heures/site/lyon", "/sites/lyon/modifier", "/reseau/membres")
NETWORK = ("/reseau", "/sites/ouvrir", "/reseau/journal", "/reseau/taches")
LOOKS = [(size, theme) for size in (DESKTOP, PHONE) for theme in ("light", "dark")]


def inspect(page: Page, paths: tuple[str, ...]) -> list[str]:
    """Everything wrong on these pages."""
    wrong = []
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == "/nulle-part" else 200), path
        wrong += violations(page)
        if excess := too_wide(page):
            wrong.append(f"{path} is {excess} px too wide")
    return wrong


@pytest.mark.parametrize(("size", "theme"), LOOKS)
@pytest.mark.parametrize(
    ("email", "paths"),
    [("", PUBLIC), (LYON, MEMBER), (MANAGER, STEERING), (ADMINISTRATOR, NETWORK)],
    ids=["visitor", "member", "manager", "administrator"],
)
def test_a_page_is_accessible_and_fits(
    house: House,
    complaints: Callable[[Page], list[str]],
    email: str,
    paths: tuple[str, ...],
    size: tuple[int, int],
    theme: str,
) -> None:
    page = house.enter(email, size=size, theme=theme) if email else house.visit(size=size, theme=theme)
    heard = complaints(page)
    assert inspect(page, paths) == []
    assert [line for line in heard if "/nulle-part" not in line] == []


@pytest.mark.parametrize("path", MEMBER)
def test_a_page_reflows_on_the_narrowest_phone(house: House, path: str) -> None:
    page = house.enter(LYON, size=(320, 640))
    page.goto(path)
    assert too_wide(page) == 0
