"""Words of who is on site: refusals, half-days, audiences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.locale import LOCALES, language
from incubator.network.members.whereabouts_rules import HALF_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable

REFUSALS = {
    "presence.until": _l("Choose a time within the next %(most)s hours."),
    "presence.closed": _l("This site is closed for good."),
    "presence.usual": _l("Choose half-days of the list."),
    "presence.watch": _l("This person does not wish to be awaited."),
    "presence.too_many": _l("You already wait for %(most)s people: stop waiting for some first."),
}

AUDIENCES = {
    "me": _l("Nobody"),
    "managers": _l("The managers of my site"),
    "site": _l("The members of my site"),
    "network": _l("All members of the network"),
}
_A_MONDAY = date(2026, 1, 5)


def half_day(number: int) -> str:
    """«lundi matin», «Thursday afternoon», from 0 (Monday morning) to 13."""
    name = format_date(_A_MONDAY + timedelta(days=number // 2), "EEEE", locale=LOCALES[language()])
    if number % 2:
        return _("%(weekday)s afternoon", weekday=name)
    return _("%(weekday)s morning", weekday=name)


def half_day_choices() -> list[tuple[str, str]]:
    """Every half-day of a week."""
    return [(str(number), half_day(number)) for number in range(HALF_DAYS)]


def usual_words(half_days: Iterable[int]) -> list[str]:
    """Half-days to read, a whole day said once: «lundi», «mardi matin»."""
    chosen, told = set(half_days), []
    for weekday in range(HALF_DAYS // 2):
        both = {2 * weekday, 2 * weekday + 1} & chosen
        if len(both) == 2:  # noqa: PLR2004 - a morning and an afternoon
            told.append(
                format_date(_A_MONDAY + timedelta(days=weekday), "EEEE", locale=LOCALES[language()])
            )
        else:
            told += [half_day(number) for number in sorted(both)]
    return told
