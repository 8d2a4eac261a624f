"""Why so many minutes are owed for a period, in words: days, promises, reliefs, closures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.domain.commitments import journal
from incubator.edge.formats import day as day_words
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.domain.commitments.promise_models import Obligation, Relief

RELIEFS = {
    "leave": _l("Leave"),
    "parental": _l("Parental leave"),
    "sickness": _l("Sickness"),
    "role": _l("A role in the network"),
    "hardship": _l("A hard time"),
    "other": _l("Another reason"),
}


@dataclass(frozen=True)
class Stretch:
    """Days on which nothing changed: which, what was promised, what made it less, what it is."""

    days: str
    promise: str
    less: tuple[str, ...]
    owed: str


@dataclass(frozen=True)
class Explanation:
    """A reckoning in words; ``basis`` says which days share what is owed."""

    minutes: int
    basis: str
    stretches: Sequence[Stretch]
    closures: Sequence[str]


def explained(obligation: Obligation) -> Explanation:
    """What made an obligation, as it was kept with it."""
    told = obligation.explanation
    stretches = told.get("stretches", [])
    named = {one for each in stretches for one in each["reliefs"]}
    reliefs = journal.reliefs_named(named) if named else {}
    total = int(told.get("open_days", 0))
    return Explanation(
        obligation.minutes,
        _basis(str(told.get("basis", ""))),
        [_stretch(each, total, reliefs) for each in stretches],
        [_closure(each) for each in told.get("closures", [])],
    )


def _basis(basis: str) -> str:
    if basis == "open_days":
        return _("Each day on which your site opens asks for the same share.")
    return _("Each day of the period asks for the same share.")


def _stretch(each: Mapping[str, Any], total: int, reliefs: Mapping[int, Relief]) -> Stretch:
    less = []
    if each["relief_pct"]:
        kinds = {str(RELIEFS[reliefs[one].kind]) for one in each["reliefs"] if one in reliefs}
        named = ", ".join(sorted(kinds)) or _("relief")
        less.append(_("%(what)s: %(percent)s%% less", what=named, percent=each["relief_pct"]))
    closed = each["open_days"] - each["asked_days"]
    if closed > 0:
        less.append(ngettext("%(num)s closed day", "%(num)s closed days", closed))
    exact = Fraction(each["exact"])
    rounded = format_minutes(round(exact))
    return Stretch(
        days=_days(each),
        promise=_(
            "%(hours)s a period, %(days)s of %(total)s days",
            hours=format_minutes(each["pledge"]),
            days=each["asked_days"],
            total=total,
        ),
        less=tuple(less),
        owed=rounded if exact.denominator == 1 else _("about %(hours)s", hours=rounded),
    )


def _days(each: Mapping[str, Any]) -> str:
    first = date.fromisoformat(each["from"])
    last = date.fromisoformat(each["to"]) - timedelta(days=1)
    if first == last:
        return day_words(first)
    return f"{day_words(first)} – {day_words(last)}"


def last_day_before(ends_on: date) -> date:
    """The last day of what ends before a day."""
    return ends_on - timedelta(days=1)


def _closure(each: Mapping[str, Any]) -> str:
    if each["lowers_due"]:
        return _("Closed %(days)s: these days are not owed.", days=_days(each))
    return _("Closed %(days)s: the other days share what is owed.", days=_days(each))
