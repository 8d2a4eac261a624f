"""Firms among what the search over everything finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from incubator.edge.entries import Hit, SearchSource
from incubator.edge.pages import url
from incubator.edge.sectors import sector_name
from incubator.kernel.keyset import Cursor
from incubator.kernel.text import plain_text
from incubator.network.members import firm_list
from incubator.network.members.marking import extract_of

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_models import Firm


def firms(reader: Actor, text: str, most: int) -> list[Hit]:
    """Firms that say so of themselves, by name; members may read them all."""
    del reader
    looked_for = firm_list.search_words(text)
    filters = firm_list.Filters(words=looked_for)
    page = firm_list.firms_page(filters, Cursor(None, None, most))
    return [_hit(firm, looked_for) for firm in page.rows]


def _hit(firm: Firm, looked_for: tuple[str, ...]) -> Hit:
    said = extract_of(f"{firm.pitch} {plain_text(firm.about_html)}".strip(), looked_for)
    told = (firm.site.city if firm.site else "", sector_name(firm.sector), said)
    return Hit(
        firm.name, url("firms.show", slug=firm.slug), " · ".join(part for part in told if part)
    )


SOURCE = SearchSource(
    key="firms",
    label=_l("Firms"),
    icon="store",
    find=firms,
    more=lambda text: url("firms.index", q=text),
    order=20,
)
