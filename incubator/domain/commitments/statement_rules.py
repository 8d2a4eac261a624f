"""The statement of a period as sums of ledger lines, and a due that two sites share; pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Kinds of lines by what they are told as; a reversal is told as what it takes back.
GIFTS = ("GIFT_IN", "GIFT_OUT")


@dataclass(frozen=True, slots=True)
class Sums:
    """Minutes of an account in a period; ``owed`` is positive, gifts are signed.

    ``here`` and ``elsewhere`` are presence by site; ``late`` are corrections for closed periods.
    ``settled`` is what closing the period took off (−) or carried away.
    """

    owed: int = 0
    here: int = 0
    elsewhere: int = 0
    help: int = 0
    waived: int = 0
    gifted: int = 0
    carried: int = 0
    late: int = 0
    settled: int = 0

    @property
    def balance(self) -> int:
        """What is left before the period is closed: zero is a promise kept to the minute."""
        given = self.here + self.elsewhere + self.help
        return self.carried + given + self.gifted + self.late - self.owed

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Sums)))


def add_up(rows: Iterable[Any]) -> Sums:
    """From rows of (kind, here, late, minutes): signed minutes as the ledger has them."""
    found: dict[str, int] = {}
    for kind, here, late, minutes in rows:
        name = _name(kind, here=bool(here), late=bool(late))
        found[name] = found.get(name, 0) + (-minutes if name == "owed" else minutes)
    return Sums(**found)


def _name(kind: str, *, here: bool, late: bool) -> str:
    if late:
        return "late"
    names = {
        "DUE": "owed",
        "DONE": "here" if here else "elsewhere",
        "HELP": "help",
        "WAIVED_DEBT": "waived",
        "CARRY_IN": "carried",
        **dict.fromkeys(GIFTS, "gifted"),
    }
    return names.get(kind, "settled")


def shares(owed: int, stretches: Sequence[Mapping[str, Any]]) -> dict[int | None, int]:
    """What each home site has of a due, by the days that were its own; together they are all.

    ``stretches`` are those of an obligation's explanation. The greatest remainders round up.
    """
    exact: dict[int | None, Fraction] = {}
    for one in stretches:
        exact[one["site"]] = exact.get(one["site"], Fraction(0)) + Fraction(one["exact"])
    total = sum(exact.values())
    if not total:
        return {}
    scaled = {site: part * owed / total for site, part in exact.items()}
    whole = {site: part.numerator // part.denominator for site, part in scaled.items()}
    left = owed - sum(whole.values())
    by_remainder = sorted(scaled, key=lambda site: (whole[site] - scaled[site], str(site)))
    for site in by_remainder[:left]:
        whole[site] += 1
    return whole
