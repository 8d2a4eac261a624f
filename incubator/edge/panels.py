"""Panels: parts of shared pages that features bring; one that fails spoils no other."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import render_template
from markupsafe import Markup

from incubator.edge.access import Access, members
from incubator.edge.state import state
from incubator.kernel.db import end_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incubator.network.members.actor import Actor

log = logging.getLogger(__name__)

# actions: buttons under the greeting; hero_side: in the green band beside it;
# main: the wide column; side: the narrow one.
SLOTS = ("actions", "hero_side", "main", "side")
PAGES = ("member", "site")
PAGE_SLOTS = ("main", "side")
FAILED = "home/_panel_failed.html"


def _no_values(reader: Actor) -> Mapping[str, object]:
    del reader
    return {}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the first page.

    ``load`` gives the values of ``template`` for a reader, or None when there is nothing to
    show. ``order`` sorts the panels of a slot; ``may`` says who gets it.
    """

    key: str
    slot: str
    template: str
    load: Callable[[Actor], Mapping[str, object] | None] = _no_values
    order: int = 50
    may: Access = members

    def __post_init__(self) -> None:
        """Refuse a place that the page does not have."""
        if self.slot not in SLOTS:
            msg = f"panel {self.key}: no slot {self.slot}"
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True)
class PagePanel:
    """A part of the page of a member or of a site; ``load`` also gets the id of who or what."""

    key: str
    page: str
    slot: str
    template: str
    load: Callable[[Actor, int], Mapping[str, object] | None]
    order: int = 50
    may: Access = members

    def __post_init__(self) -> None:
        """Refuse a place that no page has."""
        if self.page not in PAGES or self.slot not in PAGE_SLOTS:
            msg = f"panel {self.key}: no place {self.page} {self.slot}"
            raise ValueError(msg)


def panels_for(reader: Actor) -> dict[str, list[Markup]]:
    """The drawn panels of each slot of the first page, in their order."""
    drawn: dict[str, list[Markup]] = {slot: [] for slot in SLOTS}
    for panel in sorted(state().panels, key=lambda each: each.order):
        html = _draw(panel, partial(panel.load, reader), reader)
        drawn[panel.slot] += [html] if html is not None else []
    return drawn


def page_panels_for(page: str, reader: Actor, subject_id: int) -> dict[str, list[Markup]]:
    """The drawn panels of each slot of a member's or a site's page, in their order."""
    drawn: dict[str, list[Markup]] = {slot: [] for slot in PAGE_SLOTS}
    chosen = [panel for panel in state().page_panels if panel.page == page]
    for panel in sorted(chosen, key=lambda each: each.order):
        html = _draw(panel, partial(panel.load, reader, subject_id), reader)
        drawn[panel.slot] += [html] if html is not None else []
    return drawn


def _draw(
    panel: Panel | PagePanel, load: Callable[[], Mapping[str, object] | None], reader: Actor
) -> Markup | None:
    if not panel.may.allows(reader):
        return None
    try:
        values = load()
        if values is None:
            return None
        return Markup(render_template(panel.template, **values))  # noqa: S704 - our own template
    except Exception:
        log.exception("the panel %s failed", panel.key)
        end_read()
        return Markup(render_template(FAILED, slot=panel.slot))  # noqa: S704 - our own template
