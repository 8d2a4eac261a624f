"""What a manager plans so that a browser test has something to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.browser.house import MANAGER, shown

if TYPE_CHECKING:
    from tests.browser.house import House


def plan_slot(house: House) -> str:
    """A manager plans a slot that is not free to cancel any more; where it is."""
    page = house.enter(MANAGER)
    page.goto("/heures/permanences/lyon/nouveau")
    page.get_by_label("Qu’y a-t-il à faire").fill("Salon de quartier")
    day = datetime.now(UTC) + timedelta(days=3)
    page.get_by_label("Quel jour").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("Commence à").select_option("1200")
    page.get_by_label("Combien de temps").fill("1 h 30")
    page.get_by_label("Annulation libre").fill("200")
    page.get_by_role("button", name="Noter").click()
    shown(page, "Salon de quartier")
    return page.url
