"""Netting without any dependency: short circles of debts first, then whatever circles are left.

Pure. Amounts are whole cents of euros; firms are numbers, a debt goes from debtor to creditor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Pair = tuple[int, int]
Debts = dict[int, dict[int, int]]
SHORT = (2, 3, 4)


class Net:
    """Debts between firms while circles of them are cleared; one of nothing is gone."""

    def __init__(self, owed: Mapping[Pair, int]) -> None:
        """Take debts in cents by (debtor, creditor), in the order in which they are looked at."""
        self.out: Debts = {}
        self.into: Debts = {}
        self.cleared: dict[Pair, int] = {}
        for (debtor, creditor), cents in owed.items():
            if cents > 0:
                self.out.setdefault(debtor, {})[creditor] = cents
                self.into.setdefault(creditor, {})[debtor] = cents

    def owes(self, debtor: int, creditor: int) -> int:
        """What is still owed, in cents."""
        return self.out.get(debtor, {}).get(creditor, 0)

    def clear(self, *circle: int) -> None:
        """Take the smallest debt of a circle of firms from all debts along it."""
        pairs = list(zip(circle, (*circle[1:], circle[0]), strict=True))
        cents = min(self.owes(*pair) for pair in pairs)
        if not cents:
            return
        for debtor, creditor in pairs:
            left = self.out[debtor][creditor] - cents
            pair = (debtor, creditor)
            self.cleared[pair] = self.cleared.get(pair, 0) + cents
            if left:
                self.out[debtor][creditor] = self.into[creditor][debtor] = left
            else:
                del self.out[debtor][creditor], self.into[creditor][debtor]


def clear_short(net: Net) -> dict[int, int]:
    """Clear circles of two firms, then of three, then of four; the cents cleared by length."""
    found: dict[int, int] = {}
    for length, search in zip(SHORT, (_pairs, _threes, _fours), strict=True):
        before = sum(net.cleared.values())
        for circle in search(net):
            net.clear(*circle)
        found[length] = sum(net.cleared.values()) - before
    return found


def clear_long(net: Net) -> None:
    """Clear circles of any length until none is left, each where a walk first meets itself."""
    for start in list(net.out):
        path, at = [start], {start: 0}
        while path:
            creditor = next(iter(net.out.get(path[-1], ())), None)
            if creditor is None:
                # Who owes nothing more is in no circle: debts to it lead nowhere.
                _forget(net, at, path)
            elif creditor in at:
                circle = path[at[creditor] :]
                net.clear(*circle)
                _cut(net, (path, at), at[creditor])
            else:
                at[creditor] = len(path)
                path.append(creditor)


def _forget(net: Net, at: dict[int, int], path: list[int]) -> None:
    dead = path.pop()
    del at[dead]
    for debtor in net.into.pop(dead, {}):
        del net.out[debtor][dead]


def _cut(net: Net, walk: tuple[list[int], dict[int, int]], since: int) -> None:
    """Go back to before the first debt of a cleared circle that is gone."""
    path, at = walk
    for place in range(since, len(path) - 1):
        if not net.owes(path[place], path[place + 1]):
            for firm in path[place + 1 :]:
                del at[firm]
            del path[place + 1 :]
            return


def _pairs(net: Net) -> Iterator[tuple[int, ...]]:
    for first in list(net.out):
        for second in [each for each in net.out[first] if net.owes(each, first)]:
            yield first, second


def _threes(net: Net) -> Iterator[tuple[int, ...]]:
    for first in list(net.out):
        for second in list(net.out[first]):
            for third in _between(net, second, first):
                yield first, second, third


def _fours(net: Net) -> Iterator[tuple[int, ...]]:
    for first in list(net.out):
        for second in list(net.out[first]):
            for third in list(net.out.get(second, ())):
                if third == first or not net.owes(first, second):
                    continue
                for fourth in _between(net, third, first):
                    if fourth != second:
                        yield first, second, third, fourth


def _between(net: Net, debtor: int, creditor: int) -> list[int]:
    """The firms to which one owes and that owe to the other, as long as both hold."""
    ahead, behind = net.out.get(debtor, {}), net.into.get(creditor, {})
    few, many = (ahead, behind) if len(ahead) <= len(behind) else (behind, ahead)
    return [each for each in few if each in many]
