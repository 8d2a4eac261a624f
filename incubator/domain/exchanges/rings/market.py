"""Who may give to whom: live offers against live needs, an edge where they fit. Pure.

Edges are reckoned when first asked for, from indexes by skill, so that the rings through one firm
cost its neighbours and not the network.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.listings.fitting import Fit, Side, fit
from incubator.domain.exchanges.rings import rules, search
from incubator.domain.exchanges.rings.values import Span, common, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from incubator.domain.exchanges.rings.search import Ring

Shelves = dict[str, dict[int, list["Lot"]]]
# Of what one firm may give another, the best so many are tried in a ring.
TRIED: Final = 3
NEARNESS: Final = {"city": 1000, "near": 900, "remote": 800}
USUAL_TRUST: Final = 500


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A live listing for barter: what of it decides, and whom it reaches.

    ``site_id`` is set where only the firms of one site may see it; ``home_id`` is the site of
    its firm.
    """

    id: int
    kind: str
    side: Side
    home_id: int | None = None
    site_id: int | None = None

    @property
    def span(self) -> Span:
        """What it is worth."""
        return Span(self.side.min_cents, self.side.max_cents)

    @property
    def inputs(self) -> list[Any]:
        """What a ring is made of, as plain values: another price makes another ring."""
        side = self.side
        place = [side.city.name, side.city.country, side.remote, side.radius_km]
        worth = [side.min_cents, side.max_cents]
        return [self.id, side.firm_id, sorted(side.skill_ids), place, worth, self.site_id]


@dataclass(frozen=True, slots=True)
class Link:
    """That an offer of one firm fits a need of another, why, and what suits both."""

    offer: Lot
    need: Lot
    why: Fit
    span: Span


@dataclass(frozen=True)
class Candidate:
    """A ring that could be suggested: who gives what to whom, in the order of the firms."""

    links: tuple[Link, ...]
    value_cents: int
    score: int

    @property
    def firm_ids(self) -> Ring:
        """The firms, each giving to the next."""
        return tuple(link.offer.side.firm_id for link in self.links)

    @cached_property
    def units(self) -> frozenset[int]:
        """The listings that it would use up."""
        return frozenset(each.id for link in self.links for each in (link.offer, link.need))

    @cached_property
    def input_hash(self) -> str:
        """Its name by what it was made of."""
        return rules.hash_of([[link.offer.inputs, link.need.inputs] for link in self.links])


