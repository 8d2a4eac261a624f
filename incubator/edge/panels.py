"""Panels: parts of shared pages that features bring; one that fails spoils no other."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from flask import render_template
from markupsafe import Markup

from incubator.edge.entries import PAGE_SLOTS, SLOTS, PagePanel, Panel
from incubator.edge.state import state
from incubator.kernel.db import end_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from incubator.network.members.actor import Actor

log = logging.getLogger(__name__)

FAILED = "home/_panel_failed.html"


def panels_for(reader: Actor) -> dict[str, list[Markup]]:
    """The drawn panels of each slot of the first page, in their order."""
    drawn: dict[str, list[Markup]] = {slot: [] for slot in SLOTS}
    for panel in sorted(state().panels, key=lambda each: each.order):
        html = _draw(panel, partial(panel.load, reader), reader)
        drawn[panel.slot] += [html] if html is not None else []
    return drawn


def page_panels_for(page: str, reader: Actor, subject_id: int) -> dict[str, list[Markup]]:
    """The drawn panels of each slot of a member's, site's, firm's or circle's page, in order."""
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
