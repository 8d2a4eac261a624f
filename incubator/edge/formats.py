"""How dates, hours and numbers are written for the reader."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from incubator.edge.clock import now, today
from incubator.edge.locale import LOCALES, language, time_zone
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from flask import Flask

CLOCKS = {"fr": "H 'h' mm", "en": "HH:mm"}
SHORT_DAYS = {"fr": "EEE d MMM", "en": "EEE d MMM"}
LONG_DAYS = {"fr": "EEEE d MMMM y", "en": "EEEE d MMMM y"}
Unit = Literal["day", "hour", "minute", "second"]
# Seconds of each; a gap is told in the greatest that it fills, rounded to the one below: an hour
# is «1 hour», never «60 minutes».
UNITS: dict[Unit, int] = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
HALF_BELOW: dict[Unit, int] = {"day": 1_800, "hour": 30, "minute": 0, "second": 0}
# Words kept of each kind: a year of days, or all the minutes of a day, and then some.
KEPT = 2_048


def _local(instant: datetime, zone: str | None) -> datetime:
    return instant.astimezone(ZoneInfo(zone or time_zone()))


def _civil(value: date | datetime, zone: str | None) -> date:
    return _local(value, zone).date() if isinstance(value, datetime) else value


def euros(cents: int) -> str:
    """«1 200,50 €», «€1,200.50»: always with cents, as on an invoice."""
    code = language()
    told = format_decimal(Decimal(cents) / 100, "#,##0.00", locale=LOCALES[code])
    return f"{told}\u00a0€" if code == "fr" else f"€{told}"


def clock(instant: datetime, zone: str | None = None) -> str:
    """«14 h 30» or «14:30», in the given zone or the reader's."""
    code = language()
    local = _local(instant, zone)
    return _clock(local.hour, local.minute, code)


@lru_cache(maxsize=KEPT)
def _clock(hour: int, minute: int, code: str) -> str:
    text = format_time(time(hour, minute), CLOCKS[code], locale=LOCALES[code])
    return text.replace(" ", "\u00a0")


def clock_minutes(minutes: int) -> str:
    """The clock at so many minutes after midnight: 570 gives «9 h 30»."""
    midnight = datetime(2000, 1, 1, tzinfo=UTC)
    return clock(midnight + timedelta(minutes=minutes), "UTC")


def hour_mark(minutes: int) -> str:
    """A whole hour as a scale says it: 480 gives «8 h» or «8:00»."""
    hour = minutes // 60
    return f"{hour}\u00a0h" if language() == "fr" else f"{hour}:00"


def minutes_until(instant: datetime) -> int:
    """How many minutes there are until an instant, a begun one included."""
    return -(-int((instant - now()).total_seconds()) // 60)


def day(value: date | datetime, zone: str | None = None) -> str:
    """«jeu. 12 nov.», with the year when it is another one."""
    code, civil = language(), _civil(value, zone)
    return _date(civil, _in_its_year(SHORT_DAYS[code], civil, zone), code)


def _in_its_year(pattern: str, civil: date, zone: str | None) -> str:
    """The pattern, with the year unless it is the reader's own."""
    return pattern if civil.year == _local(now(), zone).year else f"{pattern} y"


def days_left(value: date) -> int:
    """How many days there are until a day where the reader lives; negative once it is past."""
    return (value - today(time_zone())).days


def long_day(value: date | datetime, zone: str | None = None) -> str:
    """«jeudi 12 novembre 2026»."""
    code = language()
    return _date(_civil(value, zone), LONG_DAYS[code], code)


def plain_day(value: date, *, year: bool = False) -> str:
    """«26 novembre», on demand with its year."""
    return _date(value, "d MMMM y" if year else "d MMMM", language())


def month(value: date) -> str:
    """«novembre 2026»."""
    civil = value.date() if isinstance(value, datetime) else value
    return _date(civil, "MMMM y", language())


def moment(instant: datetime, zone: str | None = None) -> str:
    """«12 nov. à 14 h 30», with the year when it is another one."""
    code = language()
    local = _local(instant, zone)
    date_text = _date(local.date(), _in_its_year("d MMM", local.date(), zone), code)
    return _("%(day)s at %(clock)s", day=date_text, clock=clock(instant, zone))


def ago(instant: datetime) -> str:
    """«il y a 2 h», up to a week; then the day."""
    gap = instant - now()
    if abs(gap) > timedelta(days=7):
        return day(instant)
    seconds = gap.days * UNITS["day"] + gap.seconds
    far = abs(seconds)
    fits = (name for name, size in UNITS.items() if far >= size - HALF_BELOW[name])
    unit: Unit = next(fits, "second")
    return _gap(unit, round(far / UNITS[unit]) * (1 if seconds >= 0 else -1), language())


@lru_cache(maxsize=KEPT)
def _gap(unit: Unit, number: int, code: str) -> str:
    gap, locale = timedelta(seconds=number * UNITS[unit]), LOCALES[code]
    return format_timedelta(
        gap, unit, threshold=math.inf, add_direction=True, locale=locale, format="long"
    )


@lru_cache(maxsize=KEPT)
def _date(day: date, pattern: str, code: str) -> str:
    # French counts its days but for the first of a month: «1er décembre», «2 décembre».
    if code == "fr" and day.day == 1:
        pattern = re.sub(r"\bd\b", "d'er'", pattern)
    return format_date(day, pattern, locale=LOCALES[code])


def clock_key() -> tuple[str, int]:
    """Everything that the words of a known instant depend on besides the language."""
    zone = time_zone()
    return zone, now().astimezone(ZoneInfo(zone)).year


def time_key(instant: datetime) -> tuple[str, str, int]:
    """Everything that the ``time_tag`` of a known instant depends on besides the language."""
    return ago(instant), *clock_key()


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


def plural_of(value: float) -> int:
    """What ngettext takes for a number that may have decimals: 1 or 2, as the language counts."""
    rule = Locale.parse(LOCALES[language()]).plural_form
    return 1 if rule(Decimal(str(value)).normalize()) == "one" else 2


def size_words(size: int) -> str:
    """A size in bytes to read: «340 ko», «1,2 Mo»."""
    locale = LOCALES[language()]
    if size < 1_000_000:  # noqa: PLR2004 - a megabyte
        return _("%(size)s kB", size=format_decimal(max(1, round(size / 1000)), locale=locale))
    return _("%(size)s MB", size=format_decimal(round(size / 1_000_000, 1), locale=locale))


def begun(words: str) -> str:
    """The words as a sentence begins; unlike ``capitalize``, «from Sunday» keeps its Sunday."""
    return words[:1].upper() + words[1:]


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        begun=begun,
        hours=format_minutes,
        clock=clock,
        clock_minutes=clock_minutes,
        hour_mark=hour_mark,
        minutes_until=minutes_until,
        day=day,
        euros=euros,
        longday=long_day,
        days_left=days_left,
        month=month,
        moment=moment,
        ago=ago,
        number=number,
        filesize=size_words,
    )
    app.jinja_env.globals.update(time_tag=time_tag, time_key=time_key, clock_key=clock_key)
