"""A thread kept at the top of a list."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect
from flask_babel import gettext as _

from incubator.blueprints.help.care.forms import PinForm
from incubator.blueprints.help.care.moving import run_by
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.views import thread_url
from incubator.domain.help import lists, policy, queries
from incubator.domain.help.care import pinning
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import attempt
from incubator.edge.pages import toast
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.blueprints.help.looking import Looking
    from incubator.domain.help.lists import Thread
    from incubator.network.members.actor import Actor

# Where pinned threads stand: the lists of what there is, not those of what is one's own.
VIEWS = frozenset({"for_me", "open", "all"})
# How long a thread is pinned unless another day is chosen.
USUAL = timedelta(weeks=2)


@pages.form(f"/entraide/{ID}/epingler", en=f"/help/{ID}/pin", may=managers)
def pin(id: int) -> ResponseReturnValue:
    """In which list, until when."""
    reader = actor()
    if not policy.may_run(reader, queries.visible_to(reader, id)):
        raise NotAllowed("help.run_not_manager")
    day = today(reader.time_zone)
    form = PinForm(until=day + USUAL)
    form.offer(run_by(reader), network=reader.is_administrator)
    pinned = attempt(
        form,
        lambda: (
            pinning.pin(
                reader, id, site_id=form.site_id(), until=form.until.data, today=day, now=now()
            ).id
        ),
    )
    if pinned is None:
        return form.page("help/care/pin.html", question=queries.visible_to(reader, id), day=day)
    toast(_("The thread is pinned."))
    return redirect(thread_url(id), 303)


def pinned_for(reader: Actor, looking: Looking, *, first: bool) -> Sequence[Thread]:
    """The threads at the top of the list that is looked at: of the network and of one site."""
    narrowed = looking.words or looking.skill or looking.author or looking.sort
    if narrowed or not first or looking.view not in VIEWS:
        return ()
    site_id = looking.site.id if looking.site else reader.home_site_id
    ids = pinning.pinned_in(site_id, today(reader.time_zone))
    return lists.threads_of(reader, ids) if ids else ()
