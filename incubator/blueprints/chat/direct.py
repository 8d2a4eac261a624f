"""The way from a person to the conversation with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.chat.beside import beside
from incubator.blueprints.chat.forms import MessageForm
from incubator.blueprints.chat.views import pages
from incubator.domain.chat import commands, directs, rules
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to
from incubator.network.members import queries as people

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.queries import RoomView
    from incubator.network.members.actor import Actor


@pages.form("/discussions/avec/<slug>", en="/chat/with/<slug>", may=members)
def with_person(slug: str) -> ResponseReturnValue:
    """The first word to somebody: it opens the conversation, or leads to the one there is."""
    reader, person = actor(), people.profile(actor(), slug)
    known = directs.current(reader, person.id)
    form = MessageForm()
    if known and not form.is_submitted():
        return redirect_to("chat.show", slug=known)
    directs.check_may(reader, person.id)
    said = attempt(form, lambda: _said(reader, person.id, form))
    if said is None:
        return form.page(
            "chat/first.html", person=person, most=rules.MAX_CHARACTERS, **beside(reader)
        )
    room, no = said
    return redirect_to("chat.show", slug=room.slug, _anchor=f"m-{no}")


def _said(reader: Actor, member_id: int, form: MessageForm) -> tuple[RoomView, int]:
    room = directs.open_with(reader, member_id, now=now())
    sent = commands.send(
        reader, room.id, cid=form.once.data or "", text=form.text.data or "", now=now()
    )
    return room, sent.no
