"""Which charters are in force, for whom, and who has not signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from incubator.domain.membership import charters_policy as policy
from incubator.domain.membership.charter_models import Charter, CharterSignature, CharterVersion
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.keyset import Cursor, Page, keyset_page
from incubator.network.accounts.models import Grant
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from incubator.network.members.actor import Actor

SIGNING_ROLES = ("resident", "manager", "administrator")
VERSIONS_SHOWN = 50


def in_force(site_id: int) -> Sequence[CharterVersion]:
    """What the members of a site sign: the network's charter and the site's, as they stand."""
    return db.session.scalars(_in_force(site_id).order_by(Charter.site_id.is_not(None))).all()


def for_reader(actor: Actor) -> list[tuple[CharterVersion, CharterSignature | None]]:
    """The charters that are the reader's to sign, each with their signature if they did."""
    if actor.home_site_id is None or actor.is_guest:
        return []
    rows = db.session.execute(
        _in_force(actor.home_site_id)
        .outerjoin(
            CharterSignature,
            and_(
                CharterSignature.version_id == CharterVersion.id,
                CharterSignature.member_id == actor.id,
            ),
        )
        .add_columns(CharterSignature)
        .order_by(Charter.site_id.is_not(None))
    )
    return [(row[0], row[1]) for row in rows]


def unsigned_by(actor: Actor) -> list[CharterVersion]:
    """The charters that the reader has not signed yet."""
    return [version for version, signature in for_reader(actor) if signature is None]


def has_charter(site_id: int) -> bool:
    """Whether there is anything to sign at a site."""
    return db.session.scalar(_in_force(site_id).limit(1)) is not None


def has_signed_all(member_id: int, site_id: int) -> bool:
    """Whether a member signed every charter in force at a site."""
    return not db.session.scalars(_in_force(site_id).where(~_signed_by(member_id)).limit(1)).first()


def visible_to(actor: Actor, version_id: int) -> CharterVersion:
    """A version with its charter; raise NotFound ``membership.charter``.

    Who is not asked to sign a charter reads it if they run its site; drafts are for writers.
    """
    found = db.session.scalar(
        select(CharterVersion)
        .where(CharterVersion.id == version_id)
        .options(joinedload(CharterVersion.charter).joinedload(Charter.site))
    )
    if found is None:
        raise NotFound("membership.charter")
    site_id = found.charter.site_id
    reads = found.published_at is not None and policy.applies_to(actor, site_id)
    if not (reads or policy.may_write(actor, site_id)):
        raise NotFound("membership.charter")
    return found


def signature_of(version_id: int, member_id: int) -> CharterSignature | None:
    """When a member signed a version, if they did."""
    return db.session.get(CharterSignature, (version_id, member_id))


def last_signed(member_id: int) -> int | None:
    """The id of the version that a member signed last, of any charter."""
    return db.session.scalar(
        select(CharterSignature.version_id)
        .where(CharterSignature.member_id == member_id)
        .order_by(CharterSignature.signed_at.desc(), CharterSignature.version_id.desc())
        .limit(1)
    )


def versions_with(ids: Iterable[int]) -> dict[int, CharterVersion]:
    """Published versions by id: what was signed once may be read for ever."""
    rows = db.session.scalars(
        select(CharterVersion).where(
            CharterVersion.id.in_(list(ids)), CharterVersion.published_at.is_not(None)
        )
    )
    return {row.id: row for row in rows}


def versions_of(site_id: int | None) -> Sequence[CharterVersion]:
    """The versions of a charter, the draft first, then the newest."""
    scope = Charter.site_id.is_(None) if site_id is None else Charter.site_id == site_id
    return db.session.scalars(
        select(CharterVersion)
        .join(CharterVersion.charter)
        .where(scope)
        .options(joinedload(CharterVersion.published_by))
        .order_by(CharterVersion.number.desc())
        .limit(VERSIONS_SHOWN)
    ).all()


def missing_signature(site_id: int) -> ColumnElement[bool]:
    """A condition on Member: they live at the site and have not signed all that is in force.

    For lists of members of any kind; guests sign nothing.
    """
    version, charter = aliased(CharterVersion), aliased(Charter)
    signed = (
        select(CharterSignature.version_id)
        .where(CharterSignature.version_id == version.id, CharterSignature.member_id == Member.id)
        .correlate(version, Member)
        .exists()
    )
    unsigned = (
        select(version.id)
        .join(charter, charter.id == version.charter_id)
        .where(
            or_(charter.site_id.is_(None), charter.site_id == site_id),
            version.published_at.is_not(None),
            version.replaced_at.is_(None),
            ~signed,
        )
        .correlate(Member)
        .exists()
    )
    signs = (
        select(Grant.id)
        .where(
            Grant.account_id == Member.id,
            Grant.ended_at.is_(None),
            Grant.role.in_(SIGNING_ROLES),
        )
        .correlate(Member)
        .exists()
    )
    return and_(Member.home_site_id == site_id, Member.active, signs, unsigned)


def unsigned_page(site_id: int, cursor: Cursor) -> Page[Member]:
    """The members of a site who have not signed all that is in force, by name."""
    query = select(Member).where(missing_signature(site_id))
    return keyset_page(query, (Member.sort_name, Member.id), cursor)


def _in_force(site_id: int) -> Select[CharterVersion]:
    return (
        select(CharterVersion)
        .join(CharterVersion.charter)
        .where(
            or_(Charter.site_id.is_(None), Charter.site_id == site_id),
            CharterVersion.published_at.is_not(None),
            CharterVersion.replaced_at.is_(None),
        )
        .options(joinedload(CharterVersion.charter).joinedload(Charter.site))
    )


def _signed_by(member_id: int) -> ColumnElement[bool]:
    return (
        select(CharterSignature.version_id)
        .where(
            CharterSignature.version_id == CharterVersion.id,
            CharterSignature.member_id == member_id,
        )
        .correlate(CharterVersion)
        .exists()
    )
