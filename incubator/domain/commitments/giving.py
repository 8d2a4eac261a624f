"""The map of help: read from what was confirmed, whether or not it counted towards a promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from incubator.domain.commitments import giving_rules
from incubator.domain.commitments.giving_rules import Given, Matrix
from incubator.domain.commitments.models import Contribution
from incubator.kernel.db import db
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from incubator.domain.commitments.rules import Span

CONFIRMED = ("confirmed", "counted")
MOST_FIRMS = 24


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a name."""

    id: int
    slug: str
    name: str
    face: str | None


@dataclass(frozen=True, slots=True)
class SiteMap:
    """Help that a site's members gave or received in a span; ``firms`` are names by id.

    ``crowded``: more firms than a picture holds; only those with most are in it.
    """

    firms: Mapping[int, str]
    between_firms: Matrix[int]
    between_sites: Matrix[int]
    isolated: Sequence[Person]
    crowded: bool


def of_site(site_id: int, span: Span) -> SiteMap:
    """The map of a site's members, with those who are alone."""
    facts = _of_members(site_id, span)
    people = {one for fact in facts for one in (fact.giver_id, fact.receiver_id)}
    firm_of, names = _firms(people, span)
    between = giving_rules.matrix(facts, firm_of)
    ranked = sorted(between.keys, key=lambda key: (-_weight(between, key), key))
    kept = set(ranked[:MOST_FIRMS])
    few = giving_rules.matrix(facts, {m: f for m, f in firm_of.items() if f in kept})
    return SiteMap(
        names,
        Matrix(few.cells, tuple(sorted(few.keys, key=lambda key: names[key].casefold()))),
        giving_rules.matrix(facts, _homes(people)),
        _alone(site_id, facts),
        len(ranked) > MOST_FIRMS,
    )


def _weight(between: Matrix[int], key: int) -> int:
    return between.given(key) + between.received(key)


def around_site(site_id: int, span: Span) -> Matrix[int]:
    """Help in a span between the members of a site and those of others."""
    facts = _of_members(site_id, span)
    between = giving_rules.matrix(
        facts, _homes({one for fact in facts for one in (fact.giver_id, fact.receiver_id)})
    )
    crossing = {pair: cell for pair, cell in between.cells.items() if pair[0] != pair[1]}
    return Matrix(crossing, tuple(dict.fromkeys(key for pair in crossing for key in pair)))


def _of_members(site_id: int, span: Span) -> list[Given]:
    """What a site's members gave, and what others gave to them."""
    home = select(Member.id).where(Member.home_site_id == site_id, Member.active)
    facts = _facts(span, Contribution.giver_id.in_(home))
    facts += _facts(span, Contribution.receiver_id.in_(home), Contribution.giver_id.not_in(home))
    return facts


def between_sites(span: Span) -> Matrix[int]:
    """Help in a span between the home sites of the whole network."""
    # By giver, so that the index of givers and days answers however long the history is.
    facts = _facts(span, Contribution.giver_id.in_(select(Member.id)))
    return giving_rules.matrix(
        facts, _homes({one for fact in facts for one in (fact.giver_id, fact.receiver_id)})
    )


def _facts(span: Span, *which: ColumnElement[bool]) -> list[Given]:
    rows = db.session.execute(
        select(Contribution.giver_id, Contribution.receiver_id, func.sum(Contribution.minutes))
        .where(
            *which,
            Contribution.receiver_id.is_not(None),
            Contribution.day >= span.starts_on,
            Contribution.day < span.ends_on,
            Contribution.state.in_(CONFIRMED),
        )
        .group_by(Contribution.giver_id, Contribution.receiver_id)
    )
    return [
        Given(giver, receiver, int(minutes))
        for giver, receiver, minutes in rows
        if receiver is not None
    ]


def _homes(people: Iterable[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Member.id, Member.home_site_id).where(
            Member.id.in_(people), Member.home_site_id.is_not(None)
        )
    )
    return {member_id: home for member_id, home in rows if home is not None}


def _firms(people: Iterable[int], span: Span) -> tuple[dict[int, int], dict[int, str]]:
    """The firm of each in a span, the first that they joined; and its name."""
    rows = db.session.execute(
        select(FirmRole.member_id, Firm.id, Firm.name)
        .join(Firm, Firm.id == FirmRole.firm_id)
        .where(
            FirmRole.member_id.in_(people),
            FirmRole.since_on < span.ends_on,
            or_(FirmRole.until_on.is_(None), FirmRole.until_on > span.starts_on),
        )
        .order_by(FirmRole.since_on, FirmRole.id)
    )
    firm_of: dict[int, int] = {}
    names: dict[int, str] = {}
    for member_id, firm_id, name in rows:
        firm_of.setdefault(member_id, firm_id)
        names[firm_id] = name
    return firm_of, names


def _alone(site_id: int, facts: Sequence[Given]) -> list[Person]:
    rows = db.session.execute(
        select(Member.id, Member.slug, Member.name, Member.face)
        .where(Member.home_site_id == site_id, Member.active)
        .order_by(Member.sort_name, Member.id)
    )
    people = [Person(*row) for row in rows]
    alone = giving_rules.isolated([one.id for one in people], facts)
    return [one for one in people if one.id in alone]
