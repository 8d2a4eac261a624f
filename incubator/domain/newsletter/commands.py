"""Drafting a letter, editing, holding, sending and skipping it. None who acts is the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from incubator.domain.newsletter import policy, rules
from incubator.domain.newsletter.events import (
    EditionDrafted,
    EditionEdited,
    EditionHeld,
    EditionSent,
    EditionSkipped,
    HabitChosen,
)
from incubator.domain.newsletter.models import Edition, Habit, Item
from incubator.domain.newsletter.queries import by_itself, visible_to, with_items
from incubator.kernel.db import db, insert_once, insert_once_id
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import markdown_to_html
from incubator.network.sites.queries import with_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.domain.newsletter.rules import Plan
    from incubator.network.members.actor import Actor


def draft(
    site_id: int, plan: Plan, subjects: Sequence[tuple[str, int]], *, now: datetime
) -> int | None:
    """Keep what a letter points at, in order; its id, None when its week has one already.

    Without subjects it is a quiet week, which is not asked about again. A draft of an earlier
    week that nobody sent is skipped: its hour is over.
    """
    quiet = not subjects
    edition_id = insert_once_id(
        Edition,
        site_id=site_id,
        year=plan.week.year,
        week=plan.week.number,
        since_at=plan.since,
        until_at=plan.until,
        drafted_at=now,
        leaves_at=plan.leaves_at,
        held=False,
        state="quiet" if quiet else "draft",
        decided_at=now if quiet else None,
        revision=0,
        title="",
        words_md="",
        words_html="",
    )
    if edition_id is None or quiet:
        return edition_id
    db.session.add_all(
        Item(edition_id=edition_id, kind=kind, subject_id=number, position=place, kept=True)
        for place, (kind, number) in enumerate(subjects, start=1)
    )
    db.session.flush()
    _skip_older(site_id, plan, now)
    record(EditionDrafted(actor_id=None, site_id=site_id, edition_id=edition_id))
    return edition_id


def _skip_older(site_id: int, plan: Plan, now: datetime) -> None:
    older = db.session.scalars(
        select(Edition)
        .where(Edition.site_id == site_id, Edition.state == "draft", Edition.until_at < plan.until)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for edition in older:
        _decide(None, edition, state="skipped", now=now)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a manager wants of an item: whether it stays, where, and their own line about it."""

    kept: bool
    position: int
    line: str


def edit(
    actor: Actor,
    edition_id: int,
    *,
    title: str,
    words: str,
    changes: Mapping[int, Change],
    revision: int,
) -> Edition:
    """Write one's own words (Markdown) above a draft; strike, order and comment its items.

    ``revision`` is the one that was read. Raise NotFound, NotAllowed ``newsletter.edit``; Refusal
    ``newsletter.decided``, ``newsletter.edited`` or ``newsletter.too_long``.
    """
    edition = _draft(actor, edition_id)
    if edition.revision != revision:
        raise Refusal("newsletter.edited")
    edition.title = rules.clean(title, "title", rules.TITLE_MOST)
    edition.words_md = rules.clean(words, "words", rules.WORDS_MOST)
    edition.words_html = markdown_to_html(edition.words_md)
    edition.revision += 1
    wanted = sorted(edition.items, key=lambda item: (_place(item, changes), item.position, item.id))
    for place, item in enumerate(wanted, start=1):
        item.position = place
        if item.id in changes:
            item.kept = changes[item.id].kept
            item.line = rules.clean(changes[item.id].line, f"line-{item.id}", rules.LINE_MOST)
    db.session.flush()
    record(EditionEdited(actor_id=actor.id, site_id=edition.site_id, edition_id=edition_id))
    return edition


def _place(item: Item, changes: Mapping[int, Change]) -> int:
    return changes[item.id].position if item.id in changes else item.position


def hold(actor: Actor, edition_id: int, *, held: bool) -> None:
    """Keep a draft from leaving by itself, or let it; raise as ``edit``."""
    edition = _draft(actor, edition_id)
    if edition.held != held:
        edition.held = held
        told = EditionHeld(
            actor_id=actor.id, site_id=edition.site_id, edition_id=edition_id, held=held
        )
        record(told)


def send(actor: Actor, edition_id: int, *, now: datetime) -> bool:
    """Send a draft now; False when it had already left.

    Raise NotFound, NotAllowed ``newsletter.edit``; Refusal ``newsletter.decided`` for one that was
    skipped, ``newsletter.empty`` (by who writes the letters) for one that says nothing.
    """
    edition = _held(actor, edition_id)
    if edition.state == "sent":
        return False
    _check_draft(edition)
    _decide(actor, edition, state="sent", now=now)
    return True


def skip(actor: Actor, edition_id: int, *, now: datetime) -> None:
    """Never send a draft; doing it twice changes nothing. Raise as ``send``."""
    edition = _held(actor, edition_id)
    if edition.state != "skipped":
        _check_draft(edition)
        _decide(actor, edition, state="skipped", now=now)


def leave(edition_id: int, *, now: datetime, empty: bool = False) -> bool:
    """Let a draft leave by itself if its hour has come and nobody holds it; whether it did.

    An ``empty`` one is skipped instead.
    """
    edition = _locked(edition_id)
    due = edition.leaves_at <= now < edition.leaves_at + rules.TOO_LATE
    if edition.state != "draft" or edition.held or not due:
        return False
    if not by_itself([edition.site_id])[edition.site_id]:
        return False
    _decide(None, edition, state="skipped" if empty else "sent", now=now)
    return not empty


def choose(actor: Actor, site_id: int, *, by_itself: bool) -> None:
    """Let letters of a site leave by themselves or not.

    Raise NotFound ``newsletter.edition``, NotAllowed ``newsletter.edit``.
    """
    if with_id(site_id) is None:
        raise NotFound("newsletter.edition")
    if not policy.may_edit(actor, site_id):
        raise NotAllowed("newsletter.edit")
    if not insert_once(Habit, site_id=site_id, by_itself=by_itself):
        change = update(Habit).where(Habit.site_id == site_id).values(by_itself=by_itself)
        db.session.execute(change)
    record(HabitChosen(actor_id=actor.id, site_id=site_id, by_itself=by_itself))


def _decide(actor: Actor | None, edition: Edition, *, state: str, now: datetime) -> None:
    edition.state, edition.decided_at = state, now
    edition.decided_by_id = actor.id if actor else None
    db.session.flush()
    kind = EditionSent if state == "sent" else EditionSkipped
    record(kind(actor_id=edition.decided_by_id, site_id=edition.site_id, edition_id=edition.id))


def _draft(actor: Actor, edition_id: int) -> Edition:
    edition = _held(actor, edition_id)
    _check_draft(edition)
    return edition


def _check_draft(edition: Edition) -> None:
    if edition.state != "draft":
        raise Refusal("newsletter.decided")


def _held(actor: Actor, edition_id: int) -> Edition:
    """The edition, locked until the end of the transaction, if ``actor`` may edit it."""
    visible_to(actor, edition_id)
    edition = _locked(edition_id)
    if not policy.may_edit(actor, edition.site_id):
        raise NotAllowed("newsletter.edit")
    return edition


def _locked(edition_id: int) -> Edition:
    """The edition as it is now, with its items; its row is held."""
    query = select(Edition.id).where(Edition.id == edition_id).with_for_update()
    db.session.execute(query)
    fresh = with_items().execution_options(populate_existing=True)
    return db.session.scalars(fresh.where(Edition.id == edition_id)).one()
