"""Reports and what managers do about them, made by the commands that pages call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.help.care import deciding, hiding, pinning, records, reporting
from incubator.domain.help.care_models import Case, Measure
from incubator.domain.help.models import Answer, Question
from incubator.kernel.db import db, transaction

if TYPE_CHECKING:
    from incubator.domain.help.revisions import Post
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


def named(post: Post) -> str:
    """How the page of a thread names a post."""
    kind = "question" if isinstance(post, Question) else "comment"
    return f"{'answer' if isinstance(post, Answer) else kind}-{post.id}"


def report(make: Make, who: Account, post: Post, **more: Any) -> Case:
    """The case of a post that a member reports."""
    with transaction():
        reporting.report(
            make.actor(who),
            named(post),
            reason=more.get("reason", "unkind"),
            words=more.get("words", ""),
            now=more.get("now", make.now),
        )
    return case_of(post)


def hide(make: Make, who: Account, post: Post, reason: str = "Ton blessant") -> Case:
    """The case of a post that a manager hides."""
    with transaction():
        return hiding.hide(make.actor(who), named(post), reason=reason, now=make.now)


def decide(make: Make, who: Account, case: Case, act: str, **more: Any) -> None:
    """What a manager does about a case, as they see it now unless ``seen`` says otherwise."""
    with transaction():
        deciding.decide(
            make.actor(who),
            case.id,
            act=act,
            note=more.get("note", "Merci de rester aimable"),
            seen=more.get("seen"),
            now=more.get("now", make.now),
        )


def undo(make: Make, who: Account, measure: Measure, **more: Any) -> None:
    """A measure taken back."""
    with transaction():
        deciding.undo(make.actor(who), measure.id, now=more.get("now", make.now))


def pin(make: Make, who: Account, asked: Question, site: Site | None, days: int = 7) -> Measure:
    """A thread at the top of the list of a site, or of the network."""
    day = make.now.date()
    with transaction():
        return pinning.pin(
            make.actor(who),
            asked.id,
            site_id=site.id if site else None,
            until=day + timedelta(days=days),
            today=day,
            now=make.now,
        )


def case_of(post: Post) -> Case:
    """The case of a post, as it is now."""
    db.session.expire_all()
    found = records.find_case(post)
    assert found
    return found


def last(kind: str) -> Measure:
    """The latest measure of a kind."""
    db.session.expire_all()
    query = select(Measure).where(Measure.kind == kind).order_by(Measure.id.desc()).limit(1)
    return db.session.scalars(query).one()
