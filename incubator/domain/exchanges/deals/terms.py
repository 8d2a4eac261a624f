"""Terms of a deal: what is signed. Checked, made one hash, and compared. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.deals import rules
from incubator.domain.exchanges.deals.money import Amounts, amounts
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LegTerms:
    """One thing that a firm gives to another.

    ``ht_cents`` are cents before tax, ``vat_bp`` basis points (None: franchise, 293 B CGI).
    ``slot`` says which fields of a form it came from, and is no part of the terms.
    """

    giver_id: int
    receiver_id: int
    title: str
    mode: str = "barter"
    details: str = ""
    quantity: int | None = None
    unit: str = ""
    skill_id: int | None = None
    listing_id: int | None = None
    ht_cents: int = 0
    vat_bp: int | None = 2000
    due_on: date | None = None
    slot: str = field(default="", compare=False)

    @property
    def amounts(self) -> Amounts:
        """Cents before tax, VAT and total."""
        return amounts(self.ht_cents, self.vat_bp)

    @property
    def vat_cents(self) -> int:
        """The VAT in cents."""
        return self.amounts.vat


@dataclass(frozen=True, slots=True)
class SoulteTerms:
    """Euros that cover the difference of a swap: who pays whom how many cents."""

    payer_id: int
    payee_id: int
    cents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """All that the firms sign."""

    legs: tuple[LegTerms, ...]
    soulte: SoulteTerms | None = None
    kind: str = "swap"

    @property
    def firm_ids(self) -> frozenset[int]:
        """The firms between which it is."""
        return frozenset(firm for leg in self.legs for firm in (leg.giver_id, leg.receiver_id))


def checked(terms: Terms, *, today: date, abroad: Collection[int] = ()) -> Terms:
    """The terms as they are kept; Refusal beside a field («slot_name») where they cannot be.

    ``abroad`` are the firms outside France: their invoices can say no French VAT.
    """
    if terms.kind not in rules.KINDS or not 0 < len(terms.legs) <= rules.LEGS_MOST:
        raise Refusal("deals.legs", most=rules.LEGS_MOST)
    legs = tuple(_leg(leg, today) for leg in terms.legs)
    _check_regimes(legs, abroad)
    if terms.kind == "ring":
        _check_ring(legs)
    elif len(terms.firm_ids) != len({"giver", "receiver"}):
        raise Refusal("deals.two_firms")
    made = replace(terms, legs=legs)
    _check_soulte(made)
    return made


def _leg(leg: LegTerms, today: date) -> LegTerms:
    title = rules.line(leg.title, rules.TITLE_MOST)
    details = leg.details.replace("\0", "").replace("\r\n", "\n").strip()
    if not title:
        raise _refusal(leg, "deals.title", "title")
    if leg.giver_id == leg.receiver_id:
        raise _refusal(leg, "deals.same_firm", "title")
    if leg.quantity is not None and not 0 < leg.quantity <= rules.QUANTITY_MOST:
        raise _refusal(leg, "deals.quantity", "quantity")
    if leg.due_on is not None and leg.due_on < today:
        raise _refusal(leg, "deals.past", "due")
    if len(details) > rules.DETAILS_MOST:
        raise _refusal(leg, "deals.details", "details", most=rules.DETAILS_MOST)
    _check_price(leg)
    return replace(leg, title=title, details=details, unit=rules.line(leg.unit, rules.UNIT_MOST))


def _check_price(leg: LegTerms) -> None:
    if leg.mode not in rules.MODES:
        raise _refusal(leg, "deals.mode", "mode")
    try:
        priced = leg.amounts
    except Refusal as refusal:
        name = "vat" if refusal.code == "deals.rate" else "ht"
        raise _refusal(leg, refusal.code, name) from None
    if leg.mode == "gift" and priced.ht:
        raise _refusal(leg, "deals.gift", "ht")
    if leg.mode != "gift" and not priced.ht:
        raise _refusal(leg, "deals.price", "ht")


def _refusal(leg: LegTerms, code: str, name: str, **details: object) -> Refusal:
    """A refusal beside the field of the slot that the leg came from."""
    return Refusal(code, field=f"{leg.slot}_{name}" if leg.slot else name, **details)


def _check_regimes(legs: Iterable[LegTerms], abroad: Collection[int]) -> None:
    """A firm is under the franchise or not: it cannot be both in one deal; abroad it is neither."""
    regimes: dict[int, bool] = {}
    for leg in legs:
        if leg.mode == "gift":
            continue
        if leg.giver_id in abroad and leg.vat_bp:
            raise _refusal(leg, "deals.vat_abroad", "vat")
        if regimes.setdefault(leg.giver_id, leg.vat_bp is None) != (leg.vat_bp is None):
            raise Refusal("deals.regimes", field=f"{leg.slot}_vat" if leg.slot else "vat")


def _check_ring(legs: Sequence[LegTerms]) -> None:
    """Each firm of a ring gives once and receives once, and it is one ring."""
    receivers = {leg.giver_id: leg.receiver_id for leg in legs}
    seen, at = [], legs[0].giver_id
    while at in receivers and at not in seen:
        seen.append(at)
        at = receivers[at]
    if at != legs[0].giver_id or len(seen) != len(legs) or len(receivers) != len(legs):
        raise Refusal("deals.ring")


def _check_soulte(terms: Terms) -> None:
    soulte = terms.soulte
    if soulte is None:
        return
    if {soulte.payer_id, soulte.payee_id} - terms.firm_ids or soulte.payer_id == soulte.payee_id:
        raise Refusal("deals.soulte", field="soulte")
    if terms.kind != "swap" or not amounts(soulte.cents, 0).ht:
        raise Refusal("deals.soulte", field="soulte")


def balances(terms: Terms) -> dict[int, int]:
    """What each firm gives less what it receives, in cents with tax, the soulte counted.

    Gifts count nothing, and what is paid in cash is settled by itself.
    """
    found: Counter[int] = Counter()
    for leg in terms.legs:
        if leg.mode == "barter":
            found[leg.giver_id] += leg.amounts.ttc
            found[leg.receiver_id] -= leg.amounts.ttc
    if terms.soulte is not None:
        found[terms.soulte.payer_id] += terms.soulte.cents
        found[terms.soulte.payee_id] -= terms.soulte.cents
    return dict(found)


def covering(terms: Terms) -> SoulteTerms | None:
    """The soulte that covers the difference of a swap exactly; None when there is none."""
    bare = balances(replace(terms, soulte=None))
    if not any(bare.values()):
        return None
    payer, payee = sorted(bare, key=bare.__getitem__)
    return SoulteTerms(payer, payee, bare[payee])


def on_credit(terms: Terms) -> Terms:
    """The same on mutual credit; a swap of equal sides stays one, since it needs none."""
    return replace(terms, soulte=None, kind="credit") if any(balances(terms).values()) else terms


def difference(terms: Terms) -> int:
    """By how many cents the sides of a swap or a ring differ; 0 of a deal on credit."""
    return 0 if terms.kind == "credit" else max(balances(terms).values(), default=0)


def plain(terms: Terms) -> dict[str, Any]:
    """The terms as plain values, with their cents, for the timeline and the hash."""
    legs = []
    for leg in terms.legs:
        told = asdict(leg) | {"vat_cents": leg.amounts.vat, "ttc_cents": leg.amounts.ttc}
        told["due_on"] = leg.due_on.isoformat() if leg.due_on else None
        del told["slot"]
        legs.append(told)
    soulte = asdict(terms.soulte) if terms.soulte else None
    return {"kind": terms.kind, "currency": "EUR", "legs": legs, "soulte": soulte}


def hash_of(terms: Terms, *, deal_id: int, revision: int, expires_at: datetime) -> str:
    """What a signature is bound to: these terms of this deal, in this wording and no earlier one.

    The revision is part of it, so that terms that come back are signed anew.
    """
    told = plain(terms) | {"deal": deal_id, "revision": revision}
    told["expires_at"] = expires_at.isoformat()
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """That a part of the terms is another: of which leg (0 for the deal), from what to what."""

    leg: int
    name: str
    before: Any
    after: Any


_TOLD: Final = ("title", "details", "mode", "quantity", "unit", "ht_cents", "vat_bp", "due_on")


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    """What is different between two plain terms, leg by leg."""
    old, new = before["legs"], now["legs"]
    found = [
        Change(number, name, was[name], leg[name])
        for number, (was, leg) in enumerate(zip(old, new, strict=False), 1)
        for name in _TOLD
        if was[name] != leg[name]
    ]
    gone, added = enumerate(old[len(new) :], len(new) + 1), enumerate(new[len(old) :], len(old) + 1)
    found.extend(Change(number, "gone", leg["title"], None) for number, leg in gone)
    found.extend(Change(number, "added", None, leg["title"]) for number, leg in added)
    if before["kind"] != now["kind"]:
        found.append(Change(0, "kind", before["kind"], now["kind"]))
    if before["soulte"] != now["soulte"]:
        cents = [(each["soulte"] or {}).get("cents", 0) for each in (before, now)]
        found.append(Change(0, "soulte", *cents))
    return found
