"""The checklist of a site, kept by its managers; who is being welcomed keeps theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from incubator.domain.membership import welcome_policy as policy
from incubator.domain.membership import welcome_rules as rules
from incubator.domain.membership.welcome_events import ChecklistChanged
from incubator.domain.membership.welcome_models import WelcomeItem
from incubator.domain.membership.wording import line, moved
from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold
from incubator.network.members.models import Member
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as a manager types it; ``person`` is the full name of whose job it is."""

    kind: str
    label_fr: str
    label_en: str
    owner: str
    due_days: int | None
    person: str = ""


def items_of(site_id: int) -> Sequence[WelcomeItem]:
    """The lines of a site's checklist, in their order, with whose job they are."""
    return db.session.scalars(
        select(WelcomeItem)
        .where(WelcomeItem.site_id == site_id)
        .options(joinedload(WelcomeItem.person))
        .order_by(WelcomeItem.position, WelcomeItem.id)
    ).all()


def add(actor: Actor, site_id: int, *, typed: Line) -> WelcomeItem:
    """Add a line at the end; the same line again gives the one that is there.

    Raise NotAllowed ``membership.not_your_site``, Refusal ``membership.empty``, ``too_long``,
    ``welcome_kind``, ``welcome_owner``, ``welcome_days``, ``welcome_most``, ``person_unknown``
    or ``person_several``.
    """
    _lock(actor, site_id)
    values = _values(typed)
    known = items_of(site_id)
    for item in known:
        if all(getattr(item, name) == value for name, value in values.items()):
            return item
    if len(known) >= rules.MOST_ITEMS:
        raise Refusal("membership.welcome_most", most=rules.MOST_ITEMS)
    item = WelcomeItem(site_id=site_id, position=len(known) + 1, **values)
    db.session.add(item)
    return _changed(actor, item)


def edit(actor: Actor, item_id: int, *, typed: Line) -> WelcomeItem:
    """Change a line; raise NotFound ``membership.item``, or Refusal as ``add``."""
    item = _held(actor, item_id)
    for name, value in _values(typed).items():
        setattr(item, name, value)
    return _changed(actor, item)


def remove(actor: Actor, item_id: int) -> None:
    """Take a line away; raise NotFound."""
    item = _held(actor, item_id)
    db.session.delete(item)
    db.session.flush()
    for place, each in enumerate(items_of(item.site_id), start=1):
        each.position = place
    record(ChecklistChanged(actor_id=actor.id, site_id=item.site_id))


def move(actor: Actor, item_id: int, *, up: bool) -> None:
    """Move a line one place; raise NotFound."""
    item = _held(actor, item_id)
    known = {each.id: each for each in items_of(item.site_id)}
    for place, one in enumerate(moved(list(known), item.id, up=up), start=1):
        known[one].position = place
    _changed(actor, item)


def use_usual_list(actor: Actor, site_id: int) -> None:
    """Begin with the usual list; nothing when the site has one already."""
    _lock(actor, site_id)
    if items_of(site_id):
        return
    db.session.add_all(
        WelcomeItem(
            site_id=site_id,
            kind=kind,
            owner=owner,
            due_days=days,
            label_fr=french,
            label_en=english,
            position=place,
        )
        for place, (kind, owner, days, french, english) in enumerate(rules.USUAL, start=1)
    )
    db.session.flush()
    record(ChecklistChanged(actor_id=actor.id, site_id=site_id))


def item_for(actor: Actor, item_id: int) -> WelcomeItem:
    """A line, for who keeps the list; raise NotFound ``membership.item``."""
    item = db.session.get(WelcomeItem, item_id, options=[joinedload(WelcomeItem.person)])
    if item is None or not policy.may_keep_list(actor, item.site_id):
        raise NotFound("membership.item")
    return item


def _lock(actor: Actor, site_id: int) -> None:
    """Put those who change the list of a site in a row."""
    if not policy.may_keep_list(actor, site_id):
        raise NotAllowed("membership.not_your_site")
    db.session.execute(select(Site.id).where(Site.id == site_id).with_for_update())


def _held(actor: Actor, item_id: int) -> WelcomeItem:
    item = item_for(actor, item_id)
    _lock(actor, item.site_id)
    found = db.session.get(WelcomeItem, item_id, populate_existing=True)
    if found is None:
        raise NotFound("membership.item")
    return found


def _values(typed: Line) -> dict[str, object]:
    days = rules.check_item(typed.kind, typed.owner, typed.due_days)
    return {
        "kind": typed.kind,
        "owner": typed.owner,
        "due_days": days,
        "label_fr": line(typed.label_fr, "label_fr", most=rules.MOST_LABEL, needed=True),
        "label_en": line(typed.label_en, "label_en", most=rules.MOST_LABEL, needed=True),
        "person_id": _person(typed.person) if typed.owner == "person" else None,
    }


def _person(name: str) -> int:
    """The active member of this name, whatever its capitals and accents; raise Refusal."""
    wanted = fold(" ".join(name.split()))[:120]
    found = db.session.scalars(
        select(Member.id).where(Member.active, Member.sort_name == wanted).limit(2)
    ).all()
    if not found:
        raise Refusal("membership.person_unknown", field="person")
    if len(found) > 1:
        raise Refusal("membership.person_several", field="person")
    return found[0]


def _changed(actor: Actor, item: WelcomeItem) -> WelcomeItem:
    db.session.flush()
    record(ChecklistChanged(actor_id=actor.id, site_id=item.site_id))
    return item
