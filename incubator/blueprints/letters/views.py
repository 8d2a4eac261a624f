"""The page of one's letters, and the address in each letter that ends its kind."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.letters import words
from incubator.blueprints.letters.forms import LettersForm, place
from incubator.edge.access import anybody, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, redirect_to, render, toast
from incubator.edge.security import csrf
from incubator.edge.state import settings
from incubator.network.letters import delivery, paces, pause_rules, refusals, wishes
from incubator.network.letters.kinds import OFFERED, kinds_for
from incubator.network.letters.stop_links import stop_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.letters.stop_links import Stop

pages = Pages("letters", __name__)


@pages.form("/moi/lettres", en="/me/letters", may=signed_in)
def mine() -> ResponseReturnValue:
    """Which letters I get, and my quiet hours."""
    reader = actor()
    kinds = kinds_for(reader)
    form = LettersForm(kinds)
    if not form.is_submitted():
        hours, pace = delivery.quiet_hours_of(reader.id), paces.pace_of(reader.id)
        form.show(wishes.wanted_by(reader.id), hours, pace)

    def choose() -> bool:
        delivery.choose_quiet_hours(reader, form.hours())
        paces.choose_pace(reader, form.pace())
        wishes.choose(reader, form.chosen())
        return True

    if attempt(form, choose):
        toast(_("Noted: it holds from now on, for letters that wait too."))
        return redirect_to("letters.mine")
    return form.page(
        "letters/mine.html",
        groups=[(name, list(each)) for name, each in groupby(kinds, lambda kind: kind.feature)],
        channels=OFFERED,
        place=place,
        words=words,
        ticked=set(form.wanted.data or ()),
        paused=paces.paused_until(reader.id, now=now()),
        no_mail=refusals.refused_of(reader.id),
    )


@pages.post("/moi/lettres/pause", en="/me/letters/pause", may=signed_in)
def pause() -> ResponseReturnValue:
    """Let nothing come for a while, or let it come again."""
    reader, instant, length = actor(), now(), request.form.get("for", "")
    until = pause_rules.until(length, instant, reader.time_zone)
    act(lambda: paces.pause(reader, until, now=instant))
    toast(_("Nothing comes until then.") if until else _("It comes again."))
    return redirect_to("letters.mine")


@pages.post("/moi/lettres/adresse", en="/me/letters/address", may=signed_in)
def address() -> ResponseReturnValue:
    """Write to my address again, though its server refused it: it works now."""
    act(lambda: refusals.try_again_of(actor().id))
    toast(_("The next letter tries your address again."))
    return redirect_to("letters.mine")


@pages.form("/lettres/arreter/<token>", en="/letters/stop/<token>", may=anybody)
def stop(token: str) -> ResponseReturnValue:
    """End a kind of letters: asked for here, since programs open links; by one POST of theirs."""
    what = stop_of(token, settings().secret_key)
    done = request.method == "POST"
    if done:
        act(lambda: _end(what))
    name = words.KINDS[what.kind.code][0] if what.kind else words.CHANNELS[what.channel]
    return render("letters/stop.html", name=name, done=done)


def _end(what: Stop) -> None:
    if what.kind:
        wishes.stop(what.member_id, what.kind.code)
    else:
        wishes.stop_digests(what.member_id, what.channel)


# Mail programs send no cookie and no token of ours (RFC 8058): the signed address says it all, and
# whoever has it can do no more than this.
csrf.exempt(stop)
