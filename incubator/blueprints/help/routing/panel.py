"""What is asked of the reader: on the first page, on the pages of help, in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from incubator.blueprints.help.pages import pages
from incubator.domain.help import lists
from incubator.domain.help.routing import queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.pages import render, url
from incubator.edge.today_rules import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask.typing import ResponseReturnValue

    from incubator.domain.help.lists import Thread
    from incubator.domain.help.opened import Opened
    from incubator.domain.help.routing.queries import Request
    from incubator.network.members.actor import Actor


class Asked(NamedTuple):
    """A question that waits for the reader, and why for them."""

    request: Request
    thread: Thread


def asked_of(reader: Actor) -> list[Asked]:
    """The questions that wait for a reader, the latest first."""
    requests = queries.asked_of(reader)
    found = lists.threads_of(reader, [each.question_id for each in requests])
    threads = {each.question.id: each for each in found}
    return [
        Asked(each, threads[each.question_id]) for each in requests if each.question_id in threads
    ]


def first_page(reader: Actor) -> Mapping[str, object]:
    """The panel of the first page; empty it keeps its place, for what comes meanwhile."""
    return {"asked": asked_of(reader)}


def counted_on(values: Mapping[str, Any]) -> Iterable[Fact]:
    """The question that waits for the reader."""
    for each in values["asked"][:1]:
        question = each.thread.question
        yield Fact(
            key="asked",
            count=len(values["asked"]),
            name=question.author,
            title=question.title,
            address=url("help.show", id=question.id, slug=question.slug),
        )


def in_thread(reader: Actor, thread: Opened) -> dict[str, Any]:
    """What a thread says of routing: what is asked of its reader, how far it is for its asker."""
    question = thread.question
    request = queries.asked_in(reader, question.id) if thread.asked else None
    return {"asked": request, "progress": queries.progress_of(reader, question)}


@pages.get("/entraide/sollicitations", en="/help/requests", may=members)
def requests() -> ResponseReturnValue:
    """The questions that wait for the reader, by themselves."""
    return render("help/routing/requests.html", asked=asked_of(actor()))
