"""Firms that make deals with one another, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.deals import commands, disputes, missing, performing, queries
from incubator.domain.exchanges.deals.terms import LegTerms, SoulteTerms, Terms
from incubator.kernel.db import transaction
from tests.factories_members import a_firm

if TYPE_CHECKING:
    from incubator.domain.exchanges.deals.models import Deal, DealLeg
    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor
    from incubator.network.members.firm_models import Firm
    from incubator.network.sites.models import Site
    from tests.factories import Make

_numbers: Final = count(1)
# With tax 180 € each, as in the mock: 150 € at 20 %, 163.64 € at 10 %.
POSTER: Final = (150_00, 2000)
BUFFET: Final = (163_64, 1000)


@dataclass(frozen=True)
class House:
    """A firm and who works in it."""

    firm_id: int
    name: str
    account: Account


def house(make: Make, name: str, site: Site | None = None) -> House:
    """A firm with one person, at a site of its own unless one is given."""
    account = make.member(site or make.site(), name=f"{name} {next(_numbers)}")
    firm = a_firm(make, account, name=f"{name} {next(_numbers)}")
    return House(firm.id, firm.name, account)


def actor_of(make: Make, one: House) -> Actor:
    """Who acts for a firm."""
    return make.actor(one.account)


def gives(giver: House, receiver: House, priced: tuple[int, int | None], **more: Any) -> LegTerms:
    """What a firm gives another, at an amount before tax and a rate."""
    told: dict[str, Any] = {
        "title": f"De {giver.name}",
        "ht_cents": priced[0],
        "vat_bp": priced[1],
    } | more
    return LegTerms(giver_id=giver.firm_id, receiver_id=receiver.firm_id, **told)


def swap(one: House, other: House, *legs: LegTerms, soulte: SoulteTerms | None = None) -> Terms:
    """A swap; without legs a poster against a buffet, of the same total."""
    usual = (gives(one, other, POSTER), gives(other, one, BUFFET))
    return Terms(legs=legs or usual, soulte=soulte)


def proposed(make: Make, one: House, other: House, terms: Terms | None = None, **more: Any) -> Deal:
    """A deal that one firm proposes to another."""
    told: dict[str, Any] = {"firm_id": one.firm_id, "once": f"once-{next(_numbers)}"} | more
    with transaction():
        return commands.propose(
            actor_of(make, one),
            commands.New(**told),
            wish=terms or swap(one, other),
            now=make.now,
        )


def signs(make: Make, one: House, deal: Deal, seen_hash: str = "") -> Deal:
    """A firm signs the terms as they are, or those that it saw."""
    with transaction():
        return commands.sign(
            actor_of(make, one),
            deal.id,
            seen_hash=seen_hash or queries.whole(deal.id).terms_hash,
            now=make.now,
        )


def bound(make: Make, one: House, other: House, terms: Terms | None = None) -> Deal:
    """A deal that both have signed."""
    deal = proposed(make, one, other, terms)
    signs(make, other, deal)
    return signs(make, one, deal)


def delivers(make: Make, one: House, deal: Deal, leg: DealLeg) -> None:
    """A firm says that it delivered a leg."""
    with transaction():
        performing.deliver(actor_of(make, one), deal.id, leg.id, now=make.now)


def accepts(make: Make, one: House, deal: Deal, leg: DealLeg) -> None:
    """A firm says that what it received is as agreed."""
    with transaction():
        performing.accept(actor_of(make, one), deal.id, leg.id, now=make.now)


def contests(make: Make, one: House, deal: Deal, leg: DealLeg, cents: int = 0) -> int:
    """A firm contests what it received; the number of the dispute."""
    with transaction():
        return disputes.contest(
            actor_of(make, one),
            deal.id,
            leg.id,
            reason="Il manque un pied",
            cents=cents,
            now=make.now,
        ).id


def never_came(make: Make, one: House, deal: Deal, leg: DealLeg, **more: Any) -> int | None:
    """A firm says that it waits for a leg in vain; the number of the dispute, None of a gift."""
    told: dict[str, Any] = {"reason": "Rien n’est venu", "now": make.now} | more
    with transaction():
        made = missing.never_came(actor_of(make, one), deal.id, leg.id, **told)
    return made.id if made else None


def looked_at(deal: Deal) -> Deal:
    """The deal as it is now."""
    return queries.whole(deal.id)


def deal_pages(make: Make, account: Account, firm: Firm) -> dict[str, int]:
    """A deal to be signed and one that is contested, by what the addresses of their pages name."""
    mine, theirs = House(firm.id, firm.name, account), house(make, "Miel & <Cie>")
    talking = proposed(make, theirs, mine)
    deal = bound(make, theirs, mine)
    leg = deal.legs[0]
    delivers(make, theirs, deal, leg)
    dispute = contests(make, mine, deal, leg)
    return {"talking": talking.id, "deal": deal.id, "leg_id": leg.id, "dispute_id": dispute}
