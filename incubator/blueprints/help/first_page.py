"""What mutual help brings to the first page: asked of the reader, wanted, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.blueprints.help import routing
from incubator.domain.help import answered, lists
from incubator.domain.help.routing import queries
from incubator.edge.entries import Panel
from incubator.edge.pages import url
from incubator.edge.today_rules import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from incubator.network.members.actor import Actor

SHOWN = 3


def wanted(reader: Actor) -> Mapping[str, object] | None:
    """Questions that ask for what the reader offers; those asked of them stand above already."""
    asked = {each.question_id for each in queries.asked_of(reader)}
    found = lists.wanted_for(reader, most=SHOWN + len(asked))
    threads = [thread for thread in found if thread.question.id not in asked][:SHOWN]
    return {"threads": threads, "mine": lists.offered_by(reader.id)} if threads else None


def looked_for(values: Mapping[str, Any]) -> Iterable[Fact]:
    """How many look for what the reader can do."""
    threads = values["threads"]
    address = url("help.index", view="for_me")
    yield Fact(key="wanted", count=len(threads), title=threads[0].question.title, address=address)


def own_answered(reader: Actor) -> Mapping[str, object] | None:
    """The reader's open questions that somebody answered."""
    found = answered.of_author(reader.id)
    return {"questions": found} if found else None


def has_answers(values: Mapping[str, Any]) -> Iterable[Fact]:
    """The one with the latest news."""
    last = values["questions"][0]
    yield Fact(
        key="answered",
        count=last.answer_count,
        title=last.title,
        at=last.last_activity_at,
        address=url("help.show", id=last.id, slug=last.slug),
    )


PANELS = (
    Panel(
        key="asked",
        slot="main",
        order=5,
        template="help/routing/_home.html",
        load=routing.panel.first_page,
        tells=routing.panel.counted_on,
    ),
    Panel(
        key="answered",
        slot="main",
        order=15,
        template="help/_answered.html",
        load=own_answered,
        tells=has_answers,
    ),
    Panel(
        key="help",
        slot="main",
        order=20,
        template="help/_home.html",
        load=wanted,
        tells=looked_for,
    ),
)
