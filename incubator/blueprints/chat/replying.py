"""The page of a side thread: a message and the replies to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.chat import cities
from incubator.blueprints.chat.beside import beside
from incubator.blueprints.chat.shown import day_name, lines, still
from incubator.domain.chat import message_queries, message_rules, policy, rules
from incubator.domain.chat import uploads as keeping
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.pages import render
from incubator.edge.portraits import gather

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.blueprints.chat.forms import MessageForm
    from incubator.domain.chat.queries import RoomView
    from incubator.domain.chat.said import MessageView


def thread_page(
    room: RoomView, root: MessageView, *, form: MessageForm, code: int
) -> ResponseReturnValue:
    """The page of a thread, with what is being typed."""
    reader = actor()
    replies = message_queries.replies_to(room, root)
    said = [root, *replies.messages]
    around = beside(reader)
    gather(each.author for each in said)
    hanging, places = message_queries.extras(reader, said), cities.elsewhere(reader)
    html = render(
        "chat/thread.html",
        room=room,
        root=root,
        lines=lines(room, said, reader, hanging=hanging, cities=places),
        cities=cities.clocks(places),
        cut=replies.older,
        day_name=lambda day: day_name(day, now(), reader.time_zone),
        may_send=policy.may_send(reader, seated=room.seated),
        may_sit=policy.may_sit(reader),
        most=rules.MAX_CHARACTERS,
        signs=message_rules.SIGNS,
        silent_until=still(room.muted_until, now()),
        waiting=keeping.waiting(reader, room.id),
        form=form,
        **around,
    )
    return html, code
