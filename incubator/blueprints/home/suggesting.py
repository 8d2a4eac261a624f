"""The one gentle suggestion of the first page: what a member has not done yet, twice at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import after_this_request, request
from flask_babel import gettext as _

from incubator.blueprints.home.views import pages
from incubator.domain.suggestions import commands, queries
from incubator.domain.suggestions.rules import candidates
from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.entries import Panel
from incubator.edge.forms import act
from incubator.edge.pages import redirect_to, toast
from incubator.edge.state import state
from incubator.network.members.completeness import is_resting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Response
    from flask.typing import ResponseReturnValue

    from incubator.edge.entries import Suggestion
    from incubator.network.members.actor import Actor


def suggestion(reader: Actor) -> Mapping[str, object] | None:
    """What is suggested to the reader today, if anything; that they were shown it is noted."""
    day = today(reader.time_zone)
    past = queries.history_of(reader.id)
    rests = is_resting(past.rests_until, day)
    found = None if rests else _first(reader, candidates(past.seen, day))
    if found is None:
        return None
    before = past.seen.get(found.key)
    if not (_looks_ahead() or (before and before.last_on == day)):
        _note(reader, found.key)
    return {"suggestion": found}


def _first(reader: Actor, keys: Iterable[str]) -> Suggestion | None:
    """The first that fits; each feature is asked once, and none that could not come first."""
    sources = {key: source for source in state().suggestions for key in source.keys}
    told: dict[str, Suggestion] = {}
    asked = set()
    for key in keys:
        source = sources.get(key)
        if source is None or not source.may.allows(reader):
            continue
        if source.keys not in asked:
            asked.add(source.keys)
            told |= {each.key: each for each in source.load(reader)}
        if key in told:
            return told[key]
    return None


def _looks_ahead() -> bool:
    return request.headers.get("Sec-Purpose", "").startswith("prefetch")


def _note(reader: Actor, key: str) -> None:
    """Once the page is drawn: nothing that it read is read again."""
    day = today(reader.time_zone)

    def write(response: Response) -> Response:
        act(lambda: commands.note_shown(reader, key, day=day))
        return response

    after_this_request(write)


@pages.post("/suggestions/<key>/assez", en="/suggestions/<key>/enough", may=signed_in)
def enough(key: str) -> ResponseReturnValue:
    """Never suggest this again."""
    reader = actor()
    act(lambda: commands.end(reader, key, day=today(reader.time_zone)))
    toast(_("Noted: this is not suggested again."))
    return redirect_to("home.index")


PANEL = Panel(
    key="suggestion",
    slot="side",
    order=15,
    template="home/_suggestion.html",
    load=suggestion,
    may=signed_in,
)
