"""How dates, hours and numbers are written for the reader."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from incubator.edge.clock import now
from incubator.edge.locale import LOCALES, language, time_zone
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from flask import Flask

CLOCKS = {"fr": "H 'h' mm", "en": "HH:mm"}
SHORT_DAYS = {"fr": "EEE d MMM", "en": "EEE d MMM"}
LONG_DAYS = {"fr": "EEEE d MMMM y", "en": "EEEE d MMMM y"}


def _local(instant: datetime, zone: str | None) -> datetime:
    return instant.astimezone(ZoneInfo(zone or time_zone()))


def _civil(value: date | datetime, zone: str | None) -> date:
    return _local(value, zone).date() if isinstance(value, datetime) else value


def clock(instant: datetime, zone: str | None = None) -> str:
    """«14 h 30» or «14:30», in the given zone or the reader's."""
    code = language()
    text = format_time(_local(instant, zone).time(), CLOCKS[code], locale=LOCALES[code])
    return text.replace(" ", "\u00a0")


def clock_minutes(minutes: int) -> str:
    """The clock at so many minutes after midnight: 570 gives «9 h 30»."""
    midnight = datetime(2000, 1, 1, tzinfo=UTC)
    return clock(midnight + timedelta(minutes=minutes), "UTC")


def day(value: date | datetime, zone: str | None = None) -> str:
    """«jeu. 12 nov.»."""
    code = language()
    return format_date(_civil(value, zone), SHORT_DAYS[code], locale=LOCALES[code])


def long_day(value: date | datetime, zone: str | None = None) -> str:
    """«jeudi 12 novembre 2026»."""
    code = language()
    return format_date(_civil(value, zone), LONG_DAYS[code], locale=LOCALES[code])


def iso_day(text: str) -> str:
    """«jeudi 12 novembre 2026», from a day as letters bring it: «2026-11-12»."""
    return long_day(date.fromisoformat(text))


def month(value: date) -> str:
    """«novembre 2026»."""
    return format_date(value, "MMMM y", locale=LOCALES[language()])


def moment(instant: datetime, zone: str | None = None) -> str:
    """«12 nov. à 14 h 30», with the year when it is another one."""
    code = language()
    local = _local(instant, zone)
    pattern = "d MMM" if local.year == now().astimezone(local.tzinfo).year else "d MMM y"
    date_text = format_date(local.date(), pattern, locale=LOCALES[code])
    return _("%(day)s at %(clock)s", day=date_text, clock=clock(instant, zone))


def ago(instant: datetime) -> str:
    """«il y a 2 h», up to a week; then the day."""
    gap = instant - now()
    if abs(gap) > timedelta(days=7):
        return day(instant)
    return format_timedelta(
        gap, add_direction=True, threshold=1.2, locale=LOCALES[language()], format="long"
    )


def time_tag(instant: datetime, words: str | None = None) -> Markup:
    """A ``<time>`` element: «il y a 2 h» shown, the exact moment at hand."""
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        instant.astimezone(UTC).isoformat(timespec="seconds"),
        moment(instant),
        words or ago(instant),
    )


def number(value: float) -> str:
    """A number grouped as the reader's language does."""
    return format_decimal(value, locale=LOCALES[language()])


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        hours=format_minutes,
        clock=clock,
        clock_minutes=clock_minutes,
        day=day,
        longday=long_day,
        iso_day=iso_day,
        month=month,
        moment=moment,
        ago=ago,
        number=number,
    )
    app.jinja_env.globals["time_tag"] = time_tag
