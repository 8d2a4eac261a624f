"""From the first word to the signatures: propose, answer with other terms, sign, or let it be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from incubator.domain.exchanges.deals import origins, policy, queries, records, rules, terms
from incubator.domain.exchanges.deals.events import DealBound
from incubator.domain.exchanges.deals.models import (
    Deal,
    DealLeg,
    DealParty,
    DealSignature,
    Soulte,
)
from incubator.kernel.db import db, insert_once
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.network.members.firm_models import Firm

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.exchanges.deals.queries import Seen
    from incubator.domain.exchanges.deals.terms import Terms
    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class New:
    """For which firm a deal is proposed, from which form, and until when it may be signed."""

    firm_id: int
    once: str
    until: datetime | None = None


def propose(actor: Actor, new: New, *, wish: Terms, now: datetime) -> Deal:
    """Propose a deal to the other firms of its terms; the same form sent twice gives one deal.

    Raise NotAllowed ``deals.not_yours`` or ``deals.both``; NotFound ``firms.firm``; Refusal
    ``deals.listing``, or beside a field.
    """
    checked = _checked(actor, wish, now)
    origins.check(checked.legs)
    firm_ids = sorted(checked.firm_ids)
    own = queries.own_of(actor.id, firm_ids)
    if not policy.may_propose(actor, own, new.firm_id):
        raise NotAllowed("deals.not_yours")
    policy.side(own)
    _check_firms(firm_ids)
    until = _until(new.until, now)
    mine = select(Deal).where(Deal.created_by_id == actor.id, Deal.once == new.once[:40])
    made = insert_once(
        Deal,
        kind=checked.kind,
        state="draft",
        currency="EUR",
        title=_title(checked),
        expires_at=until,
        due_at=until,
        terms_hash="",
        revision=1,
        turn_id=new.firm_id,
        created_by_id=actor.id,
        once=new.once[:40],
        created_at=now,
        changed_at=now,
    )
    deal_id = db.session.scalars(mine).one().id
    if made:
        others = [firm for firm in firm_ids if firm != new.firm_id]
        for seq, firm_id in enumerate([new.firm_id, *others]):
            db.session.add(DealParty(deal_id=deal_id, firm_id=firm_id, seq=seq))
        _write(deal_id, checked)
        deal = queries.whole(deal_id)
        records.move(deal, "send")
        _stamp(deal, checked)
        _tell_terms(deal, "proposed", actor, now=now)
    return queries.whole(deal_id)


def counter(
    actor: Actor,
    deal_id: int,
    *,
    wish: Terms,
    seen_hash: str,
    until: datetime | None,
    now: datetime,
) -> Deal:
    """Answer with other terms: signatures given so far hold no more.

    ``seen_hash`` is what the writer had before their eyes. Raise NotFound, NotAllowed; Conflict
    ``deals.stale``; Refusal ``deals.same_terms``, ``deals.state``, ``deals.listing`` or beside a
    field.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    _check_fresh(deal, seen_hash)
    checked = _checked(actor, wish, now)
    if checked.firm_ids != {party.firm_id for party in deal.parties}:
        raise NotAllowed("deals.not_yours")
    expires_at = _until(until, now) if until else deal.expires_at
    before = queries.terms_of(deal)
    named = {leg.listing_id for leg in before.legs if leg.listing_id is not None}
    origins.check(checked.legs, known=named)
    if checked == before and expires_at == deal.expires_at:
        raise Refusal("deals.same_terms")
    act = "reword" if deal.turn_id == firm_id else "counter"
    records.move(deal, act)
    db.session.execute(delete(DealLeg).where(DealLeg.deal_id == deal.id))
    db.session.execute(delete(Soulte).where(Soulte.deal_id == deal.id))
    _write(deal.id, checked)
    deal.revision, deal.turn_id, deal.expires_at = deal.revision + 1, firm_id, expires_at
    deal.title, deal.kind = _title(checked), checked.kind
    db.session.flush()
    deal = queries.whole(deal.id)
    _stamp(deal, checked)
    verb = "reworded" if act == "reword" else "countered"
    _tell_terms(deal, verb, actor, now=now)
    return deal


def sign(actor: Actor, deal_id: int, *, seen_hash: str, now: datetime) -> Deal:
    """Agree for one's firm to the terms that one has read; the last signature binds all.

    Twice is once. Raise NotFound, NotAllowed; Conflict ``deals.stale`` when the terms are others
    by now; Refusal ``deals.unequal``, ``deals.expired`` or ``deals.state``.
    """
    seen = records.hold(actor, deal_id)
    deal, firm_id = seen.deal, records.acting(seen)
    if any(s.firm_id == firm_id and s.terms_hash == seen_hash for s in deal.signatures) and (
        seen_hash == deal.terms_hash
    ):
        return deal
    _check_fresh(deal, seen_hash)
    if deal.state not in rules.TALKING:
        raise Refusal("deals.state")
    if now >= deal.expires_at:
        raise Refusal("deals.expired")
    if terms.difference(queries.terms_of(deal)):
        raise Refusal("deals.unequal")
    db.session.add(
        DealSignature(
            deal_id=deal.id,
            firm_id=firm_id,
            person_id=actor.id,
            terms_hash=deal.terms_hash,
            at=now,
        )
    )
    db.session.flush()
    deal = queries.whole(deal.id)
    records.note(deal, "signed", by=actor, firm_id=firm_id, now=now)
    if signers(deal) == {party.firm_id for party in deal.parties}:
        records.move(deal, "bind")
        records.note(deal, "bound", by=None, firm_id=None, now=now)
        bound = DealBound(actor_id=actor.id, deal_id=deal.id, terms_hash=deal.terms_hash)
        record(bound)
    return deal


