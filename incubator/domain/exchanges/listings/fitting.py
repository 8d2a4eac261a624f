"""When an offer fits a need, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.listings.places import City, kilometres

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# Ways in which amounts matter.
VALUED: Final = frozenset({"barter", "cash"})


@dataclass(frozen=True, kw_only=True)
class Side:
    """What of a listing decides; amounts in cents without VAT, the radius in kilometres."""

    firm_id: int
    skill_ids: frozenset[int]
    city: City
    remote: bool
    radius_km: int | None
    modes: frozenset[str]
    min_cents: int | None = None
    max_cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Why two listings fit.

    ``skill_ids`` are the need's that the offer has; ``how`` is «city», «near» or «remote»; ``km``
    lie between; ``modes`` both take; ``values`` says that both named amounts, and they overlap.
    """

    skill_ids: tuple[int, ...]
    how: str
    km: int | None
    modes: tuple[str, ...]
    values: bool

    @property
    def score(self) -> int:
        """Better fits have more: shared skills, then amounts that overlap, then nearness."""
        near = {"city": 2, "near": 1, "remote": 0}[self.how]
        return 10 * len(self.skill_ids) + 3 * self.values + 2 * near + len(self.modes)


def fit(need: Side, offer: Side, parents: Mapping[int, int | None]) -> Fit | None:
    """How an offer fits a need; None when it does not. ``parents`` is the vocabulary's tree."""
    if need.firm_id == offer.firm_id:
        return None
    shared = shared_skills(need.skill_ids, offer.skill_ids, parents)
    modes = common_modes(need.modes, offer.modes)
    how, km = reach(need, offer)
    if not shared or not modes or not how:
        return None
    overlap = overlapping(need, offer)
    if overlap is False and set(modes) <= VALUED:
        return None
    return Fit(skill_ids=shared, how=how, km=km, modes=modes, values=overlap is True)


def shared_skills(
    wanted: Collection[int], offered: Collection[int], parents: Mapping[int, int | None]
) -> tuple[int, ...]:
    """The wanted skills that are offered, themselves or by the family they stand in."""
    given = set(offered)
    heads = {parents.get(each) for each in given} - {None}
    return tuple(
        sorted(each for each in wanted if each in given | heads or parents.get(each) in given)
    )


def common_modes(need: Collection[str], offer: Collection[str]) -> tuple[str, ...]:
    """Ways that both take; a gift suits everybody who needs something."""
    shared = set(need) & set(offer) | ({"gift"} & set(offer))
    return tuple(sorted(shared))


def reach(need: Side, offer: Side) -> tuple[str, int | None]:
    """How the two come together: in a city, near enough for one of them, at a distance, or not."""
    km = kilometres(need.city, offer.city)
    on_site = [side.radius_km for side in (need, offer) if side.radius_km is not None]
    if km == 0 and on_site:
        return "city", 0
    if km is not None and any(km <= radius for radius in on_site):
        return "near", km
    return ("remote", km) if offer.remote else ("", km)


def overlapping(need: Side, offer: Side) -> bool | None:
    """Whether the amounts meet; None when one side named none."""
    spans = [(side.min_cents, side.max_cents) for side in (need, offer)]
    if any(span == (None, None) for span in spans):
        return None
    (low1, high1), (low2, high2) = spans
    return _below(low1, high2) and _below(low2, high1)


def _below(low: int | None, high: int | None) -> bool:
    return low is None or high is None or low <= high
