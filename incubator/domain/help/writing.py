"""What members write: cleaned, drawn once, with the members and firms that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from incubator.domain.help import rules
from incubator.domain.help.events import MembersMentioned
from incubator.domain.help.models import Answer
from incubator.domain.help.post_models import Comment
from incubator.domain.help.records import tell
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.text import markdown_to_html, names_in
from incubator.network.accounts.queries import managers_by_site
from incubator.network.members.circles import inside
from incubator.network.members.firm_queries import names_of
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Collection

    from incubator.domain.help.models import Question
    from incubator.domain.help.revisions import Post
    from incubator.network.members.actor import Actor

# Addresses of pages, in both languages; a test of the web compares them with the routes.
MEMBERS: Final = ("/annuaire/", "/directory/")
FIRMS: Final = ("/entreprises/", "/firms/")
# They become links as they stand: what a thread is called is for its readers alone to see.
THREAD: Final = re.compile(r"/(?:entraide|help)/[0-9]{1,18}(?:-[a-z0-9-]+)?")
# Names looked up in one text: more are never meant.
NAMES_MOST: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text: its Markdown, its safe HTML, the ids of the members it mentions with «@»."""

    md: str
    html: str
    mentioned: frozenset[int] = frozenset()


def write(body: str, most: int = rules.BODY_MOST) -> Written:
    """Clean and draw a text. Raise Refusal on its length, or ``help.mentions_too_many``."""
    text = rules.clean_body(body, most)
    named = names_in(text)[:NAMES_MOST]
    people = _people(named)
    mentioned = frozenset(people[each[1:]].id for each in named if each[1:] in people)
    if len(mentioned) > rules.MENTIONS_MOST:
        raise Refusal("help.mentions_too_many", field="body", most=rules.MENTIONS_MOST)
    threads = {each: (each, each) for each in named if THREAD.fullmatch(each)}
    known = {each: _link(each, people) for each in named} | _firms(named) | threads
    names = {each: link for each, link in known.items() if link}
    return Written(md=text, html=markdown_to_html(text, names), mentioned=mentioned)


def mentioned_in(text: str) -> frozenset[int]:
    """Whom a stored text mentions."""
    named = names_in(text)[:NAMES_MOST]
    return frozenset(each.id for slug, each in _people(named).items() if f"@{slug}" in named)


def _people(named: Collection[str]) -> dict[str, Member]:
    """The active members that «@slug» or the path of a profile names, by their slug."""
    slugs = {each[1:] for each in named if each.startswith("@")}
    slugs |= {_slug(each) for each in named if each.startswith(MEMBERS)}
    query = select(Member).where(Member.slug.in_(slugs), Member.active)
    return {each.slug: each for each in db.session.scalars(query)} if slugs else {}


def _link(name: str, people: dict[str, Member]) -> tuple[str, str] | None:
    if name.startswith("@"):
        found = people.get(name[1:])
        return (f"@{found.name}", MEMBERS[0] + found.slug) if found else None
    found = people.get(_slug(name)) if name.startswith(MEMBERS) else None
    return (found.name, name) if found else None


def _firms(named: Collection[str]) -> dict[str, tuple[str, str] | None]:
    paths = [each for each in named if each.startswith(FIRMS)]
    known = names_of({_slug(each) for each in paths})
    return {path: (known[_slug(path)], path) for path in paths if _slug(path) in known}


def _slug(path: str) -> str:
    return path.rpartition("/")[2]


def rewrite(actor: Actor, question: Question, *, post: Post, text: Written) -> None:
    """Put a new text in a post whose old one is kept; tell whom it names anew."""
    before = mentioned_in(post.body_md)
    post.body_md, post.body_html = text.md, text.html
    db.session.flush()
    tell_mentioned(actor, question, post=post, now_named=text.mentioned, named_before=before)


def tell_mentioned(
    actor: Actor,
    question: Question,
    *,
    post: Post,
    now_named: Collection[int],
    named_before: Collection[int] = (),
) -> None:
    """Tell of those whom a post names anew and who may read it; never of its author."""
    told = _readers(question, set(now_named) - set(named_before) - {actor.id})
    if told:
        tell(
            MembersMentioned,
            actor,
            question,
            answer_id=post.id if isinstance(post, Answer) else None,
            comment_id=post.id if isinstance(post, Comment) else None,
            member_ids=tuple(sorted(told)),
        )


def _readers(question: Question, member_ids: set[int]) -> set[int]:
    if not member_ids or question.audience == "network":
        return member_ids
    if question.circle_id is not None:
        return inside(question.circle_id, member_ids)
    managers = {each.id for each in managers_by_site().get(question.site_id or 0, [])}
    query = select(Member.id).where(
        Member.id.in_(member_ids), Member.home_site_id == question.site_id
    )
    return set(db.session.scalars(query)) | (member_ids & (managers | {question.author_id}))
