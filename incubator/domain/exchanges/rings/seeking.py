"""Finding rings and suggesting them: through one firm at once, all of them each night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from incubator.domain.exchanges.rings import loading, rules, search
from incubator.domain.exchanges.rings.events import RingSuggested
from incubator.domain.exchanges.rings.models import Ring, RingMember
from incubator.kernel.db import db, insert_once_id
from incubator.kernel.events import record
from incubator.network.members.firm_models import Firm

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from incubator.domain.exchanges.rings.market import Candidate


def through(firm_id: int, *, now: datetime) -> list[Candidate]:
    """The rings through one firm that may be suggested, the best first."""
    market = loading.market(now)
    return _new(market.candidate(ring) for ring in market.rings_through(firm_id))


def everywhere(*, now: datetime) -> list[Candidate]:
    """Of all rings of the network those to suggest: the best that share no listing."""
    market = loading.market(now)
    known = _new(market.candidate(ring) for ring in market.rings())
    weighed = {search.Weighed(each.firm_ids, each.score, each.units): each for each in known}
    return [weighed[each] for each in search.packed(weighed)]


def _new(found: Iterable[Candidate | None]) -> list[Candidate]:
    """Those never suggested before, the best first."""
    made = [each for each in found if each is not None]
    old = _known([each.input_hash for each in made])
    new = [each for each in made if each.input_hash not in old]
    return sorted(new, key=lambda each: (-each.score, each.firm_ids))


def _known(hashes: Sequence[str], at_once: int = 500) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(hashes), at_once):
        these = Ring.input_hash.in_(hashes[start : start + at_once])
        found.update(db.session.scalars(select(Ring.input_hash).where(these)))
    return found


def suggest(candidate: Candidate, *, now: datetime) -> int | None:
    """Suggest a ring to its firms; its id, None when that is no longer possible.

    Never twice the same, never one whose listings moved meanwhile, never a fourth idea to a firm.
    """
    firm_ids = candidate.firm_ids
    _lock_firms(firm_ids)
    if max(open_ideas(firm_ids).values(), default=0) >= rules.AT_ONCE:
        return None
    fresh = loading.of_listings(candidate.units, now)
    lots = [each for link in candidate.links for each in (link.offer, link.need)]
    if any(fresh.get(lot.id) != lot for lot in lots):
        return None
    ring_id = insert_once_id(
        Ring,
        size=len(firm_ids),
        value_cents=candidate.value_cents,
        score=candidate.score,
        state="suggested",
        cause="",
        input_hash=candidate.input_hash,
        suggested_at=now,
        expires_at=now + rules.LASTS,
        changed_at=now,
    )
    if ring_id is not None:
        letters = _may_be_written(firm_ids, now)
        _write_members(ring_id, candidate, letters, now=now)
        told = tuple(sorted(letters))
        record(RingSuggested(actor_id=None, ring_id=ring_id, by_letter=told))
    return ring_id


def _lock_firms(firm_ids: Collection[int]) -> None:
    """Hold the firms, so that two searches at once never suggest one of them a fourth ring."""
    rows = select(Firm.id).where(Firm.id.in_(sorted(firm_ids))).order_by(Firm.id)
    db.session.scalars(rows.with_for_update(key_share=True)).all()


def open_ideas(firm_ids: Collection[int]) -> dict[int, int]:
    """How many ideas wait before each of these firms."""
    rows = db.session.execute(
        select(RingMember.firm_id, func.count())
        .join(Ring, Ring.id == RingMember.ring_id)
        .where(RingMember.firm_id.in_(sorted(firm_ids)), Ring.state.in_(rules.OPEN))
        .group_by(RingMember.firm_id)
    )
    return dict(rows.all())


def _may_be_written(firm_ids: Collection[int], now: datetime) -> set[int]:
    """The firms that no letter told of another idea within a day."""
    lately = select(RingMember.firm_id).where(
        RingMember.firm_id.in_(sorted(firm_ids)), RingMember.told_at > now - rules.LETTER_EVERY
    )
    return set(firm_ids) - set(db.session.scalars(lately))


def _write_members(
    ring_id: int, candidate: Candidate, letters: Collection[int], *, now: datetime
) -> None:
    links = candidate.links
    for seq, link in enumerate(links):
        before, firm_id = links[seq - 1], link.offer.side.firm_id
        db.session.add(
            RingMember(
                ring_id=ring_id,
                seq=seq,
                firm_id=firm_id,
                offer_id=link.offer.id,
                need_id=before.need.id,
                skill_id=link.why.skill_ids[0],
                said="",
                reason="",
                told_at=now if firm_id in letters else None,
            )
        )
    db.session.flush()
