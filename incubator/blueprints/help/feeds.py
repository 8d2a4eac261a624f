"""Atom feeds of threads behind private addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from flask import Response, request
from flask_babel import force_locale
from flask_babel import gettext as _

from incubator.blueprints.help import looking as looking_for
from incubator.blueprints.help.pages import ID, pages
from incubator.domain.help import feeds, lists, queries, search
from incubator.domain.help.anonymity import hidden_author
from incubator.edge.access import anybody, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.locale import LOCALES
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.edge.state import settings
from incubator.kernel import atom
from incubator.kernel.keyset import Cursor
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.blueprints.help.looking import Looking
    from incubator.domain.help.follow_models import ThreadFeed
    from incubator.domain.help.models import Answer, Question
    from incubator.network.members.actor import Actor


@pages.form("/entraide/fil", en="/help/feed", may=members)
def new_feed() -> ResponseReturnValue:
    """Make the private address of a search, shown this once."""
    reader, form = actor(), Form()
    looking = _looking(reader, request.args.to_dict())
    query = urlencode(looking.address)
    token = attempt(form, lambda: feeds.make_feed(reader, query=query, now=now()))
    if token is None:
        return form.page("help/feed_new.html", looking=looking, thread=None)
    return render("help/feed_made.html", address=_address(token))


@pages.form(f"/entraide/{ID}/fil", en=f"/help/{ID}/feed", may=members)
def new_thread_feed(id: int) -> ResponseReturnValue:
    """Make the private address of one thread, shown this once."""
    reader, form = actor(), Form()
    thread = queries.visible_to(reader, id)
    token = attempt(form, lambda: feeds.make_feed(reader, question_id=id, now=now()))
    if token is None:
        return form.page("help/feed_new.html", looking=None, thread=thread)
    return render("help/feed_made.html", address=_address(token))


@pages.post(f"/entraide/fils/{ID}/retirer", en=f"/help/feeds/{ID}/remove", may=members)
def revoke_feed(id: int) -> ResponseReturnValue:
    """Take an address back."""
    act(lambda: feeds.revoke_feed(actor(), id, now=now()))
    toast(_("The address leads nowhere any more."))
    return redirect_to("help.following")


@pages.get("/entraide/fil/<token>.atom", may=anybody)
def feed(token: str) -> ResponseReturnValue:
    """The threads that whoever was given this address may see today."""
    found, reader = feeds.read_by(token)
    if feeds.is_due_to_note(found, now=now()):
        act(lambda: feeds.note_reading(found.id, now=now()))
    with force_locale(LOCALES[reader.language]):
        told = (_of_thread if found.question_id else _of_list)(found, reader, token)
        response = Response(atom.document(told, now=now()), content_type=atom.CONTENT_TYPE)
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def _address(token: str) -> str:
    return _base() + url("help.feed", token=token)


def _base() -> str:
    return settings().base_url.rstrip("/")


def _looking(reader: Actor, asked: dict[str, str]) -> Looking:
    house = looking_for.House(vocabulary(reader.language), open_places(), reader.language)
    return looking_for.read(asked, house)


def _of_list(found: ThreadFeed, reader: Actor, token: str) -> atom.Feed:
    looking = _looking(reader, dict(parse_qsl(found.query)))
    filters = looking.filters(vocabulary(reader.language))
    page = search.find(reader, filters, Cursor(size=feeds.ENTRIES)).page
    bodies = feeds.bodies_of([thread.question.id for thread in page.rows])
    names = (looking_for.VIEW_WORDS[looking.view], *(each.label for each in looking.chosen))
    return atom.Feed(
        own=_address(token),
        address=_base() + url("help.index", **looking.address),
        title=_("Mutual help: %(what)s", what=", ".join(map(str, names))),
        language=reader.language,
        entries=[_entry(thread.question, bodies) for thread in page.rows],
    )


def _entry(question: lists.Asked, bodies: dict[int, str]) -> atom.Entry:
    return atom.Entry(
        address=_base() + url("help.show", id=question.id, slug=question.slug),
        title=question.title,
        author=question.author or _("The person who asked"),
        html=bodies.get(question.id, ""),
        updated_at=question.last_activity_at,
    )


def _of_thread(found: ThreadFeed, reader: Actor, token: str) -> atom.Feed:
    question = queries.visible_to(reader, found.question_id or 0)
    thread = _base() + url("help.show", id=question.id, slug=question.slug)
    entries = [
        atom.Entry(
            address=f"{thread}#answer-{given.id}",
            title=_("Answer by %(name)s", name=_name(reader, question, given)),
            author=_name(reader, question, given),
            html=given.body_html,
            updated_at=given.edited_at or given.answered_at,
        )
        for given in feeds.latest_answers(question.id)
    ]
    return atom.Feed(
        own=_address(token),
        address=thread,
        title=question.title,
        language=reader.language,
        entries=[*entries, _question(reader, question, thread)],
    )


def _name(reader: Actor, question: Question, post: Question | Answer) -> str:
    """Who wrote it, unless they asked without their name."""
    hidden = post.author_id == hidden_author(reader, question)
    return _("The person who asked") if hidden else post.author.name


def _question(reader: Actor, question: Question, thread: str) -> atom.Entry:
    return atom.Entry(
        address=thread,
        title=question.title,
        author=_name(reader, question, question),
        html=question.body_html,
        updated_at=question.edited_at or question.asked_at,
    )
