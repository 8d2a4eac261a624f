"""What the giving of a ring is worth: the amount that suits everybody, in cents. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.deals.money import MOST, amounts, reachable_total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WHOLE_EUROS: Final = 100


@dataclass(frozen=True, slots=True)
class Span:
    """From what to what something is worth, in cents before tax; None where nobody said."""

    low: int | None = None
    high: int | None = None

    def with_other(self, other: Span) -> Span | None:
        """What suits both; None when nothing does."""
        lows = [each for each in (self.low, other.low) if each is not None]
        highs = [each for each in (self.high, other.high) if each is not None]
        met = Span(max(lows, default=None), min(highs, default=None))
        if met.low is not None and met.high is not None and met.low > met.high:
            return None
        return met


ANY: Final = Span()


def common(spans: Iterable[Span]) -> Span | None:
    """What suits all of them; None when nothing does."""
    met: Span | None = ANY
    for each in spans:
        met = met.with_other(each) if met is not None else None
    return met


def value_of(span: Span) -> int | None:
    """The amount to begin with: the middle, in whole euros where they fit.

    The end that was named of a span with one end. None when nobody named an amount, or only 0:
    such a ring has no value that its firms could sign.
    """
    low, high = span.low, span.high
    if low is None and high is None:
        return None
    if low is None or high is None:
        return (high if low is None else low) or None
    middle = (low + high) // 2
    rounded = middle // WHOLE_EUROS * WHOLE_EUROS
    return (rounded if rounded >= low else middle) or None


def equal_total(value_cents: int, spans: Sequence[Span], rates: Sequence[int | None]) -> int:
    """The total with tax at which every firm of a ring can give exactly the same.

    ``spans`` are what suits each leg before tax, ``rates`` the givers' VAT in basis points (None:
    franchise). The total is the nearest to what the value comes to on average that suits all with
    tax, where one does, and that each rate reaches to the cent.
    """
    taxed = [_with_tax(span, rate) for span, rate in zip(spans, rates, strict=True)]
    totals = [amounts(value_cents, rate).ttc for rate in rates]
    wished = sum(totals) // len(totals)
    met = common(taxed)
    if met is not None:
        wished = max(wished, met.low or 0)
        wished = wished if met.high is None else min(wished, met.high)
    return reachable_total(min(wished, MOST), rates)


def _with_tax(span: Span, rate: int | None) -> Span:
    low, high = (
        None if each is None else amounts(each, rate).ttc for each in (span.low, span.high)
    )
    return Span(low, high)
