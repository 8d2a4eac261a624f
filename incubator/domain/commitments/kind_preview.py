"""What it would do to real balances if a kind of hours counted otherwise: a dry run.

The givers of the open period are counted twice in thought, by the kind as it is and as it would
be, with the facts known now. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from incubator.domain.commitments import accounts, help_rules, late, recounting, wanted
from incubator.domain.commitments.accounts import Account
from incubator.domain.commitments.reviews import current_period
from incubator.domain.commitments.rule_preview import Preview, preview

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from incubator.domain.commitments.models import Period
    from incubator.domain.commitments.rule_versions import KindTerms
    from incubator.domain.commitments.wanted import Sort


def preview_kind(code: str, terms: KindTerms) -> Preview:
    """Every account of the open period closed as the kind is, and as it would be."""
    period = current_period()
    return preview(None, more=_differences(code, terms, period) if period else {})


def _differences(code: str, terms: KindTerms, period: Period) -> Mapping[Account, int]:
    """Minutes that would count more (or less) in a period, by account."""
    known = wanted.sorts(period.starts_on)
    other = replace(
        known[code],
        kind=help_rules.Kind(code, terms.counts_pct, terms.cap),
        online=terms.online_ok,
    )
    found: dict[Account, int] = defaultdict(int)
    for giver in _givers(code, period):
        for account, minutes in _of(giver, period, (known, {**known, code: other})):
            found[account] += minutes
    return found


def _givers(code: str, period: Period) -> Iterator[int]:
    after = 0
    while some := recounting.givers(code, since=period.starts_on, after=after):
        yield from some
        after = some[-1]


def _of(
    giver: int, period: Period, both: tuple[Mapping[str, Sort], Mapping[str, Sort]]
) -> Iterator[tuple[Account, int]]:
    promises = accounts.promises_of(giver)
    firms = {row.firm_id for row in promises.of_firms}
    owed: dict[int | None, int] = {None: late.owed_by(Account(giver), period.id)}
    owed |= {firm: late.owed_by(Account(firm_id=firm), period.id) for firm in firms}
    own, other = wanted.wanted_by(both, giver, period, promises=promises, owed=owed)
    for sign, side in ((-1, own), (1, other)):
        for line in side.lines:
            account = Account(firm_id=line.firm_id) if line.firm_id else Account(giver)
            yield account, sign * line.minutes
