"""The drawings of the manager's side, with the words that say the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.commitments import board_words
from incubator.domain.commitments import heat_rules
from incubator.edge.art import Shade, matrix_grid, spark, week_grid
from incubator.edge.formats import clock_minutes, number
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from incubator.domain.commitments.comparison import Comparison
    from incubator.domain.commitments.giving_rules import Matrix
    from incubator.domain.commitments.heat_rules import Cell
    from incubator.network.sites.models import Site
    from incubator.network.sites.queries import Place

HOUR = 60


def week(cells: Sequence[Cell], site: Site) -> Markup:
    """The heat map: the median in each cell, ringed where the peak filled the desks."""
    hours = heat_rules.hours_shown(cells)
    most = max([site.capacity, *(cell.median for cell in cells), 1])
    shades = {
        (cell.hour - hours.start, cell.weekday): Shade(
            number(cell.median) if cell.median else "·",
            cell.median / most,
            bool(site.capacity) and cell.peak >= site.capacity,
        )
        for cell in cells
    }
    return week_grid(
        [clock_minutes(hour * HOUR) for hour in hours],
        board_words.weekday_names("abbreviated"),
        shades,
        label=_label(cells),
    )


def _label(cells: Sequence[Cell]) -> str:
    if not cells:
        return _("Nobody has checked in during these weeks.")
    top = max(cells, key=lambda cell: (cell.median, cell.peak))
    return _(
        "People on site by weekday and hour. Busiest: %(day)s at %(clock)s, %(median)s people "
        "as a rule, %(peak)s at most.",
        day=board_words.weekday_names("wide")[top.weekday],
        clock=clock_minutes(top.hour * HOUR),
        median=number(top.median),
        peak=top.peak,
    )


def city_names(places: Sequence[Place]) -> dict[int, str]:
    """What to call sites beside a figure: the city, or the whole name where two share a city."""
    shared = Counter(place.city for place in places)
    return {one.id: one.city if shared[one.city] == 1 else one.name for one in places}


def matrix(found: Matrix[int], names: Mapping[int, str], *, hides_few: bool = False) -> Markup:
    """The give/receive map: whole hours from the group of a row to that of a column."""
    keys = [key for key in found.keys if key in names]
    place = {key: position for position, key in enumerate(keys)}
    shades = {}
    for (giver, receiver), cell in found.cells.items():
        if giver in place and receiver in place:
            hidden = hides_few and cell.hidden
            shades[place[giver], place[receiver]] = Shade(
                "?" if hidden else _short(cell.minutes),
                0.2 if hidden else cell.minutes / max(found.most, 1),
            )
    label = _(
        "Help between %(count)s groups, from the rows to the columns; the table below says the "
        "same.",
        count=len(keys),
    )
    return matrix_grid([names[key] for key in keys], shades, label)


def _short(minutes: int) -> str:
    """Hours for a small cell: «12», or «0,5»."""
    hours = minutes / HOUR
    return number(round(hours)) if hours >= 1 else number(round(hours, 1))


def small(found: Comparison, site_id: int, measure: str, *, label: str) -> Markup:
    """One small multiple of a site, against the network's median."""
    values = [found.of(site_id, one.id, measure) for one in found.periods]
    medians = [found.medians[measure, one.id] for one in found.periods]
    return spark(values, medians, f"{label}: " + said(values, measure))


def said(values: Sequence[int | None], measure: str) -> str:
    """The figures of a small multiple in words."""
    return ", ".join(figure(value, measure) for value in values)


def figure(value: int | None, measure: str) -> str:
    """A figure as it is written: a duration, or percent."""
    if value is None:
        return "–"
    return format_minutes(value) if measure in {"presence", "help"} else f"{value}\u00a0%"
