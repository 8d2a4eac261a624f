"""The page of the browsers that are told, and what its script asks of the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.push.words import OTHER, TROUBLES
from incubator.edge.access import signed_in
from incubator.edge.actor import actor, remembered, session_id
from incubator.edge.clock import now
from incubator.edge.devices import words_and_icon
from incubator.edge.forms import act
from incubator.edge.pages import Pages, redirect_to, render, toast
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.reactions.push import browsers
from incubator.reactions.push.browsers import Here, Offer
from incubator.reactions.push.keys import key_of
from incubator.reactions.push.sending import trial

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.reactions.push.browsers import Own

pages = Pages("push", __name__)
DONE = ("", 204)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A browser of the list, in words; ``here`` is the one that shows the page."""

    own: Own
    words: str
    icon: str
    here: bool
    trouble: str


@pages.get("/moi/appareils", en="/me/devices", may=signed_in)
def index() -> ResponseReturnValue:
    """Whether this browser is told, and which others are."""
    ours, here = key_of(settings()), session_id()
    found = browsers.browsers_of(actor(), days=settings().session_days, now=now())
    known = [own.row for own in found if own.row.session_id == here]
    sound = [row.endpoint for row in known if ours and row.made_for == ours.name]
    return render(
        "push/index.html",
        key=ours.public if ours else "",
        endpoint=sound[0] if sound else "",
        brief=not remembered(),
        told=[_told(own, here=here) for own in found],
    )


def _told(own: Own, *, here: int) -> Told:
    words, icon = words_and_icon(own.row.device)
    said = own.row.trouble
    trouble = str(TROUBLES[said]) if said in TROUBLES else str(OTHER) % {"said": said}
    return Told(
        own=own,
        words=words,
        icon=icon,
        here=own.row.session_id == here,
        trouble=trouble if said else "",
    )


@pages.post("/moi/appareils", en="/me/devices", may=signed_in)
def on() -> ResponseReturnValue:
    """Let this browser be told: its script sends what its push service gave it."""
    offer, here = _offer()
    act(lambda: browsers.keep(actor(), offer, here, now=now()))
    toast(_("News come to this browser from now on."))
    return redirect_to("push.index")


@pages.post("/moi/appareils/reprise", en="/me/devices/renewal", may=signed_in)
def renew() -> ResponseReturnValue:
    """The same browser under a new session, or at a new address of its push service."""
    offer, here = _offer()
    former = request.form.get("former", "")
    act(lambda: browsers.renew(actor(), offer, here, former=former))
    return DONE


def _offer() -> tuple[Offer, Here]:
    """What this browser offers; raise Refusal where it cannot be used."""
    ours = key_of(settings())
    if ours is None:
        raise Refusal("push.key")
    if not remembered():
        raise Refusal("push.brief")
    typed = {name: request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")}
    offer = browsers.checked(Offer(**typed), local=settings().hooks_on_loopback)
    agent = request.user_agent.string
    return offer, Here(session_id=session_id(), device=agent, made_for=ours.name)


@pages.post("/moi/appareils/arret", en="/me/devices/end", may=signed_in)
def off() -> ResponseReturnValue:
    """This browser is told no more."""
    act(lambda: browsers.stop(actor(), request.form.get("endpoint", "")))
    toast(_("No more news come to this browser."))
    return redirect_to("push.index")


@pages.post(
    "/moi/appareils/<int:browser_id>/enlever",
    en="/me/devices/<int:browser_id>/remove",
    may=signed_in,
)
def remove(browser_id: int) -> ResponseReturnValue:
    """One of my browsers is told no more."""
    act(lambda: browsers.remove(actor(), browser_id))
    toast(_("No more news come to that browser."))
    return redirect_to("push.index")


@pages.post(
    "/moi/appareils/<int:browser_id>/essai", en="/me/devices/<int:browser_id>/trial", may=signed_in
)
def attempt(browser_id: int) -> ResponseReturnValue:
    """Send a push to one of my browsers, to see that it comes."""
    act(lambda: trial(actor(), browser_id, now=now()))
    toast(_("A notification is on its way to that browser."))
    return redirect_to("push.index")
