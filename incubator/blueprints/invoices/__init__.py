"""Invoices and set-offs between firms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.blueprints.invoices import (
    acts,
    books,
    electronic,
    printed,
    setting_off,
    views,
    writing,
)
from incubator.blueprints.invoices.panels import PAGE_PANELS
from incubator.blueprints.invoices.routes import pages
from incubator.blueprints.invoices.words import REFUSALS
from incubator.domain.exchanges.invoices import queries
from incubator.domain.exchanges.invoices.personal import personal_data
from incubator.edge.access import members
from incubator.edge.entries import NavEntry, Titles
from incubator.edge.feature import Feature
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.edge.entries import Place
    from incubator.network.members.actor import Actor

__all__ = ["FEATURE", "acts", "books", "electronic", "printed", "setting_off", "views", "writing"]


def _titles(reader: Actor, places: Sequence[Place]) -> list[str]:
    return [_title(reader, int(place.values["invoice_id"])) for place in places]


def _title(reader: Actor, invoice_id: int) -> str:
    try:
        invoice = queries.visible_to(reader, invoice_id).invoice
    except NotFound:
        return ""
    return invoice.number or _("draft")


TITLES: Final = Titles(endpoints=("invoices.show",), kind=_l("Invoice"), load=_titles)
FEATURE = Feature(
    name="invoices",
    pages=pages,
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="invoices",
            label=_l("Invoices"),
            endpoint="invoices.index",
            icon="file-text",
            section="business",
            order=14,
            may=members,
            count=queries.WAITING,
        ),
    ),
    page_panels=PAGE_PANELS,
    refusals=REFUSALS,
    guide="invoices",
    personal_data=personal_data,
)