@dataclass
class Market:
    """The live listings of a network, and whom they bring together.

    ``parents`` is the tree of the vocabulary; ``trust`` says in thousandths how firms kept their
    word; ``apart`` are pairs of firms that make no deal, as (smaller, greater).
    """

    lots: Iterable[Lot]
    parents: Mapping[int, int | None]
    trust: Mapping[int, int] = field(default_factory=dict)
    apart: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        """Lay the lots out by firm and by skill."""
        self._of: Shelves = {"need": defaultdict(list), "offer": defaultdict(list)}
        self._about: Shelves = {"need": defaultdict(list), "offer": defaultdict(list)}
        for lot in sorted(self.lots, key=lambda each: each.id):
            self._of[lot.kind][lot.side.firm_id].append(lot)
            for skill in self._wide(lot.side.skill_ids):
                self._about[lot.kind][skill].append(lot)
        self._links: dict[tuple[int, int], Link | None] = {}
        self._given: dict[int, dict[int, list[Link]]] = {}
        self._taken: dict[int, set[int]] = {}

    def _wide(self, skill_ids: Iterable[int]) -> set[int]:
        """Terms and the families they stand in: two that fit share one of these."""
        wide = set(skill_ids)
        return wide | {head for each in wide if (head := self.parents.get(each)) is not None}

    def rings(self) -> list[Ring]:
        """All rings of the network."""
        firms = sorted(self._of["offer"])
        return search.all_rings({firm: self.given(firm).keys() for firm in firms})

    def rings_through(self, firm_id: int) -> list[Ring]:
        """The rings in which one firm stands."""
        return search.through(firm_id, _Neighbours(self.given), _Neighbours(self.taken))

    def given(self, firm_id: int) -> dict[int, list[Link]]:
        """To whom a firm may give, and by which listings."""
        if firm_id not in self._given:
            found: dict[int, list[Link]] = defaultdict(list)
            for offer in self._of["offer"].get(firm_id, ()):
                for need in self._near(offer):
                    if link := self._link(offer, need):
                        found[need.side.firm_id].append(link)
            self._given[firm_id] = dict(found)
        return self._given[firm_id]

    def taken(self, firm_id: int) -> set[int]:
        """From whom a firm may take."""
        if firm_id not in self._taken:
            self._taken[firm_id] = {
                offer.side.firm_id
                for need in self._of["need"].get(firm_id, ())
                for offer in self._near(need)
                if self._link(offer, need)
            }
        return self._taken[firm_id]

    def _near(self, lot: Lot) -> Iterator[Lot]:
        """The lots of the other kind that share a term or its family."""
        about = self._about["need" if lot.kind == "offer" else "offer"]
        found = {
            each.id: each
            for skill in self._wide(lot.side.skill_ids)
            for each in about.get(skill, ())
        }
        yield from found.values()

    def _link(self, offer: Lot, need: Lot) -> Link | None:
        key = (offer.id, need.id)
        if key not in self._links:
            self._links[key] = link_of(offer, need, self.parents)
        return self._links[key]

    def candidate(self, ring: Ring) -> Candidate | None:
        """The best ring of these firms by what they list.

        None where their amounts never meet, nobody named one, two of them make no deal with one
        another, or one of them may not see what another lists.
        """
        pairs = {(min(one, other), max(one, other)) for one in ring for other in ring}
        if not self.apart.isdisjoint(pairs):
            return None
        ways = [self.given(one)[other] for one, other in pairwise((*ring, ring[0]))]
        tried = [sorted(each, key=_rank)[:TRIED] for each in ways]
        found = [made for links in product(*tried) if (made := self._weighed(links))]
        return min(found, key=lambda each: (-each.score, sorted(each.units)), default=None)

    def _weighed(self, links: tuple[Link, ...]) -> Candidate | None:
        met = common(link.span for link in links)
        value = value_of(met) if met is not None else None
        if value is None or not _all_may_see(links):
            return None
        trust = min(self.trust.get(link.offer.side.firm_id, USUAL_TRUST) for link in links)
        nearness = sum(NEARNESS[link.why.how] for link in links) // len(links)
        score = search.weight(value, trust=trust, nearness=nearness, size=len(links))
        return Candidate(links, value, score)


def link_of(offer: Lot, need: Lot, parents: Mapping[int, int | None]) -> Link | None:
    """How an offer and a need meet in barter, amounts and eyes included; None where not."""
    why = fit(need.side, offer.side, parents)
    if why is None or "barter" not in why.modes or not _all_may_see_lots((offer, need)):
        return None
    met = offer.span.with_other(need.span)
    return Link(offer, need, why, met) if met is not None else None


def _rank(link: Link) -> tuple[int, int, int]:
    return -link.why.score, link.offer.id, link.need.id


def _all_may_see(links: Iterable[Link]) -> bool:
    return _all_may_see_lots([each for link in links for each in (link.offer, link.need)])


def _all_may_see_lots(lots: Iterable[Lot]) -> bool:
    """Whether each firm may see what the others list: once all agree, all read all of it."""
    known = list(lots)
    kept = {lot.site_id for lot in known if lot.site_id is not None}
    return not kept or {lot.home_id for lot in known} == kept


class _Neighbours(dict[int, Any]):
    """Neighbours of firms, reckoned when asked for."""

    def __init__(self, ask: Callable[[int], Any]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, firm_id: int) -> Any:
        """Whom a firm reaches, kept for the next question."""
        self[firm_id] = self._ask(firm_id)
        return self[firm_id]