def signers(deal: Deal) -> set[int]:
    """The firms that signed the present terms."""
    return {each.firm_id for each in deal.signatures if each.terms_hash == deal.terms_hash}


def decline(actor: Actor, deal_id: int, *, words: str, now: datetime) -> None:
    """Say no to terms that another firm wrote. Raise NotFound, NotAllowed, Refusal."""
    seen = records.hold(actor, deal_id)
    if seen.deal.turn_id == records.acting(seen):
        raise NotAllowed("deals.own_terms")
    _end(actor, seen, "decline", words=words, now=now)


def withdraw(actor: Actor, deal_id: int, *, now: datetime) -> None:
    """Take back terms that one's own firm wrote. Raise NotFound, NotAllowed, Refusal."""
    seen = records.hold(actor, deal_id)
    if seen.deal.turn_id != records.acting(seen):
        raise NotAllowed("deals.their_terms")
    _end(actor, seen, "withdraw", words="", now=now)


def _end(actor: Actor, seen: Seen, act: str, *, words: str, now: datetime) -> None:
    deal = seen.deal
    told: dict[str, Any] = {"words": rules.words(words, "words")} if words.strip() else {}
    if deal.state == rules.DEAL["proposed"][act]:
        return
    records.move(deal, act)
    records.note(deal, deal.state, by=actor, firm_id=records.acting(seen), now=now, **told)


def _checked(actor: Actor, wish: Terms, now: datetime) -> Terms:
    today = now.astimezone(ZoneInfo(actor.time_zone)).date()
    return terms.checked(wish, today=today, abroad=queries.abroad(wish.firm_ids))


def _check_fresh(deal: Deal, seen_hash: str) -> None:
    if deal.terms_hash != seen_hash:
        raise Conflict("deals.stale")


def _check_firms(firm_ids: list[int]) -> None:
    known = db.session.scalars(select(Firm.id).where(Firm.id.in_(firm_ids))).all()
    if len(known) != len(firm_ids):
        raise NotFound("firms.firm")


def _until(wished: datetime | None, now: datetime) -> datetime:
    until = wished or now + rules.USUAL_WAIT
    if not now < until <= now + rules.LONGEST_WAIT:
        raise Refusal("deals.until", field="until", most=rules.LONGEST_WAIT.days)
    return until


def _title(checked: Terms) -> str:
    first = {leg.giver_id: leg.title for leg in reversed(checked.legs)}
    arrow = " → " if checked.kind == "ring" else " ⇄ "
    return arrow.join(dict.fromkeys(first[leg.giver_id] for leg in checked.legs))[:250]


def _write(deal_id: int, checked: Terms) -> None:
    for seq, leg in enumerate(checked.legs):
        priced = leg.amounts
        db.session.add(
            DealLeg(
                deal_id=deal_id,
                seq=seq,
                giver_id=leg.giver_id,
                receiver_id=leg.receiver_id,
                mode=leg.mode,
                title=leg.title,
                details=leg.details,
                quantity=leg.quantity,
                unit=leg.unit,
                skill_id=leg.skill_id,
                listing_id=leg.listing_id,
                ht_cents=priced.ht,
                vat_bp=leg.vat_bp,
                vat_cents=priced.vat,
                ttc_cents=priced.ttc,
                due_on=leg.due_on,
                state="committed",
            )
        )
    if checked.soulte is not None:
        soulte = checked.soulte
        values = {"payer_id": soulte.payer_id, "payee_id": soulte.payee_id}
        db.session.add(Soulte(deal_id=deal_id, **values, cents=soulte.cents))
    db.session.flush()


def _stamp(deal: Deal, checked: Terms) -> None:
    deal.terms_hash = terms.hash_of(
        checked, deal_id=deal.id, revision=deal.revision, expires_at=deal.expires_at
    )


def _tell_terms(deal: Deal, verb: str, actor: Actor, *, now: datetime) -> None:
    """Write down the terms as they were sent, so that what changed since can be shown."""
    told: dict[str, Any] = {
        "terms_hash": deal.terms_hash,
        "terms": terms.plain(queries.terms_of(deal)),
    }
    records.note(deal, verb, by=actor, firm_id=deal.turn_id, now=now, **told)
