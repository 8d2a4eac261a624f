"""From a chat room to a thread, and from a thread to a chat room and back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.forms import AnswerForm, MessagesForm, typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.quoting import own_addresses
from incubator.blueprints.help.views import thread_url
from incubator.domain.chat import policy as chat_policy
from incubator.domain.chat import queries as rooms
from incubator.domain.help import queries, skills_told
from incubator.domain.help.talks import commands as talks
from incubator.domain.help.talks import queries as told
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.numbers import whole
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, NotFound
from incubator.kernel.text import plain_text
from incubator.network.members.vocabulary import vocabulary
from incubator.reactions.bridges import chat_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView
    from incubator.domain.help.models import Question

SHOWN = 25
# Of the messages, what the browser sends back to have skills proposed.
QUOTED_MOST = 4_000
BEFORE_CONCLUDING = 30


@pages.form("/entraide/depuis/<slug>", en="/help/from/<slug>", may=members)
def from_room(slug: str) -> ResponseReturnValue:
    """Choose messages of a room and make a question of them."""
    reader = actor()
    room = rooms.visible_to(reader, slug)
    if not chat_policy.may_send(reader, seated=room.seated):
        raise NotAllowed("chat.not_seated")
    terms, form = vocabulary(reader.language), MessagesForm()
    form.prepare(reader, terms, "")
    # To see what was said earlier is to send the form back as it stands, nothing judged yet.
    looking = "before" in request.form
    question = None if looking else attempt(form, lambda: _ask(room, form))
    if question is None:
        before = request.values.get("before", type=whole)
        messages, older = _messages(room, form.places(), before)
        quoted = [plain_text(each.html) for each in messages if each.seq in form.places()]
        told = skills_told.proposed(
            typed(form, "title"),
            " ".join((typed(form, "body"), *quoted)),
            language=reader.language,
            but=set(form.chosen()),
        )
        shown = {"room": room, "messages": messages, "older": older}
        shown |= {"told": told, "quoted": " ".join(quoted)[:QUOTED_MOST]}
        page = partial(render, form=form) if looking else form.page
        return page("help/from_room.html", **shown, families=terms.families())
    toast(_("Your question is published with the messages. The room is told."))
    return redirect_to("help.show", id=question.id, slug=question.slug)


def _ask(room: RoomView, form: MessagesForm) -> Question:
    body = own_addresses(typed(form, "body"))
    asked = chat_threads.Asked(
        title=typed(form, "title"),
        body=body if body.strip() else _("This question began in a conversation, quoted below."),
        skill_ids=tuple(form.chosen()),
        audience=typed(form, "audience"),
        wish=form.wish(),
        once=typed(form, "once"),
        note=_("I made [a question of what we said]({path}): let us go on there."),
    )
    return chat_threads.ask(actor(), room.id, seqs=form.places(), asked=asked, now=now())


def _messages(
    room: RoomView, places: Sequence[int], before: int | None
) -> tuple[list[MessageView], int | None]:
    """The latest messages, or those before a number, with the chosen ones; where older begin."""
    page = rooms.history(room, before_no=before, limit=SHOWN)
    chosen = rooms.chosen(room, places) if places else []
    shown = {each.no: each for each in (*page.messages, *chosen)}
    older = page.messages[0].no if page.more else None
    return [shown[no] for no in sorted(shown)], older


@pages.form(f"/entraide/{ID}/citations", en=f"/help/{ID}/quotes", may=members)
def quotes(id: int) -> ResponseReturnValue:
    """Agree to be named beside one's messages, or take them out."""
    reader, form = actor(), Form()
    mine = told.own_quotes(reader, id)
    if not mine:
        raise NotFound("help.quotes")
    agreed = request.form.get("agreed") == "1"
    done = attempt(form, lambda: _decide(id, agreed=agreed))
    if done is None:
        return form.page("help/quotes.html", quotes=mine, question=_readable(id))
    toast(_("You are named.") if agreed else _("Your messages are no longer quoted."))
    return redirect_to("help.quotes", id=id)


def _decide(question_id: int, *, agreed: bool) -> bool:
    talks.decide(actor(), question_id, agreed=agreed, now=now())
    return True


def _readable(question_id: int) -> Question | None:
    """The thread, for whoever is quoted and may read it too."""
    try:
        return queries.visible_to(actor(), question_id)
    except NotFound:
        return None


@pages.post(f"/entraide/{ID}/vive-voix", en=f"/help/{ID}/talk", may=members)
def talk(id: int) -> ResponseReturnValue:
    """Talk the thread through with somebody who asked or answered."""
    other = request.form.get("member", type=whole) or 0
    note = _("Let us talk about [this thread]({path}). When it is clear, [conclude here]({end}).")
    room = act(lambda: chat_threads.talk(actor(), id, member_id=other, note=note, now=now()))
    return redirect_to("chat.show", slug=room.slug)


@pages.form(
    "/entraide/vive-voix/<int(max=9223372036854775807):talk_id>/conclure",
    en="/help/talk/<int(max=9223372036854775807):talk_id>/conclude",
    may=members,
)
def conclude(talk_id: int) -> ResponseReturnValue:
    """What two concluded, as an answer of the thread."""
    reader = actor()
    begun = told.talk_of(reader, talk_id)
    question_id, room_id = begun.question_id, begun.room_id
    if begun.answer_id is not None:
        return redirect(thread_url(question_id, f"answer-{begun.answer_id}"), 303)
    form = AnswerForm()
    if not form.is_submitted():
        form.body.data = _("We talked it through. What we keep:") + "\n\n- "
    note = _("I wrote [what we concluded]({path}) in the thread.")
    given = attempt(
        form,
        lambda: chat_threads.conclude(
            reader,
            talk_id,
            body=own_addresses(typed(form, "body")),
            once=typed(form, "once"),
            note=note,
            now=now(),
        ),
    )
    if given is None:
        room = rooms.visible_to(reader, room_id)
        said = rooms.history(room, limit=BEFORE_CONCLUDING).messages
        question = queries.visible_to(reader, question_id)
        return form.page("help/conclude.html", question=question, talk_id=talk_id, messages=said)
    toast(_("Thank you: what you concluded helps those who come after you."))
    return redirect(thread_url(question_id, f"answer-{given.id}"), 303)
