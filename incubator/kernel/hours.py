"""Durations in whole minutes: reading what people type and writing it back."""

import re

HOUR = 60
_HOURS = re.compile(
    r"(\d{1,4})(?:[.,](\d{1,2}))?\s*(?:h|heures?|hours?)\s*(?:(\d{1,2})\s*(?:m|mn|min)?)?"
)
_MINUTES = re.compile(r"(\d{1,5})\s*(?:m|mn|min|minutes?)")
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})")
_DECIMAL = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?")


def parse_minutes(text: str) -> int:
    """Minutes meant by «1h30», «1 h 30», «1:30», «90 min», «1,5 h» or «1,5» (hours).

    Raise ValueError when the text is none of these, or has 60 minutes or more after an hour.
    """
    clean = " ".join(text.lower().replace("\u202f", " ").replace("\u00a0", " ").split())
    if match := _MINUTES.fullmatch(clean):
        return int(match[1])
    if match := _CLOCK.fullmatch(clean):
        return _join(match[1], None, match[2])
    if match := _HOURS.fullmatch(clean):
        return _join(match[1], match[2], match[3])
    if match := _DECIMAL.fullmatch(clean):
        return _join(match[1], match[2], None)
    msg = f"not a duration: {text!r}"
    raise ValueError(msg)


def _join(hours: str, decimals: str | None, minutes: str | None) -> int:
    if minutes and (decimals or int(minutes) >= HOUR):
        msg = "minutes after an hour run from 0 to 59"
        raise ValueError(msg)
    part = round(int(decimals) * HOUR / 10 ** len(decimals)) if decimals else int(minutes or 0)
    return int(hours) * HOUR + part


def format_minutes(minutes: int) -> str:
    """«1 h 30», «45 min», «2 h», «−1 h 05»; hours and minutes hold together by no-break spaces."""
    sign = "\u2212" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), HOUR)
    if not hours and rest:
        return f"{sign}{rest}\u00a0min"
    return f"{sign}{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{sign}{hours}\u00a0h"
